"""Clients, billing and budgets at a real Chromium, and the pictures that the documents show."""

from pathlib import Path

import pytest

from playground.browser import browser_people
from playground.people import Somebody
from tests.scenarios.running import Installation, installed
from tests.scenarios.story import CHANNEL, SLOW
from tests.scenarios.test_story_browser import Album
from tests.scenarios.tools import BoardTool
from tests.scenarios.waits import no_report_is_owed

pytestmark = pytest.mark.browser

WINDOW = (1000, 1250)


def begins(installation: Installation, ana: Somebody, bo: Somebody) -> None:
    """The board is connected and linked; Bo has tracked nine and a half hours on Acme Web."""
    ana.types("/link connect board", channel=CHANNEL)
    for label, value in BoardTool(installation.boards).right.items():
        ana.fills(label, value)
    ana.submits()
    ana.sees("Connected:", timeout=SLOW)
    ana.closes()
    ana.sees("Acme Web", channel=CHANNEL, timeout=SLOW)
    ana.types("/link all", channel=CHANNEL)
    ana.sees("4 projects will be linked", timeout=SLOW)
    ana.submits()
    ana.sees("in 4 linked projects", channel="app", timeout=SLOW)
    no_report_is_owed(installation.environment["HOURLINK_DATABASE_URL"])
    bo.types("/track connect", channel="general")
    bo.clicks("Connect", channel="general")
    bo.sees("Connected:", channel="general", timeout=SLOW)
    for line in ("log 6h TASK-12 review", "log 3h30m TASK-5"):
        bo.types(f"/track {line}", channel="general")
    bo.sees("Logged 3 h 30 m", channel="general", timeout=SLOW)


def test_an_admins_way_through_money(sqlite_url: str, chromium: str, tmp_path: Path) -> None:
    """Two clients, a rate, a budget, the page with all of it, the warning."""
    with (
        installed(sqlite_url, tmp_path, sync_seconds=60, at_noon=True) as installation,
        browser_people(installation.slack, chromium, tmp_path, WINDOW) as people,
    ):
        album = Album(tmp_path, "money")
        ana = people.person("ana")
        begins(installation, ana, people.person("bo"))
        for name, currency in (("Acme Inc.", "EUR"), ("Globex", "USD")):
            ana.types("/link clients", channel=CHANNEL)
            ana.clicks("New client", timeout=SLOW)
            ana.fills("Currency", currency)  # in the form alone, where "Name" is in the list too
            ana.fills("Name", name)
            ana.submits()
            ana.sees(f"Saved {name}", timeout=SLOW)
            album.take(ana, "clients")
            ana.closes()
        ana.types("/link", channel=CHANNEL)
        ana.clicks("Projects", channel=CHANNEL, timeout=SLOW)
        ana.clicks("Open", on="Acme Web")
        ana.sees("Last entries", timeout=SLOW)
        ana.clicks("Client")
        ana.chooses("Client", "Acme Inc. (EUR)", typing="acme")
        ana.submits()
        ana.sees("the client is", timeout=SLOW)
        ana.clicks("Billing")
        ana.chooses("Billing", "By the hour, one rate for the project")
        ana.fills("Rate an hour, or the fee", "85")
        ana.submits()
        ana.sees("By the hour, 85.00 EUR", timeout=SLOW)
        ana.clicks("Billing")
        ana.sees("From the beginning", timeout=SLOW)
        album.take(ana, "billing")
        ana.clicks("Back")
        ana.clicks("Budget")
        ana.chooses("Budget", "Hours, billable or not")
        ana.fills("Amount", "12")
        ana.chooses("It counts", "Anew each month")
        album.take(ana, "budget")
        ana.submits()
        ana.sees("79 % used", timeout=SLOW)
        album.take(ana, "page")
        ana.clicks("As a table")
        ana.closes()
        ana.sees("The whole project", channel="app", timeout=SLOW)
        ana.sees("has used 79 % of its budget", channel="app", timeout=SLOW)
        album.take(ana, "messages")

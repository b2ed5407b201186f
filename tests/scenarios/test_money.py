"""Clients, billing, budgets and the project's page, as a team uses them in Slack (M1-M4)."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.driver import Person
from tests.scenarios.prepared import (
    TASK,
    Office,
    linked_board,
    said,
    sent_bytes,
    sent_file,
)
from tests.scenarios.story import SLOW
from tests.services.workbooks import sheets


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    """A linked board; Ana administers."""
    with linked_board(database_url, tmp_path) as made:
        yield made


def opens(ana: Person, project: str) -> None:
    """From ``/link`` to a project's page."""
    ana.types("/link", channel="ops")
    ana.clicks("Projects", channel="ops", timeout=SLOW)
    ana.sees(project)
    ana.clicks("Open", on=project)
    ana.sees("Last synced")


def bills(ana: Person) -> None:
    """A client, and 80 euros an hour for Acme Web."""
    ana.types("/link clients", channel="ops")
    ana.clicks("New client", timeout=SLOW)
    ana.fills("Currency", "EUR")  # in the form alone; a name can be typed into the list as well
    ana.fills("Name", "Acme Inc.")
    assert not ana.submits()
    ana.sees("Saved Acme Inc., in EUR")
    ana.closes()
    opens(ana, "Acme Web")
    ana.clicks("Client")
    ana.chooses("Client", "Acme Inc. (EUR)", typing="acme")
    assert not ana.submits()
    ana.sees("the client is Acme Inc.")
    ana.clicks("Billing")
    ana.chooses("Billing", "By the hour, one rate for the project")
    ana.fills("Rate an hour, or the fee", "a lot")
    assert "is no amount in EUR" in str(ana.submits())
    ana.fills("Rate an hour, or the fee", "80")
    assert not ana.submits()
    ana.sees("By the hour, 80.00 EUR.")


def test_m1_a_client_pays_by_the_hour_and_members_see_no_money(office: Office) -> None:
    """Ana makes a client and a rate; Bo, who works there, sees whom it is for and no amounts."""
    ana, bo = office.ana, office.member("bo")
    said(bo, f"/track log 1h {TASK} review")
    bills(ana)
    ana.sees("In all: 80.00 EUR, 100 % billable")
    bo.opens_home()
    bo.clicks("My projects", timeout=SLOW)
    bo.clicks("Open", on="Acme Web")
    bo.sees("Client: Acme Inc.")
    bo.does_not_see("EUR")


def test_m1_a_persons_raise_leaves_the_past_alone(office: Office) -> None:
    """The first rate holds from the beginning; the next begins today, whatever was typed before."""
    ana, bo = office.ana, office.member("bo")
    said(bo, f"/track log 1h {TASK} yesterday")
    said(bo, f"/track log 1h {TASK}")
    bills(ana)
    ana.clicks("Billing")
    ana.chooses("Billing", "By the hour, each person's own rate")
    ana.fills("Rate an hour, or the fee", "75")
    ana.fills("From", "")
    assert not ana.submits()
    ana.sees("The amount is not used")
    ana.clicks("Billing")
    ana.clicks("People's rates here")
    for rate, since in (("60", "the beginning"), ("70", "")):
        ana.chooses("People", ["bo"])
        ana.fills("Rate an hour", rate)
        assert not ana.submits()
        ana.sees(f"Bo Lindqvist: {rate}.00 EUR an hour, from {since}")
    ana.clicks("Back")
    ana.clicks("Back")
    ana.sees("In all: 130.00 EUR, 100 % billable")


def test_m2_a_budget_warns_once_and_keeps_timers_from_starting(office: Office) -> None:
    """Cleo, who manages, is told at 80 % and when it is used up; Bo stops, and starts no more."""
    ana, bo, cleo = office.ana, office.member("bo"), office.person("cleo")
    bills(ana)
    ana.clicks("Change people")
    ana.chooses("Managers", ["cleo"])
    assert not ana.submits()
    cleo.sees("made you a manager of Acme Web", channel="app", timeout=SLOW)
    ana.clicks("Budget")
    ana.chooses("Budget", "Money, what the hours earn")
    ana.fills("Amount", "200")
    assert not ana.submits()
    ana.sees("0 % used")
    ana.closes()
    said(bo, f"/track log 2h {TASK}")
    told = "Acme Web has used 80 % of its budget: 160.00 EUR of 200.00 EUR"
    cleo.sees(told, channel="app", timeout=SLOW)
    said(bo, f"/track log 1h {TASK}")
    cleo.sees("has used 120 % of its budget", channel="app", timeout=SLOW)
    assert sum(one.holds("of its budget") for one in cleo.messages("app")) == 2
    assert "Started" in said(bo, f"/track start {TASK} -1m")
    ana.types("/link settings", channel="ops")
    ana.chooses("Over budget", "No timer starts on a project whose budget is used up")
    assert not ana.submits()
    ana.sees("Over budget no timer starts: on (was off)", channel="app", timeout=SLOW)
    assert "Stopped" in said(bo, "/track stop")
    refused = said(bo, f"/track start {TASK}")
    assert "The budget of Acme Web is used up" in refused
    assert "Cleo" in refused
    assert "EUR" not in refused
    assert "Logged" in said(bo, f"/track log 10m {TASK}")


def test_m3_a_project_as_a_table(office: Office) -> None:
    """The page's numbers as a message, where Slack shows tables."""
    ana, bo = office.ana, office.member("bo")
    said(bo, f"/track log 1h30m {TASK}")
    opens(ana, "Acme Web")
    ana.clicks("As a table")
    ana.sees("Bo Lindqvist", channel="app", timeout=SLOW)
    ana.sees("The whole project", channel="app")


def test_m4_reports_hold_what_who_asks_may_see(office: Office) -> None:
    """Cleo's project with its money in Slack, CSV and XLSX; Ana's everything; Bo's own time."""
    ana, bo, cleo = office.ana, office.member("bo"), office.person("cleo")
    bills(ana)
    ana.clicks("Change people")
    ana.chooses("Managers", ["cleo"])
    assert not ana.submits()
    cleo.sees("made you a manager of Acme Web", channel="app", timeout=SLOW)
    ana.closes()
    said(ana, '/link new "Back office"')
    assert "Logged 1 h" in said(ana, '/track log 1h "Back office"')
    said(bo, f"/track log 2h {TASK} =review")
    said(bo, "/track log 30m TASK-10")

    seen = said(cleo, "/track report team this month by person")
    assert "Time on your projects." in seen
    assert "Earned by the hour: 200.00 EUR." in seen
    assert "Bo Lindqvist" in seen
    assert "Back office" not in said(cleo, "/track report team this month by project")
    assert "neither a period nor a project" in said(cleo, "/track report team back office")
    cleo.clicks("As CSV", channel="general")
    cleo.sees("2 h 30 m in 2 rows. Earned by the hour: 200.00 EUR.", channel="app", timeout=SLOW)
    lines = list(csv.DictReader(io.StringIO(sent_file(office))))
    assert {line["person"] for line in lines} == {"Bo Lindqvist"}
    assert [line["note"] for line in lines if line["note"]] == ["'=review"]
    assert sum(float(line["amount"]) for line in lines) == 200
    said(cleo, "/track report team this month by task xlsx")
    cleo.sees(".xlsx)", channel="app", timeout=SLOW)
    total = sheets(sent_bytes(office.installation, ".xlsx"))["Report"].named()[-1]
    assert (total["Seconds"], total["EUR"]) == (9000, 200)

    assert "3 h 30 m" in said(ana, "/track report team this month")
    by_client = said(ana, "/track report team this month by client")
    assert all(one in by_client for one in ("Acme Inc.", "No client", "Billable: 2 h 30 m, 71 %"))
    own = said(bo, "/track report team this month by client")
    assert "Your time." in own
    assert "2 h 30 m" in own
    assert "EUR" not in own
    assert "You see only your own time" in said(bo, "/track report @ana this month")

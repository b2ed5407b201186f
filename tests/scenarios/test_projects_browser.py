"""The Projects section at a real Chromium, and the pictures that the documents show."""

from pathlib import Path

import pytest

from playground.browser import browser_people
from tests.scenarios.running import installed
from tests.scenarios.story import CHANNEL, SLOW
from tests.scenarios.test_story_browser import Album
from tests.scenarios.tools import BoardTool
from tests.scenarios.waits import no_report_is_owed

pytestmark = pytest.mark.browser

WINDOW = (1000, 900)


def test_an_admins_way_through_the_projects(sqlite_url: str, chromium: str, tmp_path: Path) -> None:
    """Overview, list, a project's page, ticks, the question before unlinking."""
    with (
        installed(sqlite_url, tmp_path, sync_seconds=60, at_noon=True) as installation,
        browser_people(installation.slack, chromium, tmp_path, WINDOW) as people,
    ):
        album = Album(tmp_path, "projects")
        ana, bo = people.person("ana"), people.person("bo")
        board = BoardTool(installation.boards)
        ana.types("/link connect board", channel=CHANNEL)
        for label, value in board.right.items():
            ana.fills(label, value)
        ana.submits()
        ana.sees("Connected:", timeout=SLOW)
        ana.closes()
        ana.sees("Acme Web", channel=CHANNEL, timeout=SLOW)
        ana.types("/link all", channel=CHANNEL)
        ana.sees("4 projects will be linked", timeout=SLOW)
        ana.submits()
        ana.sees("in 4 linked projects", channel="app", timeout=SLOW)
        no_report_is_owed(sqlite_url)
        ana.types('/link new "Office move"', channel=CHANNEL)
        for person in (bo, ana):
            person.types("/track connect", channel="general")
            person.clicks("Connect", channel="general")
            person.sees("Connected:", channel="general", timeout=SLOW)
        for line in ("log 2h TASK-12 review", "log 1h30m TASK-5 yesterday", "start TASK-12"):
            bo.types(f"/track {line}", channel="general")
        ana.types("/track log 45m TASK-12", channel="general")
        ana.sees("Logged 45 m", channel="general", timeout=SLOW)
        ana.types("/link", channel=CHANNEL)
        ana.sees("4 connected", channel=CHANNEL, timeout=SLOW)
        album.take(ana, "overview")
        ana.clicks("Projects", channel=CHANNEL)
        ana.sees("5 projects.")
        album.take(ana, "list")
        ana.clicks("Open", on="Acme Web")
        ana.sees("Last entries")
        album.take(ana, "page")
        ana.clicks("Back to the list")
        ana.clicks("Choose several")
        ana.clicks("Tick all 5")
        ana.sees("5 are ticked")
        album.take(ana, "ticked")
        ana.submits()
        ana.sees("With 5 projects")
        ana.clicks("Unlink (4)...")
        ana.sees("1 running timer is stopped")
        album.take(ana, "unlink")
        ana.clicks("Run history")
        ana.sees("By schedule")
        ana.closes()
        ana.submits()
        ana.sees("Unlinked 4 projects", timeout=SLOW)

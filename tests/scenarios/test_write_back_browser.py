"""Time written to a tool, at a real Chromium, and the pictures that the documents show (W)."""

import csv
from pathlib import Path

import pytest

from playground.browser import BrowserPerson, browser_people
from tests.scenarios.prepared import TASK, Office, eventually, linked_board
from tests.scenarios.story import CHANNEL, SLOW
from tests.scenarios.test_time_browser import WINDOW, Album
from tests.scenarios.waits import nothing_is_on_its_way

pytestmark = pytest.mark.browser

FIELD = "Tracked time in File board"


def seconds(office: Office) -> list[str]:
    """Of each row that the board keeps."""
    path = office.board.folder / "time.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row["seconds"] for row in csv.DictReader(file)]


def lengthens(bo: BrowserPerson, length: str, on: str) -> None:
    """Changes an entry from what was said of it."""
    bo.clicks("Edit", on=on, channel="web")
    bo.fills("Length", length)
    bo.submits()


def test_w1_w3_at_a_browser(sqlite_url: str, chromium: str, tmp_path: Path) -> None:
    """Switched on, written, changed in the tool by somebody, asked about, answered."""
    with (
        linked_board(sqlite_url, tmp_path) as office,
        browser_people(office.installation.slack, chromium, tmp_path, WINDOW) as people,
    ):
        picture = Album(tmp_path).take
        office.ana.types("/link policy", channel=CHANNEL)
        office.ana.chooses(FIELD, "Write nothing")
        office.ana.submits()
        office.ana.sees("is not written there", timeout=SLOW)
        office.ana.closes()
        office.member("bo")
        ana, bo = people.person("ana"), people.person("bo")
        bo.types(f"/track log 1h30m {TASK} Menu and logo", channel="web")
        bo.sees("Logged 1 h 30 m", channel="web")

        ana.types("/link policy", channel=CHANNEL)
        ana.chooses(FIELD, "Write each finished entry to its task as a time record")
        picture(ana, "write-back-settings")
        ana.submits()
        ana.sees("is written there from now on", timeout=SLOW)
        picture(ana, "write-back-on")
        ana.closes()
        assert seconds(office) == []

        lengthens(bo, "2h", "Logged 1 h 30 m")
        eventually(lambda: seconds(office) == ["7200"], "a row in time.csv")
        nothing_is_on_its_way(sqlite_url)
        bo.clicks("Edit", on="is now 2 h", channel="web")
        bo.clicks("History")
        bo.sees("Written to Acme board")
        picture(bo, "write-back-history")
        bo.closes(everything=True)

        office.board.change("time.csv", "seconds", "7200", seconds="3600")
        lengthens(bo, "3h", "is now 2 h")
        bo.sees("Somebody changed your time", channel="app", timeout=SLOW)
        picture(bo, "write-back-conflict")
        bo.clicks("Edit", on="is now 3 h", channel="web")
        bo.clicks("History")
        bo.sees("Changed in Acme board")
        picture(bo, "write-back-conflict-history")
        bo.clicks("Which version counts?")
        bo.sees("Keep theirs")
        picture(bo, "write-back-conflict-form")
        bo.closes(everything=True)
        bo.clicks("Keep theirs", channel="app")
        bo.sees("the entry here is now 1 h", channel="app", timeout=SLOW)
        picture(bo, "write-back-answered")
        nothing_is_on_its_way(sqlite_url)
        bo.types("/track today", channel="web")
        bo.sees("written to Acme board", channel="web")
        assert seconds(office) == ["3600"]

"""Forms, shortcuts and previews at a real Chromium, and the pictures that the documents show."""

from datetime import timedelta
from pathlib import Path

import pytest

from playground.browser import browser_people
from tests.scenarios.noon import shown
from tests.scenarios.prepared import TASK, linked_board
from tests.scenarios.story import SLOW
from tests.scenarios.test_story_browser import WINDOW, Album

pytestmark = pytest.mark.browser


def test_t7_t9_t10_at_a_browser(sqlite_url: str, chromium: str, tmp_path: Path) -> None:
    """Log in the form, edit under the confirmation, track a message, start from a link."""
    with (
        linked_board(sqlite_url, tmp_path) as office,
        browser_people(office.installation.slack, chromium, tmp_path, WINDOW) as people,
    ):
        picture = Album(tmp_path, "entries").take
        office.member("bo")
        ana, bo = people.person("ana"), people.person("bo")

        bo.goes_to("web")
        bo.uses_shortcut("Log time")
        bo.chooses("Task or project", "TASK-12 Fix the header", typing="header")
        bo.chooses("Day", (shown(office.installation.slack).date() - timedelta(days=3)).isoformat())
        bo.chooses("How", "From and to")
        bo.fills("Start", "09:00")
        bo.fills("End", "10:30")
        bo.sees("1 h 30 m")
        bo.fills("Note", "Menu and logo")
        picture(bo, "log")
        bo.submits()
        bo.sees("Logged 1 h 30 m", channel="app", timeout=SLOW)

        bo.types("/track log 2h TASK-12 yesterday review", channel="web")
        bo.sees("Logged 2 h", channel="web")
        bo.clicks("Edit", on="Logged 2 h", channel="web")
        bo.sees("Edit time")
        bo.fills("Length", "1h45m")
        picture(bo, "edit")
        bo.submits()
        bo.sees("2 h is now 1 h 45 m", channel="web", timeout=SLOW)
        bo.clicks("Edit", on="is now 1 h 45 m", channel="web")
        bo.clicks("History")
        bo.sees("you: changed it")
        bo.closes()
        bo.closes()

        ana.types(f"Who looks at {TASK} and TASK-9 before Friday?", channel="web")
        bo.uses_shortcut("Track time on this", on="before Friday", channel="web")
        bo.sees("mentions 2 tasks")
        bo.chooses("Task", "TASK-9 Search across pages and blog")
        picture(bo, "picker")
        bo.submits()
        bo.sees("Started TASK-9", channel="web", timeout=SLOW)

        ana.types('/link channel-default "Acme Web"', channel="web")
        ana.types("New: https://board.acme.test/TASK-5", channel="web")
        bo.sees("tracked of 8 h estimated", channel="web", timeout=SLOW)
        picture(bo, "unfurl")
        bo.clicks("Start", on="TASK-5", channel="web")
        bo.sees("arted TASK-5", channel="web", timeout=SLOW)

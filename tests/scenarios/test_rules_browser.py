"""Settings, the question about a forgotten timer, and a week's approval at a real Chromium."""

from datetime import timedelta
from pathlib import Path

import pytest

from playground.browser import browser_people
from tests.scenarios.prepared import linked_board, said
from tests.scenarios.story import SLOW
from tests.scenarios.test_story_browser import WINDOW, Album
from tests.scenarios.turned import TurnedClock

pytestmark = pytest.mark.browser


def test_rules_as_people_see_them(sqlite_url: str, chromium: str, tmp_path: Path) -> None:
    """Both settings forms, a token, the reminder that is answered, the week that is approved."""
    with (
        linked_board(sqlite_url, tmp_path) as office,
        browser_people(office.installation.slack, chromium, tmp_path, WINDOW) as people,
    ):
        office.member("bo")
        clock = TurnedClock(office.installation)
        clock.turns_to(clock.next_monday())
        ana, bo = people.person("ana"), people.person("bo")
        take = Album(tmp_path, "rules").take
        ana.types("/link settings", channel="general")
        ana.sees("Time that overlaps", timeout=SLOW)
        take(ana, "team-settings")
        ana.chooses("Timesheets", "Weeks are submitted and approved")
        assert not ana.submits()
        bo.types("/track settings", channel="general")
        bo.sees("Quiet time", timeout=SLOW)
        take(bo, "own-settings")
        bo.clicks("API tokens")
        bo.sees("You have none yet", timeout=SLOW)
        bo.clicks("New token")
        bo.fills("What is it for?", "Invoices spreadsheet")
        assert not bo.submits()
        bo.sees("Copy it now", timeout=SLOW)
        take(bo, "new-token")
        bo.closes(everything=True)
        bo.types("/track token", channel="general")
        bo.sees("never used", timeout=SLOW)
        take(bo, "tokens")
        bo.closes(everything=True)
        said(office.person("bo"), "/track start TASK-12")
        clock.turns_past_a_crash(clock.now() + timedelta(hours=8))
        bo.sees("Still working?", channel="app", timeout=SLOW)
        bo.goes_to("app")
        take(bo, "still-working")
        bo.clicks("I stopped at...", channel="app")
        bo.fills("You stopped at", "17:00")
        assert not bo.submits()
        clock.passes(minutes=1)
        said(office.person("bo"), "/track log 3h TASK-5")
        bo.types("/track submit this week", channel="general")
        bo.sees("in all.", timeout=SLOW)
        take(bo, "submit-week")
        assert not bo.submits()
        ana.sees("submitted", channel="app", timeout=SLOW)
        ana.goes_to("app")
        take(ana, "approve-week")
        ana.clicks("Approve", channel="app")
        ana.sees("Approved Bo Lindqvist's week", channel="app", timeout=SLOW)

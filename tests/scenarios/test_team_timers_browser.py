"""Who is tracking now, and a timer that a manager stops for somebody, at a real Chromium."""

from pathlib import Path

import pytest

from playground.browser import browser_people
from tests.scenarios.prepared import linked_board, said
from tests.scenarios.story import SLOW
from tests.scenarios.test_story_browser import WINDOW, Album
from tests.scenarios.turned import TurnedClock

pytestmark = pytest.mark.browser


def test_three_people_and_their_timers(sqlite_url: str, chromium: str, tmp_path: Path) -> None:
    """Ana looks, Bo's timer is stopped for him and he is told why; Cleo is not shown the others."""
    with (
        linked_board(sqlite_url, tmp_path) as office,
        browser_people(office.installation.slack, chromium, tmp_path, WINDOW) as people,
    ):
        for name in ("bo", "cleo"):
            office.member(name)
        clock = TurnedClock(office.installation)
        clock.turns_to(clock.next_monday())
        said(office.person("bo"), "/track start TASK-12")
        said(office.person("cleo"), "/track start TASK-5 about the menu")
        clock.passes(minutes=95)
        ana, bo, cleo = (people.person(name) for name in ("ana", "bo", "cleo"))
        take = Album(tmp_path, "team").take
        ana.types("/track status team", channel="general")
        ana.sees("2 people are tracking now.", channel="general", timeout=SLOW)
        take(ana, "tracking-now")
        cleo.types("/track status team", channel="general")
        cleo.sees("Admins see who else", channel="general", timeout=SLOW)
        take(cleo, "tracking-now-member")
        ana.opens_home()
        ana.sees("2 timers run now.", timeout=SLOW)
        take(ana, "home-overview")
        ana.clicks("Who is tracking")
        ana.sees("2 people are tracking now.", timeout=SLOW)
        take(ana, "tracking-now-form")
        ana.clicks("Stop...")
        ana.sees("Stop Bo Lindqvist's timer", timeout=SLOW)
        ana.fills("Reason", "Everybody is at the all-hands")
        take(ana, "stop-a-timer")
        assert not ana.submits()
        bo.sees("stopped your timer on", channel="app", timeout=SLOW)
        bo.goes_to("app")
        take(bo, "stopped-by-other")

"""A forgotten timer, from the first minute to the last, at a running Hourlink (T11)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.scenarios.prepared import Office, linked_board, said
from tests.scenarios.story import SLOW
from tests.scenarios.turned import TurnedClock


class Night:
    """Two timers since Monday noon, and the clock at eight in the evening, both in UTC."""

    def __init__(self, office: Office) -> None:
        self.bo, self.cleo = office.member("bo"), office.member("cleo")
        self.clock = TurnedClock(office.installation)
        noon = self.clock.next_monday()
        self.clock.turns_to(noon)
        for person in (self.bo, self.cleo):
            assert "Started" in said(person, "/track start TASK-12")
        self.clock.turns_past_a_crash(noon + timedelta(hours=8))
        for person in (self.bo, self.cleo):
            person.sees("Still working?", channel="app", timeout=SLOW)

    def passes(self, minutes: int) -> None:
        """Every process is down meanwhile: what is due is looked for when they start again."""
        self.clock.turns_past_a_crash(self.clock.now() + timedelta(minutes=minutes))


@pytest.fixture
def night(database_url: str, tmp_path: Path) -> Iterator[Night]:
    """Give both their question."""
    with linked_board(database_url, tmp_path) as office:
        yield Night(office)


def test_t11_one_answers_and_one_does_not(night: Night) -> None:
    """Asked once, across crashes.

    Cleo works on, and stops at an earlier time in the end. Bo's timer is stopped an hour later, and
    told; late clicks are answered.
    """
    bo, cleo = night.bo, night.cleo
    cleo.clicks("Still working", channel="app")
    cleo.sees("You are asked again at", channel="app")
    cleo.chooses("Ask me later", "Ask again in 30 minutes", channel="app")
    night.passes(minutes=31)
    cleo.sees("Still working?", channel="app", timeout=SLOW)
    cleo.clicks("I stopped at...", channel="app")
    cleo.fills("You stopped at", "08:00")
    assert "The timer began at" in cleo.submits()["You stopped at"]
    cleo.fills("You stopped at", "17:00")
    assert not cleo.submits()
    cleo.sees("at 17:00 after", channel="app")

    night.passes(minutes=31)
    bo.sees("so its timer is stopped", channel="app", timeout=SLOW)
    assert len([one for one in bo.messages("app") if one.holds("Still working?")]) == 1
    bo.clicks("Still working", channel="app")
    bo.sees("There was no answer by", channel="app")
    assert "No timer is running" in said(bo, "/track status")
    assert not any(one.holds("so its timer is stopped") for one in cleo.messages("app"))

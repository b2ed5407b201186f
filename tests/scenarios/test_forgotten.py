"""A forgotten timer, from the first minute to the last, at a running Hourlink (T11)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.scenarios.prepared import Office, linked_board, said
from tests.scenarios.story import SLOW
from tests.scenarios.turned import TurnedClock


class Night:
    """Bo's timer since Monday noon, and the clock at eight in the evening, both in UTC."""

    def __init__(self, office: Office) -> None:
        self.installation = office.installation
        self.bo = office.member("bo")
        self.clock = TurnedClock(office.installation)
        noon = self.clock.next_monday()
        self.clock.turns_to(noon)
        assert "Started" in said(self.bo, "/track start TASK-12")
        self.clock.turns_to(noon + timedelta(hours=8))
        self.restarts()
        self.bo.sees("Still working?", channel="app", timeout=SLOW)

    def restarts(self) -> None:
        """Kills every process and starts them again: what is due is looked for at once."""
        self.installation.kill()
        self.installation.start()


@pytest.fixture
def night(sqlite_url: str, tmp_path: Path) -> Iterator[Night]:
    """Give Bo his question."""
    with linked_board(sqlite_url, tmp_path, follow_clock=True) as office:
        yield Night(office)


def test_t11_nobody_answers(night: Night) -> None:
    """Asked once, across crashes; stopped an hour later, and told; late clicks are answered."""
    bo = night.bo
    night.restarts()
    night.clock.passes(hours=1, minutes=1)
    night.restarts()
    bo.sees("so its timer is stopped", channel="app", timeout=SLOW)
    assert len([one for one in bo.messages("app") if one.holds("Still working?")]) == 1
    bo.clicks("Still working", channel="app")
    bo.sees("There was no answer by", channel="app")
    assert "No timer is running" in said(bo, "/track status")


def test_t11_somebody_answers(night: Night) -> None:
    """Still working, not again, and in the end stopped at an earlier time."""
    bo = night.bo
    bo.clicks("Still working", channel="app")
    bo.sees("You are asked again at", channel="app")
    bo.chooses("Ask me later", "Ask again in 30 minutes", channel="app")
    night.clock.passes(minutes=31)
    night.restarts()
    bo.sees("Still working?", channel="app", timeout=SLOW)
    bo.clicks("I stopped at...", channel="app")
    bo.fills("You stopped at", "08:00")
    assert "The timer began at" in bo.submits()["You stopped at"]
    bo.fills("You stopped at", "17:00")
    assert not bo.submits()
    bo.sees("at 17:00 after", channel="app")

"""How often a member waits for PostgreSQL."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest

from bot.domain.entries.entries import OnTask
from tests.builders import NOON
from tests.round_trips import trips
from tests.services.office import Office


@pytest.fixture
def office(postgresql_url: str) -> Iterator[Office]:
    """Give the office."""
    made = Office(postgresql_url)
    yield made
    made.world.close()


def by_key(office: Office, now: datetime) -> object:
    """As a command does."""
    return office.start(now=now)


def by_button(office: Office, now: datetime) -> object:
    """As a click does."""
    return office.tracking.start_on(who=office.ana, target=OnTask(office.web12), now=now)


@pytest.mark.parametrize("start", [by_key, by_button])
def test_a_timer_is_started_in_two_waits(
    office: Office, start: Callable[[Office, datetime], object]
) -> None:
    """The member's row with all that is asked, and the entry with the commit."""
    start(office, NOON)
    office.tracking.cancel(who=office.ana, now=NOON)  # what is needed is prepared now
    later = NOON + timedelta(hours=1)
    assert trips(office.world.engine, lambda: start(office, later)) == 2

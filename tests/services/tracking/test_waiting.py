"""How often a member waits for PostgreSQL."""

from datetime import timedelta

from tests.builders import NOON
from tests.round_trips import trips
from tests.services.office import Office


def test_a_timer_is_started_in_four_waits(postgresql_url: str) -> None:
    """The member's row, the task, the entry, the commit; nothing else is asked by itself."""
    office = Office(postgresql_url)
    office.start()
    office.tracking.cancel(who=office.ana, now=NOON)  # what is needed is prepared now
    later = NOON + timedelta(hours=1)
    assert trips(office.world.engine, lambda: office.start(now=later)) == 4
    office.world.close()

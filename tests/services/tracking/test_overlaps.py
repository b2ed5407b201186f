"""Time that overlaps, where the team allows it: saved, and said (T7)."""

from collections.abc import Iterator
from datetime import time, timedelta

import pytest

from bot.domain.clock_times import Ago, ClockRange
from bot.domain.ids import TimeEntryId
from bot.domain.preferences import Overlaps, TeamSettings
from bot.domain.tasks.task_refs import KeyRef
from bot.domain.tracking.tracking import Logged, Started
from bot.domain.tracking.tracking_errors import EntryOverlaps
from bot.services.tracking.desk import Desk
from bot.services.tracking.overlaps import overlaps
from bot.views.tracking import timer as views
from bot.views.tracking.undone import undone
from tests.builders import NOON
from tests.services.office import Office

HOUR = timedelta(hours=1)


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """Give the office, whose team allows overlaps; Ana has WEB-9 from 11:00 to 12:00 (Berlin)."""
    made = Office(database_url)
    made.choose(TeamSettings(overlaps=Overlaps.WARN))
    made.world.entry(made.ana, made.website, made.web9, NOON - 2 * HOUR, NOON - HOUR)
    yield made
    made.world.close()


def log(office: Office, span: ClockRange) -> Logged:
    """Ana logs a span on WEB-12."""
    done = office.time_log.log(
        who=office.ana,
        ref=KeyRef("WEB-12"),
        amount=span,
        day=None,
        note="",
        now=NOON,
        request_id="one",
    )
    assert isinstance(done, Logged)
    return done


def test_a_logged_span_is_saved_with_a_warning(office: Office) -> None:
    """Both entries stand, and she reads which one it is."""
    done = log(office, ClockRange(time(11, 30), time(12, 30)))
    assert len(office.entries()) == 2
    assert views.logged(done).text.endswith("It overlaps: *WEB-9* 11:00-12:00.")


def test_free_time_brings_no_warning(office: Office) -> None:
    """Touching is not overlapping."""
    done = log(office, ClockRange(time(12), time(13)))
    assert done.overlaps == ()
    assert "overlap" not in views.logged(done).text


def test_an_earlier_start_is_saved_with_a_warning(office: Office) -> None:
    """Begun while WEB-9 was tracked."""
    done = office.tracking.start(who=office.ana, ref=KeyRef("WEB-12"), when=Ago(90 * 60), now=NOON)
    assert isinstance(done, Started)
    assert views.started(done).text.endswith("It overlaps: *WEB-9* 11:00-12:00.")


def test_a_timer_that_runs_again_over_other_time_is_told(office: Office) -> None:
    """Undo of a stop, with time logged in between."""
    office.start(now=NOON - HOUR)
    step = office.tracking.stop(who=office.ana, now=NOON - HOUR / 2).step
    log(office, ClockRange(time(12, 45), time(13)))
    done = office.undoing.undo(who=office.ana, step=step, now=NOON)
    assert [line.on.key for line in done.overlaps] == ["WEB-12"]
    assert "It overlaps" in undone(done).text


def test_an_entry_does_not_overlap_itself(office: Office) -> None:
    """An edit that keeps part of the old span is no overlap."""
    own = TimeEntryId(office.entries()[0].id or 0)
    office.choose(TeamSettings())
    with office.world.uow.begin() as tx:
        desk = Desk(tx, office.ana, NOON, new_marker=str, provider_name=str)
        span = (NOON - 2 * HOUR, NOON - HOUR / 2)
        assert overlaps(desk, *span, leaving_out=[own]) == ()
        with pytest.raises(EntryOverlaps):
            overlaps(desk, *span)

"""Two devices at once, and what happens within one minute (T3, T7), on both databases."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from functools import partial

import pytest

from bot.domain.clock_times import Ago, At, ClockRange
from bot.domain.entries.editing import Edit
from bot.domain.entries.editing_errors import EntryChanged, EntryDeleted
from bot.domain.errors import HourlinkError
from bot.domain.tasks.task_refs import KeyRef
from bot.domain.tracking.tracking import Started
from bot.domain.tracking.tracking_errors import EntryOverlaps, StartsBeforeTimer
from tests.builders import NOON
from tests.services.editor import HOUR, TODAY, Editor

SECOND = timedelta(seconds=1)


@pytest.fixture
def office(database_url: str) -> Iterator[Editor]:
    """Give the office."""
    made = Editor(database_url)
    yield made
    made.world.close()


def at_once(works: Sequence[Callable[[], object]]) -> list[object]:
    """Does everything at the same instant; what came of each, refusals too."""
    gate = threading.Barrier(len(works))

    def do(work: Callable[[], object]) -> object:
        gate.wait()
        try:
            return work()
        except HourlinkError as error:
            return error

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(do, works))


def test_two_saves_of_the_same_form(office: Editor) -> None:
    """One is saved; the other hears what was changed, and nothing is mixed."""
    entry = office.entry()
    version = office.shows(entry).version

    def save(minutes: int) -> object:
        edit = Edit(note=f"{minutes}", day=TODAY, start=time(9), end=time(10, minutes))
        return office.changing.save(
            who=office.ana, entry_id=entry, version=version, edit=edit, now=NOON
        )

    came = at_once([partial(save, 10), partial(save, 20), partial(save, 30)])
    assert sum(isinstance(one, EntryChanged) for one in came) == 2
    (row,) = office.entries()
    assert row.seconds == 3600 + 60 * int(row.note)


def test_an_edit_and_a_delete(office: Editor) -> None:
    """Whichever comes first; the other is told, and the entry is either there or not."""
    entry = office.entry()
    version = office.shows(entry).version
    edit = Edit(note="late", day=TODAY, start=time(9), end=time(10))
    came = at_once(
        [
            lambda: office.changing.save(
                who=office.ana, entry_id=entry, version=version, edit=edit, now=NOON
            ),
            lambda: office.changing.delete(
                who=office.ana, entry_id=entry, version=version, now=NOON
            ),
        ]
    )
    assert sum(isinstance(one, EntryChanged | EntryDeleted) for one in came) == 1


def test_a_stop_and_an_edit_of_the_timer(office: Editor) -> None:
    """The timer is stopped once, with the one start or the other."""
    entry = office.start(now=NOON - HOUR).timer.entry_id
    version = office.shows(entry).version
    edit = Edit(note="", day=TODAY, start=time(11))
    at_once(
        [
            lambda: office.tracking.stop(who=office.ana, now=NOON),
            lambda: office.changing.save(
                who=office.ana, entry_id=entry, version=version, edit=edit, now=NOON
            ),
        ]
    )
    (row,) = office.entries()
    assert row.seconds in {3600, 7200}


def test_stopped_and_started_in_the_same_minute(office: Editor) -> None:
    """20 seconds are kept, the next begins where the first ended, and neither is in the way."""
    office.start("WEB-9", NOON)
    office.tracking.stop(who=office.ana, now=NOON + 20 * SECOND)
    started = office.start("WEB-12", NOON + 20 * SECOND)
    assert started.stopped is None
    switched = office.start("WEB-9", NOON + 40 * SECOND)
    assert switched.stopped is not None
    assert (switched.stopped.seconds, switched.today) == (20, 40)


def test_what_touches_on_the_clock_touches(office: Editor) -> None:
    """Stopped at 13:00:30: logging from 13:00, or starting at 13:00, is no overlap."""
    office.start("WEB-9", NOON - HOUR)
    office.tracking.stop(who=office.ana, now=NOON + 30 * SECOND)
    later = NOON + 2 * HOUR
    logged = office.time_log.log(
        who=office.ana,
        ref=KeyRef("WEB-12"),
        amount=ClockRange(time(13), time(14)),
        day=None,
        note="",
        now=later,
        request_id="touching",
    )
    assert getattr(logged, "seconds", 0) == 3600
    started = office.tracking.start(
        who=office.ana, ref=KeyRef("WEB-12"), when=At(time(14)), now=later
    )
    assert isinstance(started, Started)
    office.tracking.cancel(who=office.ana, now=later)
    with pytest.raises(EntryOverlaps):
        office.tracking.start(
            who=office.ana, ref=KeyRef("WEB-12"), when=At(time(13, 59)), now=later
        )


def test_a_switch_with_an_earlier_moment(office: Editor) -> None:
    """The running timer ends there, to the second; not before it began, nor when it did."""
    office.start("WEB-9", NOON - HOUR)
    done = office.tracking.start(
        who=office.ana, ref=KeyRef("WEB-12"), when=Ago(900), now=NOON + 7 * SECOND
    )
    assert isinstance(done, Started)
    assert done.stopped is not None
    assert done.stopped.until == done.timer.since == NOON - 15 * 60 * SECOND + 7 * SECOND
    assert (done.stopped.seconds, done.today) == (2707, 3607)
    for ago in (900, 1000):
        with pytest.raises(StartsBeforeTimer):
            office.tracking.start(
                who=office.ana, ref=KeyRef("WEB-9"), when=Ago(ago), now=NOON + 7 * SECOND
            )
    undone = office.undoing.undo(who=office.ana, step=done.step, now=NOON + HOUR)
    assert undone.timer is not None
    assert (undone.timer.on.key, undone.timer.since) == ("WEB-9", NOON - HOUR)

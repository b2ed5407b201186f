"""Time already worked, and taking changes back: on both databases."""

from datetime import date, datetime, time, timedelta

import pytest

from bot.domain.clock_times import Amount, ClockLength, ClockRange
from bot.domain.days import DaysAgo
from bot.domain.entries.entries import Action, OnTask
from bot.domain.input_errors import InTheFuture
from bot.domain.tasks.task_refs import KeyRef, TaskRef, WordsRef
from bot.domain.tracking.tracking import Logged, WhichTask
from bot.domain.tracking.tracking_errors import (
    AlreadyLogged,
    AnotherTimerRuns,
    ChangedSince,
    EntryOverlaps,
    ProjectArchived,
    TargetUnknown,
)
from storage.projects.projects import ProjectRow
from tests.builders import NOON
from tests.services.office import Office, task

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


class Hand:
    """Logs time, each request with an id of its own."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._count = 0

    def __call__(
        self,
        amount: Amount,
        *,
        ref: TaskRef | None = None,
        day: DaysAgo | None = None,
        request_id: str | None = None,
        now: datetime = NOON,
    ) -> Logged | WhichTask:
        """Types ``/track log``."""
        self._count += 1
        return self._office.time_log.log(
            who=self._office.ana,
            ref=ref or KeyRef("WEB-12"),
            amount=amount,
            day=day,
            note="review",
            now=now,
            request_id=request_id or f"request{self._count}",
        )


@pytest.fixture
def log(office: Office) -> Hand:
    """Give the hand that logs."""
    return Hand(office)


def test_a_length_goes_to_its_day_without_clock_times(office: Office, log: Hand) -> None:
    """An hour and a half yesterday; yesterday's total is told."""
    log(600, day=DaysAgo(1))
    logged = log(5400, day=DaysAgo(1))
    assert isinstance(logged, Logged)
    assert (logged.day, logged.seconds, logged.day_total) == (date(2026, 11, 19), 5400, 6000)
    entry = office.entries()[1]
    assert (entry.started_at, entry.ended_at, entry.note) == (None, None, "review")


def test_clock_times_are_the_members_own(office: Office, log: Hand) -> None:
    """10:00-11:30 in Berlin is 09:00 to 10:30 in UTC."""
    logged = log(ClockRange(time(10), time(11, 30)))
    assert isinstance(logged, Logged)
    assert logged.seconds == 5400
    (entry,) = office.entries()
    assert entry.started_at == NOON.replace(hour=9)


def test_a_length_may_say_when_it_began(office: Office, log: Hand) -> None:
    """An hour at 10:00, and twice as much at 23:00 of yesterday evening, an hour on each day."""
    logged = log(ClockLength(time(10), 3600))
    assert isinstance(logged, Logged)
    assert (logged.start, logged.end) == (NOON.replace(hour=9), NOON.replace(hour=10))
    log(ClockLength(time(23), 7200), day=DaysAgo(1))
    entries = office.entries()
    assert {(entry.work_date.day, entry.seconds) for entry in entries} == {(19, 3600), (20, 3600)}
    with pytest.raises(EntryOverlaps):
        log(ClockLength(time(10, 30), 60))


def test_a_range_over_midnight_is_two_linked_entries(office: Office, log: Hand) -> None:
    """23:00-01:00 of yesterday evening: an hour on each day, taken back together."""
    logged = log(ClockRange(time(23), time(1)), day=DaysAgo(1))
    assert isinstance(logged, Logged)
    first, second = office.entries()
    assert (first.seconds, second.seconds, second.continues_id) == (3600, 3600, first.id)
    office.undoing.undo(who=office.ana, step=logged.step, now=NOON)
    assert office.entries() == []


def test_time_that_has_not_come_is_not_logged(log: Hand) -> None:
    """It is 13:00 for Ana."""
    with pytest.raises(InTheFuture):
        log(ClockRange(time(12), time(14)))


@pytest.mark.parametrize(
    ("start", "end", "fits"),
    [
        ((8, 0), (9, 0), True),
        ((8, 0), (9, 1), False),
        ((9, 0), (10, 0), False),
        ((9, 15), (9, 45), False),
        ((8, 30), (10, 30), False),
        ((9, 59), (10, 30), False),
        ((10, 0), (10, 30), True),
    ],
)
def test_spans_share_no_time(
    office: Office, log: Hand, start: tuple[int, int], end: tuple[int, int], *, fits: bool
) -> None:
    """Ana has 9:00 to 10:00: what touches fits, what shares a minute does not."""
    eight = NOON.replace(hour=8)
    office.world.entry(office.ana, office.website, office.web9, eight, eight + HOUR)
    span = ClockRange(time(*start), time(*end))
    if fits:
        log(span)
        return
    with pytest.raises(EntryOverlaps) as overlap:
        log(span)
    assert [line.on.key for line in overlap.value.lines] == ["WEB-9"]


def test_a_running_timer_takes_its_time_too(office: Office, log: Hand) -> None:
    """It began at 12:30: 12:00-12:30 fits before it, 12:00-12:45 does not; lengths always do."""
    office.start(now=NOON - 30 * MINUTE)
    log(ClockRange(time(12), time(12, 30)))
    with pytest.raises(EntryOverlaps) as overlap:
        log(ClockRange(time(12, 40), time(12, 45)))
    assert [line.is_running for line in overlap.value.lines] == [True]
    log(3600)


def test_the_same_request_twice_is_logged_once(office: Office, log: Hand) -> None:
    """Slack repeats what it believes lost."""
    log(3600, request_id="trigger:1")
    with pytest.raises(AlreadyLogged):
        log(3600, request_id="trigger:1")
    assert len(office.entries()) == 1


def test_a_refused_request_may_come_again(office: Office, log: Hand) -> None:
    """Nothing was changed, so nothing was used up."""
    office.start(now=NOON - HOUR)
    with pytest.raises(EntryOverlaps):
        log(ClockRange(time(12), time(12, 30)), request_id="trigger:1")
    office.tracking.cancel(who=office.ana, now=NOON)
    log(ClockRange(time(12), time(12, 30)), request_id="trigger:1")


def test_an_ambiguous_task_keeps_length_day_and_note(office: Office, log: Hand) -> None:
    """Picked later, they are logged as they were typed; a second pick adds nothing."""
    task(office, "WEB-13", "Fix the menu")
    question = log(5400, ref=WordsRef("fix"), day=DaysAgo(1))
    assert isinstance(question, WhichTask)
    picked = office.tracking.pick(
        who=office.ana,
        pending_id=question.pending_id,
        target=OnTask(office.web12),
        now=NOON + 2 * MINUTE,
    )
    assert isinstance(picked, Logged)
    assert (picked.day, picked.seconds, picked.note) == (date(2026, 11, 19), 5400, "review")


def test_only_admins_log_on_archived_projects(office: Office, log: Hand) -> None:
    """By hand, and never with a timer (A3)."""
    office.change(ProjectRow, office.website, archived_at=NOON)
    with pytest.raises(ProjectArchived):
        log(3600)
    office.connect(office.admin)
    logged = office.time_log.log(
        who=office.admin,
        ref=KeyRef("WEB-12"),
        amount=3600,
        day=None,
        note="",
        now=NOON,
        request_id="admin",
    )
    assert isinstance(logged, Logged)
    with pytest.raises(ProjectArchived):
        office.start(who=office.admin)


# Undo


def test_undo_of_a_switch_takes_up_the_first_timer_again(office: Office) -> None:
    """As if the switch had never been: one timer, with its first start."""
    office.start("WEB-9")
    switched = office.start("WEB-12", NOON + 10 * MINUTE)
    undone = office.undoing.undo(who=office.ana, step=switched.step, now=NOON + 11 * MINUTE)
    assert undone.timer is not None
    assert (undone.timer.on.key, undone.timer.since) == ("WEB-9", NOON)
    assert [entry.seconds for entry in office.entries()] == [None]


def test_undo_of_a_stop_over_midnight_joins_the_parts(office: Office) -> None:
    """The part after midnight goes; the timer runs since its start."""
    late = NOON.replace(hour=22, minute=30)
    office.start(now=late)
    stopped = office.tracking.stop(who=office.ana, now=late + HOUR)
    undone = office.undoing.undo(who=office.ana, step=stopped.step, now=late + HOUR)
    assert undone.action is Action.STOPPED
    assert undone.timer is not None
    assert undone.timer.since == late
    assert len(office.entries()) == 1


def test_undo_of_a_cancel_brings_the_timer_back(office: Office) -> None:
    """With all its time."""
    office.start()
    gone = office.tracking.cancel(who=office.ana, now=NOON + MINUTE)
    undone = office.undoing.undo(who=office.ana, step=gone.step, now=NOON + 5 * MINUTE)
    assert undone.timer is not None
    assert undone.timer.seconds == 300


def test_undo_twice_changes_nothing_twice(office: Office) -> None:
    """A double click."""
    started = office.start()
    office.undoing.undo(who=office.ana, step=started.step, now=NOON)
    with pytest.raises(ChangedSince):
        office.undoing.undo(who=office.ana, step=started.step, now=NOON)


def test_undo_of_something_changed_since_is_refused(office: Office) -> None:
    """The start cannot be taken back once the timer was stopped."""
    started = office.start()
    office.tracking.stop(who=office.ana, now=NOON + HOUR)
    with pytest.raises(ChangedSince):
        office.undoing.undo(who=office.ana, step=started.step, now=NOON + HOUR)
    assert [entry.seconds for entry in office.entries()] == [3600]


def test_undo_never_makes_two_timers_or_an_overlap(office: Office, log: Hand) -> None:
    """Something runs, or was logged, since: the stop stays."""
    office.start("WEB-9")
    stopped = office.tracking.stop(who=office.ana, now=NOON + 10 * MINUTE)
    later = NOON + 30 * MINUTE
    office.start("WEB-12", later)
    with pytest.raises(AnotherTimerRuns):
        office.undoing.undo(who=office.ana, step=stopped.step, now=later)
    office.tracking.cancel(who=office.ana, now=later)
    log(ClockRange(time(13, 15), time(13, 20)), now=later)
    with pytest.raises(EntryOverlaps):
        office.undoing.undo(who=office.ana, step=stopped.step, now=later)


def test_undo_is_ones_own(office: Office) -> None:
    """Bo cannot take back what Ana did."""
    started = office.start()
    with pytest.raises(TargetUnknown):
        office.undoing.undo(who=office.world.member("bo"), step=started.step, now=NOON)
    with pytest.raises(TargetUnknown):
        office.undoing.undo(who=office.ana, step="made up", now=NOON)

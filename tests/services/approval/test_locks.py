"""Time that is locked: every way to change it is refused, on both databases (T13)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from bot.domain.approval.locks import LockReason, TimeLocked
from bot.domain.clock_times import Ago, ClockRange
from bot.domain.days import CalendarDay, Day
from bot.domain.entries.entries import Entry, OnTask
from bot.domain.ids import TimeEntryId
from bot.domain.people.people import Member
from bot.domain.preferences import TeamSettings
from bot.domain.tasks.task_refs import KeyRef
from bot.domain.tracking.tracking import Logged
from bot.services.approval.locks import require_open
from storage.projects.projects import ProjectMemberRow
from tests.builders import NOON
from tests.services.office import Office

HOUR = timedelta(hours=1)
OCTOBER = TeamSettings(closed_through=date(2026, 10, 31))
A_WEEK = TeamSettings(lock_after_days=7)
OLD = datetime(2026, 10, 20, 9, 0, tzinfo=UTC)


def log(office: Office, amount: int | ClockRange = 3600, day: Day | None = None) -> Logged:
    """Ana logs time on WEB-12."""
    done = office.time_log.log(
        who=office.ana,
        ref=KeyRef("WEB-12"),
        amount=amount,
        day=day,
        note="",
        now=NOON,
        request_id=office.world.new_marker()(),
    )
    assert isinstance(done, Logged)
    return done


def locked(work: Callable[[], object]) -> TimeLocked:
    """How it was refused."""
    with pytest.raises(TimeLocked) as caught:
        work()
    return caught.value


def manages(office: Office, member: Member) -> None:
    """The member is a manager of Website."""
    office.world.joins(member, office.website)
    row = (
        update(ProjectMemberRow)
        .where(
            col(ProjectMemberRow.member_id) == member.id,
            col(ProjectMemberRow.project_id) == office.website,
        )
        .values(is_manager=True)
    )
    with office.world.uow.begin() as tx:
        tx.execute(row)


def test_a_closed_month_takes_no_time_any_more(office: Office) -> None:
    """Neither a length nor a span, and it says who can open it."""
    office.choose(OCTOBER)
    bo = office.world.member("bo")
    manages(office, bo)
    error = locked(lambda: log(office, 3600, CalendarDay(10, 31)))
    assert (error.day, error.reason) == (date(2026, 10, 31), LockReason.MONTH)
    assert (error.managers, error.admins) == (("Bo",), ("Admin",))
    locked(lambda: log(office, ClockRange(time(9), time(10)), CalendarDay(10, 31)))
    assert office.entries() == []
    log(office, 3600, CalendarDay(11, 1))


def test_a_span_into_a_closed_month_is_refused_whole(office: Office) -> None:
    """Over midnight of 31 October: no half of it is saved."""
    office.choose(OCTOBER)
    locked(lambda: log(office, ClockRange(time(23), time(1)), CalendarDay(10, 31)))
    assert office.entries() == []


def test_old_time_is_counted_from_the_members_own_day(office: Office) -> None:
    """At 00:30 in Berlin it is still the day before in New York."""
    office.choose(A_WEEK)
    past_midnight = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    yorker = office.world.member("yo", zone="America/New_York")
    for who, is_locked in ((office.ana, True), (yorker, False)):
        entry = _entry(office, who, date(2026, 11, 13))
        with office.world.uow.begin() as tx:
            if is_locked:
                locked(lambda: require_open(tx, who, [entry], past_midnight))  # noqa: B023
            else:
                require_open(tx, who, [entry], past_midnight)


def test_somebody_elses_time_goes_by_their_day(office: Office) -> None:
    """An admin in Berlin who mends a New Yorker's entry."""
    office.choose(A_WEEK)
    past_midnight = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    yorker = office.world.member("yo", zone="America/New_York")
    entry = _entry(office, yorker, date(2026, 11, 13))
    hers = _entry(office, office.ana, date(2026, 11, 13))
    with office.world.uow.begin() as tx:
        require_open(tx, office.admin, [entry], past_midnight)
        locked(lambda: require_open(tx, office.admin, [hers], past_midnight))


def test_admins_are_held_by_the_lock_too(office: Office) -> None:
    """They unlock it first, with a reason, so that it stands in the log."""
    office.choose(OCTOBER)
    entry = _entry(office, office.ana, date(2026, 10, 20))
    with office.world.uow.begin() as tx:
        locked(lambda: require_open(tx, office.admin, [entry], NOON))


def test_a_start_in_a_locked_day_is_refused(office: Office) -> None:
    """A timer cannot begin yesterday where yesterday is closed."""
    office.choose(TeamSettings(closed_through=date(2026, 11, 19)))

    def early() -> object:
        return office.tracking.start(
            who=office.ana, ref=KeyRef("WEB-12"), when=Ago(13 * 3600 + 1), now=NOON
        )

    assert locked(early).day == date(2026, 11, 19)
    assert office.tracking.status(who=office.ana, now=NOON).timer is None


def test_a_running_timer_can_always_be_stopped(office: Office) -> None:
    """Begun before its month was closed: its time is kept, also before midnight."""
    last_night = datetime(2026, 10, 31, 21, 0, tzinfo=UTC)
    office.start(now=last_night)
    office.choose(OCTOBER)
    done = office.tracking.stop(who=office.ana, now=last_night + 4 * HOUR)
    assert [day for day, _ in done.end.days] == [date(2026, 10, 31), date(2026, 11, 1)]


def test_a_stop_into_a_locked_day_is_not_taken_back(office: Office) -> None:
    """The timer would run again through a day that is closed by now."""
    office.start(now=OLD)
    done = office.tracking.stop(who=office.ana, now=OLD + HOUR)
    office.choose(OCTOBER)
    locked(lambda: office.undoing.undo(who=office.ana, step=done.step, now=OLD + 2 * HOUR))
    (entry,) = office.entries()
    assert entry.seconds == 3600


def test_what_was_logged_is_not_taken_back_once_locked(office: Office) -> None:
    """The Undo button under yesterday's message still stands there."""
    step = log(office, 3600, CalendarDay(10, 31)).step
    office.choose(OCTOBER)
    locked(lambda: office.undoing.undo(who=office.ana, step=step, now=NOON))
    assert len(office.entries()) == 1


def test_the_start_of_a_timer_can_be_taken_back(office: Office) -> None:
    """Only a running timer vanishes: nothing that was counted changes."""
    step = office.start(now=OLD).step
    office.choose(OCTOBER)
    office.undoing.undo(who=office.ana, step=step, now=OLD + HOUR)
    assert office.entries() == []


def test_the_note_of_a_locked_entry_stays(office: Office) -> None:
    """A running timer's note may still be set."""
    office.start(now=OLD)
    office.choose(OCTOBER)
    office.tracking.note(who=office.ana, text="kick-off", now=OLD + HOUR)
    ended = office.tracking.stop(who=office.ana, now=OLD + HOUR).end.entry_id
    locked(
        lambda: office.tracking.note(
            who=office.ana, text="other", entry_id=ended, now=OLD + 2 * HOUR
        )
    )
    assert office.entries()[0].note == "kick-off"


def test_a_picked_task_meets_the_same_lock(office: Office) -> None:
    """Asked before the month was closed, answered after."""
    which = office.time_log.log(
        who=office.ana,
        ref=KeyRef("WEB-99"),
        amount=3600,
        day=CalendarDay(10, 31),
        note="",
        now=NOON,
        request_id="one",
    )
    assert not isinstance(which, Logged)
    office.choose(OCTOBER)
    locked(
        lambda: office.tracking.pick(
            who=office.ana,
            pending_id=which.pending_id,
            target=OnTask(office.web12),
            now=NOON,
        )
    )
    assert office.entries() == []


def test_a_team_without_locks_pays_one_short_question(office: Office) -> None:
    """Starting a timer stays quick."""
    entry = _entry(office, office.ana, date(2026, 11, 20))

    def ask() -> None:
        with office.world.uow.read() as tx:
            require_open(tx, office.ana, [entry], NOON)

    assert len(office.statements(ask)) == 1


def _entry(office: Office, owner: Member, day: date) -> Entry:
    return Entry(
        id=TimeEntryId(0),
        team_id=office.world.team_id,
        member_id=owner.id,
        project_id=office.website,
        task_id=None,
        started_at=None,
        ended_at=None,
        seconds=3600,
        work_date=day,
        note="",
    )

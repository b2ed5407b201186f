"""Start, switch, stop, note, throw away: on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from bot.domain.clock_times import Ago, At
from bot.domain.entries.entries import OnTask, StopReason
from bot.domain.errors import OtherOrganisation
from bot.domain.input_errors import InTheFuture, TextTooLong
from bot.domain.tasks.task_refs import KeyRef
from bot.domain.tracking.tracking import Started
from bot.domain.tracking.tracking_errors import (
    AlreadyOn,
    AlreadyStopped,
    EntryOverlaps,
    NothingToResume,
    NoTimerRunning,
    ProjectArchived,
    StartsBeforeTimer,
    StopsBeforeStart,
    TargetUnknown,
)
from bot.services.tracking.desk import Desk
from bot.services.tracking.stopping import stop_timers
from storage.entries.entry_history import TimeEntryChangeRow
from storage.members import MemberRow
from storage.projects.projects import ProjectRow
from storage.sql import table
from tests.builders import NOON
from tests.services.office import Office

MINUTE = timedelta(minutes=1)


def test_a_timer_starts_now_in_the_members_own_zone(office: Office) -> None:
    """Noon in Greenwich is 13:00 in Berlin."""
    started = office.start()
    assert started.timer.on.name == "WEB-12 Fix the header"
    assert f"{started.timer.since:%H:%M}" == "13:00"
    assert (started.stopped, started.today) == (None, 0)


def test_starting_another_task_stops_and_saves_the_first(office: Office) -> None:
    """A switch says what was saved, and the day's total has both."""
    office.start("WEB-9")
    switched = office.start("WEB-12", NOON + 40 * MINUTE)
    assert switched.stopped is not None
    assert (switched.stopped.on.key, switched.stopped.seconds) == ("WEB-9", 2400)
    assert switched.today == 2400
    assert [entry.seconds for entry in office.entries()] == [2400, None]


def test_the_same_task_again_changes_nothing(office: Office) -> None:
    """A double click, or a second /track start: since when it runs is the answer."""
    office.start(now=NOON)
    with pytest.raises(AlreadyOn) as already:
        office.tracking.start(who=office.ana, ref=KeyRef("WEB-12"), when=Ago(60), now=NOON + MINUTE)
    assert already.value.timer.since == NOON
    assert len(office.entries()) == 1


def test_an_earlier_start_ends_the_running_timer_at_that_moment(office: Office) -> None:
    """-15m gives the last quarter of an hour to the new task."""
    office.start("WEB-9")
    now = NOON + 60 * MINUTE
    office.tracking.start(who=office.ana, ref=KeyRef("WEB-12"), when=Ago(900), now=now)
    first, second = office.entries()
    assert first.ended_at == second.started_at == NOON + 45 * MINUTE
    assert first.seconds == 2700


@pytest.mark.parametrize("minutes", [10, 15])
def test_before_the_running_timer_began_nothing_starts(office: Office, minutes: int) -> None:
    """-15m while the timer has run 10 or 15 minutes is refused, and the timer runs on."""
    office.start("WEB-9")
    now = NOON + minutes * MINUTE
    with pytest.raises(StartsBeforeTimer):
        office.tracking.start(who=office.ana, ref=KeyRef("WEB-12"), when=Ago(900), now=now)
    assert [entry.seconds for entry in office.entries()] == [None]


def test_an_earlier_start_may_not_reach_into_a_finished_entry(office: Office) -> None:
    """Stopped five minutes ago: -15m is refused, -5m is not, for spans are half-open."""
    office.start("WEB-9")
    office.tracking.stop(who=office.ana, now=NOON + 30 * MINUTE)
    now = NOON + 35 * MINUTE
    with pytest.raises(EntryOverlaps) as overlap:
        office.tracking.start(who=office.ana, ref=KeyRef("WEB-12"), when=Ago(900), now=now)
    assert [line.on.key for line in overlap.value.lines] == ["WEB-9"]
    office.tracking.start(who=office.ana, ref=KeyRef("WEB-12"), when=Ago(300), now=now)


def test_a_clock_time_that_has_not_come_is_refused(office: Office) -> None:
    """It is 13:00 for Ana; at 14:00 is in the future."""
    with pytest.raises(InTheFuture):
        office.tracking.start(who=office.ana, ref=KeyRef("WEB-12"), when=At(time(14)), now=NOON)


def test_stop_keeps_the_time_and_tells_the_days_total(office: Office) -> None:
    """What was on before counts too."""
    office.start("WEB-9")
    office.start("WEB-12", NOON + 10 * MINUTE)
    stopped = office.tracking.stop(who=office.ana, now=NOON + 30 * MINUTE, note="for review")
    assert (stopped.end.on.key, stopped.end.seconds, stopped.today) == ("WEB-12", 1200, 1800)
    assert office.entries()[1].note == "for review"


def test_stop_at_an_earlier_moment_trims_the_timer(office: Office) -> None:
    """Ana went to lunch ten minutes ago; but not before the timer began."""
    office.start()
    now = NOON + 30 * MINUTE
    with pytest.raises(StopsBeforeStart):
        office.tracking.stop(who=office.ana, when=At(time(12, 59)), now=now)
    stopped = office.tracking.stop(who=office.ana, when=Ago(600), now=now)
    assert stopped.end.seconds == 1200


def test_less_than_a_second_leaves_nothing(office: Office) -> None:
    """Start and stop within one second: said so, and nothing is kept."""
    office.start(now=NOON + timedelta(milliseconds=100))
    stopped = office.tracking.stop(who=office.ana, now=NOON + timedelta(milliseconds=900))
    assert (stopped.end.seconds, office.entries()) == (0, [])


def test_without_a_timer_the_last_one_is_told(office: Office) -> None:
    """A second stop, or Slack's own repeat of the first, changes nothing and says what was."""
    office.start()
    office.tracking.stop(who=office.ana, now=NOON + 30 * MINUTE)
    with pytest.raises(NoTimerRunning) as nothing:
        office.tracking.stop(who=office.ana, now=NOON + 31 * MINUTE)
    assert nothing.value.last is not None
    assert nothing.value.last.until == NOON + 30 * MINUTE
    assert [entry.seconds for entry in office.entries()] == [1800]


def test_an_old_stop_button_does_not_stop_a_newer_timer(office: Office) -> None:
    """It says when its own timer ended, and what runs now."""
    old = office.start("WEB-9").timer.entry_id
    office.start("WEB-12", NOON + 10 * MINUTE)
    with pytest.raises(AlreadyStopped) as already:
        office.tracking.stop(who=office.ana, entry_id=old, now=NOON + 20 * MINUTE)
    assert already.value.end is not None
    assert already.value.end.until == NOON + 10 * MINUTE
    assert already.value.timer is not None
    assert already.value.timer.on.key == "WEB-12"


def test_nobody_reaches_another_persons_timer(office: Office) -> None:
    """A forged button value names Ana's entry: Bo learns nothing and changes nothing."""
    anas = office.start().timer.entry_id
    bo = office.world.member("bo")
    with pytest.raises(AlreadyStopped) as already:
        office.tracking.stop(who=bo, entry_id=anas, now=NOON + MINUTE)
    assert (already.value.end, already.value.timer) == (None, None)
    with pytest.raises(TargetUnknown):
        office.tracking.note(who=bo, text="mine", entry_id=anas, now=NOON)
    assert office.entries()[0].note == ""


def test_midnight_cuts_a_timer_in_two(office: Office) -> None:
    """From 23:30 to 00:15 in Berlin: two entries, each on its own day, the second continuing."""
    late = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)
    office.start(now=late)
    stopped = office.tracking.stop(who=office.ana, now=late + 45 * MINUTE)
    assert stopped.end.days == ((date(2026, 11, 20), 1800), (date(2026, 11, 21), 900))
    assert stopped.today == 900
    first, second = office.entries()
    assert (first.work_date, second.work_date) == (date(2026, 11, 20), date(2026, 11, 21))
    assert (second.continues_id, first.marker == second.marker) == (first.id, False)


def test_a_switch_after_midnight_cuts_there_too(office: Office) -> None:
    """Forgotten over two midnights: three parts, and all of them are counted once."""
    office.start("WEB-9")
    switched = office.start("WEB-12", NOON + timedelta(hours=50))
    assert switched.stopped is not None
    assert switched.stopped.seconds == 50 * 3600
    assert [entry.seconds for entry in office.entries()] == [39_600, 86_400, 54_000, None]


def test_the_night_the_clocks_go_back_has_25_hours(office: Office) -> None:
    """Real time is kept: a timer over the whole of 25 October 2026 in Berlin has 25 hours."""
    begin = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)
    office.start(now=begin)
    office.tracking.stop(who=office.ana, now=begin + timedelta(hours=25))
    (entry,) = office.entries()
    assert (entry.seconds, entry.work_date) == (25 * 3600, date(2026, 10, 25))


def test_the_night_the_clocks_go_forward_has_23_hours(office: Office) -> None:
    """24 hours from the midnight before 29 March 2026 reach an hour into the 30th."""
    begin = datetime(2026, 3, 28, 23, 0, tzinfo=UTC)
    office.start(now=begin)
    office.tracking.stop(who=office.ana, now=begin + timedelta(hours=24))
    assert [entry.seconds for entry in office.entries()] == [23 * 3600, 3600]


def test_note_is_set_and_its_history_kept(office: Office) -> None:
    """The old note can be read in the history; the same note again adds nothing to it."""
    office.start()
    office.tracking.note(who=office.ana, text="logo", now=NOON)
    office.tracking.note(who=office.ana, text="new logo", now=NOON)
    office.tracking.note(who=office.ana, text="new logo", now=NOON)
    query = select(TimeEntryChangeRow).order_by(col(TimeEntryChangeRow.id))
    with office.world.uow.read() as tx:
        changes = list(tx.entities.scalars(query))
    assert [change.action for change in changes] == ["started", "noted", "noted"]
    assert changes[-1].before is not None
    assert changes[-1].before["note"] == "logo"
    assert {change.actor_id for change in changes} == {office.ana.id}


def test_a_note_added_at_the_stop_replaces_none(office: Office) -> None:
    """Both stay readable; one that is too long is refused and the timer runs on."""
    office.start()
    office.tracking.note(who=office.ana, text="logo", now=NOON)
    with pytest.raises(TextTooLong):
        office.tracking.stop(who=office.ana, note="x" * 2000, now=NOON + MINUTE)
    stopped = office.tracking.stop(who=office.ana, note="done", now=NOON + MINUTE)
    assert stopped.end.note == "logo; done"


def test_a_cancelled_timer_leaves_no_time(office: Office) -> None:
    """And afterwards nothing runs."""
    office.start()
    gone = office.tracking.cancel(who=office.ana, now=NOON + 5 * MINUTE)
    assert (gone.on.key, gone.seconds, office.entries()) == ("WEB-12", 300, [])
    with pytest.raises(NoTimerRunning):
        office.tracking.cancel(who=office.ana, now=NOON + 6 * MINUTE)


def test_resume_takes_up_what_was_on_last(office: Office) -> None:
    """A new entry on the same task; with nothing tracked yet there is nothing to take up."""
    with pytest.raises(NothingToResume):
        office.tracking.resume(who=office.ana, now=NOON)
    office.start("WEB-9")
    office.tracking.stop(who=office.ana, now=NOON + MINUTE)
    again = office.tracking.resume(who=office.ana, now=NOON + 10 * MINUTE)
    assert (again.timer.on.key, len(office.entries())) == ("WEB-9", 2)
    with pytest.raises(AlreadyOn):
        office.tracking.resume(who=office.ana, now=NOON + 11 * MINUTE)


def test_status_tells_what_runs_and_the_day_so_far(office: Office) -> None:
    """The running timer counts up to now."""
    office.start("WEB-9")
    office.start("WEB-12", NOON + 10 * MINUTE)
    status = office.tracking.status(who=office.ana, now=NOON + 15 * MINUTE)
    assert status.timer is not None
    assert (status.timer.on.key, status.timer.seconds, status.today) == ("WEB-12", 300, 900)


def test_a_start_needs_few_statements(office: Office) -> None:
    """The median must stay small: a switch, what a tool is owed, and whose budget it fills."""
    office.start("WEB-9")
    sent = office.statements(lambda: office.start("WEB-12", NOON + MINUTE))
    assert len(sent) <= 10, sent
    now = NOON + 5 * MINUTE
    sent = office.statements(lambda: office.tracking.status(who=office.ana, now=now))
    assert len(sent) <= 3, sent


def test_two_starts_at_once_leave_one_timer(office: Office) -> None:
    """Two threads, two tasks, one member: one switch, both told the truth."""
    keys = ("WEB-9", "WEB-12") * 4

    def start(key: str) -> Started | AlreadyOn:
        try:
            return office.start(key, NOON + MINUTE)
        except AlreadyOn as already:
            return already

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(start, keys))
    running = [entry for entry in office.entries() if entry.seconds is None]
    assert len(running) == 1
    told = [answer for answer in answers if isinstance(answer, Started)]
    assert len({answer.timer.entry_id for answer in told}) == len(told) >= 1
    assert running[0].id in {answer.timer.entry_id for answer in told}


def test_a_start_waits_for_who_takes_the_right_away(office: Office) -> None:
    """An archiving under way when Ana types: her start waits, then is refused, and nothing runs."""
    with ThreadPoolExecutor(1) as threads:
        with office.world.uow.begin() as tx:
            tx.execute(
                update(table(ProjectRow))
                .where(col(ProjectRow.id) == office.website)
                .values(archived_at=NOON)
            )
            stop_timers(
                tx,
                office.world.team_id,
                because=StopReason.PROJECT_ARCHIVED,
                now=NOON,
                projects=[office.website],
                new_marker=office.world.new_marker(),
            )
            start = threads.submit(office.start)
            with pytest.raises(TimeoutError):
                start.result(timeout=0.3)
        with pytest.raises(ProjectArchived):
            start.result(timeout=60)
    assert office.entries() == []


def test_the_database_has_the_last_word(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the running timer overlooked, the index would refuse a second one: decided anew."""
    office.start("WEB-9")
    seen = iter([None])
    running = Desk.running
    monkeypatch.setattr(Desk, "running", lambda desk: next(seen, running(desk)))
    switched = office.start("WEB-12", NOON + MINUTE)
    assert switched.stopped is not None
    assert [entry.seconds for entry in office.entries()] == [60, None]


def test_somebody_who_left_tracks_nothing(office: Office) -> None:
    """Deactivated since the request arrived: refused inside the transaction."""
    office.change(MemberRow, office.ana.id, deactivated_at=NOON)
    with pytest.raises(OtherOrganisation):
        office.tracking.start_on(who=office.ana, target=OnTask(office.web12), now=NOON)

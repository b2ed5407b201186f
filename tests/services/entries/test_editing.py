"""Changing entries (T7), on both databases."""

from datetime import date, datetime, time, timedelta

import pytest

from bot.domain.clock_times import Ago, ClockRange
from bot.domain.entries.editing import Edit, Kind
from bot.domain.entries.editing_errors import (
    EntryDeleted,
)
from bot.domain.entries.entries import Action, OnProject, OnTask
from bot.domain.ids import TimeEntryId
from bot.domain.input_errors import DayInTheFuture, DurationOutOfRange, InTheFuture, TextTooLong
from bot.domain.tasks.task_refs import KeyRef
from bot.domain.tracking.tracking import Logged
from bot.domain.tracking.tracking_errors import (
    EntryOverlaps,
)
from tests.builders import NOON
from tests.services.editor import EIGHT, HOUR, MINUTE, TODAY, Editor

# What can be changed


def test_start_and_end_are_changed_and_taken_back(office: Editor) -> None:
    """9:00-10:00 becomes 8:30-11:00; Undo makes it an hour again."""
    entry = office.entry()
    done = office.edits(entry, start=time(8, 30), end=time(11))
    assert (done.before.seconds, done.after.seconds, done.day_total) == (3600, 9000, 9000)
    assert office.spans() == [("20 08:30:00", "20 11:00:00", 9000)]
    office.undoing.undo(who=office.ana, step=done.step, now=NOON)
    assert office.spans() == [("20 09:00:00", "20 10:00:00", 3600)]


def test_a_length_says_where_the_end_is(office: Editor) -> None:
    """An hour and a half from 9:00, typed as a length."""
    entry = office.entry()
    office.edits(entry, seconds=5400)
    assert office.spans() == [("20 09:00:00", "20 10:30:00", 5400)]


def test_what_is_left_as_it_is_keeps_its_seconds(office: Editor) -> None:
    """The form shows 09:00 and 10:00; only the end was touched, and only it loses its seconds."""
    entry = office.entry(EIGHT + timedelta(seconds=23), EIGHT + HOUR + timedelta(seconds=40))
    assert office.edits(entry, note="a note").step
    assert office.spans() == [("20 09:00:23", "20 10:00:40", 3617)]
    office.edits(entry, end=time(10, 30))
    assert office.spans() == [("20 09:00:23", "20 10:30:00", 5377)]


def test_nothing_changed_leaves_no_trace(office: Editor) -> None:
    """*Save* without a change writes no history, and Undo still means what was done before."""
    entry = office.logs(3600)
    done = office.edits(entry)
    assert done.step == ""
    undone = office.undoing.undo_last(who=office.ana, now=NOON)
    assert undone.action is Action.LOGGED


def test_the_day_is_changed_with_its_clock_times(office: Editor) -> None:
    """The same hours, yesterday."""
    entry = office.entry()
    done = office.edits(entry, day=TODAY - timedelta(days=1))
    assert office.spans() == [("19 09:00:00", "19 10:00:00", 3600)]
    assert office.entries()[0].work_date == date(2026, 11, 19)
    assert done.day_total == 3600


def test_a_length_stays_a_length(office: Editor) -> None:
    """Day and length, no clock times; it overlaps nothing."""
    entry = office.logs(3600)
    assert office.shows(entry).kind is Kind.LENGTH
    office.edits(entry, day=TODAY - timedelta(days=2), seconds=7200)
    (row,) = office.entries()
    assert (row.started_at, row.seconds, row.work_date) == (None, 7200, date(2026, 11, 18))


def test_another_task_or_a_project_without_one(office: Editor) -> None:
    """The entry moves; the rest stays."""
    entry = office.entry()
    office.edits(entry, target=OnTask(office.web9))
    assert office.entries()[0].task_id == office.web9
    internal = office.world.project("Office move", "OM")
    office.world.joins(office.ana, internal)
    done = office.edits(entry, target=OnProject(internal))
    assert (done.before.on.key, done.after.on.name) == ("WEB-9", "Office move")
    assert office.entries()[0].task_id is None


def test_a_running_timer_begins_earlier_and_runs_on(office: Editor) -> None:
    """Its start is changed, it is not stopped, and its time counts from there."""
    started = office.start(now=NOON - HOUR)
    office.entry(NOON - 4 * HOUR, NOON - 3 * HOUR)
    entry = started.timer.entry_id
    assert office.shows(entry).kind is Kind.TIMER
    done = office.edits(entry, start=time(11))
    assert (done.after.seconds, done.day_total) == (7200, 10800)
    assert office.tracking.status(who=office.ana, now=NOON).timer is not None
    with pytest.raises(EntryOverlaps):
        office.edits(entry, start=time(9, 59))
    with pytest.raises(InTheFuture):
        office.edits(entry, start=time(13, 1))


def test_a_note_is_changed_in_all_parts(office: Editor) -> None:
    """And one that is too long is refused."""
    entry = office.entry(EIGHT - 10 * HOUR, EIGHT - 9 * HOUR)
    office.edits(entry, note="layout")
    assert {row.note for row in office.entries()} == {"layout"}
    with pytest.raises(TextTooLong):
        office.edits(entry, note="x" * 2001)


# Over midnight


def over_midnight(office: Editor) -> TimeEntryId:
    """A timer from 22:30 to 00:45; the id of its second part."""
    office.start(now=NOON.replace(hour=21, minute=30) - timedelta(days=1))
    office.tracking.stop(who=office.ana, now=NOON.replace(hour=0) - 15 * MINUTE)
    first, second = office.entries()
    assert (first.seconds, second.seconds) == (5400, 2700)
    return TimeEntryId(second.id or 0)


def test_either_part_opens_the_whole(office: Editor) -> None:
    """It was tracked as one, and is shown as one."""
    found = office.shows(over_midnight(office))
    assert found.start is not None
    assert found.end is not None
    assert (f"{found.start:%d %H:%M}", f"{found.end:%d %H:%M}") == ("19 22:30", "20 00:45")
    assert (found.seconds, found.days) == (8100, ((date(2026, 11, 19), 5400), (TODAY, 2700)))


def test_a_change_is_cut_at_midnight_again(office: Editor) -> None:
    """A later end changes the second part alone; a later start the first."""
    second = over_midnight(office)
    office.edits(second, end=time(1, 15))
    assert office.spans() == [
        ("19 22:30:00", "20 00:00:00", 5400),
        ("20 00:00:00", "20 01:15:00", 4500),
    ]
    office.edits(second, start=time(23, 0))
    assert office.spans()[0] == ("19 23:00:00", "20 00:00:00", 3600)


def test_an_entry_made_shorter_than_midnight_loses_its_second_part(office: Editor) -> None:
    """And Undo brings it back, linked as before."""
    second = over_midnight(office)
    done = office.edits(second, end=time(23, 30), end_day=TODAY - timedelta(days=1))
    assert office.spans() == [("19 22:30:00", "19 23:30:00", 3600)]
    with pytest.raises(EntryDeleted):
        office.shows(second)
    office.undoing.undo(who=office.ana, step=done.step, now=NOON)
    assert [seconds for _, _, seconds in office.spans()] == [5400, 2700]
    assert office.shows(second).seconds == 8100


def test_an_entry_made_longer_than_midnight_becomes_two(office: Editor) -> None:
    """An end before the start is on the next day; both parts are told, and deleted together."""
    entry = office.entry(EIGHT - 12 * HOUR, EIGHT - 11 * HOUR)
    done = office.edits(entry, start=time(23, 0), end=time(0, 30))
    assert done.after.days == ((date(2026, 11, 19), 3600), (TODAY, 1800))
    first, second = office.entries()
    assert second.continues_id == first.id
    gone = office.deletes(TimeEntryId(second.id or 0))
    assert gone.gone.seconds == 5400
    assert office.entries() == []
    office.undoing.undo(who=office.ana, step=gone.step, now=NOON)
    assert len(office.entries()) == 2


def test_a_note_alone_leaves_the_cut_where_it_was(office: Editor) -> None:
    """Ana has moved to Tokyo since: her old evenings keep their days."""
    second = over_midnight(office)
    tokyo = office.world.member("ana", zone="Asia/Tokyo")
    office.edits(second, who=tokyo, note="late")
    assert [row.work_date.day for row in office.entries()] == [19, 20]


def test_a_task_is_changed_in_both_parts(office: Editor) -> None:
    """Whoever corrects the task means the whole evening."""
    second = over_midnight(office)
    office.edits(second, target=OnTask(office.web9))
    assert {row.task_id for row in office.entries()} == {office.web9}


def test_a_timer_of_three_days_is_shortened(office: Editor) -> None:
    """Longer than a day may stay, but nothing is made longer than one."""
    office.start(now=NOON - timedelta(days=2))
    office.tracking.stop(who=office.ana, now=NOON)
    entry = TimeEntryId(office.entries()[0].id or 0)
    office.edits(entry, note="forgotten")
    with pytest.raises(DurationOutOfRange):
        office.edits(entry, start=time(12))
    office.edits(entry, end=time(18), end_day=date(2026, 11, 18))
    assert office.spans() == [("18 13:00:00", "18 18:00:00", 18000)]


# The night the clocks change


def test_an_hour_that_happens_twice_keeps_its_moment(office: Editor) -> None:
    """02:30 to 03:30 over the night of 25 October is two hours; a note does not make it one."""
    start = datetime(2026, 10, 25, 0, 30, tzinfo=NOON.tzinfo)
    entry = office.entry(start, start + 2 * HOUR)
    office.edits(entry, note="night")
    assert office.entries()[0].seconds == 7200
    office.edits(entry, end=time(3, 45))
    assert office.entries()[0].seconds == 8100


# What is refused


def test_impossible_times_change_nothing(office: Editor) -> None:
    """It is 13:00 on Friday for Ana, whose entry is 9:00-10:00."""
    entry = office.entry()
    with pytest.raises(InTheFuture):
        office.edits(entry, end=time(14))
    with pytest.raises(DurationOutOfRange):
        office.edits(entry, start=time(9, 30), end=time(9, 30))
    assert office.spans() == [("20 09:00:00", "20 10:00:00", 3600)]


def test_a_length_on_a_day_to_come(office: Editor) -> None:
    """Refused, with the day."""
    entry = office.logs(3600)
    with pytest.raises(DayInTheFuture):
        office.edits(entry, day=TODAY + timedelta(days=1))


def test_overlaps_are_refused_and_touching_is_none(office: Editor) -> None:
    """9:00-10:00 and 12:00-13:00 are taken; the entry itself is not in its own way."""
    office.entry(EIGHT, EIGHT + HOUR)
    office.entry(EIGHT + 3 * HOUR, EIGHT + 4 * HOUR)
    entry = office.entry(EIGHT + 90 * MINUTE, EIGHT + 100 * MINUTE)
    assert office.edits(entry, start=time(10), end=time(12)).overlaps == ()
    for start, end in (
        (time(9, 59), time(11)),
        (time(10), time(12, 1)),
        (time(9, 30), time(12, 30)),
        (time(9, 15), time(9, 45)),
    ):
        with pytest.raises(EntryOverlaps):
            office.edits(entry, start=start, end=end)


def test_a_team_may_allow_overlaps_with_a_warning(office: Editor) -> None:
    """Edited, logged and started earlier: saved, and told with what; undone as well."""
    office.allows_overlaps()
    office.entry()
    entry = office.entry(EIGHT + 2 * HOUR, EIGHT + 3 * HOUR)
    done = office.edits(entry, start=time(9, 30))
    assert [line.on.key for line in done.overlaps] == ["WEB-12"]
    logged = office.time_log.log(
        who=office.ana,
        ref=KeyRef("WEB-9"),
        amount=ClockRange(time(9), time(10)),
        day=None,
        note="",
        now=NOON,
        request_id="overlap",
    )
    assert isinstance(logged, Logged)
    assert len(logged.overlaps) == 2
    started = office.tracking.start(
        who=office.ana, ref=KeyRef("WEB-9"), when=Ago(3 * 3600), now=NOON
    )
    assert len(getattr(started, "overlaps", ())) == 1
    office.undoing.undo(who=office.ana, step=done.step, now=NOON)


def test_the_form_says_what_it_would_save(office: Editor) -> None:
    """Live: the length, the cut at midnight, and whose time is taken."""
    office.entry(EIGHT - 12 * HOUR, EIGHT - 11 * HOUR)
    entry = office.entry(EIGHT - 9 * HOUR, EIGHT - 9 * HOUR + 30 * MINUTE)
    found = office.shows(entry)
    edit = Edit(note="", day=date(2026, 11, 19), start=time(20, 30), end=time(0, 30))
    would = office.changing.preview(who=office.ana, entry_id=entry, edit=edit, now=NOON)
    assert found.days == ((TODAY - timedelta(days=1), 1800),) or found.seconds == 1800
    assert would.seconds == 4 * 3600
    assert [seconds for _, seconds in would.days] == [12600, 1800]
    assert (len(would.taken), would.refused) == (1, True)
    assert office.entries()[1].seconds == 1800

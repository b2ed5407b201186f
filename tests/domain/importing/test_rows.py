"""Rows of hours: where they lie, which are refused, and how each is known again."""

import csv
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import MemberId
from bot.domain.importing.cells import Order
from bot.domain.importing.columns import HEADS, Column, layout
from bot.domain.importing.problems import FileRefused, Flaw, Refused
from bot.domain.importing.rows import Marks, Row, Worked, read_row, worked

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
TOGGL = (
    "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,"
    "Duration,Tags,Amount (USD)"
)
CLOCKIFY = (
    "Project,Client,Description,Task,User,Group,Email,Tags,Billable,Start Date,Start Time,End Date,"
    "End Time,Duration (h),Duration (decimal),Billable Rate (USD)"
)
HARVEST = (
    "Date,Client,Project,Project Code,Task,Notes,Hours,Billable?,Invoiced?,Approved?,First Name,"
    "Last Name,Department,Employee?"
)
OWN = "date,start,end,zone,project,task,title,note,seconds,hours,h:mm,written to,remark"


def row(**said: str) -> Row | Refused:
    """A row of these cells."""
    heads = [name.replace("_", " ") for name in said]
    return read_row(2, list(said.values()), layout(heads, of_one=True), Order.DMY)


def when(**said: str) -> Worked | Refused:
    """When it was, in Berlin."""
    found = row(**said)
    return found if isinstance(found, Refused) else worked(found, BERLIN, BERLIN, NOW)


@pytest.mark.parametrize(
    ("heads", "cells", "wanted"),
    [
        (
            TOGGL,
            (
                "Mia,mia@acme.test,Acme,Web,Fix,Header,No,2026-01-05,09:00:00,2026-01-05,10:30:00,"
                "01:30:00,x,0"
            ),
            Row(
                *(2, "", "mia@acme.test", "Mia", "Web", "Fix", "", "Header", ""),
                *(date(2026, 1, 5), time(9), date(2026, 1, 5), time(10, 30), 5400),
            ),
        ),
        (
            CLOCKIFY,
            (
                "Web,Acme,Header,Fix,Mia,,mia@acme.test,x,Yes,05/01/2026,9:00:00 AM,05/01/2026,"
                "10:30:00 AM,01:30:00,1.49,0"
            ),
            Row(
                *(2, "", "mia@acme.test", "Mia", "Web", "Fix", "", "Header", ""),
                *(date(2026, 1, 5), time(9), date(2026, 1, 5), time(10, 30), 5400),
            ),
        ),
        (
            HARVEST,
            '05.01.2026,Acme,Web,W,Fix,Header,"1,5",No,No,No,Mia,Keller,,Yes',
            Row(
                *(2, "", "", "Mia Keller", "Web", "Fix", "", "Header", ""),
                *(date(2026, 1, 5), None, None, None, 5400),
            ),
        ),
        (
            OWN,
            (
                "2026-01-05,2026-01-05 09:00:00,2026-01-05 10:30:00,Europe/Berlin,Web,WEB-1,Fix,"
                "Header,5400,1.5000,1:30,,"
            ),
            Row(
                *(2, "", "", "", "Web", "WEB-1", "Fix", "Header", "Europe/Berlin"),
                *(date(2026, 1, 5), time(9), date(2026, 1, 5), time(10, 30), 5400),
            ),
        ),
    ],
    ids=["Toggl", "Clockify", "Harvest", "Hourlink"],
)
def test_exports_are_read_as_they_are(heads: str, cells: str, wanted: Row) -> None:
    """Nobody has to rename columns."""
    where = layout(heads.split(","), of_one=True)
    (cut,) = csv.reader([cells])
    assert read_row(2, cut, where, Order.DMY) == wanted


@pytest.mark.parametrize("heads", ["Project,Hours", "Date,Project", "Email,Date,Start", "a,b", ""])
def test_a_file_without_what_is_needed_is_refused_whole(heads: str) -> None:
    """Before a thousand rows are, one by one."""
    with pytest.raises(FileRefused):
        layout(heads.split(","), of_one=False)


@pytest.mark.parametrize(
    ("said", "flaw"),
    [
        ({"date": "", "hours": "1"}, Flaw.NO_DATE),
        ({"date": "31/02/2026", "hours": "1"}, Flaw.DATE),
        ({"date": "05/01/2026", "hours": "soon"}, Flaw.LENGTH),
        ({"date": "05/01/2026", "hours": ""}, Flaw.NO_LENGTH),
        ({"date": "05/01/2026", "hours": "0"}, Flaw.ZERO),
        ({"date": "05/01/2026", "hours": "-1"}, Flaw.NEGATIVE),
        ({"date": "05/01/2026", "hours": "24:01"}, Flaw.TOO_LONG),
        ({"date": "21/11/2026", "hours": "1"}, Flaw.FUTURE),
        ({"date": "20/11/2026", "start": "12:30", "end": "13:30"}, Flaw.FUTURE),
        ({"date": "05/01/2026", "start": "25:00", "hours": "1"}, Flaw.CLOCK),
        ({"date": "05/01/2026", "start": "9:00", "end": "9:00"}, Flaw.ZERO),
        (
            {"date": "05/01/2026", "start": "9:00", "end_date": "04/01/2026", "end": "8:00"},
            Flaw.NEGATIVE,
        ),
        (
            {"date": "05/01/2026", "start": "9:00", "end_date": "07/01/2026", "end": "8:00"},
            Flaw.TOO_LONG,
        ),
        ({"date": "29/03/2026", "start": "2:30", "hours": "1"}, Flaw.SKIPPED_HOUR),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(said: Mapping[str, str], flaw: Flaw) -> None:
    """Each by its own name, so that somebody can mend it."""
    found = when(**said)
    assert isinstance(found, Refused)
    assert (found.line, found.flaw) == (2, flaw)


def test_time_over_midnight_is_cut_there() -> None:
    """Without a date of its end, an end before the start is the next day's."""
    found = when(date="05/01/2026", start="23:00", end="1:30")
    assert isinstance(found, Worked)
    assert [(one.work_date.day, one.seconds) for one in found.parts] == [(5, 3600), (6, 5400)]


def test_a_break_that_was_taken_off_leaves_the_hours() -> None:
    """Clock times that tell of more than the length are left out: hours are what counts."""
    found = when(date="05/01/2026", start="9:00", end="17:30", hours="8")
    assert isinstance(found, Worked)
    assert (found.seconds, found.by_clock) == (8 * 3600, False)


def test_clock_times_of_another_zone_lie_in_their_owners_days() -> None:
    """A file of a team in New York: 20:00 there is the next day in Berlin."""
    said = row(date="05/01/2026", start="20:00", hours="1")
    assert isinstance(said, Row)
    found = worked(said, BERLIN, NEW_YORK, NOW)
    assert isinstance(found, Worked)
    assert found.parts[0].work_date == date(2026, 1, 6)


@given(
    st.integers(0, 24 * 3600 - 1), st.integers(1, 24 * 3600), st.dates(date(2000, 1, 1), NOW.date())
)
def test_parts_add_up_to_what_the_row_says(start: int, seconds: int, day: date) -> None:
    """Whatever night it is, nothing is lost and nothing is in the future."""
    clock = time(start // 3600, start // 60 % 60, start % 60)
    said = replace(_plain(day), start=clock, seconds=seconds)
    found = worked(said, BERLIN, BERLIN, NOW)
    if isinstance(found, Refused):
        assert found.flaw in {Flaw.FUTURE, Flaw.SKIPPED_HOUR}
        return
    assert found.seconds == seconds
    assert found.parts[-1].end <= NOW


def test_equal_rows_are_told_apart_and_known_again() -> None:
    """Two equal hours are two hours, in the first file and in the next."""
    said, other = _plain(date(2026, 1, 5)), _plain(date(2026, 1, 6))
    first, second = Marks(), Marks()
    once = [first.mark(MemberId(1), one) for one in (said, said, other)]
    again = [second.mark(MemberId(1), one) for one in (other, said, said, said)]
    assert len(set(once)) == 3
    assert set(once) < set(again)
    assert len(set(again)) == 4
    assert not {second.mark(MemberId(2), said)} & set(again)


def test_a_row_with_an_id_is_the_same_whatever_else_it_says() -> None:
    """Who mends a note in the tracker and exports again gets no second entry."""
    said, marks = replace(_plain(date(2026, 1, 5)), id="77"), Marks()
    mended = replace(said, note="other", seconds=60)
    known = marks.mark(MemberId(1), said)
    assert known == Marks().mark(MemberId(1), mended)
    assert marks.mark(MemberId(1), replace(said, id="78")) != known
    assert marks.mark(MemberId(1), mended) == Refused(2, Flaw.SAME_ID, "77")
    assert isinstance(marks.mark(MemberId(2), said), str)


def test_no_column_goes_by_two_meanings() -> None:
    """What is a note in one file cannot be a task in another."""
    names = [name for names in HEADS.values() for name in names]
    assert len(names) == len(set(names))
    assert set(HEADS) == set(Column)


def _plain(day: date) -> Row:
    return Row(2, "", "", "Mia", "Web", "", "", "", "", day, None, None, None, 3600)

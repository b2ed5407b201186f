"""Dates, clock times and lengths of files from other trackers."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.importing.cells import (
    Dates,
    Order,
    bare,
    order_of,
    parted,
    read_clock,
    read_date,
    read_length,
)
from bot.domain.importing.problems import FileProblem, FileRefused
from bot.domain.slack_text import visible

DAYS = st.dates(date(1970, 1, 1), date(2199, 12, 31))


@given(DAYS, st.sampled_from("-/"), st.sampled_from([Order.DMY, Order.MDY]))
def test_a_date_is_read_as_it_was_written(day: date, mark: str, order: Order) -> None:
    """In the order of the file, and never in the other."""
    form = "%d{0}%m{0}%Y" if order is Order.DMY else "%m{0}%d{0}%Y"
    assert read_date(day.strftime(form.format(mark)), order) == day
    assert read_date(day.strftime("%Y{0}%m{0}%d".format(mark)), order) == day  # noqa: UP032
    assert read_date(day.strftime("%d.%m.%Y"), order) == day


@given(st.text(max_size=60))
def test_any_text_is_read_or_not_and_nothing_breaks(text: str) -> None:
    """A file can hold anything."""
    for order in Order:
        read_date(text, order)
    read_clock(text)
    read_length(text)
    parted(text)
    assert bare(text) in visible(text)


@pytest.mark.parametrize("text", ["2026-02-30", "31/04/2026", "x", "", "2026-1", "03/04/2026/1"])
def test_no_date_is_made_of_what_is_none(text: str) -> None:
    """Days that do not exist, and words."""
    assert read_date(text, Order.DMY) is None


def test_dates_show_their_own_order() -> None:
    """One of them does it for all."""
    assert order_of(["03/04/2026", "20/04/2026"]) == Dates(Order.DMY, "20/04/2026")
    assert order_of(["03/04/2026", "04/20/2026"]) == Dates(Order.MDY, "04/20/2026")
    assert order_of(["2026-04-03", "3.4.2026"]) == Dates(Order.ISO)


@pytest.mark.parametrize(
    ("texts", "problem"),
    [
        (["03/04/2026", "2026-04-20"], FileProblem.DATES_AMBIGUOUS),
        (["20/04/2026", "04/20/2026"], FileProblem.DATES_MIXED),
    ],
)
def test_dates_that_leave_it_open_are_not_guessed(texts: list[str], problem: FileProblem) -> None:
    """The 3rd of April is not the 4th of March."""
    with pytest.raises(FileRefused) as refused:
        order_of(texts)
    assert refused.value.problem is problem


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("09:30", time(9, 30)),
        ("9:30:15", time(9, 30, 15)),
        ("9:30 PM", time(21, 30)),
        ("12:05 am", time(0, 5)),
        ("12:05:01 p.m.", time(12, 5, 1)),
        ("9am", time(9)),
        ("24:00", None),
        ("13:00 PM", None),
        ("0:30 am", None),
        ("9", None),
    ],
)
def test_clock_times_of_24_and_of_12_hours(text: str, clock: time | None) -> None:
    """As trackers write them; what no clock shows is refused."""
    assert read_clock(text) == clock


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1:30", 5400),
        ("01:30:15", 5415),
        ("1.5", 5400),
        ("1,5", 5400),
        ("0.25", 900),
        ("7", 25200),
        ("1h 30m", 5400),
        ("90m", 5400),
        ("-1:00", -3600),
        ("-0,5", -1800),
        ("0", 0),
        ("100:00:00", 360000),
        ("abc", None),
        ("1:60", None),
        ("1.2.3", None),
        ("", None),
        (".", None),
    ],
)
def test_lengths(text: str, seconds: int | None) -> None:
    """Clock-like, in decimals with either mark, in words; below zero too, to be refused by name."""
    assert read_length(text) == seconds


def test_a_day_and_a_clock_in_one_cell() -> None:
    """As spreadsheets save moments."""
    assert parted("2026-11-20 09:30:00") == ("2026-11-20", "09:30:00")
    assert parted("20/11/2026, 9:30 PM") == ("20/11/2026", "9:30 PM")
    assert parted("9:30 PM") == ("", "9:30 PM")


def test_our_own_mark_against_formulas_is_taken_off() -> None:
    """A file of ours comes back with the notes that went into it."""
    assert bare("'=1+1") == "=1+1"
    assert bare("'tis a note") == "'tis a note"

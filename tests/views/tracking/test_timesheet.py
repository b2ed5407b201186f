"""Days and weeks as messages: within Slack's limits whatever was tracked, and readable aloud."""

import json
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.entries.entries import StopReason, TaskLabel
from bot.domain.ids import ProjectId, TaskId, TimeEntryId
from bot.domain.tracking.timesheet import Day, Expected, Week, WeekDay
from bot.domain.tracking.tracking import DayLine
from bot.views.bars import EMPTY, FULL, WIDTH, bar
from bot.views.tracking.timer import why
from bot.views.tracking.timesheet import day_form, show_day
from bot.views.tracking.week import show_week, week_form
from playground.rules import check_message, check_view

BERLIN = ZoneInfo("Europe/Berlin")
TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 18, tzinfo=BERLIN)
MINUTE = timedelta(minutes=1)
HEADER = TaskLabel(
    ProjectId(1), "Website", TaskId(12), "WEB-12", "Fix the header", "https://acme.test/WEB-12"
)
LONG = TaskLabel(ProjectId(1), "<b> & " * 80, TaskId(13), "X" * 100, "<b> & " * 80, "https://a|b>")
HEBREW = TaskLabel(ProjectId(1), "\u05d0\u05ea\u05e8", TaskId(14), "WEB-14", "\u05e9\u05dc 12")


def line(number: int, on: TaskLabel = HEADER, length: int = 1, **changes: object) -> DayLine:
    """The entry that begins so many minutes after midnight."""
    start = datetime(2026, 11, 20, tzinfo=BERLIN) + number * MINUTE
    values: dict[str, object] = {
        "entry_id": TimeEntryId(number + 1),
        "on": on,
        "start": start,
        "end": start + length * MINUTE,
        "seconds": length * 60,
        "note": "",
    }
    return DayLine(**(values | changes))  # type: ignore[arg-type]


def day(*lines: DayLine, of: date = TODAY, expected: Expected | None = None) -> Day:
    """A day with these entries."""
    total = sum(one.seconds for one in lines)
    return Day(TODAY, NOW, of, tuple(lines), total, expected or Expected())


def week(*seconds: int, tasks: int = 1, asked: int = 0, of: date = date(2026, 11, 16)) -> Week:
    """A week with so much time a day, on so many tasks."""
    dates = [of + timedelta(days=number) for number in range(7)]
    days = tuple(
        WeekDay(date_, amount, Expected(date_.weekday() < 5, seconds=asked * (date_.weekday() < 5)))
        for date_, amount in zip(dates, seconds, strict=True)
    )
    on = tuple(
        (TaskLabel(ProjectId(1), "Web", TaskId(number), f"WEB-{number}", "x" * 400), 60)
        for number in range(tasks)
    )
    return Week(of, days, on if any(seconds) else (), sum(seconds), TODAY)


def labels(blocks: object) -> list[str]:
    """What stands on the buttons."""
    found: list[str] = []
    if isinstance(blocks, dict):
        if blocks.get("type") == "button":
            found.append(blocks["text"]["text"])
        blocks = list(blocks.values())
    if isinstance(blocks, list | tuple):
        for one in blocks:
            found += labels(one)
    return found


def test_an_empty_day_leads_on() -> None:
    """Today it says how to begin; an empty day of the past only that it is empty."""
    empty = show_day(day())
    assert empty.text == (
        "Today, Fri 20 Nov: 0 m. Nothing tracked yet. Start with `/track start TASK-12`."
    )
    assert labels(empty.blocks) == ["\u2190 Thu 19 Nov", "Week", "Log time"]
    past = show_day(day(of=date(2025, 11, 18)))
    assert past.text == "Tue 18 Nov 2025: 0 m. Nothing was tracked."
    assert labels(past.blocks) == [
        "\u2190 Mon 17 Nov",
        "Wed 19 Nov \u2192",
        "Today",
        "Week",
        "Log time",
    ]


def test_a_day_reads_well_aloud() -> None:
    """Span, task, length, what is special, note: a line each, and the gaps between."""
    archived = f"because {why(StopReason.PROJECT_ARCHIVED)}"
    shown = show_day(
        day(
            line(0, length=60, is_continued=True),
            line(90, length=30, note="a", because=StopReason.PROJECT_ARCHIVED),
            line(110, length=20),
            line(200, end=None, is_running=True),
            line(0, start=None, end=None),
            expected=Expected(seconds=8 * 3600),
        )
    )
    assert shown.text.splitlines() == [
        "Today, Fri 20 Nov: 1 h 52 m of 8 h.",
        "00:00-01:00  WEB-12 Fix the header, 1 h, continued from Thu 19 Nov.",
        "01:00-01:30  not tracked, 30 m.",
        f"01:30-02:00  WEB-12 Fix the header, 30 m, stopped by Hourlink, {archived}. Note: a",
        "01:50-02:10  WEB-12 Fix the header, 20 m, overlaps the one before.",
        "02:10-03:20  not tracked, 1 h 10 m.",
        "03:20-now  WEB-12 Fix the header, 1 m, running.",
        "no clock times  WEB-12 Fix the header, 1 m.",
    ]
    check_message(list(shown.blocks), shown.text)
    assert "<https://acme.test/WEB-12|WEB-12>" in json.dumps(shown.blocks)


def test_a_day_off_and_a_day_of_leave_say_so() -> None:
    """Time on them is no mistake, but it is seen."""
    assert "(day off)" in show_day(day(expected=Expected(is_work_day=False))).text
    assert "(away)" in show_day(day(expected=Expected(is_away=True))).text


@pytest.mark.parametrize("count", [1, 15, 16, 300])
@pytest.mark.parametrize("on", [HEADER, LONG, HEBREW], ids=["plain", "long", "hebrew"])
def test_long_days_are_paged(count: int, on: TaskLabel) -> None:
    """Every page fits into Slack's limits, and together they show every entry once."""
    note = "& " * 900
    found = day(*(line(number * 2, on, note=note, goes_on=True) for number in range(count)))
    pages = -(-count // 15)
    seen: list[str] = []
    for page in range(pages):
        shown = show_day(found, page)
        check_message(list(shown.blocks), shown.text)
        check_view(day_form(found, page).as_view(), "modal")
        assert len(shown.text) <= 3800
        seen += [
            one["accessory"]["action_id"]
            for one in shown.blocks
            if one.get("accessory", {}).get("type") == "overflow"
        ]
    assert seen == [f"menu#{number * 2 + 1}" for number in range(count)]
    assert show_day(found) == show_day(found, pages - 1)
    assert show_day(found, 10**6) == show_day(found, pages - 1)
    turns = [one for one in labels(show_day(found).blocks) if one.endswith("entries")]
    assert turns == (["Earlier entries"] if pages > 1 else [])


def test_a_past_day_begins_at_its_beginning() -> None:
    """Only today's page is the one of the present."""
    found = day(*(line(number) for number in range(20)), of=date(2026, 11, 19))
    assert show_day(found) == show_day(found, 0)
    assert "Entries 1 to 15 of 20." in show_day(found).text


def test_words_from_right_to_left_leave_the_numbers_alone() -> None:
    """The times around a Hebrew title stay where they are."""
    assert "\u2068\u05e9\u05dc 12\u2069" in json.dumps(
        show_day(day(line(0, HEBREW))).blocks, ensure_ascii=False
    ).replace("WEB-14 ", "")
    assert "\u2068" not in show_day(day(line(0))).text


def test_a_week_has_a_line_a_day() -> None:
    """Numbers first, then the bar; what a day asks for, days off and today are words."""
    shown = show_week(week(28800, 14400, 0, 36000, 3600, 60, 0, asked=28800))
    check_message(list(shown.blocks), shown.text)
    drawn = shown.blocks[1]["text"]["text"].strip("`").splitlines()
    assert drawn == [
        f"Mon 16 Nov  8 h of 8 h   {FULL * 13}",
        f"Tue 17 Nov  4 h of 8 h   {FULL * 6}{EMPTY * 7}",
        f"Wed 18 Nov  0 m of 8 h   {EMPTY * 13}",
        f"Thu 19 Nov  10 h of 8 h  {FULL * 16}",
        f"Fri 20 Nov  1 h of 8 h   {FULL * 2}{EMPTY * 11}     today",
        f"Sat 21 Nov  1 m          {FULL}                 day off",
        "Sun 22 Nov  -            day off",
    ]
    assert shown.text.startswith(
        "This week, Mon 16 to Sun 22 Nov: 23 h 1 m of 40 h. Mon 16 Nov 8 h, Tue 17 Nov 4 h, "
    )
    assert labels(shown.blocks) == [
        *("Mon 16", "Tue 17", "Thu 19", "Fri 20", "Sat 21"),
        *("\u2190 Week before", "Report"),
    ]


def test_weeks_of_the_past_and_empty_ones() -> None:
    """A name for last week, dates for others, a way back to this one."""
    last = show_week(week(*[0] * 7, of=date(2026, 11, 9)))
    assert last.text == "Last week, Mon 9 to Sun 15 Nov: 0 m. Nothing tracked."
    assert labels(last.blocks) == ["\u2190 Week before", "Week after \u2192", "Report"]
    old = show_week(week(3600, *[0] * 6, of=date(2025, 12, 29)))
    assert old.text.startswith("Mon 29 Dec 2025 to Sun 4 Jan 2026: 1 h.")
    assert labels(old.blocks)[-2:] == ["This week", "Report"]


def test_a_week_on_many_tasks_counts_the_rest() -> None:
    """Ten are named, the others are one line."""
    shown = show_week(week(3600 * 5, *[0] * 6, tasks=300))
    check_message(list(shown.blocks), shown.text)
    check_view(week_form(week(3600 * 5, *[0] * 6, tasks=300)).as_view(), "modal")
    assert "and 290 more, 4 h 50 m" in shown.text


@pytest.mark.parametrize(
    ("seconds", "scale", "track", "drawn"),
    [
        (0, 0, 0, ""),
        (0, 100, 0, ""),
        (1, 100_000, 0, FULL),
        (50, 100, 100, FULL * 8 + EMPTY * 8),
        (100, 100, 50, FULL * WIDTH),
        (200, 100, 100, FULL * WIDTH),
        (0, 100, 50, EMPTY * 8),
    ],
)
def test_bars(seconds: int, scale: int, track: int, drawn: str) -> None:
    """A little is seen, nothing is not, and none is wider than its place."""
    assert bar(seconds, scale, track=track) == drawn

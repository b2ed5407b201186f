"""Reports as messages and forms: within Slack's limits, and readable aloud."""

import json
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.entries.entries import TaskLabel
from bot.domain.ids import ProjectId, TaskId, TimeEntryId
from bot.domain.periods import Period, Unit, period_around
from bot.domain.reports.reports import Group, Narrowed, Report, ReportChoice, ReportRow, RowName
from bot.domain.tracking.tracking import RunningTimer
from bot.views.reports.own import report_form, show_report, value
from playground.rules import check_message, check_view

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 13, tzinfo=ZoneInfo("Europe/Berlin"))
NOVEMBER = period_around(TODAY, Unit.MONTH)
WEEK = period_around(TODAY, Unit.WEEK)


def project(name: str = "Website") -> TaskLabel:
    """A project by its name."""
    return TaskLabel(ProjectId(1), name)


def report(
    *rows: tuple[RowName, int],
    period: Period = WEEK,
    group: Group = Group.PROJECT,
    about: tuple[str, ...] = (),
    before: int = 0,
    running: bool = False,
) -> Report:
    """A report of these rows; the first may run."""
    timer = RunningTimer(TimeEntryId(1), project(), NOW, NOW, "") if running else None
    made = [ReportRow(name, seconds, running and not at) for at, (name, seconds) in enumerate(rows)]
    narrowed = Narrowed(projects=tuple(ProjectId(at) for at, _ in enumerate(about)))
    choice = ReportChoice(period, group, narrowed)
    total = sum(seconds for _, seconds in rows)
    return Report(choice, about, tuple(made), total, period.moved(-1), before, timer, TODAY, NOW)


def labels(blocks: object) -> list[str]:
    """What stands on the buttons."""
    found: list[str] = []
    for block in blocks if isinstance(blocks, list | tuple) else []:
        found += [one["text"]["text"] for one in block.get("elements", ()) if "action_id" in one]
    return found


def test_a_report_reads_well_aloud() -> None:
    """Sum, comparison, what is counted, then a row each."""
    shown = show_report(
        report((project(), 5 * 3600), (project("<b>"), 3600), before=8 * 3600, running=True)
    )
    check_message(list(shown.blocks), shown.text)
    assert shown.text.splitlines() == [
        "This week, Mon 16 to Sun 22 Nov: 6 h.",
        "Before, Mon 9 to Sun 15 Nov: 8 h. Now 2 h less.",
        "Counted up to now: *Website* has been running since 13:00.",
        "Website (running): 5 h, 83 %.",
        "&lt;b&gt;: 1 h, 17 %.",
    ]
    table = next(block for block in shown.blocks if block["type"] == "table")
    assert [[cell["text"] for cell in row] for row in table["rows"]] == [
        ["Project", "Time", "Share"],
        ["Website (running)", "5 h", "83 %  " + "\u2588" * 10],
        ["<b>", "1 h", "17 %  " + "\u2588" * 2],
        ["Total", "6 h", "\u00a0"],
    ]


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2026, 10, 25), date(2026, 10, 25), "Sun 25 Oct: 0 m."),
        (date(2026, 1, 1), date(2027, 1, 1), "Thu 1 Jan 2026 to Fri 1 Jan 2027: 0 m."),
        (date(2025, 3, 1), date(2025, 3, 9), "Sat 1 to Sun 9 Mar 2025: 0 m."),
    ],
)
def test_days_of_ones_own_are_named_once_and_with_their_years(
    first: date, last: date, said: str
) -> None:
    """A single day is no span, and two years are both told."""
    assert show_report(report(period=Period(first, last + timedelta(days=1)))).text.startswith(said)


def test_buttons_lead_to_what_is_beside() -> None:
    """The period before, other groupings that make sense; never the future."""
    assert labels(show_report(report((project(), 60))).blocks) == [
        *("\u2190 Mon 9 to Sun 15 Nov", "By task", "By day", "By label", "Chart", "As CSV"),
    ]
    month = report((project(), 60), period=period_around(date(2026, 10, 1), Unit.MONTH))
    assert labels(show_report(month).blocks) == [
        *("\u2190 September 2026", "November 2026 \u2192"),
        *("By task", "By day", "By week", "By label", "Chart", "As CSV"),
    ]
    year = report((NOVEMBER, 60), period=period_around(TODAY, Unit.YEAR), group=Group.MONTH)
    assert labels(show_report(year).blocks) == [
        *("\u2190 2025", "By project", "By task", "By day", "By week", "By label"),
        "Chart",
        "As CSV",
    ]
    one = report((project(), 60), period=period_around(TODAY, Unit.DAY), group=Group.TASK)
    assert labels(show_report(one).blocks) == [
        *("\u2190 Thu 19 Nov", "By project", "By label", "Chart", "As CSV"),
    ]
    assert not {"Chart", "As CSV"} & set(labels(show_report(report()).blocks))


@pytest.mark.parametrize(
    ("period", "said"),
    [
        (period_around(TODAY, Unit.DAY), "Today, Fri 20 Nov: 1 m."),
        (period_around(date(2026, 11, 19), Unit.DAY), "Yesterday, Thu 19 Nov: 1 m."),
        (period_around(date(2025, 11, 19), Unit.DAY), "Wed 19 Nov 2025: 1 m."),
        (period_around(date(2026, 11, 13), Unit.WEEK), "Last week, Mon 9 to Sun 15 Nov: 1 m."),
        (period_around(date(2026, 1, 1), Unit.WEEK), "Mon 29 Dec 2025 to Sun 4 Jan 2026: 1 m."),
        (NOVEMBER, "This month, November 2026: 1 m."),
        (period_around(date(2026, 7, 1), Unit.QUARTER), "Last quarter, Q3 2026: 1 m."),
        (period_around(date(2024, 7, 1), Unit.YEAR), "2024: 1 m."),
        (Period(date(2026, 11, 1), date(2026, 11, 16)), "Sun 1 to Sun 15 Nov: 1 m."),
    ],
)
def test_periods_have_names(period: Period, said: str) -> None:
    """As people call them."""
    assert show_report(report((project(), 60), period=period)).text.startswith(said)


def test_empty_reports_say_so() -> None:
    """The past was empty, the future is still to come; no table of nothing."""
    empty = show_report(report(before=3600))
    check_message(list(empty.blocks), empty.text)
    assert empty.text.splitlines()[1:] == [
        "Nothing was tracked.",
        "Before, Mon 9 to Sun 15 Nov: 1 h. Now 1 h less.",
    ]
    future = show_report(report(period=period_around(date(2027, 1, 1), Unit.MONTH)))
    first = show_report(report((project(), 60)))
    assert "Before, Mon 9 to Sun 15 Nov: nothing." in first.text
    assert future.text == "January 2027: 0 m.\nThat is still to come."
    assert "table" not in json.dumps([*empty.blocks, *future.blocks])


@pytest.mark.parametrize("count", [1, 20, 21, 300])
@pytest.mark.parametrize("word", ["Website", "<b> & " * 90, "\u05e9\u05dc\u05d5\u05dd " * 90])
def test_every_row_is_within_reach_and_slacks_limits(count: int, word: str) -> None:
    """In pages; as a message with a table, and as a form without one."""
    names = [
        TaskLabel(ProjectId(1), word, TaskId(number), f"WEB-{number}", word)
        for number in range(count)
    ]
    about = (word,) * 10
    found = report(*((name, 3600) for name in names), group=Group.TASK, about=about)
    seen = []
    for page in range(-(-count // 20)):
        shown = show_report(found, page)
        check_message(list(shown.blocks), shown.text)
        check_view(report_form(found, page).as_view(), "modal")
        assert len(shown.text) <= 3800
        table = next(block for block in shown.blocks if block["type"] == "table")
        seen += [row[0]["text"] for row in table["rows"][1:-1]]
    assert len(seen) == len(set(seen)) == count
    assert show_report(found, 9999) == show_report(found, -(-count // 20) - 1)


def test_labels_say_that_they_overlap() -> None:
    """Rows that add up to more than the whole would look wrong."""
    shown = show_report(report(("css", 60), ("", 60), group=Group.LABEL))
    assert "counts under each" in shown.text
    assert "No label: 1 m, 50 %." in shown.text


def test_a_button_holds_what_it_shows() -> None:
    """Period, grouping, ids and page: no words of people."""
    choice = ReportChoice(NOVEMBER, Group.TASK, Narrowed((ProjectId(3), ProjectId(4))))
    assert value(choice, 2) == "m2026-11-01|task|p3,p4|2"
    assert value(ReportChoice(WEEK, Group.DAY, Narrowed(tasks=(TaskId(7),)))) == (
        "w2026-11-16|day|t7|0"
    )

"""What a report by day, week or month has rows for (M4)."""

from datetime import date, timedelta

from bot.domain.periods import Period, Unit
from bot.domain.reports.reports import by_calendar

TODAY = date(2026, 11, 20)
YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
NOVEMBER = Period(date(2026, 11, 1), date(2026, 12, 1))


def rows(seconds: dict[date, int], period: Period, unit: Unit) -> list[tuple[str, int]]:
    """First days with their seconds."""
    found = by_calendar(seconds.items(), period, unit, today=TODAY, week_start=0)
    return [(f"{name.first:%d %b}", amount) for name, amount in found]


def test_a_short_report_begins_with_its_period() -> None:
    """A year by month, up to this one."""
    by_month = rows({date(2026, 10, 5): 60, date(2026, 10, 6): 60}, YEAR, Unit.MONTH)
    assert [amount for _, amount in by_month] == [0, 0, 0, 0, 0, 0, 0, 0, 0, 120, 0]


def test_a_long_report_begins_with_the_first_time() -> None:
    """A month by day keeps the gaps, and not the days before the first time."""
    worked = {date(2026, 11, 16): 60, date(2026, 11, 18): 30}
    assert rows(worked, NOVEMBER, Unit.DAY) == [
        ("16 Nov", 60),
        ("17 Nov", 0),
        ("18 Nov", 30),
        ("19 Nov", 0),
        ("20 Nov", 0),
    ]


def test_a_very_long_report_has_days_with_time_alone() -> None:
    """Half a year by day."""
    worked = {TODAY - timedelta(days=100): 60, TODAY: 30}
    assert rows(worked, YEAR, Unit.DAY) == [("12 Aug", 60), ("20 Nov", 30)]


def test_nothing_tracked_has_no_rows() -> None:
    """That nothing was tracked is said once, not for each month."""
    assert rows({}, YEAR, Unit.MONTH) == []

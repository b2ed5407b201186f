"""From a wall clock's time to moments, on the nights the clocks change too."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.input_errors import TimeDoesNotExist


def readings(day: date, clock: time, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The moments, in UTC and in order, at which the wall clock shows this time on this day.

    One on an ordinary day, two in an hour that happens twice.

    Raises:
        TimeDoesNotExist: the clocks jump over it.
    """
    local = datetime.combine(day, clock, tzinfo=zone)
    first = local.replace(fold=0).astimezone(UTC)
    second = local.replace(fold=1).astimezone(UTC)
    if second < first:
        naive = local.replace(tzinfo=None, fold=0)
        raise TimeDoesNotExist(naive, _jump(second, first, zone).astimezone(zone))
    return (first,) if first == second else (first, second)


def readings_or_jump(day: date, clock: time, zone: ZoneInfo) -> tuple[datetime, ...]:
    """As ``readings``, but the first moment after the jump where the time does not exist."""
    try:
        return readings(day, clock, zone)
    except TimeDoesNotExist as gap:
        return (gap.next_valid.astimezone(UTC),)


def _jump(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The moment the clocks jump forward, known to lie above ``before`` and not above ``after``.

    The two are the missing time under the later and under the earlier offset (PEP 495), so the
    offset changes once between them.
    """
    old = before.astimezone(zone).utcoffset()
    low, high = 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if (before + timedelta(seconds=middle)).astimezone(zone).utcoffset() == old:
            low = middle
        else:
            high = middle
    return before + timedelta(seconds=high)

"""A row of a file of hours: read, put on a clock, and known again."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from hashlib import blake2b
from zoneinfo import ZoneInfo

from bot.domain.days import work_date
from bot.domain.durations import LONGEST
from bot.domain.ids import MemberId
from bot.domain.importing.cells import Order, bare, parted, read_clock, read_date, read_length
from bot.domain.importing.columns import Column, Layout
from bot.domain.importing.problems import Flaw, Refused
from bot.domain.input_errors import TimeDoesNotExist
from bot.domain.linking.link_plan import folded
from bot.domain.tracking.spans import Part, split_at_midnights
from bot.domain.values import dataclass
from bot.domain.wall_clock import readings

_CLOSE = 60
"""Seconds by which a written length may differ from its clock times, which count then."""
_UNITS = {Column.SECONDS: 1, Column.MINUTES: 60, Column.LENGTH: 3600}
_ONE_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)
_C = Column


@dataclass(frozen=True, slots=True)
class Row:
    """What a row says, before anything is known of the team."""

    line: int
    id: str
    """The tracker's own; empty where the file has none."""
    email: str
    person: str
    project: str
    task: str
    title: str
    note: str
    zone: str
    day: date
    start: time | None
    end_day: date | None
    end: time | None
    seconds: int | None


@dataclass(frozen=True, slots=True)
class Worked:
    """When that was: each part lies in one local day of its owner."""

    parts: tuple[Part, ...]
    by_clock: bool
    """False for a length without clock times, whose part has a day and seconds that count."""

    @property
    def seconds(self) -> int:
        """In all."""
        return sum(part.seconds for part in self.parts)


def read_row(line: int, cells: Sequence[str], where: Layout, order: Order) -> Row | Refused:
    """A row of a file.

    Args:
        line: Where in the file it begins.
        cells: Its cells.
        where: What they are.
        order: Of the parts of its dates.
    """
    said = {column: bare(cells[at]) if at < len(cells) else "" for column, at in where.items()}

    def get(column: Column) -> str:
        return said.get(column, "")

    start_day, start_text = parted(get(_C.START))
    end_day, end_text = parted(get(_C.END))
    day_text = get(_C.DATE) or start_day
    if not day_text:
        return Refused(line, Flaw.NO_DATE)
    # A cell for the day alone may have midnight behind it, as spreadsheets save it.
    days = [parted(one)[0] or one for one in (day_text, get(_C.END_DATE) or end_day)]
    day, last = (read_date(one, order) if one else None for one in days)
    for text, found in zip(days, (day, last), strict=True):
        if text and found is None:
            return Refused(line, Flaw.DATE, text)
    clocks = [read_clock(one) if one else None for one in (start_text, end_text)]
    for text, clock in zip((start_text, end_text), clocks, strict=True):
        if text and clock is None:
            return Refused(line, Flaw.CLOCK, text)
    lengths = [(get(one), unit) for one, unit in _UNITS.items() if get(one)]
    seconds = read_length(*lengths[0]) if lengths else None
    if lengths and seconds is None:
        return Refused(line, Flaw.LENGTH, lengths[0][0])
    if day is None:
        return Refused(line, Flaw.NO_DATE)
    whole = " ".join(filter(None, (get(_C.FIRST_NAME), get(_C.LAST_NAME))))
    return Row(
        line,
        get(_C.ID),
        get(_C.EMAIL),
        whole or get(_C.PERSON),  # Harvest's "Employee?" says yes or no
        " ".join(get(_C.PROJECT).split()),
        " ".join(get(_C.TASK).split()),
        " ".join(get(_C.TITLE).split()),
        get(_C.NOTE),
        get(_C.ZONE),
        day,
        clocks[0],
        last,
        clocks[1],
        seconds,
    )


def worked(row: Row, zone: ZoneInfo, clocks: ZoneInfo, now: datetime) -> Worked | Refused:
    """When a row's time was.

    Clock times and a length that tell of different times, as where breaks were taken off, are a
    length: hours are what counts.

    Args:
        row: The row.
        zone: Its owner's, whose days count.
        clocks: The zone in which its clock times were written.
        now: The present moment.
    """
    try:
        span = _span(row, clocks)
    except TimeDoesNotExist as gap:
        return Refused(row.line, Flaw.SKIPPED_HOUR, f"{gap.local:%H:%M}")
    long = row.seconds if span is None else (span[1] - span[0]) // _SECOND
    for seconds in (row.seconds, long):
        if seconds is not None and not 0 < seconds <= LONGEST:
            return Refused(row.line, _wrong(seconds))
    if long is None:
        return Refused(row.line, Flaw.NO_LENGTH)
    if span is None or (row.seconds and abs(long - row.seconds) > _CLOSE):
        return _length(row, row.seconds or 0, zone, now)
    if span[1] > now:
        return Refused(row.line, Flaw.FUTURE)
    return Worked(split_at_midnights(*span, zone), by_clock=True)


def _wrong(seconds: int) -> Flaw:
    if seconds > LONGEST:
        return Flaw.TOO_LONG
    return Flaw.NEGATIVE if seconds < 0 else Flaw.ZERO


def _length(row: Row, seconds: int, zone: ZoneInfo, now: datetime) -> Worked | Refused:
    if row.day > work_date(now, zone):
        return Refused(row.line, Flaw.FUTURE)
    noon = datetime.combine(row.day, time(12), tzinfo=UTC)
    return Worked((Part(row.day, noon, noon, seconds),), by_clock=False)


def _span(row: Row, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    if row.start is None:
        return None
    start = readings(row.day, row.start, zone)[0]
    if row.end is not None:
        day = row.end_day or row.day
        if row.end_day is None and row.end < row.start:
            day += _ONE_DAY
        ends = readings(day, row.end, zone)
        return start, next((one for one in ends if one > start), ends[-1])
    if row.seconds is None:
        return None
    return start, start + timedelta(seconds=row.seconds)


class Marks:
    """Names by which rows are known again, in a later file too.

    A row has the tracker's own id, or else what it says; of several that say the same, the first is
    always the first. Moments are those of the wall clock, so that nobody's move to another zone
    makes a row a new one.
    """

    def __init__(self) -> None:
        self._seen: Counter[bytes] = Counter()

    def mark(self, member: MemberId, row: Row) -> str | Refused:
        """32 letters that stay the same for the same row of the same person.

        A second row with an id is refused: of two entries one would never be known again.
        """
        if row.id:
            named = _digest("id", member, row.id)
            self._seen[named] += 1
            if self._seen[named] > 1:
                return Refused(row.line, Flaw.SAME_ID, row.id[:40])
            return named.hex()
        said = (
            *(row.day, row.start, row.end_day, row.end, row.seconds),
            *(folded(row.project), row.task, row.title, row.note),
        )
        found = _digest("row", member, *said)
        self._seen[found] += 1
        number = self._seen[found]
        return (found if number == 1 else _digest(found.hex(), number)).hex()


def _digest(*said: object) -> bytes:
    return blake2b(repr([str(one) for one in said]).encode(), digest_size=16).digest()

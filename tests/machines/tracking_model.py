"""What tracking must come to, as a model in memory: everybody's spans, and what each day holds."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)


def _minutes(moment: datetime) -> int:
    return int((moment - _EPOCH).total_seconds()) // 60


@dataclass(frozen=True)
class Span:
    """Time from one moment to another, half-open; still running where it has no end."""

    task: str
    start: datetime
    end: datetime | None = None

    def touches(self, start: datetime, end: datetime | None) -> bool:
        """Whether it shares time with another, as a clock without seconds shows them."""
        never = datetime.max.replace(tzinfo=UTC)
        mine, theirs = self.end or never, end or never
        return _minutes(self.start) < _minutes(theirs) and _minutes(start) < _minutes(mine)


@dataclass(frozen=True)
class Length:
    """Seconds on a day, without clock times."""

    task: str
    day: date
    seconds: int


@dataclass(frozen=True)
class Sheet:
    """All the time of one person."""

    spans: tuple[Span, ...] = ()
    lengths: tuple[Length, ...] = ()

    @property
    def running(self) -> Span | None:
        """The timer."""
        return next((span for span in self.spans if span.end is None), None)

    def overlaps(self, start: datetime, end: datetime | None) -> bool:
        """Whether finished time, or the timer where a whole span is asked about, is there."""
        return any(
            span.touches(start, end)
            for span in self.spans
            if span.end is not None or end is not None
        )

    def stopped(self, at: datetime) -> "Sheet":
        """The timer ends; one of less than a second leaves nothing."""
        running = self.running
        if running is None:
            return self
        rest = tuple(span for span in self.spans if span is not running)
        if at - running.start < timedelta(seconds=1):
            return Sheet(rest, self.lengths)
        return Sheet((*rest, Span(running.task, running.start, at)), self.lengths)

    def with_span(self, span: Span) -> "Sheet":
        """One more."""
        return Sheet((*self.spans, span), self.lengths)

    def with_length(self, length: Length) -> "Sheet":
        """One more."""
        return Sheet(self.spans, (*self.lengths, length))

    def without_length(self, length: Length) -> "Sheet":
        """One less."""
        lengths = list(self.lengths)
        lengths.remove(length)
        return Sheet(self.spans, tuple(lengths))

    def without_timer(self) -> "Sheet":
        """The timer is thrown away."""
        return Sheet(tuple(span for span in self.spans if span.end is not None), self.lengths)

    def days(self, now: datetime, zone: ZoneInfo) -> Counter[date]:
        """Seconds of each local day, the timer counted up to now."""
        found: Counter[date] = Counter()
        for span in self.spans:
            found.update(_by_day(span.start, span.end or now, zone))
        for length in self.lengths:
            found[length.day] += length.seconds
        return found

    def tasks(self, now: datetime, zone: ZoneInfo, days: Iterable[date]) -> Counter[str]:
        """Seconds of each task on these local days."""
        wanted, found = set(days), Counter[str]()
        for span in self.spans:
            parts = _by_day(span.start, span.end or now, zone)
            found[span.task] += sum(n for day, n in parts.items() if day in wanted)
        for length in self.lengths:
            found[length.task] += length.seconds if length.day in wanted else 0
        return found


def _by_day(start: datetime, end: datetime, zone: ZoneInfo) -> Counter[date]:
    """Minute by minute, asking each on which local day it lies: slow, and hard to get wrong."""
    found: Counter[date] = Counter()
    at = start
    while at < end:
        until = min(at.replace(second=0) + _MINUTE, end)
        found[at.astimezone(zone).date()] += int((until - at).total_seconds())
        at = until
    return found


@dataclass
class Step:
    """What somebody had before their last command, so that it can be taken back."""

    before: Sheet
    at: datetime


@dataclass
class Desk:
    """One person's time, and what can be undone."""

    sheet: Sheet = field(default_factory=Sheet)
    last: Step | None = None

    def does(self, after: Sheet, at: datetime) -> None:
        """A command changed something."""
        self.last = Step(self.sheet, at)
        self.sheet = after

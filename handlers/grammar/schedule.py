"""``/track schedule``: a report's own words, and between them when and to whom."""

import re
from dataclasses import replace

from bot.domain.clock_times import read_clock
from bot.domain.days import WEEKDAYS, Weekday, read_day
from bot.domain.input_errors import Misuse, TimeNotUnderstood, UsageError
from bot.domain.reports.schedules import LAST_DAY, Beat, Rhythm
from bot.domain.slack_text import plain
from handlers.grammar.phrases import optional_words
from handlers.grammar.report import parse_report, report_words
from handlers.grammar.track_values import ScheduleReport, Schedules

SCHEDULE_DETAILS = (
    "What is sent is said as in `report`: without a period it is yesterday, last week or last "
    "month. When: `every day`, `every mon`, `every month on 1`, `on the last day`; and `at 09:00`, "
    "which it is where none is given, on your own clock. To whom: you, `to here`, `to @bo`, "
    "`to #channel`. Your right to see it is asked again each time. Amounts of money go to direct "
    "messages alone, unless a setting of the team says otherwise. Alone, it shows what is "
    "scheduled. `report schedule` is the same."
)

_TOKEN = re.compile(r'"(?:[^"]|"")*"|\S+')
_BEATS = {"daily": Beat.DAY, "weekly": Beat.WEEK, "monthly": Beat.MONTH}
_UNITS = {"day": Beat.DAY, "week": Beat.WEEK, "month": Beat.MONTH}
_ORDINAL = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th|\.)?")
_CHANNEL = re.compile(r"#[CG](?=[A-Z]*[0-9])[A-Z0-9]{3,}")
_PERSON = re.compile(r"@[^\s<>@,|]+")
_MOST_CLOCK = 3


def parse_schedule(text: str) -> ScheduleReport | Schedules:
    """What the words after ``schedule`` ask for.

    Raises:
        UsageError: no such day, no such channel, or a report's words that cannot be read.
        TimeNotUnderstood: ``at`` and no clock time.
        PeriodNotUnderstood: something like a period that no calendar has.
    """
    if not text.strip():
        return Schedules()
    reading = _Reading(_TOKEN.findall(text))
    while reading.took_something():
        pass
    return ScheduleReport(parse_report(" ".join(reading.left)), reading.rhythm, reading.to or "me")


def parse_rhythm(text: str) -> Rhythm:
    """When alone: ``every mon at 09:00``.

    Raises:
        UsageError: something else is there, too, or nothing.
        TimeNotUnderstood: ``at`` and no clock time.
    """
    reading = _Reading(plain(text).split())
    while reading.took_something():
        pass
    if reading.left or reading.to or not text.strip():
        raise UsageError("schedule", Misuse.UNEXPECTED_WORDS, " ".join(reading.left))
    return reading.rhythm


def schedule_words(command: ScheduleReport) -> str:
    """A schedule to type; ``parse_schedule`` reads it back."""
    when, report = rhythm_words(command.rhythm), report_words(command.wish)
    return optional_words(when, f"to {command.to}", report)


def rhythm_words(rhythm: Rhythm) -> str:
    """``every mon at 09:00``."""
    match rhythm.beat:
        case Beat.DAY:
            day = "every day"
        case Beat.WEEK:
            day = f"every {WEEKDAYS[rhythm.on][:3]}"
        case Beat.MONTH:
            day = f"every month on {rhythm.on}"
    return f"{day} at {rhythm.at:%H:%M}"


class _Reading:
    """Takes what says when and to whom out of the words, until nothing more does."""

    def __init__(self, tokens: list[str]) -> None:
        self.left = tokens
        self.to = ""
        self._rhythm: Rhythm | None = None
        self._at = Rhythm().at
        self._has_time = False

    @property
    def rhythm(self) -> Rhythm:
        return replace(self._rhythm or Rhythm(), at=self._at)

    def took_something(self) -> bool:
        for place, token in enumerate(self.left):
            taken = self._taken(token.lower(), self.left[place + 1 :]) or self._channel(token)
            if taken:
                self.left = [*self.left[:place], *self.left[place + taken :]]
                return True
        return False

    def _taken(self, word: str, behind: list[str]) -> int:
        """How many words from here on say when or to whom."""
        following = behind[0].lower() if behind else ""
        if word in _BEATS and self._rhythm is None:
            return 1 + self._on(_BEATS[word], behind)
        if word in {"every", "each"} and self._rhythm is None and following:
            weekday = _weekday(following)
            if weekday is not None:
                self._rhythm = Rhythm(Beat.WEEK, weekday)
                return 2
            if following not in _UNITS:
                raise UsageError("schedule", Misuse.UNEXPECTED_WORDS, f"{word} {behind[0]}")
            return 2 + self._on(_UNITS[following], behind[1:])
        if word == "at" and not self._has_time and following:
            return 1 + self._clock(behind)
        if word == "to" and not self.to and following:
            return self._whom(behind[0])
        return 0

    def _on(self, beat: Beat, behind: list[str]) -> int:
        """The day behind ``on``, where there is one."""
        first = 1 if beat is Beat.MONTH else 0
        self._rhythm = Rhythm(beat, first)
        words = [one.lower() for one in behind[:4]]
        if not words or words[0] != "on" or beat is Beat.DAY:
            return 0
        skipped = 1 + (words[1:2] == ["the"])
        rest = words[skipped:]
        if beat is Beat.MONTH and rest[:2] == ["last", "day"]:
            self._rhythm = Rhythm(beat, LAST_DAY)
            return skipped + 2
        day = _weekday(rest[0]) if beat is Beat.WEEK and rest else _number(rest)
        if day is None:
            raise UsageError("schedule", Misuse.UNEXPECTED_WORDS, " ".join(behind[: skipped + 1]))
        self._rhythm = Rhythm(beat, day)
        return skipped + 1

    def _clock(self, behind: list[str]) -> int:
        for count in range(min(_MOST_CLOCK, len(behind)), 0, -1):
            clock = read_clock(" ".join(behind[:count]))
            if clock is not None:
                self._at, self._has_time = clock, True
                return count
        raise TimeNotUnderstood(behind[0])

    def _channel(self, token: str) -> int:
        """A channel without ``to`` before it: no report is about one."""
        if self.to or not _CHANNEL.fullmatch(token):
            return 0
        self.to = token
        return 1

    def _whom(self, token: str) -> int:
        """Somebody, a channel or a word for one's own; nothing for the end of a period."""
        if token.lower() in {"me", "here"}:
            self.to = token.lower()
        elif _PERSON.fullmatch(token) or _CHANNEL.fullmatch(token):
            self.to = token
        elif token.startswith("#"):
            raise UsageError("schedule", Misuse.NOT_A_CHANNEL, token)
        else:
            return 0
        return 2


def _weekday(word: str) -> int | None:
    day = read_day(word)
    is_one = isinstance(day, Weekday) and not day.before_today
    return day.number if is_one and isinstance(day, Weekday) else None


def _number(words: list[str]) -> int | None:
    found = _ORDINAL.fullmatch(words[0]) if words else None
    return int(found[1]) if found and 1 <= int(found[1]) <= LAST_DAY else None

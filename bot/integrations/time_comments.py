"""A time entry as a comment, for tools that keep no time records: written, found, read again.

``Mia K tracked 1 h 30 m on 20 November 2026: header [hl:7f1c]``. People read it, and so do we: what
a comment says now is what the tool keeps, whoever has edited it.
"""

import re
from datetime import date
from hashlib import sha256

from bot.integrations.api import Worklog, WorklogRecord

_LONGEST_NOTE = 1000
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_SAID = re.compile(
    r"tracked (?P<length>(?:\d+ [hms] )+)"
    r"on (?P<day>\d{1,2}) (?P<month>[A-Z][a-z]+) (?P<year>\d{4})\b"
)
_PART = re.compile(r"(\d+) ([hms])")
_SECONDS = {"h": 3600, "m": 60, "s": 1}
_NO_MENTION = "@\N{ZERO WIDTH SPACE}"


def written(worklog: Worklog, *, frame: str = "{}") -> str:
    """The comment: who, how long, on which day, and the marker. Nobody in it is notified.

    Args:
        worklog: What it says.
        frame: Around the marker, where the tool has a way to keep it from people's eyes.
    """
    note = " ".join(worklog.note.split())
    if len(note) > _LONGEST_NOTE:
        note = note[: _LONGEST_NOTE - 1] + "…"
    member = " ".join(worklog.member_name.split())
    said = f"{member} tracked {_length(worklog.seconds)} on {_day(worklog.day)}"
    whole = f"{said}: {note}" if note else said
    return f"{whole.replace('@', _NO_MENTION)} {frame.format(_mark(worklog.marker))}"


def carries(text: str, marker: str) -> bool:
    """Whether a comment is the one with this marker, however the tool keeps its Markdown."""
    return _mark(marker) in _plain(text)


def record(external_id: str, text: str, worklog: Worklog) -> WorklogRecord:
    """What a comment says. One that somebody has made unreadable says nothing was tracked."""
    plain = _plain(text)
    found = _SAID.search(plain)
    seconds, day = 0, None
    if found is not None:
        parts = _PART.findall(found["length"])
        seconds = sum(int(number) * _SECONDS[unit] for number, unit in parts)
        day = _read_day(found)
    return WorklogRecord(
        external_id=external_id,
        seconds=seconds,
        day=day or worklog.day,
        version=sha256(plain.encode()).hexdigest()[:16],
    )


def _plain(text: str) -> str:
    """Without the backslashes that Markdown editors put before brackets, on one line."""
    return " ".join(text.replace("\\", "").split())


def _mark(marker: str) -> str:
    return f"[hl:{marker}]"


def _length(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "m"), (rest, "s"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 m"


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _read_day(found: re.Match[str]) -> date | None:
    try:
        return date(int(found["year"]), _MONTHS.index(found["month"]) + 1, int(found["day"]))
    except ValueError:
        return None

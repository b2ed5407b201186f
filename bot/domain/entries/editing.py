"""Changing time entries that are there: what a form shows, what it asks for, what comes of it.

A timer that ran over its owner's midnight is several entries, each of one local day, linked. They
are shown and changed as the one span they were, and cut anew (docs/decisions/0009).

Moments are in the owner's own zone, ready to be shown.
"""

from datetime import date, datetime, time
from enum import StrEnum

from bot.domain.approval.locks import TimeLocked
from bot.domain.entries.entries import Action, Target, TaskLabel
from bot.domain.ids import TimeEntryId
from bot.domain.tracking.tracking import DayLine
from bot.domain.values import dataclass
from bot.domain.writing.worklogs import WorklogShown


class Kind(StrEnum):
    """What can be changed about an entry."""

    TIMER = "timer"
    """It runs: its start."""
    SPAN = "span"
    """From one moment to another: both."""
    LENGTH = "length"
    """A length on a day, without clock times: both."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose entry it is."""

    name: str
    zone: str
    is_asker: bool
    """It is the entry of whoever asks."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as it is now, with all its linked parts."""

    entry_id: TimeEntryId
    """Of its first part."""
    version: int
    """Grows with every change; says whether a form is still about what it showed."""
    kind: Kind
    owner: Owner
    on: TaskLabel
    day: date
    """Of its first part."""
    start: datetime | None
    """None for a length without clock times."""
    end: datetime | None
    """None while the timer runs."""
    seconds: int
    note: str
    days: tuple[tuple[date, int], ...]
    """Seconds by local day; more than one where it crosses midnight."""
    now: datetime
    permalink: str = ""
    """Of the Slack message that it was tracked from."""
    worklogs: tuple[WorklogShown, ...] = ()
    """Where its parts stand in their tool, for the form and the history."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An entry for a form, and what is to be known before anything is typed."""

    shown: Shown
    locked: TimeLocked | None
    """Why its time can no longer be changed."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What a form asks for. Clock times are the owner's, to the minute."""

    note: str
    day: date
    target: Target | None = None
    """None leaves it where it is."""
    start: time | None = None
    end: time | None = None
    end_day: date | None = None
    """None lets the end be the first such time after the start."""
    seconds: int | None = None
    """A length; with a start it says where the end is."""


@dataclass(frozen=True, slots=True)
class Edited:
    """An entry was changed, or was as asked for already."""

    before: Shown
    after: Shown
    day_total: int
    """Of the first part's day, the running timer's part included."""
    overlaps: tuple[DayLine, ...]
    """What shares its time, where the team allows that."""
    step: str
    """Names the change, to take it back; empty where nothing was changed."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """An entry was deleted."""

    gone: Shown
    day_total: int
    step: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a form as it stands would save."""

    start: datetime | None
    end: datetime | None
    seconds: int
    days: tuple[tuple[date, int], ...]
    taken: tuple[DayLine, ...]
    """What has the same time."""
    refused: bool
    """Whether the team lets nobody save that."""
    now: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """One thing about an entry that became another; moments in its owner's zone."""

    what: str
    """``task``, ``day``, ``start``, ``end``, ``length`` or ``note``."""
    before: object
    """A label, a day, a moment, seconds or a text; None where there was none."""
    after: object


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One step in the life of an entry."""

    at: datetime
    action: Action
    who: str
    """A name; empty where Hourlink itself acted."""
    by_asker: bool
    changes: tuple[Change, ...]
    seconds: int
    """Of the part that was made, for the steps that make or end one."""
    file_name: str = ""
    """That an import brought it from."""
    reason: str = ""
    """What was said of it."""


@dataclass(frozen=True, slots=True)
class History:
    """The steps of an entry, newest first, and whether there are older ones."""

    shown: Shown
    lines: tuple[HistoryLine, ...]
    has_more: bool

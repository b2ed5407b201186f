"""What programs read over the API, and how they go on where a page ended."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias, TypeGuard

from bot.domain.entries.entries import Entry, TaskLabel
from bot.domain.ids import ClientId, MemberId, SlackUserId
from bot.domain.input_errors import BadInput
from bot.domain.money.billing import Client, Method
from bot.domain.money.money import DECIMALS, Money
from bot.domain.people.people import Member
from bot.domain.periods import Period, PeriodWords
from bot.domain.projects.project_lists import ListedProject
from bot.domain.reports.reports import Group
from bot.domain.reports.team_reports import Filters, Reach, TeamReport
from bot.domain.values import dataclass

MOST_ROWS = 500
"""On one page."""
OVERLAP = timedelta(minutes=1)
"""What changed so shortly before ``updated_since`` is told again: a change is stamped when it is
asked for and can be read a moment later."""

_LONGEST_CURSOR = 4000
_ANY_DAY = Period(date.min, date.max)


@dataclass(eq=False)
class CursorUnknown(BadInput):
    """No page of ours ended there."""


Days: TypeAlias = Period | PeriodWords | None
"""The days that somebody asks for: as days, in words, or left open."""


@dataclass(frozen=True, slots=True)
class EntryAsk:
    """Which time entries."""

    days: Days = None
    """None is the present week, or any day where ``since`` is given."""
    filters: Filters = field(default_factory=Filters)
    for_team: bool = False
    since: datetime | None = None
    """Only what changed since then, deleted entries among it."""


@dataclass(frozen=True, slots=True)
class Place:
    """The last entry of a page, and what of each currency's last cent is still open there.

    So the amounts of all pages add up to the total to the cent, as those in a file do.
    """

    day: date
    id: int
    open: Mapping[str, int] = field(default_factory=dict)
    """Cent-seconds by currency, less than an hour's each."""


@dataclass(frozen=True, slots=True)
class Whose:
    """The person of an entry."""

    id: MemberId
    slack_user_id: SlackUserId
    name: str
    zone: str


@dataclass(frozen=True, slots=True)
class ReadEntry:
    """One time entry as programs read it."""

    entry: Entry
    on: TaskLabel
    code: str
    """Of the project."""
    whose: Whose
    changed_at: datetime
    client: tuple[ClientId, str] | None = None
    """As of the day of the work; None while a timer runs."""
    is_billable: bool | None = None
    """None while a timer runs, and where it was deleted."""
    rate: Money | None = None
    """What an hour earns, for who may see money."""
    amount: Money | None = None
    """What the total of its currency grows by with this entry."""


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Some entries, in the order of their days."""

    entries: Sequence[ReadEntry]
    ask: EntryAsk
    """With its days found out."""
    after: Place | None
    """Where the next page begins; None where this is the last."""
    reach: Reach


@dataclass(frozen=True, slots=True)
class ReadProject:
    """A project as programs read it."""

    listed: ListedProject
    manages: bool
    """Who asks may see everybody's time on it."""
    client: tuple[ClientId, str] | None
    """Today's."""
    method: Method | None
    currency: str | None


@dataclass(frozen=True, slots=True)
class ProjectPage:
    """Some projects, in the order in which they were made."""

    projects: Sequence[ReadProject]
    after: int | None


@dataclass(frozen=True, slots=True)
class ClientPage:
    """Some clients, in the order in which they were made."""

    clients: Sequence[Client]
    after: int | None


@dataclass(frozen=True, slots=True)
class ReportAsk:
    """Which report."""

    days: Days = None
    group: Group | None = None
    """None is what suits the period and what it is about."""
    filters: Filters = field(default_factory=Filters)
    for_team: bool = False


@dataclass(frozen=True, slots=True)
class ReportPage:
    """Some rows of a report, and what all of them come to."""

    report: TeamReport
    size: int
    """Rows on a page."""

    @property
    def is_last(self) -> bool:
        """There are no further rows."""
        return (self.report.page + 1) * self.size >= self.report.number


@dataclass(frozen=True, slots=True)
class Me:
    """Who asks, and how far they see."""

    who: Member
    team: str
    reach: Reach
    """Whose time they may ask for."""
    sees_money: bool
    """Of other people's time, as far as they may see it."""
    today: date


def pack(kind: str, **values: object) -> str:
    """A cursor: where a page of this kind ended."""
    text = json.dumps({"k": kind, **values}, separators=(",", ":"), sort_keys=True)
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def unpack(kind: str, cursor: str) -> dict[str, Any]:
    """What a cursor holds; everything in it is still to be doubted.

    Raises:
        CursorUnknown: it is none of this kind.
    """
    try:
        padded = cursor[:_LONGEST_CURSOR].encode("ascii") + b"=" * (-len(cursor) % 4)
        found = json.loads(urlsafe_b64decode(padded))
    except (ValueError, RecursionError):
        raise CursorUnknown from None
    if not isinstance(found, dict) or found.get("k") != kind:
        raise CursorUnknown
    return found


def pack_place(place: Place) -> dict[str, object]:
    """A place, for a cursor."""
    return {"d": place.day.isoformat(), "i": place.id, "o": dict(place.open)}


def place_from(found: Mapping[str, Any]) -> Place:
    """The place in a cursor.

    Raises:
        CursorUnknown: there is none.
    """
    try:
        day = date.fromisoformat(found["d"])
    except (KeyError, TypeError, ValueError):
        raise CursorUnknown from None
    open_ = found.get("o")
    if not isinstance(open_, dict) or not all(
        one in DECIMALS and is_id(rest) for one, rest in open_.items()
    ):
        raise CursorUnknown
    if not is_id(found.get("i")):
        raise CursorUnknown
    return Place(day, found["i"], open_)


def is_id(found: object) -> TypeGuard[int]:
    """A whole number that every database takes."""
    return type(found) is int and 0 <= found < 2**62


def any_day() -> Period:
    """All days that there are."""
    return _ANY_DAY

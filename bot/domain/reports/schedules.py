"""Reports that are sent again and again: when, what, to whom (M4)."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.days import DaysAgo
from bot.domain.errors import NotPossible
from bot.domain.ids import MemberId, ScheduleId, SlackUserId, TeamId
from bot.domain.people.people import Member
from bot.domain.periods import Around, OnePeriod, PeriodWords, Unit
from bot.domain.reports.reports import Group
from bot.domain.reports.team_reports import Filters, Reach, TeamReport
from bot.domain.values import dataclass
from bot.domain.wall_clock import readings_or_jump

SHOWN = 10
"""On a page."""
MOST = 20
"""Schedules that one person may have."""
LAST_DAY = 31
"""Of a month: the last one there is, in shorter ones too."""
_MORNING = time(9)
_ONE_DAY = timedelta(days=1)
_DECEMBER = 12


class Beat(StrEnum):
    """How often."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When it is sent, on the wall clock of who scheduled it."""

    beat: Beat = Beat.WEEK
    on: int = 0
    """The day of the week (Monday is 0) or of the month (from 1); 0 where it is every day."""
    at: time = _MORNING


def next_run(rhythm: Rhythm, zone: ZoneInfo, after: datetime) -> datetime:
    """The first moment later than another at which it is sent.

    Where the clocks jump over its time, it is the first moment behind the jump; where they show it
    twice, the first time.
    """
    day = after.astimezone(zone).date() - _ONE_DAY
    while True:
        day = _first_on(rhythm, day)
        moment = readings_or_jump(day, rhythm.at, zone)[0]
        if moment > after:
            return moment
        day += _ONE_DAY


def _first_on(rhythm: Rhythm, day: date) -> date:
    """The first day it is sent on that is not before another."""
    match rhythm.beat:
        case Beat.DAY:
            return day
        case Beat.WEEK:
            return day + timedelta(days=(rhythm.on - day.weekday()) % 7)
        case Beat.MONTH:
            here = _day_in(rhythm, day.year, day.month)
            if here >= day:
                return here
            is_last = day.month == _DECEMBER
            return _day_in(rhythm, day.year + is_last, 1 if is_last else day.month + 1)


def _day_in(rhythm: Rhythm, year: int, month: int) -> date:
    return date(year, month, min(rhythm.on, monthrange(year, month)[1]))


def period_suited(rhythm: Rhythm) -> OnePeriod:
    """What a report is about that names no period: what is over when it is sent."""
    match rhythm.beat:
        case Beat.DAY:
            return DaysAgo(1)
        case Beat.WEEK:
            return Around(Unit.WEEK, 1)
        case Beat.MONTH:
            return Around(Unit.MONTH, 1)


class Paused(StrEnum):
    """Why a schedule sends nothing."""

    ASKED = "asked"
    """Its owner wanted that."""
    RIGHTS = "rights"
    """Its owner may not see any more what it tells."""
    GONE = "gone"
    """What it is about is not there any more."""
    CHANNEL = "channel"
    """Hourlink cannot write there."""
    SHARED = "shared"
    """People of other organisations read the channel."""
    UNWANTED = "unwanted"
    """Who got it does not want it."""
    LEFT = "left"
    """Who got it is not here any more."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is sent."""

    period: PeriodWords
    group: Group | None
    filters: Filters
    for_team: bool
    forms: tuple[str, ...] = ()
    """Pictures and files that come with it."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """A report that is sent again and again."""

    id: ScheduleId
    team_id: TeamId
    owner_id: MemberId
    rhythm: Rhythm
    told: Told
    reach: Reach
    """Whose time its owner could see when it was made; it never tells more."""
    channel_id: str | None
    member_id: MemberId | None
    """Who gets it; neither is its owner."""
    due_at: datetime | None
    """When it is sent next; None while it is paused."""
    paused: Paused | None = None

    @property
    def is_for_owner(self) -> bool:
        """Nobody else sees it."""
        return self.channel_id is None and self.member_id is None


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """A schedule as a list shows it."""

    schedule: Schedule
    owner: str
    to: SlackUserId | None
    """Who else gets it."""
    about: tuple[str, ...]
    """Names of what it is about; empty for everything."""
    zone: str
    next_at: datetime | None
    """On its owner's wall clock."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that it is sent."""

    schedule: Schedule
    report: TeamReport
    """A page of rows, with no money that who reads it may not see."""
    every_row: TeamReport
    """The same with all of its rows."""
    to: str
    """A Slack user id, or a channel's."""
    owner: Member


@dataclass(frozen=True, slots=True)
class ScheduleList:
    """A page of schedules."""

    views: tuple[ScheduleView, ...]
    page: int
    number: int
    of_everybody: bool


@dataclass(eq=False)
class TooManySchedules(NotPossible):
    """One person has no more than so many."""

    most: int


@dataclass(eq=False)
class FilesForOthers(NotPossible):
    """Files with entries go to nobody but who scheduled them."""


@dataclass(eq=False)
class NoChannelHere(NotPossible):
    """``here`` is a direct message."""

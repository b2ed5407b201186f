"""What a member finds when they open Hourlink (T8)."""

from bot.domain.ids import TimeEntryId
from bot.domain.people.account_links import Standing
from bot.domain.preferences import StartPage
from bot.domain.tasks.finding import Candidate
from bot.domain.tracking.timesheet import Day, Week, WeekStands
from bot.domain.tracking.tracking import RunningTimer
from bot.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class MemberHome:
    """A member's own time, and what they may go on with."""

    timer: RunningTimer | None
    day: Day
    week: Week
    recent: tuple[Candidate, ...]
    """What they tracked lately and may track now, the latest first; not what runs."""
    assigned: tuple[Candidate, ...]
    """Open tasks that are assigned to them and not among the recent ones."""
    can_track: bool
    """There is anything at all that they may track on."""
    is_on_projects: bool = True
    """They belong to some project, perhaps one whose time they only look after."""
    standings: tuple[Standing, ...] = ()
    """Where they stand with each connected site."""
    admins: tuple[str, ...] = ()
    """Whom they can ask, where no site is connected, or a guest was asked to none."""
    again: TimeEntryId | None = None
    """The last entry on the first of the recent ones, to be gone on with."""
    manages: bool = False
    """They manage a project, and so may see who is tracking on it."""
    start_page: StartPage = StartPage.TIME
    last_week: WeekStands | None = None
    """Where the week before stands, until it is approved."""

"""One project as its summary tells it (L11, M3)."""

from datetime import date, datetime
from enum import IntEnum, StrEnum

from bot.domain.entries.entries import TaskLabel
from bot.domain.ids import IntegrationId, ProjectId, TimeEntryId
from bot.domain.linking.overview import LastRun
from bot.domain.projects.project_lists import SourceLabel
from bot.domain.projects.project_money import NO_MONEY, ProjectMoney
from bot.domain.states import IntegrationState
from bot.domain.values import dataclass
from bot.domain.writing.worklogs import WorklogShown

MOST_NAMED = 15
MOST_RANKED = 5
MOST_RECENT = 5
MOST_LINKS = 5
ENTRIES_SHOWN = 15
"""On a page of the list of entries."""


class Colour(StrEnum):
    """What a project looks like in charts."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    GREEN = "green"
    BLUE = "blue"
    PURPLE = "purple"
    BROWN = "brown"
    BLACK = "black"


class Standing(IntEnum):
    """What somebody is to a project, least first."""

    MEMBER = 0
    """Belongs to it: sees it and their own time on it."""
    MANAGER = 1
    """Sees everybody's time on it."""
    ADMIN = 2


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A provider project that feeds the project."""

    source: SourceLabel
    tasks: int
    """That still exist there."""
    linked_by: str | None
    """None when the link policy did it."""
    linked_at: datetime


@dataclass(frozen=True, slots=True)
class SyncLine:
    """How an integration that feeds the project is."""

    integration_id: IntegrationId
    site_name: str
    state: IntegrationState
    synced_at: datetime | None
    last_run: LastRun | None


@dataclass(frozen=True, slots=True)
class Hours:
    """Finished seconds."""

    week: int = 0
    month: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class PersonHours:
    """A person's time on the project."""

    name: str
    hours: Hours


@dataclass(frozen=True, slots=True)
class TaskHours:
    """Time on one of the project's tasks, or on the project without one."""

    on: TaskLabel
    hours: Hours


@dataclass(frozen=True, slots=True)
class RecentEntry:
    """One of the last entries."""

    id: TimeEntryId
    person: str
    on: TaskLabel
    work_date: date
    seconds: int
    note: str
    worklog: WorklogShown | None = None
    """Where it stands in its tool."""


@dataclass(frozen=True, slots=True)
class ProjectEntries:
    """A page of the entries on a project, the newest first."""

    id: ProjectId
    name: str
    standing: Standing
    """Of who asks; members see their own."""
    entries: tuple[RecentEntry, ...]
    page: int
    has_more: bool
    may_edit: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectSummary:
    """What somebody may know of a project."""

    id: ProjectId
    name: str
    code: str
    colour: Colour | None
    standing: Standing
    """Of who asks."""
    follows_name: bool
    """Its name is the provider's, as long as it is linked."""
    archived_at: datetime | None
    """Here."""
    is_archived_there: bool
    links: tuple[LinkLine, ...]
    """The first few."""
    links_total: int
    syncs: tuple[SyncLine, ...]
    managers: tuple[str, ...]
    people: tuple[str, ...]
    """The first few, by name."""
    people_total: int
    running: int
    """Timers on it; one's own where who asks is a member."""
    hours: Hours
    """Everybody's; one's own where who asks is a member."""
    by_person: tuple[PersonHours, ...] = ()
    """Who has most, first; none for members."""
    by_person_total: int = 0
    by_task: tuple[TaskHours, ...] = ()
    by_task_total: int = 0
    recent: tuple[RecentEntry, ...] = ()
    money: ProjectMoney = NO_MONEY

    @property
    def is_archived(self) -> bool:
        """Its timer is off."""
        return self.archived_at is not None or self.is_archived_there

    @property
    def may_edit(self) -> bool:
        """Time on it may be changed by who asks, as far as archiving goes (A3)."""
        return not self.is_archived or self.standing is Standing.ADMIN

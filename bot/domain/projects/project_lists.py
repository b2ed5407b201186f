"""The Projects section as values: which projects a list shows, and what it tells of each (L11)."""

from datetime import datetime
from enum import StrEnum

from bot.domain.ids import IntegrationId, ProjectId, ProviderProjectId
from bot.domain.states import IntegrationState
from bot.domain.values import dataclass

PAGE_SIZE = 20
LONGEST_SEARCH = 100
MOST_NAMED = 20
"""Names of what is ticked."""


class Shown(StrEnum):
    """Which projects a list shows."""

    IN_USE = "in_use"
    """Ours, connected and internal, without the archived."""
    CONNECTED = "connected"
    INTERNAL = "internal"
    ARCHIVED = "archived"
    UNLINKED = "unlinked"
    """Provider projects that wait for a decision."""
    IGNORED = "ignored"
    """Provider projects that were set aside."""
    LEFT_OUT = "left_out"
    """Provider projects that are offered to nobody: archived, personal, or left out by rules."""

    @property
    def is_ours(self) -> bool:
        """A list of projects, not of provider projects."""
        return self not in {Shown.UNLINKED, Shown.IGNORED, Shown.LEFT_OUT}


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What a list is asked for."""

    shown: Shown = Shown.IN_USE
    integration_id: IntegrationId | None = None
    """Only what comes from this integration."""
    text: str = ""
    page: int = 0
    selection: int | None = None
    """The list's ticks, while several are being chosen."""
    turn: int = 0
    """Counts how often the list was drawn: Slack keeps ticks by the names of their blocks."""


@dataclass(frozen=True, slots=True)
class SourceLabel:
    """A provider project and where it is, as people know it."""

    id: ProviderProjectId
    name: str
    key: str | None
    url: str
    integration_id: IntegrationId
    provider: str
    """The adapter's slug."""
    site_name: str
    workspace_name: str
    site_state: IntegrationState = IntegrationState.ACTIVE
    is_archived: bool = False
    is_gone: bool = False
    is_personal: bool = False
    is_left_out: bool = False
    """By the integration's rules."""


@dataclass(frozen=True, slots=True)
class ListedProject:
    """A project in a list."""

    id: ProjectId
    name: str
    code: str
    is_archived_here: bool
    source: SourceLabel | None
    """What feeds it; the first where several do."""
    sources: int
    is_archived_there: bool = False
    """Everything that feeds it is archived in its tool."""
    people: int = 0
    seconds: int = 0
    """Finished this month; one's own where the list is a member's."""
    running: int = 0
    """Timers that run."""


@dataclass(frozen=True, slots=True)
class ListedSource:
    """An unlinked or ignored provider project in a list."""

    source: SourceLabel
    ignored_at: datetime | None = None
    ignored_by: str | None = None


@dataclass(frozen=True, slots=True)
class Ticks:
    """How much is ticked on all pages together."""

    projects: int = 0
    provider_projects: int = 0

    @property
    def total(self) -> int:
        """Of both kinds."""
        return self.projects + self.provider_projects


@dataclass(frozen=True, slots=True)
class ChosenProjects:
    """The projects that are ticked."""

    names: tuple[str, ...] = ()
    """The first few."""
    total: int = 0
    connected: int = 0
    open: int = 0
    """Not archived here."""


@dataclass(frozen=True, slots=True)
class ChosenSources:
    """The provider projects that are ticked and still without a link."""

    names: tuple[str, ...] = ()
    total: int = 0
    unlinked: int = 0
    """They wait for a decision."""
    ignored: int = 0


@dataclass(frozen=True, slots=True)
class Chosen:
    """Everything that is ticked, as it is now."""

    projects: ChosenProjects = ChosenProjects()
    sources: ChosenSources = ChosenSources()


@dataclass(frozen=True, slots=True)
class SiteChoice:
    """An integration that a list can be narrowed to."""

    id: IntegrationId
    provider: str
    site_name: str


@dataclass(frozen=True, slots=True)
class ProjectsPage:
    """One page of a list."""

    query: ListQuery
    """As it was answered: the page is one that there is."""
    total: int
    projects: tuple[ListedProject, ...] = ()
    sources: tuple[ListedSource, ...] = ()
    counts: tuple[tuple[Shown, int], ...] = ()
    """How much each filter shows, without the search; those that the asker may choose."""
    sites: tuple[SiteChoice, ...] = ()
    ticked: frozenset[int] = frozenset()
    """Ids of this page that are ticked."""
    ticks: Ticks = Ticks()
    is_admin: bool = False

    @property
    def pages(self) -> int:
        """How many there are, one at least."""
        return max(1, -(-self.total // PAGE_SIZE))

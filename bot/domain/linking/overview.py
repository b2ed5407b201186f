"""What an admin sees of everything that is connected (L10)."""

from bot.domain.linking.announcements import Announcement
from bot.domain.linking.integrations import Integration
from bot.domain.operating.installations import Lacking
from bot.domain.people.account_links import AccountLink, Standing
from bot.domain.states import SyncRunState
from bot.domain.values import dataclass
from bot.domain.writing.worklogs_shown import Unwritten


@dataclass(frozen=True, slots=True)
class LastRun:
    """The newest sync run of an integration."""

    state: SyncRunState
    error: str | None


@dataclass(frozen=True, slots=True)
class ProjectCounts:
    """Provider projects of an integration."""

    linked: int = 0
    unlinked: int = 0
    ignored: int = 0
    deleted: int = 0
    """Of the linked ones, those that are gone in the tool."""
    left_out: int = 0
    """By the integration's rules; they can still be linked one by one."""


@dataclass(frozen=True, slots=True)
class OwnCounts:
    """Projects of ours."""

    connected: int = 0
    internal: int = 0
    archived: int = 0


@dataclass(frozen=True, slots=True)
class PeopleCounts:
    """Members and their account links to an integration."""

    connected: int = 0
    invited: int = 0
    waiting: int = 0
    """For an admin's approval."""
    declined: int = 0
    unreachable: int = 0
    """Their last message could not be delivered."""


@dataclass(frozen=True, slots=True)
class IntegrationOverview:
    """How one integration is."""

    integration: Integration
    projects: ProjectCounts
    people: PeopleCounts
    last_run: LastRun | None


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything connected, and what needs a person."""

    integrations: tuple[IntegrationOverview, ...]
    approvals: tuple[AccountLink, ...] = ()
    """Account links that wait for an admin, oldest first; the first few."""
    approvals_total: int = 0
    undelivered: tuple[Announcement, ...] = ()
    """Announcements of which nobody knows that they arrived; the first few."""
    undelivered_total: int = 0
    own: OwnCounts = OwnCounts()
    running: int = 0
    """Timers that run now."""
    unwritten: tuple[Unwritten, ...] = ()
    """What failed to be written to tools, or waits for a decision."""
    lacking: Lacking | None = None
    """What Slack does not let Hourlink do."""

    @property
    def unlinked(self) -> int:
        """Provider projects that wait for a link."""
        return sum(one.projects.unlinked for one in self.integrations)


@dataclass(frozen=True, slots=True)
class OwnProject:
    """A project that a member may track on."""

    name: str
    provider: str
    """The slug of the tool that it comes from; empty for an internal project."""
    site: str


@dataclass(frozen=True, slots=True)
class OwnOverview:
    """What is linked, as far as it is a member's to see."""

    projects: tuple[OwnProject, ...]
    """The first few by name."""
    total: int
    standings: tuple[Standing, ...]
    """Every connected site, and where they stand there."""
    admins: tuple[str, ...]
    """Who links, by name."""

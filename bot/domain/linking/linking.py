"""Linking provider projects to projects: values, and what can go wrong."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from bot.domain.errors import AlreadyDone, NotFound, NotPossible
from bot.domain.ids import IntegrationId, ProjectId, ProviderProjectId
from bot.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class UnlinkedProject:
    """A provider project that may be linked."""

    id: ProviderProjectId
    integration_id: IntegrationId
    provider: str
    """The adapter's slug."""
    site_name: str
    workspace_name: str
    name: str
    key: str | None
    is_left_out: bool = False
    """The integration's rules leave it out; a person may link it all the same."""


@dataclass(frozen=True, slots=True)
class Target:
    """A project of ours that something may be linked to."""

    id: ProjectId
    name: str
    code: str
    is_connected: bool = False
    is_archived: bool = False


@dataclass(frozen=True, slots=True)
class LinkWish:
    """One row of *Connect projects*; no project means a new one of the same name."""

    provider_project_id: ProviderProjectId
    project_id: ProjectId | None = None
    fresh: bool = False
    """The tasks of an earlier link freeze, and new ones take over; else they are resumed."""


@dataclass(frozen=True, slots=True)
class FormerLink:
    """What a provider project was linked to before, and what a new link would resume."""

    project: str
    project_is_archived: bool
    tasks: int
    by: str | None
    """Who ended it, by name."""
    at: datetime


class How(StrEnum):
    """How a provider project found its project."""

    CREATED = "created"
    EXISTING = "existing"
    RESUMED = "resumed"
    """Linked again to the project it was linked to before."""
    MOVED = "moved"
    """Linked before to another project; its tasks move, tracked time stays there."""
    FRESH = "fresh"
    """Linked before; the tasks of then are frozen and new ones are read."""


@dataclass(frozen=True, slots=True)
class Linked:
    """A link that was just made."""

    provider_project_id: ProviderProjectId
    provider_project: str
    project_id: ProjectId
    project: str
    code: str
    how: How
    joined: int = 0
    """Members whom the policy added to the project."""
    former: str = ""
    """The project that it was linked to before."""
    tasks: int = 0
    """Tasks of before: resumed, moved or frozen."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Several things are meant by the words; a person picks."""

    text: str
    provider_projects: tuple[UnlinkedProject, ...]
    projects: tuple[Target, ...]
    create: bool
    """A new project is wanted, so only the provider project is open."""


class Skip(StrEnum):
    """Why *Connect all* leaves a provider project alone."""

    ARCHIVED = "archived"
    PERSONAL = "personal"
    IGNORED = "ignored"
    LEFT_OUT = "left out"
    """By the integration's rules."""
    SEVERAL_NAMESAKES = "several namesakes"
    """More than one project, or provider project, has this name: a person must choose."""


class PlannedLink(NamedTuple):
    """One line of what *Connect all* will do; a tuple, because there may be very many."""

    provider_project_id: ProviderProjectId
    integration_id: IntegrationId
    name: str
    """The provider project's."""
    how: How
    project_id: ProjectId | None = None
    project: str = ""
    """Empty where a new one is created."""


class LeftAlone(NamedTuple):
    """One line of what *Connect all* leaves alone, and why."""

    name: str
    integration_id: IntegrationId
    why: Skip


@dataclass(frozen=True, slots=True)
class Plan:
    """What *Connect all* will do, and what it leaves alone."""

    links: tuple[PlannedLink, ...] = ()
    skipped: tuple[LeftAlone, ...] = ()


@dataclass(frozen=True, slots=True)
class LinkedProject:
    """A provider project and the project it feeds now."""

    provider_project_id: ProviderProjectId
    provider_project: str
    key: str | None
    integration_id: IntegrationId
    provider: str
    site_name: str
    project_id: ProjectId
    project: str
    code: str


@dataclass(frozen=True, slots=True)
class UnlinkPreview:
    """What unlinking would do, or did."""

    links: tuple[LinkedProject, ...]
    """One at least."""
    tasks: int
    """These become read-only."""
    seconds: int
    """Tracked on the projects, as far as nothing else feeds them; stays in reports."""
    running: int
    """Timers that are stopped and kept."""
    left_out: int = 0
    """Of what was asked for, and is not linked."""
    owed: int = 0
    """Entries that are not written to the tool yet."""
    writes_owed: bool = True
    """They still are."""


@dataclass(eq=False)
class AlreadyLinked(AlreadyDone):
    """Somebody linked it before."""

    provider_project_id: ProviderProjectId
    provider_project: str
    project: str
    by: str | None
    """A name; None when the link policy did it."""
    at: datetime


@dataclass(eq=False)
class AlreadyIgnored(AlreadyDone):
    """Somebody set it aside before."""

    provider_project: str
    by: str | None
    at: datetime


@dataclass(eq=False)
class AlreadyUnlinked(AlreadyDone):
    """It is not linked, or no longer."""

    provider_project: str
    by: str | None = None
    at: datetime | None = None


@dataclass(eq=False)
class NotIgnored(AlreadyDone):
    """Somebody took it back before."""

    provider_project: str


@dataclass(eq=False)
class ProviderProjectIgnored(NotPossible):
    """It was set aside; that can be undone."""

    provider_project_id: ProviderProjectId
    provider_project: str
    by: str | None
    at: datetime


@dataclass(eq=False)
class ProviderProjectGone(NotPossible):
    """It was deleted or hidden in the provider."""

    provider_project: str


@dataclass(eq=False)
class ProviderProjectArchived(NotPossible):
    """It is archived in the provider."""

    provider_project: str


@dataclass(eq=False)
class IntegrationDisconnected(NotPossible):
    """The site it comes from is not connected any more."""

    site_name: str


@dataclass(eq=False)
class TargetArchived(NotPossible):
    """The project to link to is archived."""

    project: str


@dataclass(eq=False)
class ChosenTwice(NotPossible):
    """One provider project stands in two rows."""

    provider_project_id: ProviderProjectId


@dataclass(eq=False)
class NothingToLink(NotPossible):
    """No provider project is waiting to be linked."""


@dataclass(eq=False)
class ProjectExists(AlreadyDone):
    """A project of this name is there already."""

    project: str
    code: str


@dataclass(eq=False)
class ProviderProjectUnknown(NotFound):
    """No unlinked provider project is called that."""

    text: str
    nearest: tuple[str, ...] = ()
    linked: tuple[tuple[str, str], ...] = ()
    """Where several linked ones are called that: each, and its project."""


@dataclass(eq=False)
class ProjectUnknown(NotFound):
    """No project is called that."""

    text: str
    nearest: tuple[str, ...] = ()


@dataclass(eq=False)
class IntegrationUnknown(NotFound):
    """No integration is called that."""

    text: str
    known: tuple[str, ...] = ()

"""Tasks and projects as somebody in particular may, or may not, track time on them."""

from enum import StrEnum
from typing import NamedTuple, TypeAlias

from bot.domain.entries.entries import TaskLabel
from bot.domain.ids import IntegrationId, ProjectId, ProviderProjectId
from bot.domain.values import dataclass


class Obstacle(StrEnum):
    """What keeps a person from tracking time."""

    NOT_CONNECTED = "not_connected"
    """Their account on the integration is not connected (U8)."""
    NO_ACCESS = "no_access"
    """The provider says that their account may not see the provider project (A1)."""
    NOT_ON_PROJECT = "not_on_project"
    ARCHIVED = "archived"
    GONE = "gone"
    """The provider project is deleted, or its integration disconnected."""


class Source(NamedTuple):
    """The provider project that a project's tasks come from."""

    id: ProviderProjectId
    integration_id: IntegrationId
    provider: str
    """The adapter's slug."""
    site: str


class Place(NamedTuple):
    """A project, by one of the provider projects that feed it, if any do; a tuple as well."""

    project_id: ProjectId
    project_name: str
    source: Source | None
    obstacle: Obstacle | None
    is_known: bool = True
    """They belong to the project, or are an admin: its name may be told (A1)."""


class Candidate(NamedTuple):
    """Something that words may have meant; a tuple, because they are many."""

    on: TaskLabel
    place: Place
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """One match, and it may be tracked."""

    candidate: Candidate
    note: str = ""
    """What else stood among the words, where a key in them named it."""


@dataclass(frozen=True, slots=True)
class Several:
    """More than one match: a person chooses."""

    candidates: tuple[Candidate, ...]
    """The likeliest first; not all where there are very many."""
    total: int
    is_all: bool = True
    """False where so much was searched that there may be more."""
    within: str = ""
    """The project that alone was searched, because the channel prefers it."""
    note: str = ""
    """What else stood among the words, where a key in them named these."""


@dataclass(frozen=True, slots=True)
class NothingFound:
    """No match that this person can track."""

    near: tuple[Candidate, ...] = ()
    """What is spelled most like it."""
    within: str = ""
    """The project that the channel prefers; what is near is elsewhere."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What time can be put on, that fits some words."""

    tasks: tuple[Candidate, ...]
    projects: tuple[Candidate, ...]
    """As such, without a task; none where the team tracks on tasks only."""


Search: TypeAlias = Found | Several | NothingFound

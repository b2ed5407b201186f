"""A task under a link to it, as everybody in a channel may see it (T10)."""

from bot.domain.ids import ProjectId, TaskId
from bot.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Linked:
    """A task at an address that somebody posted."""

    task_id: TaskId
    url: str
    """As it was posted."""


@dataclass(frozen=True, slots=True)
class Details:
    """What only those may see who are in a channel of the task's project."""

    title: str
    project_name: str
    status: str
    is_done: bool
    tracked_seconds: int
    """By everybody."""
    estimate_seconds: int | None


@dataclass(frozen=True, slots=True)
class Unfurl:
    """What is shown."""

    task_id: TaskId
    key: str
    project_id: ProjectId
    details: Details | None
    """None where the channel is not the project's."""

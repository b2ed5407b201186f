"""Projects as people manage them: values, and what can go wrong."""

from dataclasses import dataclass

from bot.domain.errors import AlreadyDone, NotAllowed, NotPossible
from bot.domain.ids import MemberId, ProjectId
from bot.domain.linking import Target


@dataclass(frozen=True, slots=True)
class ManagerWish:
    """Somebody is to manage a project, or no longer."""

    member_id: MemberId
    member: str
    projects: tuple[Target, ...]
    """What the words mean: one is an answer, several are a question."""
    remove: bool


@dataclass(frozen=True, slots=True)
class ManagerChange:
    """Somebody manages a project now, or no longer."""

    member: str
    project_id: ProjectId
    project: str
    manages: bool
    joined: bool = False
    """They were not on the project before."""


class ManagerOnly(NotAllowed):
    """Only admins and the project's managers may do this."""


@dataclass(eq=False)
class AlreadyManager(AlreadyDone):
    """They manage the project already."""

    member: str
    project: str


@dataclass(eq=False)
class NotManager(AlreadyDone):
    """They do not manage the project."""

    member: str
    project: str


@dataclass(eq=False)
class MemberLeft(NotPossible):
    """The person is deactivated in Slack."""

    member: str

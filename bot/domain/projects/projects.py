"""Projects as people manage them: values, and what can go wrong."""

from bot.domain.errors import AlreadyDone, NotAllowed, NotPossible
from bot.domain.ids import MemberId, ProjectId, SlackUserId
from bot.domain.linking.linking import Target
from bot.domain.projects.project_lists import SourceLabel
from bot.domain.projects.project_summary import Colour
from bot.domain.values import dataclass


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
    project: str
    manages: bool
    joined: bool = False
    """They were not on the project before."""


@dataclass(frozen=True, slots=True)
class PeopleForm:
    """Who can be put on projects and taken off them."""

    project: str | None
    """None where several are meant."""
    projects: int
    managers: tuple[SlackUserId, ...] = ()
    """Of the one project."""


@dataclass(frozen=True, slots=True)
class PeopleWish:
    """What somebody chose in the form."""

    add: tuple[SlackUserId, ...]
    remove: tuple[SlackUserId, ...]
    managers: tuple[SlackUserId, ...] | None = None
    """Everybody who manages the one project from now on; None leaves that as it is."""

    @property
    def everybody(self) -> frozenset[SlackUserId]:
        """Whoever is named."""
        return frozenset((*self.add, *self.remove, *(self.managers or ())))


@dataclass(frozen=True, slots=True)
class PeopleChanged:
    """What became of it."""

    projects: int
    added: tuple[str, ...]
    """Who is new on one project at least."""
    removed: tuple[str, ...]
    stopped: int = 0
    """Timers that were stopped and kept."""
    named: tuple[str, ...] = ()
    """Managers who were none before."""
    unnamed: tuple[str, ...] = ()
    unconnected: tuple[str, ...] = ()
    """Added to a connected project, without an account of theirs there."""
    strangers: int = 0
    """Chosen, but no people of this workspace."""


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


@dataclass(frozen=True, slots=True)
class ManagerNotice:
    """What somebody is told who manages a project now, or no longer."""

    slack_user_id: SlackUserId
    project_id: ProjectId
    project: str
    by: str
    """Who named them, or took it back; empty where nobody knows any more."""


@dataclass(frozen=True, slots=True)
class EditForm:
    """What can be changed about a project, as it is now."""

    id: ProjectId
    name: str
    code: str
    colour: Colour | None
    named_there: SourceLabel | None
    """What gives it its name, so that it is renamed there and not here (A4)."""
    writes_time: bool = True
    """Its time is written to the tools that it comes from."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What somebody wrote into the form."""

    name: str | None
    """None where the form offers no name."""
    code: str
    colour: Colour | None
    writes_time: bool | None = None
    """None where the form does not ask."""


@dataclass(frozen=True, slots=True)
class Edited:
    """A project's own facts were changed, or were so before."""

    is_changed: bool
    old_code: str
    code: str
    rekeyed: int
    """Tasks whose keys were made from the code."""


@dataclass(frozen=True, slots=True)
class ArchivePreview:
    """What archiving would do."""

    names: tuple[str, ...]
    """Of what would be archived."""
    archived: tuple[str, ...]
    """Of what is archived here already."""
    running: int
    """Timers that would be stopped and kept."""


@dataclass(frozen=True, slots=True)
class Archived:
    """What archiving, or bringing back, did."""

    names: tuple[str, ...]
    """Of what changed."""
    unchanged: int = 0
    """It was so before."""
    stopped: int = 0
    """Timers that were stopped and kept."""
    archived_there: tuple[str, ...] = ()
    """Of what was brought back here and stays archived, because its tool says so."""


@dataclass(eq=False)
class CodeTaken(NotPossible):
    """Another project has the code."""

    code: str
    project: str


@dataclass(eq=False)
class CodeUnfit(NotPossible):
    """A code has 2 to 5 Latin letters."""

    text: str


@dataclass(eq=False)
class NameFollows(NotPossible):
    """The project takes its name from its provider, and is renamed there."""

    project: str
    provider: str
    """The adapter's slug."""


class NothingTicked(NotPossible):
    """Something is to be done with what is ticked, and nothing is."""


@dataclass(eq=False)
class AddedAndRemoved(NotPossible):
    """The same people are to be put on and taken off."""

    people: int


class NothingToSync(NotPossible):
    """None of the projects comes from a connected tool."""

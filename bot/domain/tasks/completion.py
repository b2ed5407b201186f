"""Marking a task done in its provider, and open again (W5)."""

from datetime import datetime
from enum import StrEnum

from bot.domain.entries.entries import TaskLabel
from bot.domain.errors import AlreadyDone, NotPossible
from bot.domain.ids import (
    CompletionId,
    IntegrationId,
    MemberId,
    ProviderProjectId,
    SlackUserId,
    TaskId,
    TeamId,
)
from bot.domain.tasks.finding import Candidate
from bot.domain.tracking.tracking import RunningTimer
from bot.domain.values import dataclass


class CompletionState(StrEnum):
    """How far a wish for it has come."""

    PENDING = "pending"
    DONE = "done"
    """The provider says that the task is as it was wanted."""
    REFUSED = "refused"
    """The provider said no, and left the task as it was."""
    UNKNOWN = "unknown"
    """No answer came for so long that nobody asks any more."""


class Trouble(StrEnum):
    """What we know ourselves of why it did not come to pass, where a provider's words stand."""

    NO_ANSWER = "hourlink:no answer"
    BUSY = "hourlink:busy"
    CREDENTIALS = "hourlink:credentials"
    """The integration's credentials are not accepted, or cannot be opened."""
    OWN_KEY = "hourlink:own key"
    """The member's own key is not accepted any more."""
    GONE = "hourlink:gone"
    """The task is not there any more."""


@dataclass(frozen=True, slots=True)
class Completion:
    """Somebody wanted a task done, or open again."""

    id: CompletionId
    team_id: TeamId
    member_id: MemberId
    slack_user_id: SlackUserId
    on: TaskLabel
    provider: str
    """The adapter's slug."""
    site: str
    is_done: bool
    """What is wanted: done, or open again."""
    state: CompletionState
    reason: str
    """The provider's own words, or a ``Trouble``."""
    asked_at: datetime
    channel_id: str | None = None
    message_ts: str | None = None
    """The direct message that is edited until it holds the result."""

    @property
    def task_id(self) -> TaskId:
        """The task's.

        Raises:
            ValueError: it is on a project; there is none such.
        """
        if self.on.task_id is None:
            raise ValueError("only tasks are completed")
        return self.on.task_id


@dataclass(frozen=True, slots=True)
class CompletionWork:
    """What it takes to carry it out."""

    completion: Completion
    integration_id: IntegrationId
    place: ProviderProjectId
    external_id: str
    """The task's, in the provider."""
    sealed_credentials: str | None
    sealed_own: str | None
    """The member's own key there, which acts in their own name."""

    @property
    def keys(self) -> tuple[str | None, str | None]:
        """What opens the tool, still sealed."""
        return self.sealed_credentials, self.sealed_own


@dataclass(frozen=True, slots=True)
class Asked:
    """It was asked for just now."""

    completion: Completion
    timer: RunningTimer | None
    """The member's timer, where it runs on this very task: it goes on."""


@dataclass(frozen=True, slots=True)
class WhichToComplete:
    """The words mean several tasks, or none that can be completed."""

    words: str
    candidates: tuple[Candidate, ...]
    """Matches, or what is near them."""
    total: int
    """Matches in all; 0 where nothing matched."""


@dataclass(eq=False)
class CannotComplete(NotPossible):
    """The task's tool does not let Hourlink mark tasks done."""

    provider: str
    """Its name, for people."""


@dataclass(eq=False)
class ProjectsAreNotDone(NotPossible):
    """A project was named where a task is needed."""

    project_name: str


@dataclass(eq=False)
class StandsLikeThat(AlreadyDone):
    """The task is done, or open, already, as far as the last sync says."""

    on: TaskLabel
    is_done: bool


@dataclass(eq=False)
class CompletionUnderWay(AlreadyDone):
    """Somebody asked before, and the provider has not answered yet."""

    on: TaskLabel
    is_done: bool
    by: str | None
    """Who; None where it was the same person."""

"""The contract between Hourlink and an adapter.

An adapter is one class for one provider. It translates, once, between that provider's API and
the values below; nobody else knows the provider's words. All ids are the provider's immutable
ones, as text; keys and names are attributes that may change.

A capability is a small Protocol of its own. ``Capability`` names it, an adapter declares it, and
the registry refuses an adapter whose flags and methods disagree.
"""

from collections.abc import AsyncIterator, Collection, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar, Generic, Protocol, TypeVar, runtime_checkable
from zoneinfo import ZoneInfo

from bot.domain.values import dataclass
from bot.integrations.hooks import SendsHooks, SetsUpHooks
from bot.integrations.oauth import OAuth

Item = TypeVar("Item")


class Capability(StrEnum):
    """What a provider's API lets Hourlink do beyond reading projects, tasks and accounts."""

    ACCESS = "access"
    """Says which accounts may see a project."""
    INCREMENTAL = "incremental"
    """Can list only the tasks changed since a moment."""
    CHANGED_PROJECTS = "changed_projects"
    """Can say in a call or two in which projects tasks have changed since a moment."""
    TIME = "time"
    """Takes time: as records of its own, or as comments on its tasks (``Descriptor.time_kept``)."""
    ESTIMATES = "estimates"
    """Can take written time off what a task is estimated to need still."""
    COMPLETION = "completion"
    """Can mark a task done and take that back."""
    HOOKS = "hooks"
    """Tells by itself what has changed, by webhooks that prove who sends them."""
    HOOK_SETUP = "hook_setup"
    """Its webhooks can be set up through its API; else a person does it in its settings."""


class TimeKept(StrEnum):
    """As what a provider keeps the time that is written to it."""

    RECORDS = "records"
    COMMENTS = "comments"
    """It has no time records; each worklog is a comment that names member, day and duration."""


class FieldKind(StrEnum):
    """How a credential is asked for and shown."""

    TEXT = "text"
    URL = "url"
    SECRET = "secret"  # noqa: S105 - a kind of field, not a secret


@dataclass(frozen=True, slots=True)
class CredentialField:
    """One row of the connect form."""

    name: str
    label: str
    kind: FieldKind
    hint: str = ""
    placeholder: str = ""
    optional: bool = False


Credentials = Mapping[str, str]
"""What was typed into the connect form, by field name."""


@dataclass(frozen=True, slots=True)
class Site:
    """The answer of a successful check: what these credentials open."""

    external_id: str
    """Identity of the account or site; connecting the same one twice is refused by it."""
    name: str
    """What people call it: ``acme.atlassian.net``."""
    url: str
    account_name: str
    """In whose name the credentials act."""
    account_id: str | None = None
    """The same as one of ``accounts()``; None where the provider does not say.

    It is the proof that somebody's own credentials are that person's, so it is what the provider
    itself answers about whoever calls, never something that was typed.
    """
    warnings: tuple[str, ...] = ()
    """Plain sentences about what these credentials cannot see or do."""


@dataclass(frozen=True, slots=True)
class ProviderProject:
    """A project as the provider tells it."""

    external_id: str
    name: str
    url: str
    """Where a browser shows it; empty where there is no such page."""
    key: str | None = None
    """Short prefix of task keys where the provider has one (``WEB``), or a slug."""
    workspace_id: str = ""
    workspace_name: str = ""
    is_archived: bool = False
    is_personal: bool = False


@dataclass(frozen=True, slots=True)
class AlsoIn:
    """One more project that a task is in, and where it stands there."""

    project_id: str
    section: str = ""


@dataclass(frozen=True, slots=True)
class ProviderTask:
    """A task as the provider tells it."""

    external_id: str
    project_id: str
    """The ``external_id`` of its project."""
    title: str
    url: str
    """Where a browser shows it; empty where there is no such page."""
    key: str | None = None
    """The provider's own full key (``WEB-12``); None where it has only numbers or nothing."""
    number: int | None = None
    """The provider's own number within its site, where it has one."""
    is_done: bool = False
    status: str = ""
    section: str = ""
    labels: tuple[str, ...] = ()
    assignee_ids: tuple[str, ...] = ()
    estimate_seconds: int | None = None
    updated_at: datetime | None = None
    """Aware, UTC."""
    also_in: tuple[AlsoIn, ...] = ()
    """Where a provider lets a task be in several projects. ``tasks`` lists it in each of them,
    with that project's id; it is kept in one that is linked, and does not wander."""


@dataclass(frozen=True, slots=True)
class ProviderAccount:
    """A person as the provider tells them."""

    external_id: str
    name: str
    email: str | None = None
    email_is_verified: bool = False
    """True only where the provider itself vouches for the address."""
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some items, and from where to read on after them."""

    items: tuple[Item, ...]
    cursor: str | None = None
    """Give it back to continue after this page, even in another process; None on the last."""


@dataclass(frozen=True, slots=True)
class Worklog:
    """A finished time entry on its way to the provider."""

    marker: str
    """Unique per time entry; the adapter stores it so that ``find_time`` can see it again."""
    task_id: str
    seconds: int
    day: date
    """The member's local day."""
    started_at: datetime | None
    """Aware; None for a duration without clock times."""
    note: str
    account_id: str | None
    """Whose time it is, as a provider account; never written as anybody else's in silence.

    None writes it in the credentials' own name, with the member named in the text.
    """
    member_name: str
    zone: ZoneInfo | None = None
    """The member's: where the provider keeps moments and no days, this says on which day they are.
    """


@dataclass(frozen=True, slots=True)
class WorklogRecord:
    """A time record as it stands in the provider."""

    external_id: str
    seconds: int
    """As the provider keeps it, after its own rounding."""
    day: date
    version: str = ""
    """Changes whenever somebody changes what ``update_time`` would overwrite; only compare it."""


@dataclass(frozen=True, slots=True)
class Descriptor:
    """What is known of an adapter without any credentials."""

    slug: str
    name: str
    icon: str
    """A Slack emoji name with its colons, for example ``:card_index:``."""
    capabilities: frozenset[Capability]
    credentials: tuple[CredentialField, ...]
    own_credentials: tuple[CredentialField, ...] = ()
    """What a member types to sign in for themselves: some of ``credentials``, by name, among them
    every secret that is needed. The rest, an address for example, is the integration's; a hint may
    name it, ``{url}``, and is shown with what it is.

    Empty where the provider gives people no keys of their own. Otherwise ``check()`` with them
    says whose they are: ``Site.account_id``.
    """
    oauth: OAuth | None = None
    """Where people sign in instead of pasting a key, if the operator has registered Hourlink."""
    time_kept: TimeKept = TimeKept.RECORDS
    """What the methods of TIME write; comments are written only where an admin asks for it."""
    hook_steps: str = ""
    """Where a person enters a webhook's address and secret: plain sentences, needed by HOOKS."""
    hooks_by_hand: bool = True
    """False where nobody can enter them, because the tool makes the secret itself: then
    ``hook_steps`` says what lets Hourlink set the webhooks up."""


class Adapter(Protocol):
    """What every provider can do. One instance serves one integration.

    Every method may raise the errors of ``bot.integrations.errors`` and nothing else on purpose.
    """

    descriptor: ClassVar[Descriptor]

    @property
    def requests(self) -> int:
        """Calls made to the provider so far, for run history."""
        ...

    async def check(self) -> Site:
        """Makes one harmless call that proves the credentials."""
        ...

    def projects(self, cursor: str | None = None) -> AsyncIterator[Page[ProviderProject]]:
        """Every project these credentials see, archived ones too where the API shows them."""
        ...

    async def project(self, external_id: str) -> ProviderProject | None:
        """Re-reads one project; None only when the provider says that it is gone or hidden."""
        ...

    def tasks(
        self, project_id: str, since: datetime | None = None, cursor: str | None = None
    ) -> AsyncIterator[Page[ProviderTask]]:
        """The tasks of one project, done ones too, without those of its sub-projects.

        With ``since`` (aware) an adapter that is INCREMENTAL may leave out tasks not changed
        from that moment on; any other adapter ignores it.
        """
        ...

    async def task(self, external_id: str) -> ProviderTask | None:
        """Re-reads one task; None only when the provider says that it is gone or hidden."""
        ...

    def accounts(self, cursor: str | None = None) -> AsyncIterator[Page[ProviderAccount]]:
        """The people these credentials see."""
        ...

    async def account(self, external_id: str) -> ProviderAccount | None:
        """Re-reads one person; None only when the provider says that they are no longer there.

        That is somebody deleted, merged into another account, or removed from the site or
        workspace. Who may only be hidden from these credentials is a ProviderRefused.
        """
        ...


@runtime_checkable
class ReportsAccess(Protocol):
    """Capability.ACCESS."""

    async def access(self, project_id: str) -> frozenset[str] | None:
        """Ids of the accounts that may see the project; None means everyone may."""
        ...


@runtime_checkable
class NamesChangedProjects(Protocol):
    """Capability.CHANGED_PROJECTS."""

    async def changed_projects(
        self, project_ids: Collection[str], since: datetime
    ) -> frozenset[str] | None:
        """Which of these projects have tasks made or edited from that moment on (aware).

        A project too many costs a list; one too few hides its changes until the daily sweep.
        None where so much has changed that reading them all is no more work.
        """
        ...


@runtime_checkable
class KeepsTime(Protocol):
    """Capability.TIME."""

    async def write_time(self, worklog: Worklog) -> WorklogRecord:
        """Creates a record or comment. Not idempotent: look with ``find_time`` before repeating."""
        ...

    async def update_time(self, external_id: str, worklog: Worklog) -> WorklogRecord:
        """Makes an existing record say what the worklog says.

        Where records cannot move, another task means another record: keep the id that comes back.
        """
        ...

    async def delete_time(self, external_id: str) -> None:
        """Removes a record; one that is already gone is no error."""
        ...

    async def find_time(self, worklog: Worklog) -> WorklogRecord | None:
        """Looks for the record that carries this worklog's marker."""
        ...


@runtime_checkable
class RecallsTime(Protocol):
    """No capability: for a provider that gives the id of a removed record to a later one."""

    async def recall_time(self, external_id: str, worklog: Worklog) -> WorklogRecord | None:
        """The record with this id, if it is the same person's on the same task; else None.

        Asked before a record that lost its marker is changed or removed by its id alone.
        """
        ...


@runtime_checkable
class ReducesEstimates(Protocol):
    """Capability.ESTIMATES."""

    async def reduce_estimates(self) -> None:
        """From here on, writing, changing and removing time moves the remaining estimate too.

        Nothing is called yet. Without it estimates stay as people set them.
        """
        ...


@runtime_checkable
class CompletesTasks(Protocol):
    """Capability.COMPLETION."""

    async def complete(self, task_id: str) -> ProviderTask:
        """Marks a task done and returns it as re-read; ProviderRefused when that is forbidden."""
        ...

    async def reopen(self, task_id: str) -> ProviderTask:
        """Takes a completion back and returns the task as re-read."""
        ...


PROTOCOLS: Mapping[Capability, type] = {
    Capability.ACCESS: ReportsAccess,
    Capability.CHANGED_PROJECTS: NamesChangedProjects,
    Capability.TIME: KeepsTime,
    Capability.ESTIMATES: ReducesEstimates,
    Capability.COMPLETION: CompletesTasks,
    Capability.HOOKS: SendsHooks,
    Capability.HOOK_SETUP: SetsUpHooks,
}
"""The methods a flag promises. INCREMENTAL is a promise about ``tasks(since=...)`` alone."""

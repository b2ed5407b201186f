"""What ``/link`` can be asked: one frozen value for each verb."""

from enum import StrEnum

from bot.domain.periods import PeriodWords
from bot.domain.tasks.task_refs import ProjectRef
from bot.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class UserById:
    """A person picked from Slack's list: ``<@U1|ana>``."""

    user_id: str


@dataclass(frozen=True, slots=True)
class UserByName:
    """A person typed by hand: ``@ana``."""

    name: str


UserRef = UserById | UserByName


@dataclass(frozen=True, slots=True)
class ChannelById:
    """A channel picked from Slack's list: ``<#C1|general>``."""

    channel_id: str


@dataclass(frozen=True, slots=True)
class ChannelByName:
    """A channel typed by hand: ``#general``."""

    name: str


ChannelRef = ChannelById | ChannelByName


@dataclass(frozen=True, slots=True)
class Overview:
    """Show every integration's state."""


@dataclass(frozen=True, slots=True)
class ConnectIntegration:
    """Set an integration up; a list of providers where none is named."""

    provider: str = ""


@dataclass(frozen=True, slots=True)
class LinkProject:
    """Link a provider project; the form where none is named.

    ``to`` is the project it is linked to, ``create`` asks for a new one of the same name; with
    neither, the form opens with the provider project chosen.
    """

    provider_project: ProjectRef | None = None
    to: ProjectRef | None = None
    create: bool = False


@dataclass(frozen=True, slots=True)
class NewProject:
    """Make an internal project."""

    name: str


@dataclass(frozen=True, slots=True)
class LinkAll:
    """Link every unlinked provider project, of one integration or of all."""

    integration: str = ""


@dataclass(frozen=True, slots=True)
class LinkUsers:
    """Ask people to connect their accounts: these, everyone, or chosen in the form."""

    users: tuple[UserRef, ...] = ()
    everyone: bool = False


@dataclass(frozen=True, slots=True)
class Unlink:
    """Unlink a project; a list where none is named."""

    project: ProjectRef | None = None


@dataclass(frozen=True, slots=True)
class Sync:
    """Sync now: an integration or a project by name, or everything."""

    target: ProjectRef | None = None


@dataclass(frozen=True, slots=True)
class SetChannel:
    """Announce unlinked projects in a channel, for one integration or for all."""

    channel: ChannelRef
    integration: str = ""


@dataclass(frozen=True, slots=True)
class SetChannelDefault:
    """Set (or clear) the project that this channel prefers; the form where neither is asked."""

    project: ProjectRef | None = None
    clear: bool = False


class LinkPolicy(StrEnum):
    """What happens to a new provider project."""

    ANNOUNCE = "announce"
    AUTO = "auto"


class MembersPolicy(StrEnum):
    """Who joins a linked project."""

    OFF = "off"
    ACCESS = "access"
    EVERYONE = "everyone"


class WriteBackPolicy(StrEnum):
    """Which time is written to the tool."""

    OFF = "off"
    ON = "on"
    APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class PolicyRule:
    """Include or exclude provider projects by name pattern, or by workspace."""

    include: bool
    pattern: str
    by_workspace: bool = False


@dataclass(frozen=True, slots=True)
class SetPolicy:
    """Change policies, for one integration or for all; the form where nothing is asked."""

    link: LinkPolicy | None = None
    members: MembersPolicy | None = None
    rules: tuple[PolicyRule, ...] = ()
    integration: str = ""
    personal: bool | None = None
    """Whether projects that belong to one person count."""
    write_back: WriteBackPolicy | None = None


@dataclass(frozen=True, slots=True)
class NameAdmin:
    """Make a person an admin, or no longer; the list of admins where nobody is named."""

    user: UserRef | None = None
    remove: bool = False


@dataclass(frozen=True, slots=True)
class NameManager:
    """Make a person manager of a project, or no longer."""

    user: UserRef
    project: ProjectRef
    remove: bool = False


@dataclass(frozen=True, slots=True)
class ListClients:
    """Show the clients, all or matching the words."""

    words: str = ""


@dataclass(frozen=True, slots=True)
class Audit:
    """Show the audit log, all or matching the words."""

    words: str = ""


@dataclass(frozen=True, slots=True)
class LinkSettings:
    """Open the team's settings."""


@dataclass(frozen=True, slots=True)
class CloseMonth:
    """Close months up to one, or open them again; a form asks where none is named."""

    month: PeriodWords | None = None


@dataclass(frozen=True, slots=True)
class LinkStatus:
    """Show the state of integrations and runs."""


@dataclass(frozen=True, slots=True)
class LinkHelp:
    """Show how ``/link`` is used: all verbs, or one by its name."""

    verb: str = ""


LinkCommand = (
    Overview
    | ConnectIntegration
    | LinkProject
    | NewProject
    | LinkAll
    | LinkUsers
    | Unlink
    | Sync
    | SetChannel
    | SetChannelDefault
    | SetPolicy
    | NameAdmin
    | NameManager
    | ListClients
    | Audit
    | LinkSettings
    | CloseMonth
    | LinkStatus
    | LinkHelp
)

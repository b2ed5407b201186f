"""Who is asking."""

from enum import StrEnum

from bot.domain.ids import MemberId, SlackUserId, TeamId
from bot.domain.states import Role
from bot.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class SlackPerson:
    """A person as Slack tells them."""

    user_id: SlackUserId
    name: str
    email: str | None
    zone: str
    """IANA name; ``UTC`` when Slack tells none."""
    is_admin: bool = False
    is_owner: bool = False
    is_guest: bool = False
    is_bot: bool = False
    is_deactivated: bool = False
    home: TeamId | None = None
    """The workspace they belong to; None where Slack tells none, or means a whole organisation."""

    def works_at(self, team_id: TeamId) -> bool:
        """Whether somebody of this workspace, and neither a bot nor a guest through Slack Connect.

        Slack shows and lists people of other organisations in shared channels like its own.
        """
        return not self.is_bot and self.home in {None, team_id}


@dataclass(frozen=True, slots=True)
class Member:
    """A Slack person known to us."""

    id: MemberId
    team_id: TeamId
    slack_user_id: SlackUserId
    name: str
    email: str | None
    """As Slack verified it; None where Slack hides it."""
    zone: str
    """IANA name."""
    role: Role
    is_guest: bool
    is_active: bool

    @property
    def is_admin(self) -> bool:
        """Admins and the owner administer."""
        return self.role in {Role.ADMIN, Role.OWNER}


class RightSource(StrEnum):
    """Where somebody's right to administer comes from."""

    OWNER = "owner"
    """Slack's primary owner, or who installed."""
    SLACK = "slack"
    """Slack's own word, where the team takes it."""
    NAMED = "named"
    """Named here with ``/link admin``."""


@dataclass(frozen=True, slots=True)
class AdminRight:
    """Somebody who administers, and why."""

    person: Member
    sources: frozenset[RightSource]


@dataclass(frozen=True, slots=True)
class AdminList:
    """Everyone who administers, by name."""

    rights: tuple[AdminRight, ...]
    slack_admins: bool
    """The team takes Slack's admins as its own."""


@dataclass(frozen=True, slots=True)
class AdminChange:
    """What naming somebody, or taking it back, came to."""

    person: Member
    """As they are now."""
    changed: bool
    """False when it was so before."""


@dataclass(frozen=True, slots=True)
class AdminNotice:
    """What somebody is told about their own right."""

    person: Member
    by: str


@dataclass(frozen=True, slots=True)
class Team:
    """A Slack workspace."""

    name: str
    is_installed: bool

"""What an admin chooses for an integration: values, and what can go wrong."""

from collections.abc import Mapping
from dataclasses import field
from hashlib import blake2b

from bot.domain.errors import NotPossible
from bot.domain.ids import IntegrationId
from bot.domain.linking.integrations import Integration
from bot.domain.linking.link_rules import LinkRule
from bot.domain.linking.write_back import WriteBack, WriteMode
from bot.domain.states import LinkPolicy, MembersPolicy
from bot.domain.values import dataclass

SYNC_MINUTES = (5, 10, 15, 30, 60, 240)
"""How far apart the syncs of a tool may be chosen to be."""


@dataclass(frozen=True, slots=True)
class IntegrationSettings:
    """Where new projects are announced, what happens to them, and who joins."""

    channel_id: str
    link_policy: LinkPolicy
    members_policy: MembersPolicy
    personal_projects: bool
    rules: tuple[LinkRule, ...] = ()
    write_back: WriteBack = field(default_factory=WriteBack)
    sync_minutes: int | None = None
    """One of ``SYNC_MINUTES``; None as the operator chose for every tool."""

    @classmethod
    def of(cls, integration: Integration) -> "IntegrationSettings":
        """As they stand."""
        return cls(
            channel_id=integration.channel_id,
            link_policy=integration.link_policy,
            members_policy=integration.members_policy,
            personal_projects=integration.personal_projects,
            rules=integration.rules,
            write_back=integration.write_back,
            sync_minutes=integration.sync_minutes,
        )

    @property
    def version(self) -> str:
        """Changes whenever a setting does."""
        return blake2b(repr(self).encode(), digest_size=6).hexdigest()

    def plain(self) -> dict[str, object]:
        """For the audit log."""
        return {
            "channel_id": self.channel_id,
            "link_policy": self.link_policy.value,
            "members_policy": self.members_policy.value,
            "personal_projects": self.personal_projects,
            "rules": [
                f"{'include' if one.include else 'exclude'} {one.by.value} {one.pattern}"
                for one in self.rules
            ],
            "write_back": self.write_back.mode.value,
            "write_shortest": self.write_back.shortest,
            "write_text": self.write_back.text,
            "read_every": f"{self.sync_minutes} min" if self.sync_minutes else "as usual",
            "write_estimate": "reduce" if self.write_back.reduces_estimate else "leave",
        }


@dataclass(frozen=True, slots=True)
class SettingsChange:
    """What the words of a command change; the rest stays."""

    channel_id: str | None = None
    link_policy: LinkPolicy | None = None
    members_policy: MembersPolicy | None = None
    personal_projects: bool | None = None
    rules: tuple[LinkRule, ...] = ()
    """These are added; one of the same pattern stands for what was said of it before."""
    write_modes: Mapping[IntegrationId, WriteMode] = field(default_factory=dict)
    """Which time is written, of those tools among them that take any."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Which provider projects come by themselves with some settings; archived ones left aside."""

    total: int = 0
    let_in: int = 0
    unlinked: int = 0
    """Those of them that wait for a link."""
    some_in: tuple[str, ...] = ()
    some_out: tuple[str, ...] = ()
    """The first names of each."""


@dataclass(frozen=True, slots=True)
class SettingsShown:
    """The form: an integration, what is chosen in it, and what that means."""

    integration: Integration
    chosen: IntegrationSettings
    reach: Reach
    has_workspaces: bool


@dataclass(frozen=True, slots=True)
class Joining:
    """Who would be added to projects by the members policy, who is not on them yet."""

    people: int = 0
    projects: int = 0


@dataclass(frozen=True, slots=True)
class SettingsSaved:
    """What was chosen, and what can be done about what is already there."""

    integration: Integration
    """As it is now."""
    changed: frozenset[str] = field(default_factory=frozenset)
    """Names of the settings that are different now."""
    reach: Reach = field(default_factory=Reach)
    coming: int = 0
    """Provider projects that the next sync announces, or links by itself."""
    joining: Joining = field(default_factory=Joining)

    @property
    def left(self) -> int:
        """Unlinked ones that no sync will touch any more: they were announced before."""
        return max(0, self.reach.unlinked - self.coming)


@dataclass(eq=False)
class SettingsChangedMeanwhile(NotPossible):
    """Somebody else saved the form while it was open here."""

    site_name: str


@dataclass(eq=False)
class TimeNotTaken(NotPossible):
    """No time can be written to these tools."""

    site_names: tuple[str, ...]


@dataclass(eq=False)
class ChannelUnusable(NotPossible):
    """Hourlink cannot announce anything in that channel."""

    channel_id: str
    is_archived: bool
    """Else it is a private one that Hourlink is not in."""


@dataclass(eq=False)
class ChannelNotFound(NotPossible):
    """No channel was picked, only a name typed."""

    name: str

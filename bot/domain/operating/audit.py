"""The audit log as values (A5): who did what to what, and what it was before."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.domain.values import dataclass

PAGE_SIZE = 15
LONGEST_SEARCH = 100
MOST_COUNTED = 10_000
"""Lines that are counted one by one; beyond that there are just more."""

ACTIONS: Mapping[str, str] = {
    "account_link.approve": "approved an account",
    "account_link.end": "disconnected an account",
    "account_link.invite": "asked somebody to connect",
    "account_link.refuse": "refused an account",
    "account_link.withdraw": "withdrew a request",
    "admin.name": "named an admin",
    "admin.remove": "took an admin's naming back",
    "announcement.post_again": "posted an announcement again",
    "audit.export": "took a copy of the audit log",
    "channel.default": "changed the project a channel prefers",
    "client.archive": "archived a client",
    "client.create": "made a client",
    "client.edit": "changed a client",
    "client.merge": "merged a client into another",
    "client.restore": "took a client out of the archive",
    "integration.add_people": "added connected people to a tool's projects",
    "integration.connect": "connected a tool",
    "integration.disconnect": "disconnected a tool",
    "integration.settings": "changed a tool's settings",
    "integration.show_hook_secret": "looked at a tool's webhook secret",
    "month.close": "closed a month",
    "month.open": "opened a month again",
    "project.archive": "archived a project",
    "project.billing": "changed how a project is billed",
    "project.budget": "changed a project's budget",
    "project.client": "changed a project's client",
    "project.create": "made a project",
    "project.edit": "changed a project",
    "project.link": "linked a project",
    "project.manager": "changed who manages a project",
    "project.people": "changed who is on a project",
    "project.restore": "took a project out of the archive",
    "project.unlink": "unlinked a project",
    "provider_project.ignore": "set a project aside",
    "provider_project.notice": "took an ignored project back",
    "rate.remove": "removed a rate",
    "rate.set": "set a rate",
    "schedule.add": "scheduled a report for others",
    "schedule.change": "changed a scheduled report",
    "schedule.pause": "paused a scheduled report",
    "schedule.remove": "deleted a scheduled report",
    "schedule.resume": "resumed a scheduled report",
    "sheet.approve": "approved time of a week",
    "sheet.return": "returned a week",
    "task.billing": "changed which tasks are billed",
    "team.settings": "changed the team's settings",
    "token.end": "took an API token back",
    "token.make": "made an API token",
    "time.import": "imported time",
    "time.import_undo": "took an import back",
    "time.lock_again": "locked unlocked time again",
    "time.unlock": "unlocked time",
    "time.unlock_refuse": "refused to unlock time",
    "timer.stop": "stopped somebody's timer",
}
"""In words; an action without any is told by its own name."""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One line of the log."""

    at: datetime
    actor: str | None
    """A member's name; None when nobody, but a policy or Slack's word, did it."""
    action: str
    subject: str
    """Kind and id of what was touched."""
    label: str
    """What it was called then; empty where its kind has no names."""
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """What the log is asked for."""

    words: str = ""
    """Each has to stand in who, what was done, to what, before or after."""
    page: int = 0
    turn: int = 0
    """Counts how often the form was drawn."""


@dataclass(frozen=True, slots=True)
class AuditPage:
    """One page of the log, newest first."""

    query: AuditQuery
    """As it was answered: the page is one that there is."""
    lines: tuple[AuditLine, ...]
    total: int
    """At most one more than ``MOST_COUNTED``."""

    @property
    def pages(self) -> int:
        """How many there are, one at least."""
        return max(1, -(-self.total // PAGE_SIZE))


def action_words(action: str) -> str:
    """What was done, in words."""
    return ACTIONS.get(action, action.replace(".", " ").replace("_", " "))


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that was different before."""

    name: str
    before: str
    after: str


def changes(line: AuditLine) -> list[Change]:
    """What became different, and what is only said, in the order it was written."""
    names = list(dict.fromkeys([*line.before, *line.after]))
    return [
        Change(_called(name), _plain(line.before.get(name)), _plain(line.after.get(name)))
        for name in names
        if name == CHANNEL or not name.endswith("_id")
    ]


CHANNEL = "channel_id"
"""The one id that people know what it means: Slack shows it as the channel's name."""


def _called(name: str) -> str:
    return name.removesuffix("_id").replace("_", " ")


def _plain(value: object) -> str:
    match value:
        case None | [] | {} | "":
            return ""
        case bool():
            return "yes" if value else "no"
        case list() | tuple():
            return ", ".join(_plain(one) for one in value)
        case dict():
            return ", ".join(f"{key}: {_plain(one)}" for key, one in value.items())
        case _:
            return str(value)

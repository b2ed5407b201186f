"""Time entries, the running timer among them, as values."""

from dataclasses import field
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.ids import (
    ImportId,
    IntegrationId,
    MemberId,
    ProjectId,
    ProviderProjectId,
    TaskId,
    TeamId,
    TimeEntryId,
)
from bot.domain.values import dataclass

LONGEST_NOTE = 2000
"""Characters in the longest note that is kept."""


class StopReason(StrEnum):
    """Why Hourlink itself stopped a timer (T15)."""

    PROJECT_ARCHIVED = "project_archived"
    PROJECT_UNLINKED = "project_unlinked"
    PROJECT_GONE = "project_gone"
    """Deleted in the provider."""
    ACCESS_LOST = "access_lost"
    """The provider no longer shows the project to the member's account."""
    REMOVED_FROM_PROJECT = "removed_from_project"
    ACCOUNT_LINK_ENDED = "account_link_ended"
    INTEGRATION_DISCONNECTED = "integration_disconnected"
    MEMBER_DEACTIVATED = "member_deactivated"
    UNINSTALLED = "uninstalled"
    """The workspace removed Hourlink (O4)."""
    NO_ANSWER = "no_answer"
    """Its owner was asked whether it was forgotten, and did not answer (T11)."""


class Action(StrEnum):
    """What was done to a time entry, for its history."""

    STARTED = "started"
    STOPPED = "stopped"
    SPLIT = "split"
    """Made from a longer span, at the member's midnight."""
    LOGGED = "logged"
    NOTED = "noted"
    EDITED = "edited"
    DELETED = "deleted"
    CANCELLED = "cancelled"
    UNDONE = "undone"
    IMPORTED = "imported"
    """Brought by a file from another tracker."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A time entry as it is stored; all moments in UTC."""

    id: TimeEntryId
    team_id: TeamId
    member_id: MemberId
    project_id: ProjectId
    task_id: TaskId | None
    started_at: datetime | None
    """None for a duration without clock times."""
    ended_at: datetime | None
    seconds: int | None
    """None while the timer runs."""
    work_date: date
    """The member's local day."""
    note: str
    continues_id: TimeEntryId | None = None
    stopped_because: StopReason | None = None
    deleted_at: datetime | None = None
    permalink: str = ""
    """Of the Slack message that it was tracked from."""
    import_id: ImportId | None = field(default=None, compare=False)
    """The import that brought it; for good, and no part of what is changed."""

    @property
    def is_running(self) -> bool:
        """A timer that nobody has stopped."""
        return self.seconds is None and self.deleted_at is None


@dataclass(frozen=True, slots=True)
class OnTask:
    """Time on a task."""

    task_id: TaskId


@dataclass(frozen=True, slots=True)
class OnProject:
    """Time on a project without a task."""

    project_id: ProjectId


Target: TypeAlias = OnTask | OnProject


@dataclass(frozen=True, slots=True)
class TaskLabel:
    """What time is tracked on, as people call it: a task, or a project without one."""

    project_id: ProjectId
    project_name: str
    task_id: TaskId | None = None
    key: str = ""
    title: str = ""
    url: str = field(default="", compare=False)
    """Where a browser shows the task; empty where that is not known, or there is no such page."""

    @property
    def name(self) -> str:
        """Key and title, or the project's name."""
        return f"{self.key} {self.title}".strip() if self.task_id else self.project_name

    @property
    def short(self) -> str:
        """The key where there is one, or the project's name."""
        return self.key if self.task_id else self.project_name

    @property
    def target(self) -> Target:
        """The same, as a button or form names it."""
        return OnTask(self.task_id) if self.task_id else OnProject(self.project_id)


@dataclass(frozen=True, slots=True)
class LabelledEntry:
    """A time entry and what it is on."""

    entry: Entry
    on: TaskLabel


@dataclass(frozen=True, slots=True)
class EntryChange:
    """One step in the life of a time entry."""

    action: Action
    before: Entry | None
    """None where it was made."""
    after: Entry


@dataclass(frozen=True, slots=True)
class StoppedTimer:
    """A timer that Hourlink itself stopped."""

    entry_id: TimeEntryId
    member_id: MemberId
    seconds: int
    """Kept in all; 0 where less than a second had passed and nothing was kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimersOf:
    """Which running timers are meant: those that fit every condition that is not None."""

    members: frozenset[MemberId] | None = None
    projects: frozenset[ProjectId] | None = None
    provider_projects: frozenset[ProviderProjectId] | None = None
    integrations: frozenset[IntegrationId] | None = None

    @property
    def is_nobody(self) -> bool:
        """One of the conditions names nothing at all."""
        given = (self.members, self.projects, self.provider_projects, self.integrations)
        return any(names is not None and not names for names in given)


@dataclass(frozen=True, slots=True)
class PendingEntry:
    """What a person asked to track while it is not yet known on which task."""

    is_log: bool
    started_at: datetime | None = None
    ended_at: datetime | None = None
    seconds: int | None = None
    work_date: date | None = None
    note: str = ""
    permalink: str = ""
    """Of the Slack message that it is tracked from."""


def zone_of(name: str) -> ZoneInfo:
    """A zone by its IANA name; UTC where nobody knows the name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")

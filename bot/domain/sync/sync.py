"""Sync runs as values: what a worker has in hand, where it is, and what came of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import (
    IntegrationId,
    MemberId,
    ProviderProjectId,
    SyncRunId,
    TaskId,
    TeamId,
)
from bot.domain.states import SyncRunState
from bot.domain.sync.problems import Problem
from bot.domain.values import dataclass

MOST_PROBLEMS = 20
LONGEST_PROBLEM = 300
"""Characters of what it is about, and of the reason."""


class SyncPhase(StrEnum):
    """What a run reads, in this order."""

    PROJECTS = "projects"
    ACCOUNTS = "accounts"
    TASKS = "tasks"


class RunTakenOver(Exception):
    """Another worker has this run in hand now, or it has ended; what it saved stays."""


@dataclass(frozen=True, slots=True)
class Heard:
    """All that a run reads: what webhooks have told of, or the projects somebody asked for."""

    projects: tuple[str, ...] = ()
    """Provider ids of projects that are read."""
    tasks: tuple[str, ...] = ()
    """Provider ids of tasks that are read one by one, and are not yet."""
    usual: datetime | None = None
    """When the next ordinary run is due; this one does not put it off."""
    is_asked: bool = False
    """Somebody asked for these projects: who may see them is read, too."""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Where a run is. Saved with the page it follows, so that a kill doubles and loses nothing."""

    phase: SyncPhase = SyncPhase.PROJECTS
    page: str | None = None
    """The provider's cursor of the next page; None for the first."""
    project: ProviderProjectId | None = None
    """The provider project whose tasks are being read, or were read last."""
    reading_from: datetime | None = None
    """When the read of that project's tasks began; None once it is complete."""
    pages_read: bool = False
    """Its list is complete, and what was missing in it is being looked at one by one."""
    epoch: int = 1
    """Counts the workers that took the run up; only the newest may write."""
    attempts: int = 0
    """Failures in a row, each of which made the next try wait longer."""
    problems: tuple[Problem, ...] = ()
    """What could not be read while the rest went on."""
    heard: Heard | None = None
    """All that the run has to read; None for everything."""

    def as_json(self) -> dict[str, object]:
        """For storage."""
        return {
            "phase": self.phase.value,
            "page": self.page,
            "project": self.project,
            "reading_from": self.reading_from.isoformat() if self.reading_from else None,
            "pages_read": self.pages_read,
            "epoch": self.epoch,
            "attempts": self.attempts,
            "problems": list(self.problems),
            **({} if self.heard is None else {"heard": _heard_as_json(self.heard)}),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, object]) -> "Bookmark":
        """From storage."""
        page, project, since = stored.get("page"), stored.get("project"), stored.get("reading_from")
        epoch, attempts, problems = (stored.get(k) for k in ("epoch", "attempts", "problems"))
        return cls(
            phase=SyncPhase(str(stored.get("phase", SyncPhase.PROJECTS))),
            page=page if isinstance(page, str) else None,
            project=ProviderProjectId(project) if isinstance(project, int) else None,
            reading_from=datetime.fromisoformat(since) if isinstance(since, str) else None,
            pages_read=bool(stored.get("pages_read")),
            epoch=epoch if isinstance(epoch, int) else 1,
            attempts=attempts if isinstance(attempts, int) else 0,
            problems=(
                tuple(map(Problem.from_json, problems)) if isinstance(problems, list) else ()
            ),
            heard=_heard_from_json(stored.get("heard")),
        )

    def entering(self, phase: SyncPhase) -> "Bookmark":
        """At the start of a phase."""
        return replace(self, phase=phase, page=None, project=None, reading_from=None)

    def with_problem(self, problem: Problem | None) -> "Bookmark":
        """Something more could not be read; of very many the first ones are enough."""
        if problem is None or len(self.problems) >= MOST_PROBLEMS:
            return self
        what, reason = (text[:LONGEST_PROBLEM] for text in problem)
        return replace(self, problems=(*self.problems, Problem(what, reason)))

    def at(self, source: "TaskSource") -> "Bookmark":
        """In the middle of one provider project's tasks; no other place where it is there."""
        if self.project == source.id and self.reading_from is not None:
            return self
        return replace(
            self,
            project=source.id,
            reading_from=source.reading_from,
            page=None,
            pages_read=False,
        )

    def finished_project(self, project: ProviderProjectId) -> "Bookmark":
        """One provider project's tasks are read, or left for the next run."""
        return replace(self, page=None, project=project, reading_from=None, pages_read=False)


def _heard_as_json(heard: Heard) -> dict[str, object]:
    usual = heard.usual.isoformat() if heard.usual else None
    told: dict[str, object] = {"projects": list(heard.projects), "tasks": list(heard.tasks)}
    return {**told, "usual": usual, "is_asked": heard.is_asked}


def _heard_from_json(stored: object) -> Heard | None:
    if not isinstance(stored, Mapping):
        return None
    usual = stored.get("usual")
    return Heard(
        projects=tuple(map(str, stored.get("projects") or ())),
        tasks=tuple(map(str, stored.get("tasks") or ())),
        usual=datetime.fromisoformat(usual) if isinstance(usual, str) else None,
        is_asked=bool(stored.get("is_asked")),
    )


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """A run that one worker has in hand."""

    run_id: SyncRunId
    team_id: TeamId
    integration_id: IntegrationId
    provider: str
    """The adapter's slug."""
    sealed_credentials: str
    is_full: bool
    is_awaited: bool
    """Somebody watches its report."""
    bookmark: Bookmark

    @property
    def epoch(self) -> int:
        """Which worker this is."""
        return self.bookmark.epoch

    @property
    def reads_news_only(self) -> bool:
        """It reads what webhooks told of, and no more than that."""
        heard = self.bookmark.heard
        return heard is not None and not heard.is_asked


@dataclass(frozen=True, slots=True)
class Counts:
    """What one page did."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0


@dataclass(frozen=True, slots=True)
class MissingTask:
    """A task that a complete list did not hold."""

    id: TaskId
    external_id: str


@dataclass(frozen=True, slots=True)
class TaskSource:
    """The linked provider project whose tasks are read next."""

    id: ProviderProjectId
    external_id: str
    name: str
    since: datetime | None
    """Ask for what changed from here on; None reads everything."""
    page: str | None
    """Where an earlier worker stopped."""
    is_first: bool
    """Nobody has read it before, so nobody knew who may see it."""
    pages_read: bool
    reading_from: datetime | None = None
    """When its read begins; an earlier worker's moment holds where there is one."""


@dataclass(frozen=True, slots=True)
class SyncRun:
    """A run as history keeps it (S8)."""

    id: SyncRunId
    team_id: TeamId
    integration_id: IntegrationId
    is_full: bool
    asked_by: MemberId | None
    state: SyncRunState
    started_at: datetime
    ended_at: datetime | None
    pages: int
    requests: int
    created: int
    changed: int
    unchanged: int
    gone: int
    error: str | None
    bookmark: Bookmark


@dataclass(frozen=True, slots=True)
class SyncAsked:
    """A refresh that somebody asked for."""

    sites: tuple[str, ...]
    """What is read from, by name."""
    projects: tuple[str, ...] = ()
    """Names of the provider projects that alone are read; none for all, and for a great many."""


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a person who asked for a refresh is told, now or at the end."""

    slack_user_id: str
    provider: str
    site_name: str
    run: SyncRun | None
    """None while it waits for its turn."""
    next_try_at: datetime | None
    """When a run that met trouble goes on; None while it is under way or over."""
    projects: int
    """Linked provider projects."""
    tasks: int
    """Of those."""
    people: int
    """Accounts in the provider."""
    about: tuple[str, ...] | None
    """Names of the provider projects it is about, which all numbers are of; None for all."""
    needs_credentials: bool
    """The integration is broken: its credentials no longer open the door."""
    channel_id: str | None
    message_ts: str | None


@dataclass(frozen=True, slots=True)
class IntegrationNotice:
    """What an admin is told when an integration breaks or works again."""

    slack_user_id: str
    integration_id: IntegrationId
    provider: str
    site_name: str
    is_broken: bool
    is_disconnected: bool
    reason: str

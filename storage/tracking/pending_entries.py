"""Pending entries: what a person asked to track while it is not yet known on which task."""

from datetime import date, datetime, timedelta

from sqlalchemy import Index, Text, delete, select
from sqlmodel import Field, SQLModel, col

from bot.domain.entries.entries import OnProject, OnTask, PendingEntry, Target
from bot.domain.ids import IntegrationId, MemberId, ProjectId, TaskId, TeamId
from bot.domain.values import dataclass
from storage.sql import change, create, table
from storage.types import BigId, UtcDateTime
from storage.unit_of_work import Tx

KEPT = timedelta(days=1)
"""How long a picker may wait for an answer."""


class PendingEntryRow(SQLModel, table=True):
    """The time and note of a command whose task is still to be picked."""

    __tablename__ = "pending_entry"
    __table_args__ = (Index("ix_pending_entry_member", "member_id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    member_id: int = Field(foreign_key="member.id", sa_type=BigId)
    is_log: bool
    """Time already worked; else a timer to start."""
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """None for a timer that starts when the task is picked, and for a bare length."""
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    seconds: int | None = None
    work_date: date | None = None
    note: str = Field(default="", sa_type=Text)
    permalink: str = Field(default="", sa_type=Text)
    """Of the Slack message that it is tracked from."""
    integration_id: int | None = Field(default=None, foreign_key="integration.id", sa_type=BigId)
    """It waits for an account in this tool; None where it only waits for a task."""
    task_id: int | None = Field(default=None, foreign_key="task.id", sa_type=BigId)
    """The task that was meant, where that is known; or the project."""
    project_id: int | None = Field(default=None, foreign_key="project.id", sa_type=BigId)
    wanted_key: str = Field(default="", sa_type=Text)
    """That was typed, where it was no task's yet."""
    created_at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Awaited:
    """What stands in the way of a pending entry."""

    integration_id: IntegrationId
    """Where an account is to be connected."""
    target: Target | None
    """The task or project that was meant, where it was one."""
    key: str = ""
    """That was typed; it may become a task's."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A pending entry that waits for an account."""

    id: int
    target: Target | None
    is_log: bool
    seconds: int | None
    """How long, where that was said."""
    note: str
    key: str = ""
    """That was typed, where it was no task's yet."""


_T = PendingEntryRow


def keep(
    tx: Tx,
    team_id: TeamId,
    member_id: MemberId,
    pending: PendingEntry,
    now: datetime,
    *,
    awaits: Awaited | None = None,
) -> int:
    """Remembers a question; the member's forgotten ones are dropped."""
    target = awaits.target if awaits else None
    mine = (col(_T.team_id) == team_id, col(_T.member_id) == member_id)
    change(tx, delete(_T).where(*mine, col(_T.created_at) < now - KEPT))
    return create(
        tx,
        _T,
        team_id=team_id,
        member_id=member_id,
        is_log=pending.is_log,
        started_at=pending.started_at,
        ended_at=pending.ended_at,
        seconds=pending.seconds,
        work_date=pending.work_date,
        note=pending.note,
        permalink=pending.permalink,
        integration_id=awaits.integration_id if awaits else None,
        task_id=target.task_id if isinstance(target, OnTask) else None,
        project_id=target.project_id if isinstance(target, OnProject) else None,
        wanted_key=awaits.key if awaits and target is None else "",
        created_at=now,
    )


def take(
    tx: Tx, team_id: TeamId, member_id: MemberId, pending_id: int, now: datetime
) -> PendingEntry | None:
    """The member's own question, answered now; None when it was before, or is too old to be."""
    mine = (
        col(_T.team_id) == team_id,
        col(_T.member_id) == member_id,
        col(_T.id) == pending_id,
        col(_T.created_at) >= now - KEPT,
    )
    row = tx.execute(select(*table(_T).columns).where(*mine)).first()
    if row is None or not change(tx, delete(_T).where(*mine)):
        return None
    return PendingEntry(
        is_log=row.is_log,
        started_at=row.started_at,
        ended_at=row.ended_at,
        seconds=row.seconds,
        work_date=row.work_date,
        note=row.note,
        permalink=row.permalink,
    )


def refused(
    tx: Tx, team_id: TeamId, member_id: MemberId, integration_id: IntegrationId, now: datetime
) -> Refused | None:
    """What was refused last for want of an account there, unless it is done or too old by now."""
    mine = (
        col(_T.team_id) == team_id,
        col(_T.member_id) == member_id,
        col(_T.integration_id) == integration_id,
        col(_T.created_at) >= now - KEPT,
    )
    latest = select(*table(_T).columns).where(*mine).order_by(col(_T.id).desc()).limit(1)
    row = tx.execute(latest).first()
    if row is None:
        return None
    target: Target | None = None
    if row.task_id is not None:
        target = OnTask(TaskId(row.task_id))
    elif row.project_id is not None:
        target = OnProject(ProjectId(row.project_id))
    seconds: int | None = row.seconds
    if seconds is None and row.started_at is not None and row.ended_at is not None:
        seconds = int((row.ended_at - row.started_at).total_seconds())
    return Refused(row.id, target, row.is_log, seconds, row.note, row.wanted_key)

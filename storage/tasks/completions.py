"""Wishes to see tasks done in their provider, or open again."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Select, Text, select, update
from sqlmodel import Field, SQLModel, col

from bot.domain.entries.entries import TaskLabel
from bot.domain.ids import (
    CompletionId,
    IntegrationId,
    MemberId,
    ProjectId,
    ProviderProjectId,
    SlackUserId,
    TaskId,
    TeamId,
)
from bot.domain.states import AccountLinkState, IntegrationState
from bot.domain.tasks.completion import Completion, CompletionState, CompletionWork
from storage.indexes import partial_index
from storage.linking.integrations import IntegrationRow
from storage.members import MemberRow
from storage.people.account_links import AccountLinkRow
from storage.projects.projects import ProjectRow
from storage.sql import AnyRow, change, create_if_free, table
from storage.tasks.tasks import TaskRow
from storage.types import BigId, UtcDateTime, one_of
from storage.unit_of_work import Tx


class CompletionRow(SQLModel, table=True):
    """One wish and what came of it."""

    __tablename__ = "completion"
    __table_args__ = (
        one_of("state", CompletionState),
        partial_index(
            "uq_completion_pending",
            "task_id",
            unique=True,
            where="state = 'pending'",
        ),
        Index("ix_completion_task", "task_id", "id"),
        Index("ix_completion_member", "member_id", "asked_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    task_id: int = Field(foreign_key="task.id", sa_type=BigId)
    project_id: int = Field(foreign_key="project.id", sa_type=BigId)
    """Where the task was when it was asked for."""
    member_id: int = Field(foreign_key="member.id", sa_type=BigId)
    is_done: bool
    """What is wanted."""
    state: str = Field(default=CompletionState.PENDING, max_length=16)
    reason: str = Field(default="", sa_type=Text)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    channel_id: str | None = Field(default=None, max_length=32)
    message_ts: str | None = Field(default=None, max_length=32)


_T, _TASK, _SITE = table(CompletionRow).c, table(TaskRow).c, table(IntegrationRow).c
_SELECT: Select[*tuple[Any, ...]] = (
    select(
        *_T,
        _TASK.key,
        _TASK.title,
        _TASK.url,
        table(ProjectRow).c.name.label("project"),
        table(MemberRow).c.slack_user_id,
        _SITE.provider,
        _SITE.site_name,
    )
    .select_from(table(CompletionRow))
    .join(table(TaskRow), _TASK.id == _T.task_id)
    .join(table(ProjectRow), table(ProjectRow).c.id == _T.project_id)
    .join(table(MemberRow), table(MemberRow).c.id == _T.member_id)
    .join(table(IntegrationRow), _SITE.id == _TASK.integration_id)
)


def add(
    tx: Tx,
    team_id: TeamId,
    *,
    task_id: TaskId,
    project_id: ProjectId,
    member_id: MemberId,
    is_done: bool,
    now: datetime,
) -> CompletionId | None:
    """A new wish; None where one for the same task has no answer yet."""
    made = create_if_free(
        tx,
        CompletionRow,
        team_id=team_id,
        task_id=task_id,
        project_id=project_id,
        member_id=member_id,
        is_done=is_done,
        state=CompletionState.PENDING,
        reason="",
        asked_at=now,
    )
    return None if made is None else CompletionId(made)


def by_id(tx: Tx, team_id: TeamId, completion_id: CompletionId) -> Completion | None:
    """The wish with this id."""
    row = tx.execute(_SELECT.where(_T.team_id == team_id, _T.id == completion_id)).first()
    return None if row is None else _completion(row)


def pending(tx: Tx, team_id: TeamId, task_id: TaskId) -> Completion | None:
    """The wish for this task that has no answer yet."""
    query = _SELECT.where(
        _T.team_id == team_id, _T.task_id == task_id, _T.state == CompletionState.PENDING
    )
    row = tx.execute(query).first()
    return None if row is None else _completion(row)


def last_of(tx: Tx, team_id: TeamId, task_id: TaskId) -> CompletionId | None:
    """The newest wish for this task."""
    query = select(_T.id).where(_T.team_id == team_id, _T.task_id == task_id)
    found = tx.execute(query.order_by(_T.id.desc()).limit(1)).scalar()
    return None if found is None else CompletionId(found)


def newest_by(tx: Tx, team_id: TeamId, member_id: MemberId, since: datetime) -> Completion | None:
    """What a member asked for last, since a moment, if it came to pass or still may."""
    query = _SELECT.where(
        _T.team_id == team_id,
        _T.member_id == member_id,
        _T.asked_at >= since,
        _T.state.in_((CompletionState.PENDING, CompletionState.DONE)),
    )
    row = tx.execute(query.order_by(_T.asked_at.desc(), _T.id.desc()).limit(1)).first()
    return None if row is None else _completion(row)


def work(tx: Tx, team_id: TeamId, completion_id: CompletionId) -> CompletionWork | None:
    """What it takes to carry a wish out; None where there is no such one."""
    found = by_id(tx, team_id, completion_id)
    if found is None:
        return None
    query = select(
        _TASK.integration_id,
        _TASK.provider_project_id,
        _TASK.external_id,
        _SITE.sealed_credentials,
        _SITE.state,
    ).join(table(IntegrationRow), _SITE.id == _TASK.integration_id)
    row = tx.execute(query.where(_TASK.team_id == team_id, _TASK.id == found.task_id)).one()
    is_over = row.state == IntegrationState.DISCONNECTED
    return CompletionWork(
        found,
        IntegrationId(row.integration_id),
        ProviderProjectId(row.provider_project_id),
        row.external_id,
        None if is_over else row.sealed_credentials,
        _own_key(tx, team_id, found.member_id, IntegrationId(row.integration_id)),
    )


def _own_key(
    tx: Tx, team_id: TeamId, member_id: MemberId, integration_id: IntegrationId
) -> str | None:
    link = table(AccountLinkRow).c
    query = select(link.sealed_token).where(
        link.team_id == team_id,
        link.member_id == member_id,
        link.integration_id == integration_id,
        link.state == AccountLinkState.CONNECTED,
        link.sealed_token.is_not(None),
    )
    return tx.execute(query.order_by(link.slot).limit(1)).scalar()


def end(
    tx: Tx,
    team_id: TeamId,
    completion_id: CompletionId,
    state: CompletionState,
    *,
    now: datetime,
    reason: str = "",
) -> bool:
    """What came of it; False where that was known before."""
    query = update(CompletionRow).where(
        col(CompletionRow.team_id) == team_id,
        col(CompletionRow.id) == completion_id,
        col(CompletionRow.state) == CompletionState.PENDING,
    )
    return change(tx, query.values(state=state, reason=reason, ended_at=now)) == 1


def wait(tx: Tx, team_id: TeamId, completion_id: CompletionId, reason: str) -> None:
    """The provider does not answer now; why."""
    query = update(CompletionRow).where(
        col(CompletionRow.team_id) == team_id, col(CompletionRow.id) == completion_id
    )
    change(tx, query.values(reason=reason))


def told(tx: Tx, team_id: TeamId, completion_id: CompletionId, *, channel_id: str, ts: str) -> None:
    """The direct message that is edited from now on."""
    query = update(CompletionRow).where(
        col(CompletionRow.team_id) == team_id, col(CompletionRow.id) == completion_id
    )
    change(tx, query.values(channel_id=channel_id, message_ts=ts))


def _completion(row: AnyRow) -> Completion:
    return Completion(
        id=CompletionId(row.id),
        team_id=TeamId(row.team_id),
        member_id=MemberId(row.member_id),
        slack_user_id=SlackUserId(row.slack_user_id),
        on=TaskLabel(
            ProjectId(row.project_id),
            row.project,
            TaskId(row.task_id),
            row.key,
            row.title,
            row.url,
        ),
        provider=row.provider,
        site=row.site_name,
        is_done=bool(row.is_done),
        state=CompletionState(row.state),
        reason=row.reason,
        asked_at=row.asked_at,
        channel_id=row.channel_id,
        message_ts=row.message_ts,
    )

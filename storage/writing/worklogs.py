"""Worklogs: what each time entry has, or is to have, in an integration."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Executable,
    Index,
    Select,
    Text,
    UniqueConstraint,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlmodel import Field, SQLModel, col

from bot.domain.ids import (
    AccountLinkId,
    IntegrationId,
    TaskId,
    TeamId,
    TimeEntryId,
    WorklogId,
)
from bot.domain.linking.write_back import WriteMode
from bot.domain.states import ProjectLinkState
from bot.domain.writing.worklogs import (
    WRITE,
    Author,
    Record,
    StoredWorklog,
    Trouble,
    Try,
    WorklogEvent,
    WorklogState,
    moved,
)
from storage import outbox
from storage.chunks import chunked
from storage.entries.time_entries import TimeEntryRow
from storage.indexes import partial_index
from storage.linking.integrations import IntegrationRow
from storage.linking.project_links import ProjectLinkRow
from storage.sql import AnyRow, insert_into, table
from storage.tasks.tasks import TaskRow
from storage.types import BigId, UtcDateTime, one_of
from storage.unit_of_work import Tx


class WorklogRow(SQLModel, table=True):
    """One entry in one integration; it stays when the entry moves away, until nothing is left."""

    __tablename__ = "worklog"
    __table_args__ = (
        one_of("state", WorklogState),
        UniqueConstraint("time_entry_id", "integration_id"),
        Index("ix_worklog_integration_state", "integration_id", "state"),
        Index("ix_worklog_task", "task_id"),
        partial_index(
            "ix_worklog_waiting",
            "team_id",
            "state",
            where="state NOT IN ('written', 'off')",
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    time_entry_id: int = Field(foreign_key="time_entry.id", sa_type=BigId)
    integration_id: int = Field(foreign_key="integration.id", sa_type=BigId)
    task_id: int | None = Field(default=None, foreign_key="task.id", sa_type=BigId)
    state: str = Field(default=WorklogState.PENDING, max_length=16)
    reason: str = Field(default="", sa_type=Text)
    marker: str = Field(max_length=32)
    revision: int = 1
    owed_in: str | None = Field(default=None, max_length=32)
    created_at: datetime = Field(sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When it was last heard how it stands."""
    author_set: bool = False
    author_link_id: int | None = Field(default=None, foreign_key="account_link.id", sa_type=BigId)
    author_account: str | None = Field(default=None, max_length=255)
    task_external: str = Field(default="", max_length=255)
    external_id: str | None = Field(default=None, max_length=255)
    version: str = Field(default="", max_length=255)
    kept_seconds: int | None = None
    kept_day: date | None = None
    digest: str = Field(default="", max_length=32)
    tried_task: str | None = Field(default=None, max_length=255)
    tried_seconds: int | None = None
    tried_day: date | None = None
    tried_digest: str = Field(default="", max_length=32)
    tried_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reduces_estimate: bool | None = None
    theirs_id: str | None = Field(default=None, max_length=255)
    theirs_version: str = Field(default="", max_length=255)
    theirs_seconds: int | None = None
    theirs_day: date | None = None
    asked_channel: str | None = Field(default=None, max_length=32)
    asked_ts: str | None = Field(default=None, max_length=32)
    """Where its owner is asked about a conflict."""


_W = table(WorklogRow).c
_E, _TASK, _I = table(TimeEntryRow).c, table(TaskRow).c, table(IntegrationRow).c
_PENDING = WorklogState.PENDING
_OWABLE = [one.value for one in WorklogState if moved(one, WorklogEvent.OWE) is _PENDING]
_CALL: BindParameter[str] = bindparam("call")

_LINKED = exists().where(
    col(ProjectLinkRow.provider_project_id) == _TASK.provider_project_id,
    or_(
        col(ProjectLinkRow.state) == ProjectLinkState.ACTIVE,
        # A timer that is stopped because its project is unlinked ran while it was linked.
        col(ProjectLinkRow.ended_at) == bindparam("now", type_=UtcDateTime),
    ),
)
_WANTED: Select[*tuple[Any, ...]] = (
    select(
        _E.team_id,
        _E.id,
        _I.id,
        _E.task_id,
        literal(WorklogState.PENDING.value),
        literal(""),
        _E.marker,
        literal(1),
        _CALL,
        bindparam("now", type_=UtcDateTime),
        literal(False),  # noqa: FBT003 - a column's value
        literal(""),
        literal(""),
        literal(""),
        literal(""),
        literal(""),
    )
    .select_from(table(TimeEntryRow))
    .join(table(TaskRow), _TASK.id == _E.task_id)
    .join(table(IntegrationRow), _I.id == _TASK.integration_id)
    .where(
        _E.team_id == bindparam("team"),
        _E.id.in_(bindparam("entries", expanding=True)),
        _E.deleted_at.is_(None),
        _E.seconds.is_not(None),
        # What an import brought is accounted for elsewhere, also once it is changed here.
        _E.import_id.is_(None),
        _I.write_mode != WriteMode.OFF,
        _I.sealed_credentials.is_not(None),
        _LINKED,
    )
)
"""Finished entries on tasks of linked projects, whose tool time is written to."""

_FILLED = (
    "team_id",
    "time_entry_id",
    "integration_id",
    "task_id",
    "state",
    "reason",
    "marker",
    "revision",
    "owed_in",
    "created_at",
    "author_set",
    "task_external",
    "version",
    "digest",
    "tried_digest",
    "theirs_version",
)


def again(owed: Any) -> Mapping[str, Any]:  # noqa: ANN401 - a column or a parameter
    """An entry changed: what becomes of its row."""
    can = _W.state.in_(_OWABLE)
    return {
        "revision": _W.revision + 1,
        "state": case((can, WorklogState.PENDING.value), else_=_W.state),
        "reason": case((can, ""), else_=_W.reason),
        "owed_in": case((can, func.coalesce(_W.owed_in, owed)), else_=_W.owed_in),
    }


_IS_THERE = and_(
    or_(_W.external_id.is_not(None), _W.tried_task.is_not(None)), _W.reason != Trouble.LEFT
)
"""What is off may have a record from before, which goes with its entry once it is on again."""

_OWE_STORED = (
    update(table(WorklogRow))
    .where(
        _W.team_id == bindparam("team"),
        _W.time_entry_id.in_(bindparam("entries", expanding=True)),
        or_(_W.state != WorklogState.OFF, _IS_THERE),
    )
    .values(again(_CALL))
    .returning(_W.id, _W.owed_in, _W.task_id)
)


@cache
def _owe_wanted(dialect: str) -> Executable:
    statement = insert_into(table(WorklogRow), dialect).from_select(_FILLED, _WANTED)
    values = {
        **again(statement.excluded.owed_in),
        # What nothing was written of yet belongs to the task that the entry is on now.
        "task_id": case((_W.external_id.is_(None), statement.excluded.task_id), else_=_W.task_id),
    }
    return statement.on_conflict_do_update(
        index_elements=["time_entry_id", "integration_id"], set_=values
    ).returning(_W.id, _W.owed_in, _W.task_id)


def owe(
    tx: Tx,
    team_id: TeamId,
    *,
    stored: Sequence[TimeEntryId],
    wanted: Sequence[TimeEntryId],
    call: str,
    now: datetime,
) -> None:
    """Owes what entries call for, in the transaction that changed them; after they were saved.

    Args:
        tx: The open transaction.
        team_id: The fence.
        stored: Entries that may have worklogs.
        wanted: Entries that may need one.
        call: An id that never repeats.
        now: The present moment.
    """
    owed: dict[int, int | None] = {}
    names: dict[str, Any] = {"team": team_id, "call": call, "now": now}
    for some in chunked(stored):
        for row in tx.execute(_OWE_STORED, names | {"entries": list(some)}):
            if row.owed_in == call:
                owed[row.id] = row.task_id
    for some in chunked(wanted):
        for row in tx.execute(_owe_wanted(tx.core.dialect.name), names | {"entries": list(some)}):
            if row.owed_in == call:
                owed[row.id] = row.task_id
    add_work(tx, team_id, owed, call=call, now=now)


def add_work(
    tx: Tx, team_id: TeamId, owed: Mapping[int, int | None], *, call: str, now: datetime
) -> None:
    """One piece of outbox work for each of these, by the task that it is written to."""
    outbox.add_many(
        tx,
        team_id,
        kind=WRITE,
        owed=[
            (
                f"worklog:{worklog_id}" if task_id is None else f"task:{task_id}",
                {"worklog_id": worklog_id, "call": call},
                f"{call}-{worklog_id}",
            )
            for worklog_id, task_id in owed.items()
        ],
        now=now,
    )


def by_id(
    tx: Tx, team_id: TeamId, worklog_id: WorklogId, *, lock: bool = False
) -> StoredWorklog | None:
    """The worklog with this id."""
    query = select(*_W).where(_W.team_id == team_id, _W.id == worklog_id)
    row = tx.execute(query.with_for_update() if lock else query).first()
    return None if row is None else stored_of(row)


def page(tx: Tx, *, after: int, limit: int) -> list[tuple[TeamId, WorklogId]]:
    """The next worklogs of every team, by id; for an operator."""
    query = select(_W.team_id, _W.id).where(_W.id > after).order_by(_W.id).limit(limit)
    return [(TeamId(row[0]), WorklogId(row[1])) for row in tx.execute(query)]


def stored_of(row: AnyRow) -> StoredWorklog:
    """A row as a value."""
    return StoredWorklog(
        id=WorklogId(row.id),
        team_id=TeamId(row.team_id),
        entry_id=TimeEntryId(row.time_entry_id),
        integration_id=IntegrationId(row.integration_id),
        task_id=None if row.task_id is None else TaskId(row.task_id),
        state=WorklogState(row.state),
        reason=row.reason,
        marker=row.marker,
        revision=row.revision,
        owed_in=row.owed_in,
        author=_author(row),
        task=row.task_external,
        record=None
        if row.external_id is None
        else Record(row.external_id, row.version, row.kept_seconds, row.kept_day),
        digest=row.digest,
        tried=None
        if row.tried_task is None
        else Try(row.tried_task, row.tried_seconds, row.tried_day, row.tried_digest, row.tried_at),
        reduces_estimate=row.reduces_estimate,
        theirs=None
        if row.theirs_id is None
        else Record(row.theirs_id, row.theirs_version, row.theirs_seconds, row.theirs_day),
    )


def _author(row: AnyRow) -> Author | None:
    if not row.author_set:
        return None
    link = None if row.author_link_id is None else AccountLinkId(row.author_link_id)
    return Author(link, row.author_account)

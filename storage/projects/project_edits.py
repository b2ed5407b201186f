"""Changing a project's own row, and the keys made from its code."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, literal, select, update
from sqlmodel import col

from bot.domain.ids import ProjectId, TaskId, TeamId
from bot.domain.states import SyncRunState
from bot.domain.tasks.task_terms import index_terms
from storage.chunks import chunked
from storage.projects.projects import ProjectRow, name_folded
from storage.sql import change, insert_into, table
from storage.sync.sync_runs import SyncRunRow
from storage.tasks import task_index
from storage.tasks.task_index import Indexed
from storage.tasks.tasks import TaskAliasRow, TaskRow
from storage.unit_of_work import Tx

_T = ProjectRow
_TASK = table(TaskRow).c
_KEYED = (
    _TASK.id,
    _TASK.key,
    _TASK.title,
    _TASK.terms,
    _TASK.provider_project_id,
    _TASK.integration_id,
    _TASK.assignee_ids,
)
_REKEY = (
    update(table(TaskRow))
    .where(_TASK.id == bindparam("task"))
    .values(key=bindparam("key"), key_folded=bindparam("folded"), terms=bindparam("found_by"))
)


def rename(tx: Tx, team_id: TeamId, project_id: ProjectId, name: str) -> None:
    """A name of its own, which follows no provider's any more."""
    _set(tx, team_id, project_id, name=name, name_folded=name_folded(name), follows_name=False)


def recolour(tx: Tx, team_id: TeamId, project_id: ProjectId, colour: str | None) -> None:
    """What it looks like in charts."""
    _set(tx, team_id, project_id, colour=colour)


def write_time(tx: Tx, team_id: TeamId, project_id: ProjectId, *, is_on: bool) -> None:
    """Whether its time is written to tools."""
    _set(tx, team_id, project_id, writes_time=is_on)


def writes_time(tx: Tx, team_id: TeamId, project_id: ProjectId) -> bool:
    """Whether it is."""
    query = select(col(_T.writes_time)).where(col(_T.team_id) == team_id, col(_T.id) == project_id)
    return bool(tx.execute(query).scalar())


def holder_of(tx: Tx, team_id: TeamId, code: str) -> str | None:
    """The name of the project that has a code."""
    query = select(col(_T.name)).where(col(_T.team_id) == team_id, col(_T.code) == code)
    return tx.execute(query).scalar()


def namesake(tx: Tx, team_id: TeamId, name: str, *, besides: ProjectId) -> str | None:
    """The code of another project that is not archived here and has this name."""
    query = select(col(_T.code)).where(
        col(_T.team_id) == team_id,
        col(_T.name_folded) == name_folded(name),
        col(_T.archived_at).is_(None),
        col(_T.id) != besides,
    )
    return tx.execute(query.order_by(col(_T.id)).limit(1)).scalar()


def recode(tx: Tx, team_id: TeamId, project_id: ProjectId, old: str, new: str) -> int:
    """Another code: keys made from the old one change with it and go on finding their tasks.

    How many changed. Pages of syncs that are being saved are waited for, because they write keys.
    """
    runs = select(table(SyncRunRow).c.id).where(
        col(SyncRunRow.team_id) == team_id, col(SyncRunRow.state) == SyncRunState.RUNNING
    )
    tx.execute(runs.with_for_update(key_share=True))
    _set(tx, team_id, project_id, code=new)
    made: tuple[ColumnElement[bool], ...] = (
        _TASK.team_id == team_id,
        _TASK.key_is_ours.is_(True),
        _TASK.key_folded.startswith(f"{old}-".casefold(), autoescape=True),
    )
    aliases = select(_TASK.id, _TASK.key_folded, literal(team_id)).where(*made)
    names = ["task_id", "key_folded", "team_id"]
    remembered = insert_into(table(TaskAliasRow), tx.core.dialect.name).from_select(names, aliases)
    change(tx, remembered.on_conflict_do_nothing())
    before: dict[TaskId, Indexed] = {}
    rows: list[dict[str, object]] = []
    for task in tx.execute(select(*_KEYED).where(*made)):
        key = f"{new}{task.key[len(old) :]}"
        before[TaskId(task.id)] = Indexed(task.provider_project_id, task.terms)
        found_by = index_terms(
            key=key,
            title=task.title,
            provider_project_id=task.provider_project_id,
            integration_id=task.integration_id,
            assignee_ids=task.assignee_ids,
        )
        rows.append({"task": task.id, "key": key, "folded": key.casefold(), "found_by": found_by})
    if rows:
        change(tx, _REKEY, rows)
    terms = [str(row["found_by"]) for row in rows]
    after = {
        one: held._replace(terms=now)
        for (one, held), now in zip(before.items(), terms, strict=True)
    }
    task_index.replace(tx, before, after)
    task_index.learn_words(tx, team_id, terms, task_index.KnownWords())
    return len(rows)


def archive(
    tx: Tx, team_id: TeamId, project_ids: Collection[ProjectId], now: datetime
) -> list[ProjectId]:
    """Archives those of the projects that are not; which."""
    return _archived(tx, team_id, project_ids, now)


def restore(tx: Tx, team_id: TeamId, project_ids: Collection[ProjectId]) -> list[ProjectId]:
    """Brings back those of the projects that are archived here; which."""
    return _archived(tx, team_id, project_ids, None)


def _archived(
    tx: Tx, team_id: TeamId, project_ids: Collection[ProjectId], at: datetime | None
) -> list[ProjectId]:
    done: list[ProjectId] = []
    target = table(_T)
    now_so = target.c.archived_at.is_(None)
    for some in chunked(list(project_ids)):
        query = (
            update(target)
            .where(
                target.c.team_id == team_id,
                target.c.id.in_(some),
                now_so if at is not None else ~now_so,
            )
            .values(archived_at=at)
            .returning(target.c.id)
        )
        done += [ProjectId(row[0]) for row in tx.execute(query)]
    return done


def _set(tx: Tx, team_id: TeamId, project_id: ProjectId, **values: object) -> None:
    same = (col(_T.team_id) == team_id, col(_T.id) == project_id)
    change(tx, update(_T).where(*same).values(**values))

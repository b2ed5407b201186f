"""Tasks as the sync writes them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, JSON, Text, any_, bindparam, func, or_, select, update
from sqlmodel import col

from bot.domain.ids import IntegrationId, ProjectId, ProviderProjectId, SyncRunId, TaskId, TeamId
from bot.domain.states import ProjectLinkState
from bot.domain.sync.sync import MissingTask
from storage.additions import add_all
from storage.linking.project_links import ProjectLinkRow
from storage.linking.provider_projects import ProviderProjectRow
from storage.projects.projects import ProjectRow
from storage.sql import Ids, among, change, fenced, insert_into, table
from storage.tasks import task_index
from storage.tasks.task_index import Indexed, KnownWords
from storage.tasks.tasks import TaskAliasRow, TaskRow
from storage.unit_of_work import Tx
from storage.upserts import Upsert

_T = TaskRow
_L = ProjectLinkRow
_P = ProviderProjectRow

_upsert = Upsert(table(_T))


class StoredTask(NamedTuple):
    """What is known of a task before a page is compared with it; a tuple, because most are many."""

    external_id: str
    id: TaskId
    key: str
    row_hash: str
    gone_at: datetime | None
    place: ProviderProjectId


_KNOWN = select(
    col(_T.external_id),
    col(_T.id),
    col(_T.key),
    col(_T.row_hash),
    col(_T.gone_at),
    col(_T.provider_project_id),
).where(
    fenced(table(_T).c.team_id, bindparam("team")),
    col(_T.integration_id) == bindparam("integration"),
)
_NAMED = func.json_each(bindparam("external_ids", type_=JSON)).table_valued("value")
# One value: a statement with 500 of them is a long text, which is taken apart anew each time.
_STORED = {
    "sqlite": _KNOWN.where(col(_T.external_id).in_(select(_NAMED.c.value))),
    "postgresql": _KNOWN.where(
        col(_T.external_id) == any_(bindparam("external_ids", type_=ARRAY(Text)))
    ),
}
_MISSING = (
    select(table(_T).c.id, col(_T.external_id))
    .where(
        col(_T.team_id) == bindparam("team"),
        col(_T.provider_project_id) == bindparam("provider_project"),
        col(_T.gone_at).is_(None),
        or_(col(_T.seen_in_run).is_(None), col(_T.seen_in_run) != bindparam("run")),
    )
    .order_by(col(_T.id))
    .limit(bindparam("most"))
)

_PROJECT_OF = (
    select(table(ProjectRow).c.id, col(ProjectRow.code))
    .join(_L, col(_L.project_id) == col(ProjectRow.id))
    .where(
        col(_L.team_id) == bindparam("team"),
        col(_L.provider_project_id) == bindparam("provider_project"),
        col(_L.state) == ProjectLinkState.ACTIVE,
    )
)
_MARK_SEEN = (
    update(table(_T))
    .where(
        fenced(table(_T).c.team_id, bindparam("team")),
        among(table(_T).c.id, bindparam("ids", type_=Ids)),
    )
    .values(seen_in_run=bindparam("run"))
)


def stored(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId, external_ids: Collection[str]
) -> dict[str, StoredTask]:
    """What is already known of these, by provider id."""
    parameters = {
        "team": team_id,
        "integration": integration_id,
        "external_ids": list(external_ids),
    }
    found = tx.execute(_STORED[tx.core.dialect.name], parameters)
    return {row[0]: StoredTask._make(row) for row in found}


def write(
    tx: Tx,
    team_id: TeamId,
    integration_id: IntegrationId,
    rows: Sequence[Mapping[str, object]],
    words: KnownWords,
    *,
    known: Collection[str],
) -> None:
    """Saves new and changed ones of an integration, the index and the words of titles with them.

    Args:
        tx: The open transaction.
        team_id: The team.
        integration_id: Whose tasks they are.
        rows: All that is stored of each.
        words: Of titles, that are stored already.
        known: The provider's ids of those that are there already, as this transaction has seen.
    """
    names = frozenset(known)
    old = [row for row in rows if row["external_id"] in names]
    indexed = {str(row["external_id"]): _indexed(row) for row in old}
    with task_index.rewriting(tx, integration_id, indexed):
        add_all(tx, table(_T), [row for row in rows if row["external_id"] not in names])
        _upsert(tx, old)
    task_index.learn_words(tx, team_id, [str(row["terms"]) for row in rows], words)


def _indexed(row: Mapping[str, Any]) -> Indexed:
    return Indexed(row["provider_project_id"], row["terms"])


def mark_seen(tx: Tx, team_id: TeamId, ids: Collection[TaskId], run_id: SyncRunId) -> None:
    """A full sweep met these unchanged."""
    tx.execute(_MARK_SEEN, {"team": team_id, "ids": ids, "run": run_id})


def missing(
    tx: Tx,
    team_id: TeamId,
    provider_project_id: ProviderProjectId,
    run_id: SyncRunId,
    *,
    most: int,
) -> list[MissingTask]:
    """Tasks of a provider project that this full sweep has not met, some at a time."""
    parameters = {
        "team": team_id,
        "provider_project": provider_project_id,
        "run": run_id,
        "most": most,
    }
    return [MissingTask(TaskId(row[0]), row[1]) for row in tx.execute(_MISSING, parameters)]


def mark_gone(tx: Tx, team_id: TeamId, ids: Iterable[TaskId], now: datetime) -> int:
    """Deleted or hidden in the provider; how many."""
    c = table(_T).c
    these = (fenced(c.team_id, team_id), c.id.in_(list(ids)), c.gone_at.is_(None))
    return change(tx, update(table(_T)).where(*these).values(gone_at=now))


def remember_keys(tx: Tx, team_id: TeamId, keys: Iterable[tuple[TaskId, str]]) -> None:
    """Former keys go on finding their tasks."""
    rows = [
        {"team_id": team_id, "task_id": task_id, "key_folded": key.casefold()}
        for task_id, key in keys
    ]
    if not rows:
        return
    change(
        tx, insert_into(table(TaskAliasRow), tx.core.dialect.name).on_conflict_do_nothing(), rows
    )


def project_of(
    tx: Tx, team_id: TeamId, provider_project_id: ProviderProjectId
) -> tuple[ProjectId, str] | None:
    """The linked project and its code; None while there is no active link."""
    this = {"team": team_id, "provider_project": provider_project_id}
    row = tx.execute(_PROJECT_OF, this).first()
    return None if row is None else (ProjectId(row[0]), row[1])


def take_numbers(tx: Tx, team_id: TeamId, project_id: ProjectId, count: int) -> int:
    """Reserves numbers for keys that we make; the first of them."""
    project = table(ProjectRow)
    taken = (
        update(project)
        .where(project.c.team_id == team_id, project.c.id == project_id)
        .values(next_number=project.c.next_number + count)
        .returning(project.c.next_number)
    )
    return int(tx.execute(taken).scalar_one()) - count


def count(
    tx: Tx,
    team_id: TeamId,
    integration_id: IntegrationId,
    among: Collection[ProviderProjectId] | None = None,
) -> int:
    """How many tasks can be tracked: those of linked provider projects; only ``among`` these."""
    query = (
        select(func.count())
        .select_from(_T)
        .join(_L, col(_L.provider_project_id) == col(_T.provider_project_id))
        .join(_P, col(_P.id) == col(_T.provider_project_id))
        .where(
            col(_T.team_id) == team_id,
            col(_T.integration_id) == integration_id,
            col(_T.gone_at).is_(None),
            col(_P.gone_at).is_(None),
            col(_L.state) == ProjectLinkState.ACTIVE,
        )
    )
    if among is not None:
        query = query.where(col(_T.provider_project_id).in_(list(among)))
    return int(tx.execute(query).scalar_one())

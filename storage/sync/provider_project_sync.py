"""Provider projects as the sync writes them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, exists, func, select, update
from sqlmodel import col

from bot.domain.ids import IntegrationId, ProviderProjectId, TeamId
from bot.domain.states import ProjectLinkState
from bot.domain.values import dataclass
from storage.linking.project_links import ProjectLinkRow
from storage.linking.provider_projects import ProviderProjectRow
from storage.projects.projects import ProjectRow, name_folded
from storage.sql import change, fenced, table
from storage.unit_of_work import Tx
from storage.upserts import Upsert

_T = ProviderProjectRow
_L = ProjectLinkRow

_upsert = Upsert(
    table(_T),
    keeps=(
        "ignored_at",
        "ignored_by",
        "everyone_has_access",
        "first_seen_at",
        "tasks_synced_from",
    ),
)


@dataclass(frozen=True, slots=True)
class StoredProject:
    """What is known of a provider project before a page is compared with it."""

    id: ProviderProjectId
    row_hash: str
    is_archived: bool
    is_gone: bool


@dataclass(frozen=True, slots=True)
class LinkedProject:
    """A provider project whose tasks are read."""

    id: ProviderProjectId
    external_id: str
    name: str
    tasks_synced_from: datetime | None


@dataclass(frozen=True, slots=True)
class StandingProject:
    """Whether time can be tracked on the tasks of a provider project, and by whom."""

    id: ProviderProjectId
    is_linked: bool
    is_archived: bool
    is_gone: bool
    is_open: bool
    """Everyone connected may see it."""


_STORED = select(
    col(_T.id),
    col(_T.external_id),
    col(_T.row_hash),
    col(_T.is_archived),
    col(_T.gone_at),
).where(
    fenced(table(_T).c.team_id, bindparam("team")),
    col(_T.integration_id) == bindparam("integration"),
    col(_T.external_id).in_(bindparam("external_ids", expanding=True)),
)
_LINKED = (
    select(
        col(_T.id),
        col(_T.external_id),
        col(_T.name),
        col(_T.tasks_synced_from),
    )
    .join(_L, col(_L.provider_project_id) == col(_T.id))
    .where(
        col(_T.team_id) == bindparam("team"),
        col(_T.integration_id) == bindparam("integration"),
        col(_L.state) == ProjectLinkState.ACTIVE,
        col(_T.gone_at).is_(None),
        col(_T.is_archived).is_(False),
        col(_T.id) >= bindparam("start"),
    )
    .order_by(col(_T.id))
    .limit(bindparam("most"))
)
_LINKED_AMONG = _LINKED.where(col(_T.external_id).in_(bindparam("among", expanding=True)))


def stored(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId, external_ids: Collection[str]
) -> dict[str, StoredProject]:
    """What is already known of these, by provider id."""
    parameters = {
        "team": team_id,
        "integration": integration_id,
        "external_ids": list(external_ids),
    }
    return {
        row.external_id: StoredProject(
            ProviderProjectId(row.id), row.row_hash, row.is_archived, row.gone_at is not None
        )
        for row in tx.execute(_STORED, parameters)
    }


def standing(tx: Tx, team_id: TeamId, ids: Collection[ProviderProjectId]) -> list[StandingProject]:
    """How each of these stands, by id."""
    linked = exists().where(
        col(_L.provider_project_id) == col(_T.id), col(_L.state) == ProjectLinkState.ACTIVE
    )
    query = select(
        table(_T).c.id,
        col(_T.is_archived),
        col(_T.gone_at),
        col(_T.everyone_has_access),
        linked.label("linked"),
    ).where(col(_T.team_id) == team_id, col(_T.id).in_(list(ids)))
    return [
        StandingProject(
            ProviderProjectId(row.id),
            is_linked=bool(row.linked),
            is_archived=row.is_archived,
            is_gone=row.gone_at is not None,
            is_open=row.everyone_has_access,
        )
        for row in tx.execute(query.order_by(table(_T).c.id))
    ]


def write(tx: Tx, rows: Sequence[Mapping[str, object]]) -> None:
    """Saves new and changed ones; what people here decided about them is kept."""
    _upsert(tx, rows)


def present(tx: Tx, team_id: TeamId, integration_id: IntegrationId) -> dict[str, ProviderProjectId]:
    """Every one that is not gone, by provider id."""
    query = select(col(_T.external_id), table(_T).c.id).where(
        col(_T.team_id) == team_id,
        col(_T.integration_id) == integration_id,
        col(_T.gone_at).is_(None),
    )
    return {row[0]: ProviderProjectId(row[1]) for row in tx.execute(query)}


def mark_gone(tx: Tx, team_id: TeamId, ids: Iterable[ProviderProjectId], now: datetime) -> int:
    """Deleted or hidden in the provider; how many were not known to be."""
    these = (col(_T.team_id) == team_id, col(_T.id).in_(list(ids)), col(_T.gone_at).is_(None))
    return change(tx, update(_T).where(*these).values(gone_at=now))


def follow_names(tx: Tx, team_id: TeamId, ids: Iterable[ProviderProjectId]) -> int:
    """Gives projects that were made by a link the present name of what they are linked to.

    A project with several links follows the oldest.
    """
    project = table(ProjectRow)
    first = (
        select(func.min(col(_L.id)))
        .where(
            col(_L.project_id) == project.c.id,
            col(_L.team_id) == team_id,
            col(_L.state) == ProjectLinkState.ACTIVE,
        )
        .correlate(project)
        .scalar_subquery()
    )
    name = (
        select(col(_T.name))
        .join(_L, col(_L.provider_project_id) == col(_T.id))
        .where(col(_L.id) == first)
        .correlate(project)
        .scalar_subquery()
    )
    linked = select(col(_L.project_id)).where(
        col(_L.team_id) == team_id,
        col(_L.state) == ProjectLinkState.ACTIVE,
        col(_L.provider_project_id).in_(list(ids)),
    )
    these = (
        project.c.team_id == team_id,
        project.c.follows_name.is_(True),
        project.c.id.in_(linked),
        project.c.name != name,
    )
    renamed = select(project.c.id, name.label("name")).where(*these)
    rows = [
        {"renamed": row.id, "to_name": row.name, "to_folded": name_folded(row.name)}
        for row in tx.execute(renamed)
    ]
    if rows:
        query = update(project).where(project.c.id == bindparam("renamed"))
        query = query.values(name=bindparam("to_name"), name_folded=bindparam("to_folded"))
        change(tx, query, rows)
    return len(rows)


def next_linked(
    tx: Tx,
    team_id: TeamId,
    integration_id: IntegrationId,
    *,
    start: int,
    most: int,
    among: Collection[str] | None = None,
) -> list[LinkedProject]:
    """The first linked, living and unarchived ones from this id on; only ``among`` provider ids."""
    parameters: dict[str, object] = {
        "team": team_id,
        "integration": integration_id,
        "start": start,
        "most": most,
    }
    if among is None:
        rows = tx.execute(_LINKED, parameters)
    else:
        rows = tx.execute(_LINKED_AMONG, {**parameters, "among": list(among)})
    return [
        LinkedProject(
            ProviderProjectId(row.id),
            row.external_id,
            row.name,
            row.tasks_synced_from,
        )
        for row in rows
    ]


def read_before(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId
) -> list[tuple[str, datetime]]:
    """Provider ids of the linked ones whose tasks were read, and as of when."""
    parameters = {"team": team_id, "integration": integration_id, "start": 0}
    query = _LINKED.where(col(_T.tasks_synced_from).is_not(None)).limit(None)
    return [(row.external_id, row.tasks_synced_from) for row in tx.execute(query, parameters)]


def linked_ids(tx: Tx, team_id: TeamId, integration_id: IntegrationId) -> list[str]:
    """Provider ids of all linked, living and unarchived ones, in a lasting order."""
    parameters = {"team": team_id, "integration": integration_id, "start": 0}
    return [row.external_id for row in tx.execute(_LINKED.limit(None), parameters)]


def external_ids(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId, ids: Collection[ProviderProjectId]
) -> list[str]:
    """Provider ids of these, in a lasting order."""
    query = select(col(_T.external_id)).where(
        col(_T.team_id) == team_id,
        col(_T.integration_id) == integration_id,
        table(_T).c.id.in_(list(ids)),
    )
    return list(tx.execute(query.order_by(table(_T).c.id)).scalars())


def names(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId, external_ids: Collection[str]
) -> dict[str, str]:
    """What these are called, by provider id."""
    query = select(col(_T.external_id), col(_T.name)).where(
        col(_T.team_id) == team_id,
        col(_T.integration_id) == integration_id,
        col(_T.external_id).in_(list(external_ids)),
    )
    return {row[0]: row[1] for row in tx.execute(query)}


def names_by_id(tx: Tx, team_id: TeamId, ids: Collection[ProviderProjectId]) -> list[str]:
    """What these are called, in a lasting order."""
    query = select(col(_T.name)).where(col(_T.team_id) == team_id, table(_T).c.id.in_(list(ids)))
    return list(tx.execute(query.order_by(table(_T).c.id)).scalars())


def tasks_read(
    tx: Tx, team_id: TeamId, ids: Collection[ProviderProjectId], since: datetime
) -> None:
    """Their tasks are complete as of this moment."""
    c = table(_T).c
    these = (fenced(c.team_id, team_id), c.id.in_(list(ids)))
    change(tx, update(table(_T)).where(*these).values(tasks_synced_from=since))


def count_linked(
    tx: Tx,
    team_id: TeamId,
    integration_id: IntegrationId,
    among: Collection[ProviderProjectId] | None = None,
) -> int:
    """How many are linked and there; only ``among`` these."""
    query = (
        select(func.count())
        .select_from(_T)
        .join(_L, col(_L.provider_project_id) == col(_T.id))
        .where(
            col(_T.team_id) == team_id,
            col(_T.integration_id) == integration_id,
            col(_T.gone_at).is_(None),
            col(_L.state) == ProjectLinkState.ACTIVE,
        )
    )
    if among is not None:
        query = query.where(table(_T).c.id.in_(list(among)))
    return int(tx.execute(query).scalar_one())

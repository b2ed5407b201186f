"""Projects as what a provider project can be linked to: search, and making new ones."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, case, exists, insert, or_, select
from sqlmodel import col

from bot.domain.ids import MemberId, ProjectId, TeamId
from bot.domain.linking.linking import Target
from bot.domain.states import ProjectLinkState
from storage import teams
from storage.chunks import chunked
from storage.linking.project_links import ProjectLinkRow
from storage.projects.projects import ProjectMemberRow, ProjectRow, name_folded
from storage.sql import AnyRow, change, create, spelled_out, table
from storage.unit_of_work import Tx

_T = ProjectRow
_IS_CONNECTED = exists().where(
    col(ProjectLinkRow.project_id) == col(_T.id),
    col(ProjectLinkRow.state) == spelled_out(ProjectLinkState.ACTIVE),
)
_SELECT = select(
    col(_T.id), col(_T.name), col(_T.code), col(_T.archived_at), _IS_CONNECTED.label("connected")
)
_BY_NAME = (col(_T.name_folded), col(_T.id))


def lock(tx: Tx, team_id: TeamId) -> None:
    """Holds the team's projects and links: on PostgreSQL two admins link one after another."""
    teams.lock(tx, team_id)


def by_ids(tx: Tx, team_id: TeamId, ids: Sequence[ProjectId]) -> dict[ProjectId, Target]:
    """Those of the projects that exist, archived ones too, by id."""
    found: dict[ProjectId, Target] = {}
    for some in chunked(ids):
        query = _SELECT.where(col(_T.team_id) == team_id, col(_T.id).in_(some))
        for row in tx.execute(query):
            found[ProjectId(row.id)] = _target(row)
    return found


def existing(tx: Tx, team_id: TeamId, ids: Select[int]) -> list[ProjectId]:
    """Those of the projects that exist, by name."""
    query = select(table(_T).c.id).where(col(_T.team_id) == team_id, col(_T.id).in_(ids))
    ordered = query.order_by(col(_T.name_folded), col(_T.id))
    return [ProjectId(one) for one in tx.execute(ordered).scalars()]


def every(tx: Tx, team_id: TeamId) -> list[Target]:
    """All projects of the team, archived ones too, by name."""
    query = _SELECT.where(col(_T.team_id) == team_id)
    return [_target(row) for row in tx.execute(query.order_by(*_BY_NAME))]


def search(tx: Tx, team_id: TeamId, text: str, limit: int) -> list[Target]:
    """Projects that are not archived and whose name or code holds every word of the text.

    First the one whose code it is, then names that begin with it.
    """
    query = _SELECT.where(col(_T.team_id) == team_id, col(_T.archived_at).is_(None))
    wanted = name_folded(text)
    for word in wanted.split():
        in_name = col(_T.name_folded).contains(word, autoescape=True)
        query = query.where(or_(in_name, col(_T.code).contains(word.upper(), autoescape=True)))
    begins = col(_T.name_folded).startswith(wanted, autoescape=True)
    likely = case((col(_T.code) == wanted.upper(), 0), (begins, 1), else_=2)
    rows = tx.execute(query.order_by(likely, *_BY_NAME).limit(limit))
    return [_target(row) for row in rows]


def codes(tx: Tx, team_id: TeamId) -> set[str]:
    """The codes that are taken."""
    return {row[0] for row in tx.execute(select(col(_T.code)).where(col(_T.team_id) == team_id))}


def create_many(
    tx: Tx,
    team_id: TeamId,
    new: Sequence[tuple[str, str]],
    *,
    follows_name: bool,
    by: MemberId | None,
    now: datetime,
) -> dict[str, ProjectId]:
    """Makes projects from names and free codes; their ids by code."""
    rows = [
        {
            "team_id": team_id,
            "name": name,
            "name_folded": name_folded(name),
            "code": code,
            "follows_name": follows_name,
            "next_number": 1,
            "created_by": by,
            "created_at": now,
        }
        for name, code in new
    ]
    if rows:
        change(tx, insert(table(_T)), rows)
    made: dict[str, ProjectId] = {}
    for some in chunked([code for _, code in new]):
        query = select(col(_T.code), col(_T.id))
        for row in tx.execute(query.where(col(_T.team_id) == team_id, col(_T.code).in_(some))):
            made[row.code] = ProjectId(row.id)
    return made


def add_person(
    tx: Tx, team_id: TeamId, project_id: ProjectId, member_id: MemberId, now: datetime
) -> None:
    """Somebody, and no policy, adds a member to a new project."""
    create(
        tx,
        ProjectMemberRow,
        team_id=team_id,
        project_id=project_id,
        member_id=member_id,
        is_manager=False,
        by_policy=False,
        added_at=now,
    )


def _target(row: AnyRow) -> Target:
    return Target(
        id=ProjectId(row.id),
        name=row.name,
        code=row.code,
        is_connected=bool(row.connected),
        is_archived=row.archived_at is not None,
    )

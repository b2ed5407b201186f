"""How much time lies in days that are closed or opened, and the zones people live in."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import distinct, exists, func, select
from sqlmodel import col

from bot.domain.ids import MemberId, ProjectId, TeamId
from storage.entries.time_entries import TimeEntryRow
from storage.members import MemberRow
from storage.sql import among, fenced, table
from storage.unit_of_work import Tx

_T = TimeEntryRow


def between(tx: Tx, team_id: TeamId, after: date | None, last: date) -> tuple[int, int]:
    """Finished seconds after a day up to another, and how many people they are of."""
    query = select(
        func.coalesce(func.sum(col(_T.seconds)), 0), func.count(distinct(col(_T.member_id)))
    ).where(
        col(_T.team_id) == team_id,
        col(_T.work_date) <= last,
        col(_T.deleted_at).is_(None),
        col(_T.seconds).is_not(None),
    )
    if after is not None:
        query = query.where(col(_T.work_date) > after)
    row = tx.execute(query).one()
    return int(row[0] or 0), int(row[1])


def is_any(
    tx: Tx,
    team_id: TeamId,
    first: date,
    last: date,
    *,
    projects: Collection[ProjectId] | None = None,
    people: Collection[MemberId] | None = None,
) -> bool:
    """Whether there is finished time on days, the last included: on projects, and of people."""
    c = table(_T).c
    narrower = [
        among(column, ids)
        for column, ids in ((c.project_id, projects), (c.member_id, people))
        if ids is not None
    ]
    query = exists().where(
        fenced(c.team_id, team_id) if narrower else c.team_id == team_id,
        *narrower,
        c.work_date >= first,
        c.work_date <= last,
        c.deleted_at.is_(None),
        c.seconds.is_not(None),
    )
    return bool(tx.execute(select(query)).scalar())


def timers_begun(tx: Tx, team_id: TeamId, last: date) -> int:
    """Running timers that began on a day or before."""
    query = select(func.count()).where(
        col(_T.team_id) == team_id,
        col(_T.seconds).is_(None),
        col(_T.deleted_at).is_(None),
        col(_T.work_date) <= last,
    )
    return int(tx.execute(query).scalar_one())


def zones(tx: Tx, team_id: TeamId) -> list[str]:
    """The time zones of everybody who works here."""
    query = (
        select(col(MemberRow.zone))
        .where(col(MemberRow.team_id) == team_id, col(MemberRow.deactivated_at).is_(None))
        .distinct()
    )
    return [str(name) for name in tx.execute(query).scalars()]

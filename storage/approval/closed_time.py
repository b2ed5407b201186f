"""How much time lies in days that are closed or opened, and the zones people live in."""

from datetime import date

from sqlalchemy import distinct, func, select
from sqlmodel import col

from bot.domain.ids import TeamId
from storage.entries.time_entries import TimeEntryRow
from storage.members import MemberRow
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

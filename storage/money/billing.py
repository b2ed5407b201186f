"""Terms of projects, and rates."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import (
    ColumnElement,
    Index,
    UniqueConstraint,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlmodel import Field, SQLModel

from bot.domain.ids import ClientId, MemberId, ProjectId, RateId, TeamId
from bot.domain.money.billing import Method, Rate, Terms
from storage.chunks import chunked
from storage.members import MemberRow
from storage.sql import AnyRow, among, change, table
from storage.types import BigId, UtcDateTime, one_of
from storage.unit_of_work import Tx


class ProjectTermsRow(SQLModel, table=True):
    """For whom and how a project's time is billed from a day on."""

    __tablename__ = "project_terms"
    __table_args__ = (
        UniqueConstraint("project_id", "from_day"),
        one_of("method", Method),
        Index("ix_project_terms_team", "team_id"),
        Index("ix_project_terms_client", "client_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    project_id: int = Field(foreign_key="project.id", sa_type=BigId)
    from_day: date
    client_id: int | None = Field(default=None, foreign_key="client.id", sa_type=BigId)
    method: str = Field(max_length=16)
    currency: str = Field(max_length=3)
    fee: int | None = Field(default=None, sa_type=BigId)
    """Smallest units."""
    set_by: int | None = Field(default=None, foreign_key="member.id", sa_type=BigId)
    set_at: datetime = Field(sa_type=UtcDateTime)


class RateRow(SQLModel, table=True):
    """What an hour earns from a day on: of a project, of a person, or of a person on a project."""

    __tablename__ = "rate"
    __table_args__ = (
        Index("ix_rate_team", "team_id"),
        Index("ix_rate_whose", "project_id", "member_id", "currency", "from_day", "per_hour"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    project_id: int | None = Field(default=None, foreign_key="project.id", sa_type=BigId)
    member_id: int | None = Field(default=None, foreign_key="member.id", sa_type=BigId)
    currency: str = Field(max_length=3)
    from_day: date
    per_hour: int = Field(sa_type=BigId)
    set_by: int | None = Field(default=None, foreign_key="member.id", sa_type=BigId)
    set_at: datetime = Field(sa_type=UtcDateTime)


_T, _R = table(ProjectTermsRow).c, table(RateRow).c
_M = table(MemberRow).c


def terms(
    tx: Tx, team_id: TeamId, project_ids: Collection[ProjectId]
) -> dict[ProjectId, list[Terms]]:
    """The terms of projects, in the order of their days."""
    found: dict[ProjectId, list[Terms]] = {}
    for some in chunked(list(project_ids)):
        query = select(table(ProjectTermsRow)).where(_T.team_id == team_id, _T.project_id.in_(some))
        for row in tx.execute(query.order_by(_T.project_id, _T.from_day)):
            found.setdefault(ProjectId(row.project_id), []).append(_terms(row))
    return found


def replace_terms(
    tx: Tx,
    team_id: TeamId,
    wanted: Mapping[ProjectId, Sequence[Terms]],
    *,
    by: MemberId,
    now: datetime,
) -> None:
    """Exactly these are the projects' terms."""
    for some in chunked(list(wanted)):
        which = (_T.team_id == team_id, _T.project_id.in_(some))
        change(tx, delete(table(ProjectTermsRow)).where(*which))
    rows = [
        {
            "team_id": team_id,
            "project_id": project_id,
            "from_day": one.from_day,
            "client_id": one.client_id,
            "method": one.method,
            "currency": one.currency,
            "fee": one.fee,
            "set_by": by,
            "set_at": now,
        }
        for project_id, terms_ in wanted.items()
        for one in terms_
    ]
    if rows:
        change(tx, insert(table(ProjectTermsRow)), rows)


def move_client(tx: Tx, team_id: TeamId, client_id: ClientId, into: ClientId) -> int:
    """Everything of one client is another's, of all days; how many projects have it."""
    which = (_T.team_id == team_id, _T.client_id == client_id)
    target = table(ProjectTermsRow)
    moved = tx.execute(
        update(target).where(*which).values(client_id=into).returning(target.c.project_id)
    )
    return len({row[0] for row in moved})


def clients_of(tx: Tx, team_id: TeamId, projects: Collection[ProjectId]) -> frozenset[ClientId]:
    """For whom these projects are done, on any day."""
    chosen = among(_T.project_id, projects)
    query = select(_T.client_id).where(_T.team_id == team_id, chosen, _T.client_id.is_not(None))
    return frozenset(map(ClientId, tx.execute(query.distinct()).scalars()))


def projects_of(
    tx: Tx, team_id: TeamId, clients: Collection[ClientId], day: date
) -> dict[ClientId, int]:
    """How many projects each client has on a day."""
    later = table(ProjectTermsRow).alias()
    newer = exists().where(
        later.c.project_id == _T.project_id, later.c.from_day > _T.from_day, later.c.from_day <= day
    )
    query = (
        select(_T.client_id, func.count().label("number"))
        .where(_T.team_id == team_id, _T.client_id.in_(clients), _T.from_day <= day, ~newer)
        .group_by(_T.client_id)
    )
    return {ClientId(row.client_id): int(row.number) for row in tx.execute(query)}


def recurrency(tx: Tx, team_id: TeamId, client_id: ClientId, currency: str) -> None:
    """The client's terms are in another currency."""
    which = (_T.team_id == team_id, _T.client_id == client_id)
    change(tx, update(table(ProjectTermsRow)).where(*which).values(currency=currency))


def has_amounts(tx: Tx, team_id: TeamId, client_id: ClientId) -> bool:
    """Whether a fee, or a rate of a project of the client's, is set in its currency."""
    theirs = (_T.team_id == team_id, _T.client_id == client_id)
    fee = exists().where(*theirs, _T.fee.is_not(None))
    rate = exists().where(*theirs, _R.project_id == _T.project_id, _R.currency == _T.currency)
    return bool(tx.execute(select(or_(fee, rate))).scalar())


def rates(
    tx: Tx,
    team_id: TeamId,
    *,
    projects: Collection[ProjectId] = (),
    members: Collection[MemberId] = (),
) -> list[Rate]:
    """The rates of projects, people on them included, and people's rates everywhere."""
    mine: list[ColumnElement[bool]] = [_R.project_id.in_(list(projects))]
    if members:
        mine.append(_R.project_id.is_(None) & _R.member_id.in_(list(members)))
    query = select(table(RateRow)).where(_R.team_id == team_id, or_(*mine))
    return [_rate(row) for row in tx.execute(query.order_by(_R.from_day, _R.id))]


def people_rates(
    tx: Tx, team_id: TeamId, project_id: ProjectId | None, *, limit: int, offset: int = 0
) -> tuple[list[tuple[Rate, str]], int]:
    """People's rates on a project, or everywhere: by name, the newest first."""
    mine = (
        _R.team_id == team_id,
        _R.project_id.is_not_distinct_from(project_id),
        _R.member_id.is_not(None),
    )
    query = (
        select(table(RateRow), _M.name.label("person"))
        .join(table(MemberRow), _M.id == _R.member_id)
        .where(*mine)
        .order_by(_M.name_words, _M.id, _R.currency, _R.from_day.desc())
        .limit(limit)
        .offset(offset)
    )
    found = [(_rate(row), str(row.person)) for row in tx.execute(query)]
    total = select(func.count()).select_from(table(RateRow)).where(*mine)
    return found, int(tx.execute(total).scalar_one())


def set_rates(
    tx: Tx,
    team_id: TeamId,
    whose: Sequence[tuple[ProjectId | None, MemberId | None]],
    *,
    currency: str,
    per_hour: int,
    from_day: date,
    by: MemberId,
    now: datetime,
) -> None:
    """From a day on, each of these earns so much; what began on that day is replaced."""
    rows = []
    for project_id, member_id in whose:
        change(
            tx,
            delete(table(RateRow)).where(
                _R.team_id == team_id,
                _R.project_id.is_not_distinct_from(project_id),
                _R.member_id.is_not_distinct_from(member_id),
                _R.currency == currency,
                _R.from_day == from_day,
            ),
        )
        rows.append(
            {
                "team_id": team_id,
                "project_id": project_id,
                "member_id": member_id,
                "currency": currency,
                "from_day": from_day,
                "per_hour": per_hour,
                "set_by": by,
                "set_at": now,
            }
        )
    if rows:
        change(tx, insert(table(RateRow)), rows)


def rate(tx: Tx, team_id: TeamId, rate_id: RateId) -> Rate | None:
    """One rate."""
    query = select(table(RateRow)).where(_R.team_id == team_id, _R.id == rate_id)
    row = tx.execute(query).first()
    return None if row is None else _rate(row)


def drop_rate(tx: Tx, team_id: TeamId, rate_id: RateId) -> None:
    """The one before it holds on."""
    change(tx, delete(table(RateRow)).where(_R.team_id == team_id, _R.id == rate_id))


def _terms(row: AnyRow) -> Terms:
    client = None if row.client_id is None else ClientId(row.client_id)
    return Terms(row.from_day, Method(row.method), row.currency, client, row.fee)


def _rate(row: AnyRow) -> Rate:
    return Rate(
        id=RateId(row.id),
        from_day=row.from_day,
        currency=row.currency,
        per_hour=row.per_hour,
        project_id=None if row.project_id is None else ProjectId(row.project_id),
        member_id=None if row.member_id is None else MemberId(row.member_id),
    )

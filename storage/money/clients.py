"""Clients: whom work is done for."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, case, func, select, update
from sqlmodel import Field, SQLModel, col

from bot.domain.ids import ClientId, MemberId, TeamId
from bot.domain.linking.link_plan import folded
from bot.domain.money.billing import Client
from storage.indexes import partial_index
from storage.prepared import Prepared
from storage.sql import AnyRow, Ids, among, change, create, table
from storage.types import BigId, UtcDateTime
from storage.unit_of_work import Tx

_LONGEST_FOLDED = 300


class ClientRow(SQLModel, table=True):
    """A client; one that was merged into another is only remembered."""

    __tablename__ = "client"
    __table_args__ = (
        partial_index(
            "uq_client_name",
            "team_id",
            "name_folded",
            unique=True,
            where="merged_into IS NULL",
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    name: str = Field(max_length=200)
    name_folded: str = Field(max_length=_LONGEST_FOLDED)
    currency: str = Field(max_length=3)
    archived_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    merged_into: int | None = Field(default=None, foreign_key="client.id", sa_type=BigId)
    created_by: int | None = Field(default=None, foreign_key="member.id", sa_type=BigId)
    created_at: datetime = Field(sa_type=UtcDateTime)


_T = table(ClientRow).c
_COLUMNS = (_T.id, _T.name, _T.currency, _T.archived_at)
_NAMES = Prepared(
    select(_T.id, _T.name).where(
        _T.team_id == bindparam("team"), among(_T.id, bindparam("ids", type_=Ids()))
    )
)


def add(
    tx: Tx, team_id: TeamId, name: str, currency: str, *, by: MemberId, now: datetime
) -> ClientId:
    """A new client."""
    values = {"name": name, "name_folded": _folded(name), "currency": currency}
    return ClientId(create(tx, ClientRow, team_id=team_id, created_by=by, created_at=now, **values))


def find(tx: Tx, team_id: TeamId, client_id: ClientId) -> Client | None:
    """The client, archived ones too."""
    query = select(*_COLUMNS).where(*_there(team_id), _T.id == client_id)
    row = tx.execute(query).first()
    return None if row is None else _client(row)


def names(tx: Tx, team_id: TeamId, ids: Collection[ClientId]) -> dict[ClientId, str]:
    """What clients are called."""
    if not ids:
        return {}
    return {ClientId(row.id): row.name for row in _NAMES.all(tx, {"team": team_id, "ids": ids})}


def by_name(tx: Tx, team_id: TeamId, name: str) -> Client | None:
    """The client of this name, in any case."""
    query = select(*_COLUMNS).where(*_there(team_id), _T.name_folded == _folded(name))
    row = tx.execute(query).first()
    return None if row is None else _client(row)


def page(
    tx: Tx,
    team_id: TeamId,
    words: str,
    *,
    limit: int,
    offset: int = 0,
    in_use: bool = False,
    only: Collection[ClientId] | None = None,
) -> tuple[list[Client], int]:
    """Some of the clients by name, the archived last, and how many there are in all.

    Args:
        tx: The open transaction.
        team_id: The fence.
        words: What their names hold.
        limit: How many.
        offset: After so many.
        in_use: Without the archived.
        only: Those that may be told of; None for all.
    """
    fitting = [_T.name_folded.contains(word, autoescape=True) for word in _folded(words).split()]
    if in_use:
        fitting.append(_T.archived_at.is_(None))
    if only is not None:
        fitting.append(among(_T.id, only))
    archived = case((_T.archived_at.is_(None), 0), else_=1)
    found = select(*_COLUMNS).where(*_there(team_id), *fitting)
    query = found.order_by(archived, _T.name_folded, _T.id).limit(limit).offset(offset)
    total = select(func.count()).where(*_there(team_id), *fitting)
    rows = tx.execute(query)
    return [_client(row) for row in rows], int(tx.execute(total).scalar_one())


def after(tx: Tx, team_id: TeamId, last: int, *, limit: int) -> list[Client]:
    """Those made after another one, the archived too, in the order of their making."""
    query = select(*_COLUMNS).where(*_there(team_id), _T.id > last)
    return [_client(row) for row in tx.execute(query.order_by(_T.id).limit(limit))]


def edit(tx: Tx, team_id: TeamId, client_id: ClientId, name: str, currency: str) -> None:
    """Another name or currency."""
    values = {"name": name, "name_folded": _folded(name), "currency": currency}
    _set(tx, team_id, client_id, **values)


def archive(tx: Tx, team_id: TeamId, client_id: ClientId, at: datetime | None) -> None:
    """Not offered any more, or again."""
    _set(tx, team_id, client_id, archived_at=at)


def merged(tx: Tx, team_id: TeamId, client_id: ClientId, into: ClientId) -> str | None:
    """What a client was called that was merged into this one; None where it was not."""
    query = select(_T.name).where(_T.team_id == team_id, _T.id == client_id, _T.merged_into == into)
    return tx.execute(query).scalar()


def mark_merged(tx: Tx, team_id: TeamId, client_id: ClientId, into: ClientId) -> None:
    """The client is another one from now on."""
    _set(tx, team_id, client_id, merged_into=into)


def _set(tx: Tx, team_id: TeamId, client_id: ClientId, **values: object) -> None:
    same = (col(ClientRow.team_id) == team_id, col(ClientRow.id) == client_id)
    change(tx, update(ClientRow).where(*same).values(**values))


def _there(team_id: TeamId) -> list[ColumnElement[bool]]:
    return [_T.team_id == team_id, _T.merged_into.is_(None)]


def _client(row: AnyRow) -> Client:
    return Client(ClientId(row.id), row.name, row.currency, row.archived_at is not None)


def _folded(name: str) -> str:
    return folded(name)[:_LONGEST_FOLDED]

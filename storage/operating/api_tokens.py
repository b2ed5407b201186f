"""Tokens of people's own programs, sealed so that nobody can use what is stored."""

from collections.abc import Collection
from dataclasses import field
from datetime import datetime

from sqlalchemy import Select, Text, delete, func, select, update
from sqlmodel import Field, SQLModel

from bot.domain.ids import ApiTokenId, MemberId, TeamId
from bot.domain.operating.api_tokens import ApiToken
from bot.domain.preferences import TeamSettings
from bot.domain.values import dataclass
from storage.sql import AnyRow, change, create, table
from storage.teams import TeamRow
from storage.types import BigId, UtcDateTime
from storage.unit_of_work import Tx


class ApiTokenRow(SQLModel, table=True):
    """One token of one member."""

    __tablename__ = "api_token"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id", index=True)
    member_id: int = Field(foreign_key="member.id", index=True, sa_type=BigId)
    name: str = Field(max_length=80)
    public: str = Field(unique=True, max_length=16)
    """The part of the token that it is found by."""
    sealed_digest: str = Field(sa_type=Text)
    """Encrypted: the hash of the whole token."""
    made_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """None for never."""
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


_T = table(ApiTokenRow).c
_TEAM = table(TeamRow).c


@dataclass(frozen=True, slots=True)
class Stored:
    """A token with whose it is, and what proves it."""

    team_id: TeamId
    member_id: MemberId
    token: ApiToken
    may_be_used: bool
    """The team lets people read over the API."""
    sealed_digest: str = field(repr=False)


def add(
    tx: Tx,
    team_id: TeamId,
    member_id: MemberId,
    *,
    name: str,
    public: str,
    sealed_digest: str,
    expires_at: datetime | None,
    now: datetime,
) -> ApiTokenId:
    """Keeps a new one."""
    return ApiTokenId(
        create(
            tx,
            ApiTokenRow,
            team_id=team_id,
            member_id=member_id,
            name=name,
            public=public,
            sealed_digest=sealed_digest,
            made_at=now,
            expires_at=expires_at,
        )
    )


def of_member(tx: Tx, team_id: TeamId, member_id: MemberId) -> list[ApiToken]:
    """Somebody's tokens, the newest first."""
    query = _of(team_id, member_id).order_by(_T.made_at.desc(), _T.id.desc())
    return [_token(row) for row in tx.execute(query)]


def one(tx: Tx, team_id: TeamId, member_id: MemberId, token_id: ApiTokenId) -> ApiToken | None:
    """One of somebody's tokens."""
    row = tx.execute(_of(team_id, member_id).where(_T.id == token_id)).first()
    return None if row is None else _token(row)


def count(tx: Tx, team_id: TeamId, member_id: MemberId) -> int:
    """How many somebody has."""
    return int(
        tx.execute(
            select(func.count()).select_from(_of(team_id, member_id).subquery())
        ).scalar_one()
    )


def find(tx: Tx, public: str) -> Stored | None:
    """A token by its public part, whose team it may be, as long as Hourlink is installed there."""
    query = (
        select(table(ApiTokenRow), _TEAM.settings)
        .join(table(TeamRow), _TEAM.id == _T.team_id)
        .where(_T.public == public, _TEAM.uninstalled_at.is_(None))
    )
    row = tx.execute(query).first()
    if row is None:
        return None
    return Stored(
        TeamId(row.team_id),
        MemberId(row.member_id),
        _token(row),
        TeamSettings.read(row.settings or {}).api_tokens,
        row.sealed_digest,
    )


def used(tx: Tx, team_id: TeamId, token_id: ApiTokenId, now: datetime) -> None:
    """Remembers that it was used."""
    change(
        tx,
        update(table(ApiTokenRow))
        .where(_T.team_id == team_id, _T.id == token_id)
        .values(used_at=now),
    )


def remove(tx: Tx, team_id: TeamId, member_id: MemberId, token_id: ApiTokenId) -> bool:
    """It is good for nothing from now on; False where there is no such token of theirs."""
    mine = (_T.team_id == team_id, _T.member_id == member_id, _T.id == token_id)
    return change(tx, delete(table(ApiTokenRow)).where(*mine)) == 1


def remove_all(tx: Tx, team_id: TeamId, *, members: Collection[MemberId] | None = None) -> None:
    """Ends the tokens of a team, or of some people in it."""
    query = delete(table(ApiTokenRow)).where(_T.team_id == team_id)
    if members is not None:
        query = query.where(_T.member_id.in_(list(members)))
    change(tx, query)


def forget_over(tx: Tx, before: datetime) -> None:
    """Drops those of all teams that expired before a moment."""
    change(tx, delete(table(ApiTokenRow)).where(_T.expires_at < before))


def _of(team_id: TeamId, member_id: MemberId) -> Select[tuple[object, ...]]:
    return select(table(ApiTokenRow)).where(_T.team_id == team_id, _T.member_id == member_id)


def _token(row: AnyRow) -> ApiToken:
    return ApiToken(ApiTokenId(row.id), row.name, row.made_at, row.expires_at, row.used_at)

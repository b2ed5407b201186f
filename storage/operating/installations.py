"""Installations over OAuth, and the states that lead to them."""

from dataclasses import field
from datetime import datetime

from sqlalchemy import ColumnElement, Text, and_, delete, or_, select, update
from sqlmodel import Field, SQLModel, col

from bot.domain.ids import TeamId
from bot.domain.values import dataclass
from storage.indexes import partial_index
from storage.sql import AnyRow, change, create_or_change, insert_into, table
from storage.teams import TeamRow
from storage.types import BigId, UtcDateTime
from storage.unit_of_work import Tx

_OF_TEAM = "team_id <> ''"
_OF_ENTERPRISE = "team_id = ''"


class InstallationRow(SQLModel, table=True):
    """One workspace's installation, or one organisation's."""

    __tablename__ = "installation"
    __table_args__ = (
        partial_index(
            "uq_installation_team",
            "team_id",
            unique=True,
            where=_OF_TEAM,
        ),
        partial_index(
            "uq_installation_enterprise",
            "enterprise_id",
            unique=True,
            where=_OF_ENTERPRISE,
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(default="", max_length=32)
    """Empty for a whole organisation."""
    enterprise_id: str = Field(default="", max_length=32)
    """Empty where the workspace belongs to none."""
    name: str = Field(max_length=255)
    bot_id: str = Field(max_length=32)
    bot_user_id: str = Field(max_length=32)
    scopes: str = Field(sa_type=Text)
    sealed_tokens: str = Field(sa_type=Text)
    """Encrypted: the token, and what it can be exchanged with."""
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    rotating_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """A process is exchanging the token: until then nobody else does."""
    installed_by: str = Field(max_length=32)
    installed_at: datetime = Field(sa_type=UtcDateTime)


class OAuthStateRow(SQLModel, table=True):
    """Somebody came back from Slack's consent page: nobody does with the same state again."""

    __tablename__ = "oauth_state"

    state: str = Field(primary_key=True, max_length=64)
    """Its hash."""
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)


_T = InstallationRow
_S = OAuthStateRow


@dataclass(frozen=True, slots=True)
class Stored:
    """An installation as it is kept."""

    team_id: str
    enterprise_id: str
    name: str
    bot_id: str
    bot_user_id: str
    scopes: str
    expires_at: datetime | None
    installed_by: str
    sealed_tokens: str = field(repr=False)


def save(tx: Tx, found: Stored, now: datetime) -> None:
    """Keeps it; one of before is replaced."""
    values = {name: getattr(found, name) for name in Stored.__slots__}
    values |= {"installed_at": now, "rotating_until": None}
    if found.team_id:
        create_or_change(tx, _T, values, key=["team_id"], where=_OF_TEAM)
    else:
        create_or_change(tx, _T, values, key=["enterprise_id"], where=_OF_ENTERPRISE)


def find(tx: Tx, team_id: str, enterprise_id: str) -> Stored | None:
    """The workspace's own installation, else that of its organisation."""
    query = select(table(_T)).where(
        or_(
            and_(col(_T.team_id) == team_id, col(_T.team_id) != ""),
            and_(col(_T.team_id) == "", col(_T.enterprise_id) == enterprise_id),
        )
    )
    row = tx.execute(query.order_by(col(_T.team_id).desc())).first()
    return None if row is None else _stored(row)


def claim(tx: Tx, found: Stored, now: datetime, until: datetime) -> bool:
    """Takes it upon this process to exchange the token; False where another one is at it."""
    free = or_(col(_T.rotating_until).is_(None), col(_T.rotating_until) <= now)
    query = update(_T).where(_is(found.team_id, found.enterprise_id), free)
    same = col(_T.sealed_tokens) == found.sealed_tokens
    return change(tx, query.where(same).values(rotating_until=until)) == 1


def rotated(tx: Tx, found: Stored, *, sealed_tokens: str, expires_at: datetime | None) -> None:
    """Keeps the token that came in exchange."""
    query = update(_T).where(_is(found.team_id, found.enterprise_id))
    tx.execute(
        query.values(sealed_tokens=sealed_tokens, expires_at=expires_at, rotating_until=None)
    )


def remove(tx: Tx, team_id: str, enterprise_id: str, *, before: datetime) -> None:
    """Forgets an installation and its token, unless it was made at that moment or after it."""
    old = col(_T.installed_at) < before
    tx.execute(delete(_T).where(_is(team_id, enterprise_id), old))


def remove_same(tx: Tx, found: Stored) -> bool:
    """Forgets an installation unless it has another token by now; whether it did."""
    same = col(_T.sealed_tokens) == found.sealed_tokens
    gone = delete(_T).where(_is(found.team_id, found.enterprise_id), same)
    return change(tx, gone) == 1


def is_there(tx: Tx, team_id: str, enterprise_id: str) -> bool:
    """Whether this workspace, or this organisation, has one of its own."""
    return tx.execute(select(col(_T.id)).where(_is(team_id, enterprise_id))).first() is not None


def teams_of(tx: Tx, enterprise_id: str) -> list[TeamId]:
    """The workspaces of an organisation in which Hourlink was seen, without one of its own."""
    own = select(col(_T.team_id)).where(col(_T.team_id) != "")
    query = select(col(TeamRow.id)).where(
        col(TeamRow.enterprise_id) == enterprise_id,
        col(TeamRow.uninstalled_at).is_(None),
        col(TeamRow.id).not_in(own),
    )
    return [TeamId(team_id) for team_id in tx.execute(query).scalars()]


def arrive(tx: Tx, state: str, expires_at: datetime) -> bool:
    """Somebody comes back with a state, by its hash: true once."""
    new = insert_into(table(_S), tx.core.dialect.name).values(state=state, expires_at=expires_at)
    # Not the row count: psycopg tells none for an insert.
    return tx.execute(new.on_conflict_do_nothing().returning(col(_S.state))).first() is not None


def forget_states(tx: Tx, now: datetime) -> None:
    """Drops those that are over by themselves."""
    tx.execute(delete(_S).where(col(_S.expires_at) <= now))


def _is(team_id: str, enterprise_id: str) -> ColumnElement[bool]:
    if team_id:
        return col(_T.team_id) == team_id
    return and_(col(_T.team_id) == "", col(_T.enterprise_id) == enterprise_id)


def _stored(row: AnyRow) -> Stored:
    return Stored(
        team_id=row.team_id,
        enterprise_id=row.enterprise_id,
        name=row.name,
        bot_id=row.bot_id,
        bot_user_id=row.bot_user_id,
        scopes=row.scopes,
        expires_at=row.expires_at,
        installed_by=row.installed_by,
        sealed_tokens=row.sealed_tokens,
    )

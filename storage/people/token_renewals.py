"""Tokens that end, and when each is exchanged: by one process at a time."""

from datetime import datetime

from sqlalchemy import ColumnElement, Index, delete, or_, select, update
from sqlmodel import Field, SQLModel, col

from bot.domain.ids import AccountLinkId, IntegrationId, TeamId
from bot.domain.people.token_renewals import Renewal
from storage.linking.integrations import IntegrationRow
from storage.people.account_links import AccountLinkRow
from storage.sql import change, create, table
from storage.types import BigId, UtcDateTime
from storage.unit_of_work import Tx


class TokenRenewalRow(SQLModel, table=True):
    """Either an integration's token, or a member's own."""

    __tablename__ = "token_renewal"
    __table_args__ = (
        Index("uq_token_renewal_integration_id", "integration_id", unique=True),
        Index("uq_token_renewal_account_link_id", "account_link_id", unique=True),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    integration_id: int | None = Field(
        default=None, foreign_key="integration.id", ondelete="CASCADE", sa_type=BigId
    )
    account_link_id: int | None = Field(
        default=None, foreign_key="account_link.id", ondelete="CASCADE", sa_type=BigId
    )
    due_at: datetime = Field(sa_type=UtcDateTime, index=True)
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """A process is exchanging it: until then nobody else does."""
    attempts: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How often in a row it could not be exchanged."""


_T = TokenRenewalRow
_I = table(IntegrationRow)
_L = table(AccountLinkRow)


def plan_site(tx: Tx, team_id: TeamId, integration_id: IntegrationId, due: datetime | None) -> None:
    """When an integration's token is exchanged; never where ``due`` is None."""
    _plan(tx, team_id, due, integration_id=integration_id)


def plan_own(tx: Tx, team_id: TeamId, link_id: AccountLinkId, due: datetime | None) -> None:
    """When a member's own token is exchanged; never where ``due`` is None."""
    _plan(tx, team_id, due, account_link_id=link_id)


def _plan(tx: Tx, team_id: TeamId, due: datetime | None, **place: int) -> None:
    [(name, row_id)] = place.items()
    here = table(_T).c[name] == row_id
    tx.execute(delete(_T).where(col(_T.team_id) == team_id, here))
    if due is not None:
        create(tx, _T, team_id=team_id, due_at=due, **place)


def due(tx: Tx, now: datetime, limit: int) -> list[Renewal]:
    """Those whose time has come and that nobody is at, of all teams, the most urgent first."""
    ours = table(_T)
    of_link = _L.join(_I, _I.c.id == _L.c.integration_id)
    query = (
        select(
            ours.c.id,
            ours.c.team_id,
            ours.c.integration_id,
            ours.c.account_link_id,
            ours.c.attempts,
            _I.c.provider,
            _I.c.sealed_credentials.label("sealed"),
        )
        .join_from(ours, _I, _I.c.id == ours.c.integration_id)
        .where(ours.c.due_at <= now, _free(now))
    )
    own = (
        select(
            ours.c.id,
            ours.c.team_id,
            ours.c.integration_id,
            ours.c.account_link_id,
            ours.c.attempts,
            _I.c.provider,
            _L.c.sealed_token.label("sealed"),
        )
        .select_from(ours)
        .join(of_link, _L.c.id == ours.c.account_link_id)
        .where(ours.c.due_at <= now, _free(now))
    )
    rows = [
        row
        for one in (query, own)
        for row in tx.execute(one.order_by(ours.c.due_at, ours.c.id).limit(limit))
    ]
    return [
        Renewal(
            id=row.id,
            team_id=TeamId(row.team_id),
            integration_id=row.integration_id,
            account_link_id=row.account_link_id,
            provider=row.provider,
            sealed=row.sealed,
            attempts=row.attempts,
        )
        for row in rows
    ]


def claim(tx: Tx, one: Renewal, *, now: datetime, until: datetime) -> bool:
    """Takes it upon this process; False where another one is at it, or has done it."""
    query = update(_T).where(*_is(one), col(_T.due_at) <= now, _free(now))
    return change(tx, query.values(claimed_until=until)) == 1


def again(tx: Tx, one: Renewal, due: datetime, *, attempts: int = 0) -> None:
    """It was exchanged, or could not be for so many times now: the next time."""
    values = {"due_at": due, "claimed_until": None, "attempts": attempts}
    tx.execute(update(_T).where(*_is(one)).values(**values))


def hasten(tx: Tx, team_id: TeamId, integration_id: IntegrationId, now: datetime) -> None:
    """Where a site's token could not be exchanged, it is tried again now."""
    query = update(_T).where(
        col(_T.team_id) == team_id,
        col(_T.integration_id) == integration_id,
        col(_T.attempts) > 0,
        col(_T.due_at) > now,
    )
    tx.execute(query.values(due_at=now))


def drop(tx: Tx, one: Renewal) -> None:
    """There is nothing to exchange any more."""
    tx.execute(delete(_T).where(*_is(one)))


def held(tx: Tx, one: Renewal) -> str | None:
    """The credentials as they are sealed now, which stay so until the commit."""
    if one.integration_id is not None:
        kept = select(_I.c.sealed_credentials.label("sealed")).where(
            _I.c.team_id == one.team_id, _I.c.id == one.integration_id
        )
    else:
        kept = select(_L.c.sealed_token.label("sealed")).where(
            _L.c.team_id == one.team_id, _L.c.id == one.account_link_id
        )
    row = tx.execute(kept.with_for_update()).first()
    return None if row is None else row.sealed


def replace(tx: Tx, one: Renewal, sealed: str) -> bool:
    """Puts new credentials in the place of the old; False where those were replaced meanwhile."""
    if one.integration_id is not None:
        site = update(IntegrationRow).where(
            col(IntegrationRow.team_id) == one.team_id,
            col(IntegrationRow.id) == one.integration_id,
            col(IntegrationRow.sealed_credentials) == one.sealed,
        )
        return change(tx, site.values(sealed_credentials=sealed)) == 1
    own = update(AccountLinkRow).where(
        col(AccountLinkRow.team_id) == one.team_id,
        col(AccountLinkRow.id) == one.account_link_id,
        col(AccountLinkRow.sealed_token) == one.sealed,
    )
    return change(tx, own.values(sealed_token=sealed)) == 1


def _is(one: Renewal) -> tuple[ColumnElement[bool], ...]:
    return (col(_T.team_id) == one.team_id, col(_T.id) == one.id)


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(col(_T.claimed_until).is_(None), col(_T.claimed_until) <= now)

"""Who can be asked to connect, and what is known of names and addresses to suggest accounts."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from bot.domain.account_links import ascii_lower
from bot.domain.account_matching import Named, words_of
from bot.domain.ids import IntegrationId, MemberId, ProviderAccountId, TeamId
from bot.domain.states import AccountLinkState
from storage.account_links import FIRST, AccountLinkRow
from storage.members import MemberRow
from storage.provider_accounts import ProviderAccountRow
from storage.sql import table
from storage.unit_of_work import Tx

_M = MemberRow
_L = AccountLinkRow
_A = ProviderAccountRow
_HELD = aliased(AccountLinkRow)

_SETTLED = (
    AccountLinkState.CONNECTED,
    AccountLinkState.INVITED,
    AccountLinkState.AWAITING_APPROVAL,
    AccountLinkState.DECLINED,
)
"""*Select all* leaves these people alone."""


def _named(team_id: TeamId, integration_id: IntegrationId) -> ColumnElement[bool]:
    """The link names an account that stays with its person: chosen, or to be approved."""
    held = select(col(_HELD.provider_account_id)).where(
        col(_HELD.team_id) == team_id,
        col(_HELD.integration_id) == integration_id,
        col(_HELD.state) == AccountLinkState.CONNECTED,
        col(_HELD.provider_account_id).is_not(None),
    )
    return and_(
        col(_L.provider_account_id).is_not(None),
        or_(col(_L.chosen_by_admin).is_(True), col(_L.state) == AccountLinkState.AWAITING_APPROVAL),
        col(_L.provider_account_id).not_in(held),
    )


def _people(
    team_id: TeamId,
    integration_id: IntegrationId,
    *columns: Any,  # noqa: ANN401 - SQL
) -> Select[Any]:
    """Everybody who works here, with their first link to the integration where they have one."""
    link = and_(
        col(_L.member_id) == col(_M.id),
        col(_L.integration_id) == integration_id,
        col(_L.slot) == FIRST,
    )
    return (
        select(*columns)
        .select_from(_M)
        .outerjoin(_L, link)
        .where(col(_M.team_id) == team_id, col(_M.deactivated_at).is_(None))
    )


def _open() -> ColumnElement[bool]:
    return and_(
        col(_M.is_guest).is_(False), or_(col(_L.id).is_(None), col(_L.state).not_in(_SETTLED))
    )


def counts(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId
) -> dict[AccountLinkState | None, int]:
    """How many people stand where; None for those whom nobody asked."""
    query = _people(team_id, integration_id, col(_L.state), func.count())
    return {
        None if row[0] is None else AccountLinkState(row[0]): int(row[1])
        for row in tx.execute(query.group_by(col(_L.state)))
    }


def number_askable(tx: Tx, team_id: TeamId, integration_id: IntegrationId) -> int:
    """How many *Select all* means."""
    query = _people(team_id, integration_id, func.count()).where(_open())
    return int(tx.execute(query).scalar_one())


def everyone(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId, words: str = ""
) -> list[MemberId]:
    """Whom *Select all* means, by name; only those in whose name or address the words stand."""
    query = _people(team_id, integration_id, table(_M).c.id).where(_open(), *holds(words))
    rows = tx.execute(query.order_by(col(_M.name_words), col(_M.id)))
    return [MemberId(one) for one in rows.scalars()]


def holds(words: str) -> list[ColumnElement[bool]]:
    """Every one of the words stands in a member's name, whatever its case, or in their address."""
    return [
        or_(
            col(_M.name_words).contains(word, autoescape=True),
            col(_M.email).icontains(word, autoescape=True),
        )
        for word in words_of(words)
    ]


def unmatched(tx: Tx, team_id: TeamId, integration_id: IntegrationId) -> list[Named]:
    """People without an account of their own there, and without one that is named for them."""
    columns = (table(_M).c.id, col(_M.name_words), col(_M.email))
    query = _people(team_id, integration_id, *columns).where(
        or_(
            col(_L.id).is_(None),
            and_(
                col(_L.state) != AccountLinkState.CONNECTED,
                ~_named(team_id, integration_id),
            ),
        )
    )
    return [Named(row[0], row[1], ascii_lower(row[2] or "")) for row in tx.execute(query)]


def free(tx: Tx, team_id: TeamId, integration_id: IntegrationId) -> list[Named]:
    """Active accounts that are nobody's, nor named for somebody."""
    taken = select(col(_L.provider_account_id)).where(
        col(_L.team_id) == team_id,
        col(_L.integration_id) == integration_id,
        col(_L.provider_account_id).is_not(None),
        or_(
            col(_L.state) == AccountLinkState.CONNECTED,
            and_(col(_L.slot) == FIRST, _named(team_id, integration_id)),
        ),
    )
    query = select(
        table(_A).c.id, col(_A.name_words), col(_A.email), col(_A.email_is_verified)
    ).where(
        col(_A.team_id) == team_id,
        col(_A.integration_id) == integration_id,
        col(_A.is_active).is_(True),
        table(_A).c.id.not_in(taken),
    )
    return [Named(*row) for row in tx.execute(query)]


def kept(
    tx: Tx,
    team_id: TeamId,
    integration_id: IntegrationId,
    member_ids: Collection[MemberId] | None = None,
) -> dict[MemberId, ProviderAccountId]:
    """The accounts that links name and that stay with their people; of all, or of these."""
    columns = (table(_M).c.id, col(_L.provider_account_id))
    query = _people(team_id, integration_id, *columns).where(_named(team_id, integration_id))
    if member_ids is not None:
        query = query.where(table(_M).c.id.in_(list(member_ids)))
    return {MemberId(row[0]): ProviderAccountId(row[1]) for row in tx.execute(query)}

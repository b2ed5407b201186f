"""Who can be asked to connect, and what is known of names and addresses to suggest accounts."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from bot.domain.ids import IntegrationId, MemberId, ProviderAccountId, TeamId
from bot.domain.people.account_links import ascii_lower
from bot.domain.people.account_matching import Named, words_of
from bot.domain.states import AccountLinkState
from storage.members import MemberRow
from storage.people.account_links import FIRST, AccountLinkRow
from storage.people.provider_accounts import ProviderAccountRow
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


def _here(team_id: TeamId) -> list[ColumnElement[bool]]:
    """Everybody who works here."""
    return [col(_M.team_id) == team_id, col(_M.deactivated_at).is_(None)]


def _first_links(team_id: TeamId, integration_id: IntegrationId) -> list[ColumnElement[bool]]:
    """People's first links to an integration.

    Queries ask who is not among a set of people, and never join people with their links: without
    fresh statistics PostgreSQL takes links for few, and compares each person with each of them.
    """
    return [
        col(_L.team_id) == team_id,
        col(_L.integration_id) == integration_id,
        col(_L.slot) == FIRST,
    ]


def _askable(team_id: TeamId, integration_id: IntegrationId) -> list[ColumnElement[bool]]:
    settled = select(col(_L.member_id)).where(
        *_first_links(team_id, integration_id), col(_L.state).in_(_SETTLED)
    )
    return [*_here(team_id), col(_M.is_guest).is_(False), col(_M.id).not_in(settled)]


def _links_of_people_here(
    team_id: TeamId, integration_id: IntegrationId
) -> list[ColumnElement[bool]]:
    left = select(table(_M).c.id).where(
        col(_M.team_id) == team_id, col(_M.deactivated_at).is_not(None)
    )
    return [*_first_links(team_id, integration_id), col(_L.member_id).not_in(left)]


def counts(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId
) -> dict[AccountLinkState | None, int]:
    """How many people stand where; None for those whom nobody asked."""
    everybody = select(func.count()).select_from(_M).where(*_here(team_id))
    query = (
        select(col(_L.state), func.count())
        .where(*_links_of_people_here(team_id, integration_id))
        .group_by(col(_L.state))
    )
    found: dict[AccountLinkState | None, int] = {
        AccountLinkState(row[0]): int(row[1]) for row in tx.execute(query)
    }
    nobody_asked = int(tx.execute(everybody).scalar_one()) - sum(found.values())
    return {**found, None: nobody_asked} if nobody_asked else found


def number_askable(tx: Tx, team_id: TeamId, integration_id: IntegrationId) -> int:
    """How many *Select all* means."""
    query = select(func.count()).select_from(_M).where(*_askable(team_id, integration_id))
    return int(tx.execute(query).scalar_one())


def everyone(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId, words: str = ""
) -> list[MemberId]:
    """Whom *Select all* means, by name; only those in whose name or address the words stand."""
    query = select(table(_M).c.id).where(*_askable(team_id, integration_id), *holds(words))
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
    matched = select(col(_L.member_id)).where(
        *_first_links(team_id, integration_id),
        or_(
            col(_L.state) == AccountLinkState.CONNECTED,
            _named(team_id, integration_id),
        ),
    )
    query = select(table(_M).c.id, col(_M.name_words), col(_M.email)).where(
        *_here(team_id), col(_M.id).not_in(matched)
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
    query = select(table(_L).c.member_id, table(_L).c.provider_account_id).where(
        *_links_of_people_here(team_id, integration_id), _named(team_id, integration_id)
    )
    if member_ids is not None:
        query = query.where(col(_L.member_id).in_(list(member_ids)))
    return {MemberId(row[0]): ProviderAccountId(row[1]) for row in tx.execute(query)}

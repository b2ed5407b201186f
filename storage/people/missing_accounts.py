"""Provider accounts that are missing from the provider's list of people."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import col

from bot.domain.ids import AccountLinkId, IntegrationId, ProviderAccountId, TeamId
from bot.domain.states import AccountLinkState
from storage.people.account_links import AccountLinkRow
from storage.people.provider_accounts import ProviderAccountRow
from storage.sql import change, fenced, table
from storage.unit_of_work import Tx

_A = ProviderAccountRow
_L = AccountLinkRow

_RESTS = (AccountLinkState.CONNECTED, AccountLinkState.AWAITING_APPROVAL)
"""In these states something rests on the account."""

_NO_HASH = "missing"
"""In the place of a row's hash: whatever the list says of it next is a change."""


def rested_on(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId, *, afresh: bool
) -> dict[str, ProviderAccountId]:
    """Accounts that people have, or ask for, by provider id.

    Args:
        tx: The open transaction.
        team_id: The fence.
        integration_id: Where they are.
        afresh: Those too that are known to be missing from the list, longest missing first.
    """
    rests = select(col(_L.provider_account_id)).where(
        col(_L.team_id) == team_id,
        col(_L.integration_id) == integration_id,
        col(_L.state).in_(_RESTS),
        col(_L.provider_account_id).is_not(None),
    )
    query = (
        select(col(_A.external_id), table(_A).c.id)
        .where(
            fenced(table(_A).c.team_id, team_id),
            col(_A.integration_id) == integration_id,
            col(_A.gone_at).is_(None),
            table(_A).c.id.in_(rests),
        )
        .order_by(col(_A.unlisted_at).is_not(None), col(_A.unlisted_at), col(_A.id))
    )
    if not afresh:
        query = query.where(col(_A.unlisted_at).is_(None))
    return {row[0]: ProviderAccountId(row[1]) for row in tx.execute(query)}


def mark_unlisted(
    tx: Tx, team_id: TeamId, account_ids: Collection[ProviderAccountId], now: datetime
) -> None:
    """They are in no list, and yet not known to be gone."""
    _mark(tx, team_id, account_ids, unlisted_at=now)


def mark_gone(
    tx: Tx, team_id: TeamId, account_ids: Collection[ProviderAccountId], now: datetime
) -> None:
    """The provider says that they are no longer there."""
    _mark(tx, team_id, account_ids, gone_at=now, is_active=False)


def _mark(
    tx: Tx, team_id: TeamId, account_ids: Collection[ProviderAccountId], **values: object
) -> None:
    if account_ids:
        these = (col(_A.team_id) == team_id, col(_A.id).in_(list(account_ids)))
        change(tx, update(_A).where(*these).values(row_hash=_NO_HASH, **values))


def resting_links(
    tx: Tx, team_id: TeamId, account_ids: Collection[ProviderAccountId]
) -> list[AccountLinkId]:
    """Links of people who have these accounts, or ask for them."""
    query = select(table(_L).c.id).where(
        col(_L.team_id) == team_id,
        col(_L.provider_account_id).in_(list(account_ids)),
        col(_L.state).in_(_RESTS),
    )
    return [AccountLinkId(one) for one in tx.execute(query.order_by(col(_L.id))).scalars()]

"""Finding a provider account by what somebody types: nobody's, or one that another holds."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlmodel import col

from bot.domain.ids import IntegrationId, MemberId, TeamId
from bot.domain.people.account_links import Account
from bot.domain.states import AccountLinkState
from storage.people.account_links import AccountLinkRow
from storage.people.provider_accounts import SELECT, ProviderAccountRow, account_of
from storage.sql import table
from storage.unit_of_work import Tx

_T = ProviderAccountRow
_L = AccountLinkRow


def _held(team_id: TeamId, integration_id: IntegrationId) -> Select[int | None]:
    return select(col(_L.provider_account_id)).where(
        col(_L.team_id) == team_id,
        col(_L.integration_id) == integration_id,
        col(_L.state) == AccountLinkState.CONNECTED,
        col(_L.provider_account_id).is_not(None),
    )


def _there(team_id: TeamId, integration_id: IntegrationId) -> tuple[ColumnElement[bool], ...]:
    return (
        col(_T.team_id) == team_id,
        col(_T.integration_id) == integration_id,
        col(_T.is_active).is_(True),
    )


def _free(team_id: TeamId, integration_id: IntegrationId) -> tuple[ColumnElement[bool], ...]:
    held = _held(team_id, integration_id)
    return (*_there(team_id, integration_id), table(_T).c.id.not_in(held))


def _holds(words: Sequence[str], *, in_email: bool) -> list[ColumnElement[bool]]:
    """Each word stands in the name, also where that is written in one; perhaps in the address."""
    together = func.replace(col(_T.name_words), " ", "")
    return [
        or_(
            together.contains(word, autoescape=True),
            col(_T.email).contains(word, autoescape=True) if in_email else false(),
        )
        for word in words
    ]


def search(
    tx: Tx,
    team_id: TeamId,
    integration_id: IntegrationId,
    words: Sequence[str],
    *,
    near: Sequence[str],
    limit: int,
    in_email: bool = False,
    email: str = "",
) -> tuple[list[Account], int]:
    """Accounts in which every word stands, and how many there are.

    Args:
        tx: The open transaction.
        team_id: The fence.
        integration_id: Where.
        words: Of what was typed; none finds all.
        near: Words of the name of who looks; accounts that share one are found first.
        limit: The most accounts to give of either kind.
        in_email: The words may stand in the address, too.
        email: Or the whole address is this one.
    """
    fits = _holds(words, in_email=in_email)
    whole = [col(_T.email) == email] if email else []
    matches = (*_free(team_id, integration_id), or_(*whole, _all(fits)))
    query = SELECT.where(*matches).order_by(col(_T.name_words), col(_T.id)).limit(limit)
    found = {row.id: account_of(row) for row in tx.execute(query)}
    if len(found) < limit:
        return list(found.values()), len(found)
    total = tx.execute(select(func.count()).select_from(_T).where(*matches)).scalar_one()
    if near:
        alike = or_(*(col(_T.name_words).contains(word, autoescape=True) for word in near))
        first = SELECT.where(*matches, alike).order_by(col(_T.name_words), col(_T.id)).limit(limit)
        found = {row.id: account_of(row) for row in tx.execute(first)} | found
    return list(found.values()), int(total)


def held(
    tx: Tx,
    team_id: TeamId,
    integration_id: IntegrationId,
    words: Sequence[str],
    *,
    but: MemberId,
    limit: int,
    email: str = "",
) -> list[Account]:
    """Accounts that members other than this one hold, and in which every word stands.

    Nothing where nothing was typed. The address counts as a whole, as in ``search``.
    """
    if not words:
        return []
    others = _held(team_id, integration_id).where(col(_L.member_id) != but)
    whole = [col(_T.email) == email] if email else []
    query = SELECT.where(
        *_there(team_id, integration_id),
        table(_T).c.id.in_(others),
        or_(*whole, _all(_holds(words, in_email=False))),
    )
    rows = tx.execute(query.order_by(col(_T.name_words), col(_T.id)).limit(limit))
    return [account_of(row) for row in rows]


def _all(conditions: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    joined: ColumnElement[bool] = table(_T).c.id.is_not(None)
    for condition in conditions:
        joined &= condition
    return joined

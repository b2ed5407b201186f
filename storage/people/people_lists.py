"""The list of people and their accounts, in pages."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlmodel import col

from bot.domain.ids import IntegrationId, TeamId
from bot.domain.people.account_links import AccountLink
from bot.domain.people.account_matching import words_of
from bot.domain.people.people_lists import PAGE_SIZE, STATES, PeopleQuery, Shown
from bot.domain.states import AccountLinkState
from storage.members import MemberRow
from storage.people.account_links import ADDRESS_CHANGED, SELECT, AccountLinkRow, link_of
from storage.people.provider_accounts import ProviderAccountRow
from storage.sql import table
from storage.unit_of_work import Tx

_L = AccountLinkRow
_M = MemberRow
_A = ProviderAccountRow

_FIRST = (AccountLinkState.AWAITING_APPROVAL, AccountLinkState.INVITED, AccountLinkState.DECLINED)
"""What needs a person comes first, in this order."""
_ORDER = (
    col(_L.unreachable).is_(None),
    case(
        {state: rank for rank, state in enumerate(_FIRST)}, value=col(_L.state), else_=len(_FIRST)
    ),
    col(_M.name_words),
    col(_M.id),
    col(_L.slot),
)
_MARKS: dict[Shown, ColumnElement[bool]] = {
    Shown.UNREACHABLE: col(_L.unreachable).is_not(None),
    Shown.LEFT: col(_M.deactivated_at).is_not(None),
    Shown.ACCOUNT_OFF: and_(
        col(_L.state) == AccountLinkState.CONNECTED, col(_A.is_active).is_(False)
    ),
    Shown.ADDRESS_CHANGED: ADDRESS_CHANGED,
}


def _condition(shown: Shown) -> ColumnElement[bool]:
    return _MARKS[shown] if shown in _MARKS else col(_L.state) == STATES[shown]


def _matching(team_id: TeamId, query: PeopleQuery) -> list[ColumnElement[bool]]:
    conditions = [
        col(_L.team_id) == team_id,
        col(_L.integration_id) == query.integration_id,
        *(
            or_(
                col(_M.name_words).contains(word, autoescape=True),
                col(_M.email).icontains(word, autoescape=True),
                col(_A.name_words).contains(word, autoescape=True),
                col(_A.email).contains(word, autoescape=True),
            )
            for word in words_of(query.words)
        ),
    ]
    return conditions if query.shown is Shown.ALL else [*conditions, _condition(query.shown)]


def page(tx: Tx, team_id: TeamId, query: PeopleQuery) -> list[AccountLink]:
    """One page of the links, first what needs a person."""
    found = SELECT.where(*_matching(team_id, query)).order_by(*_ORDER)
    rows = found.limit(PAGE_SIZE).offset(query.page * PAGE_SIZE)
    return [link_of(row) for row in tx.execute(rows)]


def ids(team_id: TeamId, query: PeopleQuery) -> Select[int]:
    """A query for the ids of everything that the list holds."""
    return _joined(table(_L).c.id.label("id")).where(*_matching(team_id, query))


def count(tx: Tx, team_id: TeamId, query: PeopleQuery) -> int:
    """How many the list holds."""
    found = _joined(func.count()).where(*_matching(team_id, query))
    return int(tx.execute(found).scalar_one())


def counts(tx: Tx, team_id: TeamId, integration_id: IntegrationId) -> dict[Shown, int]:
    """How many there are of each kind, in one look."""
    kinds = [one for one in Shown if one is not Shown.ALL]
    sums = [func.coalesce(func.sum(case((_condition(one), 1), else_=0)), 0) for one in kinds]
    query = _joined(func.count(), *sums).where(
        col(_L.team_id) == team_id, col(_L.integration_id) == integration_id
    )
    row = tx.execute(query).one()
    return {one: int(number) for one, number in zip([Shown.ALL, *kinds], row, strict=True)}


def not_asked(tx: Tx, team_id: TeamId, integration_id: IntegrationId) -> int:
    """How many people of the workspace have no link there at all, without guests."""
    asked = select(col(_L.member_id)).where(
        col(_L.team_id) == team_id, col(_L.integration_id) == integration_id
    )
    query = select(func.count()).where(
        col(_M.team_id) == team_id,
        col(_M.deactivated_at).is_(None),
        col(_M.is_guest).is_(False),
        table(_M).c.id.not_in(asked),
    )
    return int(tx.execute(query).scalar_one())


def _joined(*columns: Any) -> Select[Any]:  # noqa: ANN401 - SQL
    return (
        select(*columns)
        .select_from(_L)
        .join(_M, col(_M.id) == col(_L.member_id))
        .outerjoin(_A, col(_A.id) == col(_L.provider_account_id))
    )

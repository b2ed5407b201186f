"""Provider accounts, and what they may see, as the sync writes them."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import bindparam, delete, exists, func, insert, or_, select, update
from sqlalchemy.orm import aliased
from sqlmodel import col

from bot.domain.ids import (
    AccountLinkId,
    IntegrationId,
    MemberId,
    ProviderAccountId,
    ProviderProjectId,
    TeamId,
)
from bot.domain.states import AccountLinkState
from storage.chunks import chunked
from storage.linking.provider_projects import ProviderProjectRow
from storage.people.account_links import AccountLinkRow
from storage.people.provider_accounts import ProviderAccessRow, ProviderAccountRow
from storage.sql import change, fenced, table
from storage.unit_of_work import Tx
from storage.upserts import Upsert

_T = ProviderAccountRow
_A = ProviderAccessRow
_P = ProviderProjectRow
_L = AccountLinkRow
_OTHER = aliased(AccountLinkRow)
_WORKING = aliased(ProviderAccountRow)

_upsert = Upsert(table(_T))

_HASHES = select(col(_T.external_id), col(_T.row_hash)).where(
    fenced(table(_T).c.team_id, bindparam("team")),
    col(_T.integration_id) == bindparam("integration"),
    col(_T.external_id).in_(bindparam("external_ids", expanding=True)),
)

_IDS = select(col(_T.external_id), table(_T).c.id).where(
    fenced(table(_T).c.team_id, bindparam("team")),
    col(_T.integration_id) == bindparam("integration"),
    col(_T.external_id).in_(bindparam("external_ids", expanding=True)),
)
_IS_OPEN = select(col(_P.everyone_has_access)).where(
    col(_P.team_id) == bindparam("team"), table(_P).c.id == bindparam("provider_project")
)
_LISTED = select(col(_A.provider_account_id)).where(
    col(_A.team_id) == bindparam("team"),
    col(_A.provider_project_id) == bindparam("provider_project"),
)
_GRANT = insert(table(_A))


def hashes(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId, external_ids: Collection[str]
) -> dict[str, str]:
    """The stored row hashes of these, by provider id."""
    parameters = {
        "team": team_id,
        "integration": integration_id,
        "external_ids": list(external_ids),
    }
    return {row[0]: row[1] for row in tx.execute(_HASHES, parameters)}


def write(tx: Tx, rows: Sequence[Mapping[str, object]]) -> None:
    """Saves new and changed ones."""
    _upsert(tx, rows)


def ids_of(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId, external_ids: Collection[str]
) -> dict[str, ProviderAccountId]:
    """Those of the accounts that are known, by provider id."""
    found: dict[str, ProviderAccountId] = {}
    for some in chunked(list(external_ids)):
        these = {"team": team_id, "integration": integration_id, "external_ids": list(some)}
        found |= {row[0]: ProviderAccountId(row[1]) for row in tx.execute(_IDS, these)}
    return found


def shut_out(
    tx: Tx,
    team_id: TeamId,
    integration_id: IntegrationId,
    provider_project_id: ProviderProjectId,
) -> list[MemberId]:
    """Members connected to the integration, none of whose accounts may see the project."""
    may_see = exists().where(
        col(_OTHER.member_id) == col(_L.member_id),
        col(_OTHER.state) == AccountLinkState.CONNECTED,
        col(_A.provider_account_id) == col(_OTHER.provider_account_id),
        col(_A.provider_project_id) == provider_project_id,
    )
    query = select(col(_L.member_id)).where(
        col(_L.team_id) == team_id,
        col(_L.integration_id) == integration_id,
        col(_L.state) == AccountLinkState.CONNECTED,
        ~may_see,
    )
    return [MemberId(found) for found in tx.execute(query.distinct()).scalars()]


def working(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId, external_ids: Collection[str]
) -> list[str]:
    """Those of these accounts that were switched on when they were saved last."""
    found: list[str] = []
    for some in chunked(list(external_ids)):
        query = select(col(_T.external_id)).where(
            col(_T.team_id) == team_id,
            col(_T.integration_id) == integration_id,
            col(_T.external_id).in_(some),
            col(_T.is_active).is_(True),
        )
        found += tx.execute(query).scalars()
    return found


def connected_with(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId, external_ids: Collection[str]
) -> list[AccountLinkId]:
    """The links of people who are connected with these accounts."""
    found: list[AccountLinkId] = []
    for some in chunked(list(external_ids)):
        query = (
            select(table(_L).c.id)
            .join(_T, col(_T.id) == col(_L.provider_account_id))
            .where(
                col(_L.team_id) == team_id,
                col(_L.integration_id) == integration_id,
                col(_L.state) == AccountLinkState.CONNECTED,
                col(_T.external_id).in_(some),
            )
        )
        found += [AccountLinkId(one) for one in tx.execute(query).scalars()]
    return found


def switched_off(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId, external_ids: Collection[str]
) -> list[MemberId]:
    """Members connected with one of these accounts who have no working one there."""
    works = exists().where(
        col(_OTHER.member_id) == col(_L.member_id),
        col(_OTHER.integration_id) == integration_id,
        col(_OTHER.state) == AccountLinkState.CONNECTED,
        col(_WORKING.id) == col(_OTHER.provider_account_id),
        col(_WORKING.is_active).is_(True),
    )
    found: set[MemberId] = set()
    for some in chunked(list(external_ids)):
        query = (
            select(col(_L.member_id))
            .join(_T, col(_T.id) == col(_L.provider_account_id))
            .where(
                col(_L.team_id) == team_id,
                col(_L.integration_id) == integration_id,
                col(_L.state) == AccountLinkState.CONNECTED,
                col(_T.external_id).in_(some),
                ~works,
            )
        )
        found.update(MemberId(one) for one in tx.execute(query).scalars())
    return sorted(found)


def with_access(
    tx: Tx, team_id: TeamId, provider_project_id: ProviderProjectId
) -> tuple[bool, set[ProviderAccountId]]:
    """Whether everyone may see the project, and who else is listed."""
    this = {"team": team_id, "provider_project": provider_project_id}
    listed = tx.execute(_LISTED, this).scalars()
    return bool(tx.execute(_IS_OPEN, this).scalar()), set(map(ProviderAccountId, listed))


def open_to_everyone(
    tx: Tx, team_id: TeamId, provider_project_id: ProviderProjectId, *, is_open: bool
) -> None:
    """Whether the provider limits who may see the project."""
    same = (col(_P.team_id) == team_id, col(_P.id) == provider_project_id)
    change(tx, update(_P).where(*same).values(everyone_has_access=is_open))


def grant(
    tx: Tx,
    team_id: TeamId,
    provider_project_id: ProviderProjectId,
    accounts: Iterable[ProviderAccountId],
) -> None:
    """These may see the project now."""
    rows = [
        {
            "team_id": team_id,
            "provider_project_id": provider_project_id,
            "provider_account_id": account,
        }
        for account in accounts
    ]
    if rows:
        change(tx, _GRANT, rows)


def revoke(
    tx: Tx,
    team_id: TeamId,
    provider_project_id: ProviderProjectId,
    accounts: Iterable[ProviderAccountId],
) -> None:
    """These may not see the project any more."""
    these = (
        col(_A.team_id) == team_id,
        col(_A.provider_project_id) == provider_project_id,
        col(_A.provider_account_id).in_(list(accounts)),
    )
    change(tx, delete(_A).where(*these))


def count(
    tx: Tx,
    team_id: TeamId,
    integration_id: IntegrationId,
    seeing: Collection[ProviderProjectId] | None = None,
) -> int:
    """How many working accounts an integration has; only those ``seeing`` one of these."""
    query = (
        select(func.count())
        .select_from(_T)
        .where(
            col(_T.team_id) == team_id,
            col(_T.integration_id) == integration_id,
            col(_T.is_active).is_(True),
        )
    )
    if seeing is not None:
        ids = list(seeing)
        listed = exists().where(
            col(_A.provider_account_id) == col(_T.id), col(_A.provider_project_id).in_(ids)
        )
        is_open = exists().where(
            col(_P.team_id) == team_id, col(_P.id).in_(ids), col(_P.everyone_has_access).is_(True)
        )
        query = query.where(or_(listed, is_open))
    return int(tx.execute(query).scalar_one())

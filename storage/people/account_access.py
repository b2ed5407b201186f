"""What a member's accounts at one integration still see."""

from collections.abc import Sequence

from sqlalchemy import and_, exists, or_, select
from sqlmodel import col

from bot.domain.ids import IntegrationId, MemberId, ProviderProjectId, TeamId
from bot.domain.states import AccountLinkState
from storage.chunks import chunked
from storage.linking.provider_projects import ProviderProjectRow
from storage.people.account_links import AccountLinkRow
from storage.people.provider_accounts import ProviderAccessRow, ProviderAccountRow
from storage.sql import table
from storage.unit_of_work import Tx

_L = AccountLinkRow
_A = ProviderAccountRow
_P = ProviderProjectRow


def still_connected(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId, member_ids: Sequence[MemberId]
) -> set[MemberId]:
    """Those of these people who are connected there with any account."""
    found: set[MemberId] = set()
    for some in chunked(member_ids):
        query = select(col(_L.member_id)).where(
            col(_L.team_id) == team_id,
            col(_L.integration_id) == integration_id,
            col(_L.state) == AccountLinkState.CONNECTED,
            col(_L.member_id).in_(some),
        )
        found |= {MemberId(one) for one in tx.execute(query).scalars()}
    return found


def unseen(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId, member_id: MemberId
) -> list[ProviderProjectId]:
    """The integration's provider projects that no working account of the member may see."""
    listed = exists().where(
        col(ProviderAccessRow.provider_project_id) == col(_P.id),
        col(ProviderAccessRow.provider_account_id) == col(_A.id),
    )
    seen = exists().where(
        and_(
            col(_L.member_id) == member_id,
            col(_L.integration_id) == integration_id,
            col(_L.state) == AccountLinkState.CONNECTED,
            col(_A.id) == col(_L.provider_account_id),
            col(_A.is_active).is_(True),
            or_(col(_P.everyone_has_access).is_(True), listed),
        )
    )
    query = select(table(_P).c.id).where(
        col(_P.team_id) == team_id, col(_P.integration_id) == integration_id, ~seen
    )
    return [ProviderProjectId(one) for one in tx.execute(query).scalars()]

"""Where a member stands with each connected site, in one statement."""

from sqlalchemy import and_, bindparam, select

from bot.domain.ids import IntegrationId, MemberId, TeamId
from bot.domain.people.account_links import Site, Standing
from bot.domain.states import IntegrationState
from storage.linking.integrations import IntegrationRow
from storage.members import MemberRow
from storage.people.account_links import COLUMNS, AccountLinkRow, link_of, naming
from storage.prepared import Look, Prepared
from storage.sql import AnyRow, table
from storage.unit_of_work import Tx

_LINK, _SITE, _MEMBER = (table(one).c for one in (AccountLinkRow, IntegrationRow, MemberRow))
_STANDINGS = Prepared(
    naming(
        select(*COLUMNS, _SITE.id.label("site_id"))
        .select_from(IntegrationRow)
        .outerjoin(
            AccountLinkRow,
            and_(_LINK.member_id == bindparam("member"), _LINK.integration_id == _SITE.id),
        )
        .outerjoin(MemberRow, _MEMBER.id == _LINK.member_id)
    )
    .where(
        _SITE.team_id == bindparam("team"),
        _SITE.state != IntegrationState.DISCONNECTED,
    )
    .order_by(_SITE.id, _LINK.slot)
)


def of_member(tx: Tx, team_id: TeamId, member_id: MemberId) -> list[Standing]:
    """Every connected site, oldest first, once for each of the member's links there, or alone."""
    asked, names = look_for_member(team_id, member_id)
    found = asked.all(tx, names)
    return [Standing(_site(row), None if row.id is None else link_of(row)) for row in found]


def look_for_member(team_id: TeamId, member_id: MemberId) -> Look:
    """What ``of_member`` asks."""
    return _STANDINGS, {"team": team_id, "member": member_id}


def _site(row: AnyRow) -> Site:
    return Site(
        id=IntegrationId(row.site_id),
        provider=row.provider,
        name=row.site_name,
        writes_time=bool(row.writes_time),
        is_connected=True,
        is_broken=row.integration_state == IntegrationState.BROKEN,
    )

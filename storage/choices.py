"""What a member and their team chose, in one statement."""

from sqlalchemy import and_, bindparam, select

from bot.domain.ids import MemberId, TeamId
from bot.domain.preferences import MemberSettings, TeamSettings
from storage.members import MemberRow
from storage.prepared import Look, Prepared
from storage.sql import table
from storage.teams import TeamRow
from storage.unit_of_work import Tx

_TEAM, _MEMBER = table(TeamRow).c, table(MemberRow).c
_CHOSEN = Prepared(
    select(_TEAM.settings.label("team"), _MEMBER.settings.label("own"))
    .select_from(TeamRow)
    .outerjoin(MemberRow, and_(_MEMBER.team_id == _TEAM.id, _MEMBER.id == bindparam("member")))
    .where(_TEAM.id == bindparam("team"))
)


def of_member(tx: Tx, team_id: TeamId, member_id: MemberId) -> tuple[TeamSettings, MemberSettings]:
    """The team's choices and the member's own, with the defaults for the rest."""
    asked, names = look_for_member(team_id, member_id)
    row = asked.first(tx, names)
    team, own = ({}, {}) if row is None else (row.team or {}, row.own or {})
    return TeamSettings.read(team), MemberSettings.read(own)


def look_for_member(team_id: TeamId, member_id: MemberId) -> Look:
    """What ``of_member`` asks."""
    return _CHOSEN, {"team": team_id, "member": member_id}

"""What a member and their team chose, and whether they manage a project, in one statement."""

from sqlalchemy import and_, bindparam, exists, select

from bot.domain.ids import MemberId, TeamId
from bot.domain.preferences import MemberSettings, TeamSettings
from bot.domain.values import dataclass
from storage.members import MemberRow
from storage.prepared import Look, Prepared
from storage.projects.projects import ProjectMemberRow
from storage.sql import table
from storage.teams import TeamRow
from storage.unit_of_work import Tx

_TEAM, _MEMBER = table(TeamRow).c, table(MemberRow).c
_ON = table(ProjectMemberRow).c
_MANAGES = exists().where(
    _ON.member_id == bindparam("member"),
    _ON.team_id == bindparam("team"),
    _ON.is_manager.is_(True),
    _ON.removed_at.is_(None),
)
_CHOSEN = Prepared(
    select(_TEAM.settings.label("team"), _MEMBER.settings.label("own"), _MANAGES.label("manages"))
    .select_from(TeamRow)
    .outerjoin(MemberRow, and_(_MEMBER.team_id == _TEAM.id, _MEMBER.id == bindparam("member")))
    .where(_TEAM.id == bindparam("team"))
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What holds for a member."""

    team: TeamSettings
    own: MemberSettings
    manages: bool
    """They manage a project."""


def of_member(tx: Tx, team_id: TeamId, member_id: MemberId) -> Chosen:
    """The team's choices and the member's own, with the defaults for the rest."""
    asked, names = look_for_member(team_id, member_id)
    row = asked.first(tx, names)
    team, own = ({}, {}) if row is None else (row.team or {}, row.own or {})
    manages = row is not None and bool(row.manages)
    return Chosen(TeamSettings.read(team), MemberSettings.read(own), manages)


def look_for_member(team_id: TeamId, member_id: MemberId) -> Look:
    """What ``of_member`` asks."""
    return _CHOSEN, {"team": team_id, "member": member_id}

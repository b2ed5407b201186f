"""Whose time a report may hold, asked anew for every report."""

from bot.domain.people.people import Member
from bot.domain.projects.projects import ManagerOnly
from bot.domain.reports.team_reports import Reach
from bot.services import rights
from storage.reports.report_sums import Seen
from storage.unit_of_work import Tx


def reach_of(tx: Tx, who: Member, *, for_team: bool) -> tuple[Reach, Seen]:
    """Everybody's for admins, that on their projects for managers, else their own."""
    own = Seen(who.team_id, who.id)
    if not for_team:
        return Reach.OWN, own
    try:
        projects = rights.managed(tx, who)
    except ManagerOnly:
        return Reach.OWN, own
    reach = Reach.ALL if projects is None else Reach.MANAGED
    return reach, Seen(who.team_id, projects=projects)

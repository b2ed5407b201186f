"""Whose time a report may hold, asked anew for every report."""

from bot.domain.ids import ClientId
from bot.domain.people.people import Member
from bot.domain.projects.projects import ManagerOnly
from bot.domain.reports.team_reports import Reach
from bot.services import rights
from storage.money import billing
from storage.reports import report_sums
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


def clients_seen(tx: Tx, who: Member, seen: Seen) -> frozenset[ClientId] | None:
    """Whose clients a report may name: those of the projects it may hold time of; None for all.

    The list of clients is for admins.
    """
    holds_everything = seen.member_id is None and seen.projects is None
    if holds_everything or rights.is_admin(tx, who):
        return None
    projects = [id_ for id_, _, _ in report_sums.projects_of(tx, seen)]
    return billing.clients_of(tx, who.team_id, projects)

"""Who may do what, asked again inside the transaction that does it."""

from bot.domain.errors import AdminOnly
from bot.domain.ids import ProjectId, TaskId
from bot.domain.people.people import Member
from bot.domain.preferences import MoneySeenBy, TeamSettings
from bot.domain.projects.projects import ManagerOnly
from bot.domain.tracking.tracking_errors import ProjectArchived
from storage import members, teams
from storage.projects import archived, managers, project_people
from storage.unit_of_work import Tx


def admin(tx: Tx, who: Member) -> Member:
    """The member as they are now, who may administer.

    Raises:
        AdminOnly: they may not, or not any more.
    """
    now = members.by_id(tx, who.team_id, who.id)
    if now is None or not _administers(now):
        raise AdminOnly
    return now


def is_admin(tx: Tx, who: Member) -> bool:
    """Whether the member may administer, as they are now."""
    now = members.by_id(tx, who.team_id, who.id)
    return now is not None and _administers(now)


def _administers(now: Member) -> bool:
    return now.is_active and now.is_admin


def manages(tx: Tx, who: Member, project_id: ProjectId) -> bool:
    """Whether the member may see, edit, unlock and approve everybody's time on a project.

    Admins may on every project, its managers on theirs.
    """
    now = members.by_id(tx, who.team_id, who.id)
    if now is None or not now.is_active:
        return False
    return now.is_admin or project_people.is_manager(tx, who.team_id, project_id, who.id)


def sees_money(tx: Tx, who: Member, project_id: ProjectId) -> bool:
    """Whether the member may see a project's amounts of money, where they may see the project."""
    now = members.by_id(tx, who.team_id, who.id)
    if now is None or not now.is_active:
        return False
    seen_by = teams.settings(tx, who.team_id).money_seen_by
    manages = (
        seen_by is MoneySeenBy.MANAGERS
        and not now.is_admin
        and project_people.is_manager(tx, who.team_id, project_id, who.id)
    )
    return seen_by.lets(is_admin=now.is_admin, manages=manages)


def sees_amounts(tx: Tx, who: Member, *, own: bool, team: TeamSettings | None = None) -> bool:
    """Whether the member may see what the time in a report came to.

    That is everybody's time on what they manage, or with ``own`` their own on any project, where a
    manager's right would hold for some of it only. ``team`` is what the team chose, where that is
    at hand.
    """
    now = members.by_id(tx, who.team_id, who.id)
    if now is None or not now.is_active:
        return False
    seen_by = (team or teams.settings(tx, who.team_id)).money_seen_by
    return seen_by.lets(is_admin=now.is_admin, manages=not own)


def manager(tx: Tx, who: Member, project_id: ProjectId) -> None:
    """Nothing, where the member manages the project.

    Raises:
        ManagerOnly: they do not, or not any more.
    """
    if not manages(tx, who, project_id):
        raise ManagerOnly


def managed(tx: Tx, who: Member) -> frozenset[ProjectId] | None:
    """The projects on which the member manages everybody's time; None for all: an admin.

    Raises:
        ManagerOnly: they manage none.
    """
    now = members.by_id(tx, who.team_id, who.id)
    if now is not None and now.is_active and now.is_admin:
        return None
    found = managers.managed_by(tx, who.team_id, who.id)
    if now is None or not now.is_active or not found:
        raise ManagerOnly
    return found


def change_time(tx: Tx, who: Member, project_id: ProjectId, task_id: TaskId | None) -> None:
    """Nothing, where time on this may be made and changed by hand, as far as archiving goes (A3).

    Raises:
        ProjectArchived: the project is archived, here or in its tool, and who asks is no admin.
    """
    name = archived.name_where_archived(tx, who.team_id, project_id, task_id)
    if name is None:
        return
    try:
        admin(tx, who)
    except AdminOnly as error:
        raise ProjectArchived(name, is_admin=False) from error

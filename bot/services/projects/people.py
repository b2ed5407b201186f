"""Who belongs to a project and who manages it, decided by hand."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.errors import Vanished
from bot.domain.ids import MemberId, ProjectId, TeamId
from bot.domain.linking.linking import ProjectUnknown, Target
from bot.domain.people.people import Member
from bot.domain.projects.projects import (
    AlreadyManager,
    ManagerChange,
    ManagerWish,
    MemberLeft,
    NotManager,
)
from bot.domain.tasks.task_refs import ProjectRef, ref_words
from bot.services import rights
from bot.services.linking.finding import meant, nearest
from bot.services.projects.telling import owe_notice
from storage import members
from storage.linking import link_targets
from storage.operating import audit
from storage.projects import project_people
from storage.unit_of_work import Tx, UnitOfWork


class ProjectPeople:
    """Use cases by admins."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._new_marker = new_marker

    def find(self, *, who: Member, person: Member, ref: ProjectRef, remove: bool) -> ManagerWish:
        """What the words of ``/link manager`` mean; several projects are a person's choice.

        Raises:
            AdminOnly: who asks may not.
            ProjectUnknown: no project is called that.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            every = link_targets.every(tx, who.team_id)
        found = meant(ref, every, names=_names)
        standing = [one for one in found if not one.is_archived]
        if not found:
            raise ProjectUnknown(ref_words(ref).strip('"'), nearest(ref, every, names=_names))
        return ManagerWish(person.id, person.name, tuple(standing or found), remove)

    def set_manager(
        self,
        *,
        who: Member,
        member_id: MemberId,
        project_id: ProjectId,
        manages: bool,
        now: datetime,
    ) -> ManagerChange:
        """Makes somebody the project's manager, and puts them on it; or takes that back.

        Raises:
            AdminOnly: who asks may not.
            Vanished: the project or the member is not this team's.
            MemberLeft: they are deactivated.
            AlreadyManager, NotManager: that was so before.
        """
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            link_targets.lock(tx, who.team_id)
            project = _project(tx, who.team_id, project_id)
            person = members.by_id(tx, who.team_id, member_id)
            if person is None:
                raise Vanished("member")
            if manages and not person.is_active:
                raise MemberLeft(person.name)
            joined = bool(
                manages and project_people.add(tx, who.team_id, [project_id], [member_id], now)
            )
            if not project_people.set_manager(
                tx, who.team_id, project_id, member_id, manages=manages
            ):
                error = AlreadyManager if manages else NotManager
                raise error(person.name, project.name)
            owe_notice(
                tx,
                who,
                project_id,
                member_id,
                manages=manages,
                now=now,
                new_marker=self._new_marker,
            )
            audit.record(
                tx,
                who.team_id,
                actor=who.id,
                action="project.manager",
                subject=f"project:{project_id}",
                now=now,
                before={"member_id": member_id, "manages": not manages},
                after={"member_id": member_id, "member": person.name, "manages": manages},
            )
            return ManagerChange(person.name, project.name, manages, joined)


def _project(tx: Tx, team_id: TeamId, project_id: ProjectId) -> Target:
    found = link_targets.by_ids(tx, team_id, [project_id])
    if project_id not in found:
        raise Vanished("project")
    return found[project_id]


def _names(one: Target) -> tuple[str, ...]:
    return (one.name, one.code)

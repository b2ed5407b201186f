"""Putting people on projects and taking them off, by hand, one project or many."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime

from bot.domain.entries.entries import StopReason
from bot.domain.errors import Vanished
from bot.domain.ids import MemberId, ProjectId, SlackUserId, TeamId
from bot.domain.linking.linking import Target
from bot.domain.people.people import Member
from bot.domain.projects.projects import AddedAndRemoved, PeopleChanged, PeopleForm, PeopleWish
from bot.services import rights
from bot.services.projects.telling import owe_notice
from bot.services.tracking.stopping import stop_timers
from storage import members
from storage.linking import link_targets
from storage.operating import audit
from storage.projects import project_people
from storage.unit_of_work import Tx, UnitOfWork

Pairs = Collection[tuple[ProjectId, MemberId]]


class ProjectMembership:
    """Use cases by admins."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._new_marker = new_marker

    def form(self, *, who: Member, project_ids: Sequence[ProjectId]) -> PeopleForm:
        """What the form shows of one project, or of many.

        Raises:
            AdminOnly: who asks may not change them.
            Vanished: one of them is not this team's.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            found = _found(tx, who.team_id, project_ids)
            if len(found) > 1:
                return PeopleForm(None, len(found))
            managing = project_people.managers(tx, who.team_id, project_ids[0])
            people = members.by_ids(tx, who.team_id, managing)
            slack_ids = tuple(people[one].slack_user_id for one in managing)
            return PeopleForm(found[project_ids[0]].name, 1, slack_ids)

    def strangers(self, *, who: Member, users: Collection[SlackUserId]) -> set[SlackUserId]:
        """Those of these whom we have not met yet, or who have left."""
        with self._uow.read() as tx:
            known = members.by_slack_ids(tx, who.team_id, users)
        return set(users) - {one.slack_user_id for one in known}

    def change(
        self, *, who: Member, project_ids: Sequence[ProjectId], wish: PeopleWish, now: datetime
    ) -> PeopleChanged:
        """Puts people on projects and takes them off; timers of who goes stop and are kept.

        Raises:
            AdminOnly: who asks may not.
            Vanished: one of the projects is not this team's.
            AddedAndRemoved: somebody is to be put on and taken off.
        """
        if both := set(wish.remove) & {*wish.add, *(wish.managers or ())}:
            raise AddedAndRemoved(len(both))
        team_id = who.team_id
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            link_targets.lock(tx, team_id)
            projects = _found(tx, team_id, project_ids)
            every = members.by_slack_ids(tx, team_id, wish.everybody)
            people = {one.slack_user_id: one for one in every}
            manage = wish.managers if len(projects) == 1 else None
            coming = _ids(people, (*wish.add, *(manage or ())))
            going = _ids(people, wish.remove)
            added = project_people.add(tx, team_id, project_ids, coming, now)
            removed = project_people.remove(tx, team_id, project_ids, going, by=who.id, now=now)
            stopped = self._stop(tx, team_id, removed, now)
            named: Sequence[Member] = ()
            unnamed: Sequence[Member] = ()
            if manage is not None:
                wanted = _ids(people, manage)
                named, unnamed = self._manage(tx, who, project_ids[0], wanted, now)
            names = {one.id: one.name for one in people.values()}
            newcomers = {member for _, member in added}
            done = PeopleChanged(
                projects=len(projects),
                added=_sorted(names[one] for one in newcomers),
                removed=_sorted({names[member] for _, member in removed}),
                stopped=stopped,
                named=_sorted(one.name for one in named),
                unnamed=_sorted(one.name for one in unnamed),
                unconnected=tuple(project_people.unconnected(tx, team_id, project_ids, newcomers)),
                strangers=len(wish.everybody - people.keys()),
            )
            audit.record_many(
                tx,
                team_id,
                actor=who.id,
                action="project.people",
                now=now,
                before=None,  # the line says who came and went
                after=_recorded(projects, added, removed, done, names),
            )
            return done

    def _manage(
        self,
        tx: Tx,
        who: Member,
        project_id: ProjectId,
        wanted: Sequence[MemberId],
        now: datetime,
    ) -> tuple[Sequence[Member], Sequence[Member]]:
        """Makes these its managers, and tells who is new among them and who is none any more."""
        named, unnamed = _manage(tx, who.team_id, project_id, wanted)
        for one in (*named, *unnamed):
            owe_notice(
                tx,
                who,
                project_id,
                one.id,
                manages=one in named,
                now=now,
                new_marker=self._new_marker,
            )
        return named, unnamed

    def _stop(self, tx: Tx, team_id: TeamId, removed: Pairs, now: datetime) -> int:
        """Mostly the same people leave many projects, which is then one look."""
        left: dict[ProjectId, set[MemberId]] = {}
        for project_id, member_id in removed:
            left.setdefault(project_id, set()).add(member_id)
        together: dict[frozenset[MemberId], list[ProjectId]] = {}
        for project_id, people in left.items():
            together.setdefault(frozenset(people), []).append(project_id)
        stopped = 0
        for who, projects in together.items():
            stopped += len(
                stop_timers(
                    tx,
                    team_id,
                    because=StopReason.REMOVED_FROM_PROJECT,
                    now=now,
                    members=who,
                    projects=projects,
                    new_marker=self._new_marker,
                )
            )
        return stopped


def _found(tx: Tx, team_id: TeamId, project_ids: Sequence[ProjectId]) -> Mapping[ProjectId, Target]:
    found = link_targets.by_ids(tx, team_id, project_ids)
    if not project_ids or any(one not in found for one in project_ids):
        raise Vanished("project")
    return found


def _manage(
    tx: Tx, team_id: TeamId, project_id: ProjectId, wanted: Sequence[MemberId]
) -> tuple[list[Member], list[Member]]:
    """Makes exactly these the project's managers; who is new among them, and who is none now."""
    before = set(project_people.managers(tx, team_id, project_id))
    named, unnamed = set(wanted) - before, before - set(wanted)
    for member_id in named | unnamed:
        project_people.set_manager(tx, team_id, project_id, member_id, manages=member_id in named)
    people = members.by_ids(tx, team_id, named | unnamed)
    return [people[one] for one in named], [people[one] for one in unnamed]


def _recorded(
    projects: Mapping[ProjectId, Target],
    added: Pairs,
    removed: Pairs,
    done: PeopleChanged,
    names: Mapping[MemberId, str],
) -> list[tuple[str, dict[str, object]]]:
    """A line for each project on which anything changed."""
    came: dict[ProjectId, list[str]] = {}
    went: dict[ProjectId, list[str]] = {}
    for moved, by_project in ((added, came), (removed, went)):
        for project_id, member_id in sorted(moved):
            by_project.setdefault(project_id, []).append(names[member_id])
    lines: list[tuple[str, dict[str, object]]] = []
    for project_id, target in projects.items():
        if project_id not in came and project_id not in went and not (done.named or done.unnamed):
            continue
        line: dict[str, object] = {"project": target.name}
        line |= {"added": came[project_id]} if project_id in came else {}
        line |= {"removed": went[project_id]} if project_id in went else {}
        line |= {"managers": list(done.named)} if done.named else {}
        line |= {"no_managers": list(done.unnamed)} if done.unnamed else {}
        lines.append((f"project:{project_id}", line))
    return lines


def _ids(people: Mapping[SlackUserId, Member], users: Iterable[SlackUserId]) -> list[MemberId]:
    return list(dict.fromkeys(people[one].id for one in users if one in people))


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(names, key=str.casefold))

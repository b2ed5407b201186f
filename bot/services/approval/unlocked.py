"""What is unlocked, and what forms and messages show of it (T13)."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.domain.approval.unlocks import Stretch, Unlock, UnlockView
from bot.domain.entries.entries import zone_of
from bot.domain.errors import Vanished
from bot.domain.ids import MemberId, ProjectId, SlackUserId, TeamId, UnlockId
from bot.domain.people.people import Member
from bot.services import rights
from storage import members
from storage.approval import unlocks
from storage.linking import link_targets
from storage.projects import project_people
from storage.reports import report_sums
from storage.reports.report_sums import Seen
from storage.unit_of_work import Tx, UnitOfWork

LISTED = 20
"""Open ones that are shown at once."""


class Unlocked:
    """Reads what is open, and the names of what may be."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def opened(self, *, who: Member, now: datetime) -> tuple[UnlockView, ...]:
        """What is open at present, of what who asks may open.

        Raises:
            ManagerOnly: who asks manages nothing.
        """
        with self._uow.read() as tx:
            managed = rights.managed(tx, who)
            found = unlocks.open_in(tx, who.team_id, managed, now, LISTED)
            return tuple(views_of(tx, found, who, now))

    def projects(self, *, who: Member, text: str, limit: int) -> list[tuple[ProjectId, str]]:
        """The projects on which who asks may open time, by name."""
        with self._uow.read() as tx:
            managed = rights.managed(tx, who)
            if managed is None:
                found = link_targets.search(tx, who.team_id, text, limit)
                return [(one.id, one.name) for one in found]
            named = link_targets.by_ids(tx, who.team_id, sorted(managed)).values()
            fitting = [one for one in named if text.casefold() in one.name.casefold()]
            fitting.sort(key=lambda one: one.name.casefold())
            return [(one.id, one.name) for one in fitting[:limit]]

    def member(self, *, who: Member, user_id: SlackUserId) -> MemberId:
        """Somebody by their Slack id.

        Raises:
            Vanished: they are nobody here.
        """
        with self._uow.read() as tx:
            found = members.by_slack_id(tx, who.team_id, user_id)
            if found is None:
                raise Vanished("person")
            return found.id

    def names_of(self, *, who: Member, stretch: Stretch) -> tuple[SlackUserId, str]:
        """What a form shows of a stretch: the person's Slack id, and the project's name.

        Raises:
            HourlinkError: they may not open it.
        """
        with self._uow.read() as tx:
            may_open(tx, who, stretch.project_id)
            owner = members.by_id(tx, who.team_id, stretch.member_id)
            if owner is None:
                raise Vanished("person")
            return owner.slack_user_id, project_name(tx, who.team_id, stretch.project_id)

    def project_name(self, *, who: Member, project_id: ProjectId) -> str:
        """What people call a project on which one may ask for time to be opened.

        Raises:
            Vanished: there is none, or not for them.
        """
        with self._uow.read() as tx:
            return asked_about(tx, who, project_id)

    def told(
        self, team_id: TeamId, unlock_id: UnlockId, member_id: MemberId, now: datetime
    ) -> tuple[Member, UnlockView] | None:
        """Whom to tell what about an unlock; None where they left."""
        with self._uow.read() as tx:
            reader = members.by_id(tx, team_id, member_id)
            unlock = unlocks.find(tx, team_id, unlock_id)
            if reader is None or not reader.is_active or unlock is None:
                return None
            return reader, view_of(tx, unlock, reader, now)


def may_open(tx: Tx, who: Member, project_id: ProjectId | None) -> None:
    """Nothing, where the member may open time on a project, or (None) on every one.

    Raises:
        AdminOnly: every project is meant, and they are no admin.
        ManagerOnly: they do not manage the project.
    """
    if project_id is None:
        rights.admin(tx, who)
    else:
        rights.manager(tx, who, project_id)


def asked_about(tx: Tx, who: Member, project_id: ProjectId | None) -> str:
    """The name of a project that is theirs, or on which they have time of their own.

    Raises:
        Vanished: there is none, or not for them.
    """
    name = project_name(tx, who.team_id, project_id)
    if project_id is None or project_people.belongs(tx, who.team_id, project_id, who.id):
        return name
    own = Seen(who.team_id, who.id)
    if rights.is_admin(tx, who) or report_sums.projects_tracked(tx, own, [project_id]):
        return name
    raise Vanished("project")


def project_name(tx: Tx, team_id: TeamId, project_id: ProjectId | None) -> str:
    """What people call a project; empty for every one.

    Raises:
        Vanished: there is none.
    """
    if project_id is None:
        return ""
    found = link_targets.by_ids(tx, team_id, [project_id]).get(project_id)
    if found is None:
        raise Vanished("project")
    return found.name


def view_of(tx: Tx, unlock: Unlock, reader: Member, now: datetime) -> UnlockView:
    """An unlock, to be shown to somebody."""
    (view,) = views_of(tx, [unlock], reader, now)
    return view


def views_of(
    tx: Tx, found: Sequence[Unlock], reader: Member, now: datetime
) -> Iterator[UnlockView]:
    """Several of them, with as many questions to the database as for one."""
    zone = zone_of(reader.zone)
    ids = {one.stretch.member_id for one in found}
    ids |= {one.decided_by for one in found if one.decided_by is not None}
    people = members.by_ids(tx, reader.team_id, ids)
    named = {one.stretch.project_id for one in found if one.stretch.project_id is not None}
    projects = link_targets.by_ids(tx, reader.team_id, sorted(named))
    for one in found:
        project_id = one.stretch.project_id
        yield UnlockView(
            one,
            people[one.stretch.member_id].name,
            "" if project_id is None else projects[project_id].name,
            people[one.decided_by].name if one.decided_by else "",
            None if one.until is None else one.until.astimezone(zone),
            None if one.decided_at is None else one.decided_at.astimezone(zone),
            now.astimezone(zone),
        )

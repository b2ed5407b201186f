"""Putting people on projects and taking them off: what lasts, and what it ends."""

from datetime import timedelta

import pytest

from bot.domain.errors import AdminOnly, Vanished
from bot.domain.ids import ProjectId, SlackUserId
from bot.domain.people.people import Member
from bot.domain.projects.projects import AddedAndRemoved, PeopleChanged, PeopleWish
from bot.domain.tracking.tracking_errors import TargetUnknown
from bot.services.people.membership import join_member, join_project
from bot.services.projects.memberships import ProjectMembership
from storage.linking.integrations import IntegrationRow
from storage.members import MemberRow
from storage.projects import project_people
from tests.builders import NOON
from tests.services.office import Office

HOUR = timedelta(hours=1)


def changed(
    office: Office,
    *projects: ProjectId,
    add: tuple[Member, ...] = (),
    remove: tuple[Member, ...] = (),
    who: Member | None = None,
) -> PeopleChanged:
    """The admin saves the form."""
    wish = PeopleWish(
        tuple(one.slack_user_id for one in add), tuple(one.slack_user_id for one in remove)
    )
    return ProjectMembership(office.world.uow, office.world.new_marker()).change(
        who=who or office.admin, project_ids=projects or [office.website], wish=wish, now=NOON
    )


def belongs(office: Office, who: Member) -> bool:
    """Whether somebody is on Website."""
    with office.world.uow.read() as tx:
        return project_people.belongs(tx, who.team_id, office.website, who.id)


def joined(office: Office) -> int:
    """How many the policy puts on Website now."""
    with office.world.uow.begin() as tx:
        return join_project(tx, office.world.team_id, office.website, NOON)


def test_who_is_taken_off_is_not_put_back_by_the_policy(office: Office) -> None:
    """Neither at the next sync nor on connecting again; a person puts them back."""
    assert changed(office, remove=(office.ana,)).removed == ("Ana",)
    assert joined(office) == 0
    with office.world.uow.begin() as tx:
        team = office.world.team_id
        assert join_member(tx, team, office.ana.id, office.board, NOON) == 0
    assert not belongs(office, office.ana)
    assert changed(office, add=(office.ana,)).added == ("Ana",)
    assert belongs(office, office.ana)


def test_who_is_put_on_stays_whatever_the_policy(office: Office) -> None:
    """With the policy off, and without an account, which is said."""
    office.change(IntegrationRow, office.board, members_policy="off")
    bo = office.world.member("bo")
    done = changed(office, add=(bo, office.ana))
    assert (done.added, done.unconnected) == (("Bo",), ("Bo",))
    assert belongs(office, bo)
    assert joined(office) == 0


def test_who_is_taken_off_has_their_timer_stopped_and_kept(office: Office) -> None:
    """On that project alone; starting there again finds nothing."""
    _, _, ops = office.second_site()
    bo = office.world.member("bo")
    for project in (office.website, ops):
        office.world.joins(bo, project)
    office.start(now=NOON - HOUR)
    office.world.timer(bo, ops, None, NOON - HOUR)
    done = changed(office, remove=(office.ana, bo))
    assert (done.removed, done.stopped) == (("Ana", "Bo"), 1)
    [entry] = office.entries()
    assert (entry.seconds, entry.stopped_because) == (3600, "removed_from_project")
    assert office.entries(bo)[0].seconds is None
    with pytest.raises(TargetUnknown):
        office.tracking.resume(who=office.ana, now=NOON)


def test_many_projects_at_once(office: Office) -> None:
    """Each is told for itself in the log; a name is counted once."""
    others = [office.world.project(f"P{n}", f"P{chr(65 + n)}") for n in range(5)]
    bo = office.world.member("bo")
    done = changed(office, office.website, *others, add=(bo,))
    assert (done.projects, done.added) == (6, ("Bo",))
    assert changed(office, office.website, *others, add=(bo,)).added == ()
    assert changed(office, *others, remove=(bo,)).removed == ("Bo",)
    assert belongs(office, bo)


def test_strangers_and_who_left_are_counted(office: Office) -> None:
    """A bot, a person of another workspace, somebody deactivated: none is put on."""
    bo = office.world.member("bo")
    office.change(MemberRow, bo.id, deactivated_at=NOON)
    wish = PeopleWish((bo.slack_user_id, SlackUserId("U0BOT")), ())
    membership = ProjectMembership(office.world.uow, office.world.new_marker())
    ids = [office.website]
    done = membership.change(who=office.admin, project_ids=ids, wish=wish, now=NOON)
    assert (done.added, done.removed, done.named, done.unnamed) == ((), (), (), ())
    assert done.strangers == 2
    assert membership.strangers(who=office.admin, users=wish.everybody) == wish.everybody


def test_refusals(office: Office) -> None:
    """Members, managers included; other teams' projects; both at once."""
    bo = office.world.member("bo")
    with pytest.raises(AdminOnly):
        changed(office, add=(bo,), who=office.ana)
    with pytest.raises(Vanished):
        changed(office, office.website, ProjectId(999), add=(bo,))
    zoe = office.world.member("zoe", admin=True, team_id=office.world.team("T0ELSE"))
    with pytest.raises(Vanished):
        changed(office, add=(bo,), who=zoe)
    with pytest.raises(AddedAndRemoved):
        changed(office, add=(bo,), remove=(bo,))

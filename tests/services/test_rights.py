"""Who may do what on a project, asked at the moment of doing."""

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.domain.errors import AdminOnly
from bot.domain.ids import ProjectId, TaskId
from bot.domain.linking.linking import ProjectUnknown
from bot.domain.people.people import Member
from bot.domain.projects.projects import (
    AlreadyManager,
    ManagerNotice,
    ManagerOnly,
    MemberLeft,
    NotManager,
)
from bot.domain.tasks.task_refs import QuotedName, WordsRef
from bot.domain.tracking.tracking_errors import ProjectArchived
from bot.services import rights
from bot.services.people.membership import join_project
from bot.services.projects.people import ProjectPeople
from bot.services.projects.telling import ManagerNotices
from storage.linking.provider_projects import ProviderProjectRow
from storage.members import MemberRow
from storage.outbox import OutboxRow
from storage.projects import project_people
from storage.projects.projects import ProjectRow
from tests.builders import NOON
from tests.services.office import Office


@pytest.fixture
def people(office: Office) -> ProjectPeople:
    """What is tested."""
    return ProjectPeople(office.world.uow, office.world.new_marker())


def manages(office: Office, who: Member, project: ProjectId | None = None) -> bool:
    """What the check says now."""
    with office.world.uow.read() as tx:
        return rights.manages(tx, who, project or office.website)


def changes_time(office: Office, who: Member, task: TaskId | None = None) -> None:
    """Asks whether time on Website may be changed."""
    with office.world.uow.read() as tx:
        rights.change_time(tx, who, office.website, task)


def named(office: Office, people: ProjectPeople, who: Member, *, manages: bool = True) -> None:
    """The admin names a manager, or takes that back."""
    people.set_manager(
        who=office.admin,
        member_id=who.id,
        project_id=office.website,
        manages=manages,
        now=NOON,
    )


def test_a_manager_manages_one_project(office: Office, people: ProjectPeople) -> None:
    """Admins everywhere, Ana on Website alone once she is named, and no longer once she is not."""
    other = office.world.project("Other", "OTH")
    assert manages(office, office.admin)
    assert not manages(office, office.ana)
    named(office, people, office.ana)
    assert manages(office, office.ana)
    assert not manages(office, office.ana, other)
    named(office, people, office.ana, manages=False)
    assert not manages(office, office.ana)
    with office.world.uow.read() as tx, pytest.raises(ManagerOnly):
        rights.manager(tx, office.ana, office.website)


def test_what_is_so_already_is_said(office: Office, people: ProjectPeople) -> None:
    """A second click, and taking back what never was, change nothing."""
    with pytest.raises(NotManager):
        named(office, people, office.ana, manages=False)
    named(office, people, office.ana)
    with pytest.raises(AlreadyManager):
        named(office, people, office.ana)


def test_naming_puts_somebody_on_the_project(office: Office, people: ProjectPeople) -> None:
    """A manager belongs to the project, and stays on it when they are manager no longer."""
    bo = office.world.member("bo")
    named(office, people, bo)
    named(office, people, bo, manages=False)
    with office.world.uow.read() as tx:
        assert project_people.belongs(tx, bo.team_id, office.website, bo.id)


def test_only_admins_name_managers(office: Office, people: ProjectPeople) -> None:
    """A manager names no other one."""
    named(office, people, office.ana)
    with pytest.raises(AdminOnly):
        people.set_manager(
            who=office.ana,
            member_id=office.ana.id,
            project_id=office.website,
            manages=False,
            now=NOON,
        )


def test_who_left_manages_nothing(office: Office, people: ProjectPeople) -> None:
    """The right ends with the account in Slack, and cannot be given after that."""
    named(office, people, office.ana)
    office.change(MemberRow, office.ana.id, deactivated_at=NOON)
    assert not manages(office, office.ana)
    named(office, people, office.ana, manages=False)
    with pytest.raises(MemberLeft):
        named(office, people, office.ana)


def test_words_mean_projects(office: Office, people: ProjectPeople) -> None:
    """A code, a name, several; those in use come before archived ones."""
    old = office.world.project("Website", "OLD")
    office.change(ProjectRow, old, archived_at=NOON)
    for ref in (QuotedName("website"), WordsRef("WEB")):
        found = people.find(who=office.admin, person=office.ana, ref=ref, remove=False)
        assert [one.id for one in found.projects] == [office.website]
    with pytest.raises(ProjectUnknown):
        people.find(who=office.admin, person=office.ana, ref=WordsRef("nowhere"), remove=False)


def test_archived_time_is_the_admins(office: Office) -> None:
    """Archived here or in the tool: members change nothing by hand, admins may."""
    changes_time(office, office.ana, office.web12)
    office.change(ProjectRow, office.website, archived_at=NOON)
    with pytest.raises(ProjectArchived):
        changes_time(office, office.ana)
    changes_time(office, office.admin, office.web12)
    office.change(ProjectRow, office.website, archived_at=None)
    office.change(ProviderProjectRow, office.source, is_archived=True)
    for task in (None, office.web12):
        with pytest.raises(ProjectArchived):
            changes_time(office, office.ana, task)


def test_one_archived_source_of_two_leaves_the_project_open(office: Office) -> None:
    """Time on the other tool's tasks, and on the project itself, goes on."""
    second = office.world.provider_project(office.board, "Second", key="SEC")
    office.world.link(second, office.website)
    task = office.world.task(office.board, second, "SEC-1", "Other")
    office.change(ProviderProjectRow, office.source, is_archived=True)
    changes_time(office, office.ana)
    changes_time(office, office.ana, task)
    with pytest.raises(ProjectArchived):
        changes_time(office, office.ana, office.web12)


def test_who_was_taken_off_by_hand_stays_off(office: Office) -> None:
    """The policy would add Ana again at the next sync; only a person does."""
    uow, team = office.world.uow, office.world.team_id
    with uow.begin() as tx:
        gone = project_people.remove(
            tx, team, [office.website], [office.ana.id], by=office.admin.id, now=NOON
        )
        assert gone == {(office.website, office.ana.id)}
        assert join_project(tx, team, office.website, NOON) == 0
        assert not project_people.belongs(tx, team, office.website, office.ana.id)
        assert project_people.add(tx, team, [office.website], [office.ana.id], NOON)
        assert project_people.belongs(tx, team, office.website, office.ana.id)
        assert not project_people.add(tx, team, [office.website], [office.ana.id], NOON)


def test_managers_hear_of_it_while_it_is_so(office: Office, people: ProjectPeople) -> None:
    """Named, and taken back before the first message went out: only the second is told."""
    named(office, people, office.ana)
    notices = ManagerNotices(office.world.uow)

    def notice(*, manages: bool) -> ManagerNotice | None:
        return notices.notice(
            office.world.team_id,
            project_id=office.website,
            member_id=office.ana.id,
            by=office.admin.id,
            manages=manages,
        )

    assert notice(manages=True) == ManagerNotice(
        office.ana.slack_user_id, office.website, "Website", "Admin"
    )
    assert notice(manages=False) is None
    named(office, people, office.ana, manages=False)
    assert notice(manages=True) is None
    assert notice(manages=False) is not None
    named(office, people, office.admin)
    with office.world.uow.read() as tx:
        kinds = tx.execute(select(col(OutboxRow.kind)).order_by(col(OutboxRow.id))).scalars()
        assert list(kinds) == ["manager.named", "manager.removed"]

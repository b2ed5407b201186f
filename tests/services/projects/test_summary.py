"""One project's page: what it tells whom."""

from datetime import timedelta

import pytest

from bot.domain.errors import Vanished
from bot.domain.people.people import Member
from bot.domain.preferences import TeamSettings
from bot.domain.projects.project_summary import (
    ENTRIES_SHOWN,
    Hours,
    ProjectEntries,
    ProjectSummary,
    Standing,
)
from bot.services.projects.people import ProjectPeople
from bot.services.projects.summary import ProjectSummaries
from storage import teams
from storage.linking.provider_projects import ProviderProjectRow
from storage.projects.projects import ProjectRow
from tests.builders import NOON
from tests.services.office import Office

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def seen(office: Office, who: Member) -> ProjectSummary:
    """The page of Website as somebody sees it."""
    summaries = ProjectSummaries(office.world.uow)
    return summaries.summary(who=who, project_id=office.website, now=NOON)


def tracked(office: Office) -> Member:
    """Ana and Bo have tracked this week, this month and long ago; Bo's timer runs."""
    world = office.world
    bo = world.member("bo")
    world.joins(bo, office.website)
    for who, task, days, hours in (
        (office.ana, office.web12, 0, 1),
        (office.ana, office.web9, 10, 2),
        (office.ana, None, 60, 3),
        (bo, office.web12, 1, 4),
    ):
        begun = NOON - days * DAY - 6 * HOUR
        world.entry(who, office.website, task, begun, begun + hours * HOUR)
    world.timer(bo, office.website, office.web12, NOON - HOUR)
    return bo


def hours(week: int, month: int, total: int) -> Hours:
    """In seconds."""
    return Hours(week * 3600, month * 3600, total * 3600)


def test_an_admin_sees_everything(office: Office) -> None:
    """Links with their tasks, people, everybody's hours, tasks and last entries."""
    bo = tracked(office)
    page = seen(office, office.admin)
    assert (page.name, page.code, page.standing) == ("Website", "WEB", Standing.ADMIN)
    [link] = page.links
    assert (link.source.name, link.tasks, page.links_total) == ("Acme Web", 2, 1)
    [sync] = page.syncs
    assert (sync.site_name, sync.last_run) == ("acme board", None)
    assert (page.people, page.people_total, page.managers) == (("Ana", "Bo"), 2, ())
    assert (page.hours, page.running) == (hours(5, 7, 10), 1)
    assert [(one.name, one.hours) for one in page.by_person] == [
        ("Ana", hours(1, 3, 6)),
        (bo.name, hours(4, 4, 4)),
    ]
    assert [(one.on.key, one.hours.total // 3600) for one in page.by_task] == [
        ("WEB-12", 5),
        ("", 3),
        ("WEB-9", 2),
    ]
    assert [one.person for one in page.recent] == ["Ana", "Bo", "Ana", "Ana"]


def test_a_member_sees_their_own_time(office: Office) -> None:
    """The project and who is on it, and nobody else's hours."""
    tracked(office)
    page = seen(office, office.ana)
    assert page.standing is Standing.MEMBER
    assert page.people == ("Ana", "Bo")
    assert (page.hours, page.running, page.by_person) == (hours(1, 3, 6), 0, ())
    assert {one.person for one in page.recent} == {"Ana"}
    assert page.by_task_total == 3


def test_a_manager_sees_everybodys_time(office: Office) -> None:
    """The role opens the project's time, not its links."""
    tracked(office)
    ProjectPeople(office.world.uow, office.world.new_marker()).set_manager(
        who=office.admin,
        member_id=office.ana.id,
        project_id=office.website,
        manages=True,
        now=NOON,
    )
    page = seen(office, office.ana)
    assert (page.standing, page.managers) == (Standing.MANAGER, ("Ana",))
    assert page.by_person_total == 2


def test_a_stranger_sees_nothing(office: Office) -> None:
    """Not on it: as if there were no such project; another team's is none."""
    with pytest.raises(Vanished):
        seen(office, office.world.member("bo"))
    elsewhere = office.world.team("T0ELSE")
    with pytest.raises(Vanished):
        seen(office, office.world.member("zoe", admin=True, team_id=elsewhere))


def test_the_week_begins_when_the_team_says(office: Office) -> None:
    """On a Friday, a week from Friday leaves Thursday's hours out."""
    tracked(office)
    with office.world.uow.begin() as tx:
        teams.save_settings(tx, office.world.team_id, TeamSettings(week_start=4))
    assert seen(office, office.admin).hours == hours(1, 7, 10)


def test_many_people_and_tasks_are_counted(office: Office) -> None:
    """The first few by name, the others by number."""
    for number in range(30):
        person = office.world.member(f"p{number:02d}")
        office.world.joins(person, office.website)
        task = office.world.task(office.board, office.source, f"WEB-{100 + number}", "More")
        office.world.entry(person, office.website, task, NOON - HOUR, NOON)
    page = seen(office, office.admin)
    assert (len(page.people), page.people_total) == (15, 31)
    assert (len(page.by_person), page.by_person_total) == (5, 30)
    assert (len(page.by_task), page.by_task_total) == (5, 30)
    assert len(page.recent) == 5


def test_archived_there_is_told(office: Office) -> None:
    """The tool's word counts."""
    office.change(ProviderProjectRow, office.source, is_archived=True)
    page = seen(office, office.admin)
    assert (page.is_archived, page.archived_at, page.is_archived_there) == (True, None, True)


def test_a_page_costs_the_same_for_any_size(office: Office) -> None:
    """No query for a person, a task or an entry."""
    few = office.statements(lambda: seen(office, office.admin))
    tracked(office)
    many = office.statements(lambda: seen(office, office.admin))
    assert len(many) <= len(few) + 1 <= 20


def test_everybodys_entries_a_page_at_a_time(office: Office) -> None:
    """For who manages it; a member's own for a member; a page beyond the last is empty."""
    bo = office.world.member("bo")
    office.world.joins(bo, office.website)
    made = [
        office.world.length(person, office.website, office.web12, NOON - number * DAY, 60 + number)
        for number in range(10)
        for person in (office.ana, bo)
    ]
    summaries = ProjectSummaries(office.world.uow)

    def listed(who: Member, page: int) -> ProjectEntries:
        return summaries.entries(who=who, project_id=office.website, page=page)

    first, last = listed(office.admin, 0), listed(office.admin, 1)
    assert (len(first.entries), first.has_more) == (ENTRIES_SHOWN, True)
    assert (len(last.entries), last.has_more) == (20 - ENTRIES_SHOWN, False)
    ids = [one.id for one in (*first.entries, *last.entries)]
    assert sorted(ids) == sorted(made)
    assert first.entries[0].seconds == 60
    assert last.entries[-1].seconds == 69
    own = listed(office.ana, 0)
    assert {one.person for one in own.entries} == {"Ana"}
    assert (len(own.entries), own.standing, own.may_edit) == (10, Standing.MEMBER, True)
    assert listed(office.admin, 10**18 - 1).entries == ()
    with pytest.raises(Vanished):
        listed(office.world.member("cleo"), 0)
    office.change(ProjectRow, office.website, archived_at=NOON)
    assert not listed(office.ana, 0).may_edit
    assert listed(office.admin, 0).may_edit

"""What a member finds when they open Hourlink, on both databases."""

from datetime import timedelta

from bot.domain.people.people import Member
from bot.domain.preferences import MemberSettings, StartPage, TeamSettings
from bot.domain.tracking.home import MemberHome
from bot.services.tracking.home import Homes
from storage import members
from storage.projects.projects import ProjectRow
from tests.builders import NOON
from tests.services.office import Office, own_account

HOUR = timedelta(hours=1)


def home(office: Office, who: Member | None = None) -> MemberHome:
    """Somebody's Home at noon."""
    return Homes(office.world.uow).show(who=who or office.ana, now=NOON)


def test_it_has_the_timer_today_and_the_week(office: Office) -> None:
    """The same numbers as everywhere else."""
    office.world.length(office.ana, office.website, office.web9, NOON - timedelta(days=1), 600)
    office.start(now=NOON - HOUR)
    found = home(office)
    assert found.timer is not None
    assert (found.timer.on.key, found.timer.seconds) == ("WEB-12", 3600)
    assert (found.day.total, found.week.total) == (3600, 4200)
    assert found.can_track


def test_recent_work_comes_latest_first_without_what_runs(office: Office) -> None:
    """Tasks and projects, each once, with their addresses."""
    ana, website = office.ana, office.website
    inside = office.world.project("Office move", "OFF")
    office.world.joins(ana, inside)
    made = []
    for project, task, days in (
        (website, office.web9, 5),
        (inside, None, 4),
        (website, office.web9, 3),
        (website, office.web12, 2),
    ):
        made.append(office.world.length(ana, project, task, NOON - timedelta(days=days), 600))
    assert [one.on.short for one in home(office).recent] == ["WEB-12", "WEB-9", "Office move"]
    assert home(office).again == made[3]
    office.start("WEB-12")
    found = home(office).recent
    assert home(office).again == made[2]
    assert [one.on.short for one in found] == ["WEB-9", "Office move"]
    assert found[0].on.url == "https://acme.test/t/WEB-9"


def test_what_is_logged_late_was_not_tracked_last(office: Office) -> None:
    """*Start again* and ``/track resume`` mean the same work."""
    ana, website = office.ana, office.website
    office.world.length(ana, website, office.web9, NOON, 600)
    office.world.length(ana, website, office.web12, NOON - timedelta(days=3), 600)
    assert [one.on.short for one in home(office).recent] == ["WEB-9", "WEB-12"]
    resumed = office.tracking.resume(who=ana, now=NOON + HOUR)
    assert resumed.timer.on.short == "WEB-9"


def test_what_cannot_be_tracked_any_more_is_not_offered(office: Office) -> None:
    """Archived, another's, or a project where the team wants tasks."""
    ana = office.ana
    inside = office.world.project("Office move", "OFF")
    office.world.joins(ana, inside)
    office.world.length(ana, inside, None, NOON, 600)
    office.world.length(ana, office.website, office.web9, NOON, 600)
    office.choose(TeamSettings(time_without_task=False))
    assert [one.on.short for one in home(office).recent] == ["WEB-9"]
    office.change(ProjectRow, office.website, archived_at=NOON)
    assert home(office).recent == ()
    assert not home(office).can_track


def test_assigned_tasks_are_those_of_ones_own_account(office: Office) -> None:
    """Open, newest first, without those among the recent ones; nobody else's."""
    own = own_account(office, office.ana)
    tasks = [
        office.world.task(office.board, office.source, f"WEB-{number}", "Mine", assignees=[own])
        for number in range(30, 38)
    ]
    office.world.task(office.board, office.source, "WEB-50", "Done", assignees=[own], done=True)
    office.world.task(office.board, office.source, "WEB-51", "Bo's", assignees=["other"])
    office.world.length(office.ana, office.website, tasks[-1], NOON, 600)
    found = home(office)
    assert [one.on.key for one in found.recent] == ["WEB-37"]
    assert [one.on.key for one in found.assigned] == [f"WEB-{at}" for at in (36, 35, 34, 33, 32)]
    assert home(office, office.admin).assigned == ()


def test_who_is_not_connected_has_nothing_to_start(office: Office) -> None:
    """But a project of ours needs no account."""
    bo = office.world.member("bo")
    assert not home(office, bo).can_track
    inside = office.world.project("Office move", "OFF")
    office.world.joins(bo, inside)
    assert home(office, bo).can_track


def test_the_start_page_is_an_admins_choice(office: Office) -> None:
    """A member has nothing but their time to begin with."""
    chosen = MemberSettings(start_page=StartPage.OVERVIEW)
    for who in (office.ana, office.admin):
        with office.world.uow.begin() as tx:
            members.save_settings(tx, office.world.team_id, who.id, chosen)
    assert home(office).start_page is StartPage.TIME
    assert home(office, office.admin).start_page is StartPage.OVERVIEW


def test_a_busy_home_takes_seven_questions(office: Office) -> None:
    """However many entries, tasks and projects there are."""
    ana, own = office.ana, own_account(office, office.ana)
    for number in range(40):
        task = office.world.task(
            office.board, office.source, f"WEB-{number + 100}", "Mine", assignees=[own]
        )
        start = NOON - timedelta(hours=number)
        office.world.entry(ana, office.website, task, start - HOUR, start)
    for number in range(20):
        inside = office.world.project(f"Project {number}", f"P{'ABCDEFGHIJKLMNOPQRST'[number]}")
        office.world.joins(ana, inside)
    office.start()

    assert len(office.statements(lambda: home(office))) <= 7

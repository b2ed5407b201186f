"""Who is tracking now, as managers and admins see it, on both databases."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.domain.errors import Vanished
from bot.domain.ids import ProjectId
from bot.domain.projects.projects import ManagerOnly
from bot.domain.tracking.team_timers import TIMERS_SHOWN
from bot.services.linking.overview import Overviews
from bot.services.tracking.home import Homes
from tests.builders import NOON
from tests.services.tracking.team_office import HOUR, TeamOffice
from tests.statements import heard, plan


@pytest.fixture
def office(database_url: str) -> Iterator[TeamOffice]:
    """Three people whose timers run."""
    made = TeamOffice(database_url)
    yield made
    made.world.close()


def test_admins_see_everybody_the_longest_first(office: TeamOffice) -> None:
    """With what each is on, since when on the clock of who asks, and their day so far."""
    office.world.entry(office.bo, office.website, office.web12, NOON - 5 * HOUR, NOON - 4 * HOUR)
    yesterday = NOON - timedelta(days=1)
    office.world.entry(office.ana, office.website, office.web12, yesterday - HOUR, yesterday)
    found = office.shows(office.admin)
    assert [
        (one.person, one.on.key, f"{one.since:%H:%M}", one.seconds, one.today)
        for one in found.timers
    ] == [
        ("Bo", "WEB-9", "10:00", 3 * 3600, 4 * 3600),
        ("Ana", "WEB-12", "11:00", 2 * 3600, 2 * 3600),
        ("Cy", "OPS-1", "12:00", 3600, 3600),
    ]
    assert (found.total, found.is_all) == (3, True)


def test_a_timer_over_midnight_counts_for_its_owners_today(office: TeamOffice) -> None:
    """Bo's day in New York is younger than that of who asks."""
    office.tracking.cancel(who=office.bo, now=NOON)
    office.world.timer(office.bo, office.website, office.web9, NOON - 9 * HOUR)
    (bos, *_) = office.shows(office.admin).timers
    assert (f"{bos.since:%a %H:%M}", bos.seconds, bos.today) == ("Fri 04:00", 9 * 3600, 7 * 3600)


def test_managers_see_their_projects_alone(office: TeamOffice) -> None:
    """Neither others' timers elsewhere, nor their time there in what the day comes to."""
    office.world.entry(office.ana, office.ops, None, NOON - 5 * HOUR, NOON - 4 * HOUR)
    found = office.shows(office.max)
    assert [(one.person, one.today) for one in found.timers] == [
        ("Bo", 3 * 3600),
        ("Ana", 2 * 3600),
    ]
    assert (found.total, found.is_all) == (2, False)


def test_one_project_can_be_asked_for(office: TeamOffice) -> None:
    """By who may see it; a project that is not there is not told from one of another team."""
    assert office.seen(office.admin, office.ops) == [office.cys]
    assert office.shows(office.admin, office.ops).project == "Operations"
    assert office.seen(office.max, office.website) == [office.bos, office.anas]
    with pytest.raises(ManagerOnly):
        office.shows(office.max, office.ops)
    with pytest.raises(Vanished):
        office.shows(office.admin, ProjectId(999))


def test_members_see_nobody(office: TeamOffice) -> None:
    """Nor who managed a project once, nor who left."""
    with pytest.raises(ManagerOnly):
        office.shows(office.ana)
    office.manages(office.max, office.website, is_manager=False)
    with pytest.raises(ManagerOnly):
        office.shows(office.max)


def test_the_home_tab_and_the_overview_lead_there(office: TeamOffice) -> None:
    """For who manages something, as long as they do; admins read how many run in their team."""
    homes, overviews = Homes(office.world.uow), Overviews(office.world.uow)
    assert homes.show(who=office.max, now=NOON).manages
    assert not homes.show(who=office.ana, now=NOON).manages
    office.manages(office.max, office.website, is_manager=False)
    assert not homes.show(who=office.max, now=NOON).manages
    eve = office.world.member("eve", admin=True, team_id=office.world.team())
    running = [overviews.everything(who=who).running for who in (office.admin, eve)]
    assert running == [3, 0]


def test_teams_are_apart(office: TeamOffice) -> None:
    """An admin of another team sees theirs."""
    eve = office.world.member("eve", admin=True, team_id=office.world.team())
    assert office.shows(eve).total == 0
    with pytest.raises(Vanished):
        office.shows(eve, office.website)


def test_a_thousand_timers_have_pages(office: TeamOffice) -> None:
    """A page costs the same few questions, whichever it is; beyond the last comes the first."""
    for number in range(4 * TIMERS_SHOWN):
        who = office.world.member(f"p{number}")
        since = NOON - timedelta(seconds=number)
        office.world.timer(who, office.website, office.web12, since)
    few = len(office.statements(lambda: office.shows(office.admin)))
    assert few == 3
    assert len(office.statements(lambda: office.shows(office.max))) == few + 1
    first, second = office.shows(office.admin), office.shows(office.admin, page=1)
    assert first.total == second.total == 4 * TIMERS_SHOWN + 3
    assert not {one.entry_id for one in first.timers} & {one.entry_id for one in second.timers}
    assert len(office.statements(lambda: office.shows(office.admin, page=1))) == few
    gone = office.shows(office.admin, page=99)
    assert (gone.asked.page, gone.timers) == (0, first.timers)


def test_what_runs_is_found_by_the_index_on_it(office: TeamOffice) -> None:
    """Not among all that the team, or anybody on a project, tracked in years."""
    start = NOON - timedelta(days=300)
    for number in range(300):
        who = (office.ana, office.bo)[number % 2]
        since = start + number * timedelta(hours=20)
        office.world.entry(who, office.website, office.web12, since, since + timedelta(minutes=5))
    with office.world.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
    for who in (office.admin, office.max):
        with heard(office.world.engine) as found:
            office.shows(who)
        asked = next(one for one in found if "count(*)" in one.sql)
        with office.world.engine.connect() as connection:
            if connection.dialect.name != "sqlite":  # which reads so few rows one by one
                connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            steps = plan(connection, asked)
        used = set(re.findall(r"(?:uq|ix)_time_entry_\w+", " ".join(steps)))
        assert used == {"uq_time_entry_running"}, steps

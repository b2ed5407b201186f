"""The Projects section: what a list shows, finds, counts and keeps ticked."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.errors import AdminOnly, Vanished
from bot.domain.ids import ProjectId
from bot.domain.projects.project_lists import ListQuery, ProjectsPage, Shown
from bot.domain.states import IntegrationState
from bot.services.projects.listing import ProjectLists
from storage.linking.integrations import IntegrationRow
from storage.linking.provider_projects import ProviderProjectRow
from storage.projects.projects import ProjectMemberRow, ProjectRow
from tests.builders import NOON
from tests.services.office import Office

HOUR = timedelta(hours=1)


@pytest.fixture
def lists(office: Office) -> ProjectLists:
    """What is tested."""
    return ProjectLists(office.world.uow)


def seen(office: Office, lists: ProjectLists, query: ListQuery) -> ProjectsPage:
    """The admin's page."""
    return lists.page(who=office.admin, query=query, now=NOON)


def names(page: ProjectsPage) -> list[str]:
    """What it shows, in order."""
    return [one.name for one in page.projects] + [one.source.name for one in page.sources]


def archive(office: Office, project: ProjectId) -> None:
    """Archives a project here."""
    office.change(ProjectRow, project, archived_at=NOON)


def furnish(office: Office) -> None:
    """One of each kind."""
    world = office.world
    world.project("Office move", "OM")
    archive(office, world.project("Old intranet", "OLD"))
    closed = world.project("Closed there", "CLO")
    world.link(world.provider_project(office.board, "Closed", archived=True), closed)
    world.provider_project(office.board, "Acme Shop", key="SHOP")
    aside = world.provider_project(office.board, "Sandbox", key=None)
    office.change(ProviderProjectRow, aside, ignored_at=NOON, ignored_by=office.admin.id)
    world.provider_project(office.board, "Private", personal=True)
    world.provider_project(office.board, "Attic", archived=True)


def test_each_filter_shows_its_own(office: Office, lists: ProjectLists) -> None:
    """Archived there counts as archived; what is offered to nobody can still be found."""
    furnish(office)
    expected = {
        Shown.IN_USE: ["Website", "Office move"],
        Shown.CONNECTED: ["Website"],
        Shown.INTERNAL: ["Office move"],
        Shown.ARCHIVED: ["Closed there", "Old intranet"],
        Shown.UNLINKED: ["Acme Shop"],
        Shown.IGNORED: ["Sandbox"],
        Shown.LEFT_OUT: ["Attic", "Private"],
    }
    for shown, found in expected.items():
        page = seen(office, lists, ListQuery(shown))
        assert names(page) == found, shown
        assert dict(page.counts)[shown] == page.total == len(found)
    [ignored] = seen(office, lists, ListQuery(Shown.IGNORED)).sources
    assert (ignored.ignored_by, ignored.ignored_at) == ("Admin", NOON)


def test_a_row_says_where_it_comes_from_and_what_happens(
    office: Office, lists: ProjectLists
) -> None:
    """Source, people who still work here, this month's time, running timers."""
    world = office.world
    bo, left = world.member("bo"), world.member("left")
    for one in (bo, left):
        world.joins(one, office.website)
    world.entry(office.ana, office.website, None, NOON - 2 * HOUR, NOON - HOUR)
    world.entry(
        bo, office.website, None, NOON - timedelta(days=40), NOON - timedelta(days=40) + HOUR
    )
    world.timer(office.ana, office.website, None, NOON - HOUR)
    office.change(ProjectMemberRow, 3, removed_at=NOON)
    [row] = seen(office, lists, ListQuery()).projects
    assert row.source is not None
    assert (row.source.name, row.source.site_name) == ("Acme Web", "acme board")
    assert (row.people, row.seconds, row.running, row.sources) == (2, 3600, 1, 1)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("website", ["Website"]),
        ("WEB", ["Website"]),
        ("acme", ["Website"]),
        ("acme board", ["Website"]),
        ("bür", ["BÜRO Umzug"]),
        ("مشروع", ["مشروع الموقع"]),
        ("100%", []),
        ("nothing", []),
    ],
)
def test_search_knows_names_codes_keys_and_sites(
    office: Office, lists: ProjectLists, text: str, found: list[str]
) -> None:
    """In any case and alphabet; every word has to fit; a percent sign is a percent sign."""
    office.world.project("BÜRO Umzug", "BU")
    office.world.project("مشروع الموقع", "PR")
    assert names(seen(office, lists, ListQuery(text=text))) == found


def test_unlinked_ones_are_found_by_key_and_name(office: Office, lists: ProjectLists) -> None:
    """What waits in the tools is searched the same way."""
    furnish(office)
    for text in ("shop", "SHOP", "acme shop board"):
        assert names(seen(office, lists, ListQuery(Shown.UNLINKED, text=text))) == ["Acme Shop"]
    assert names(seen(office, lists, ListQuery(Shown.UNLINKED, text="web"))) == []


def test_grouped_by_integration_then_name(office: Office, lists: ProjectLists) -> None:
    """The board's, then Redmine's, then what belongs to no tool; one tool at a time on request."""
    redmine, _, _ = office.second_site("Aardvark", "AA")
    office.world.project("Aaa", "AAA")
    every = seen(office, lists, ListQuery())
    assert names(every) == ["Website", "Aardvark", "Aaa"]
    assert [site.id for site in every.sites] == [office.board, redmine]
    assert names(seen(office, lists, ListQuery(integration_id=redmine))) == ["Aardvark"]


def test_pages_turn_and_none_is_beyond_the_last(office: Office, lists: ProjectLists) -> None:
    """45 more projects are three pages; a page that is no longer there becomes the last."""
    for number in range(45):
        office.world.project(f"P {number:02d}", f"P{chr(65 + number // 26)}{chr(65 + number % 26)}")
    first = seen(office, lists, ListQuery())
    assert (first.total, first.pages, len(first.projects)) == (46, 3, 20)
    last = seen(office, lists, ListQuery(page=99))
    assert (last.query.page, names(last)[-1]) == (2, "P 44")


def test_members_see_their_own_projects(office: Office, lists: ProjectLists) -> None:
    """Neither others' projects nor what waits in the tools, nor other people's time."""
    furnish(office)
    office.world.entry(office.admin, office.website, None, NOON - HOUR, NOON)
    page = lists.page(who=office.ana, query=ListQuery(), now=NOON)
    assert names(page) == ["Website"]
    assert page.projects[0].seconds == 0
    assert Shown.UNLINKED not in dict(page.counts)
    assert dict(page.counts)[Shown.IN_USE] == 1
    with pytest.raises(AdminOnly):
        lists.page(who=office.ana, query=ListQuery(Shown.UNLINKED), now=NOON)
    with pytest.raises(AdminOnly):
        lists.start_choosing(who=office.ana, query=ListQuery(), now=NOON)


def test_ticks_outlive_pages_searches_and_filters(office: Office, lists: ProjectLists) -> None:
    """Two here, all of a search there: together; what is unticked is gone."""
    for number in range(30):
        office.world.project(f"P {number:02d}", f"P{chr(65 + number // 26)}{chr(65 + number % 26)}")
    furnish(office)
    query = lists.start_choosing(who=office.admin, query=ListQuery(), now=NOON).query
    page = seen(office, lists, query)
    ids = [one.id for one in page.projects]
    lists.tick(who=office.admin, query=query, shown=ids, ticked=ids[:2])
    searched = replace(query, text="P 2")
    lists.tick_all(who=office.admin, query=searched)
    unlinked = replace(query, shown=Shown.UNLINKED)
    ticks = lists.tick_all(who=office.admin, query=unlinked)
    assert (ticks.projects, ticks.provider_projects) == (14, 1)
    again = seen(office, lists, query)
    assert set(ids[:2]) <= again.ticked
    ticks = lists.tick(who=office.admin, query=query, shown=ids, ticked=ids[:1])
    assert ticks.projects == 11
    lists.clear(who=office.admin, query=query)
    assert seen(office, lists, query).ticks.total == 0


def test_ticks_are_ones_own(office: Office, lists: ProjectLists) -> None:
    """Another admin's list, or a forged one, is not there; a day later it is forgotten."""
    query = lists.start_choosing(who=office.admin, query=ListQuery(), now=NOON).query
    other = office.world.member("zoe", admin=True)
    for work in (
        lambda: lists.page(who=other, query=query, now=NOON),
        lambda: lists.tick_all(who=other, query=query),
        lambda: lists.clear(who=other, query=query),
    ):
        with pytest.raises(Vanished):
            work()
    lists.tick_all(who=office.admin, query=query)
    lists.start_choosing(who=office.admin, query=ListQuery(), now=NOON + timedelta(days=2))
    with pytest.raises(Vanished):
        lists.page(who=office.admin, query=query, now=NOON)


def test_a_long_list_costs_no_query_for_each_row(office: Office, lists: ProjectLists) -> None:
    """One project or five hundred: the same number of questions, and 20 rows read."""
    few = office.statements(lambda: seen(office, lists, ListQuery()))
    for number in range(60):
        source = office.world.provider_project(office.board, f"S {number}")
        project = office.world.project(
            f"P {number}", f"{chr(65 + number % 26)}{chr(65 + number // 26)}X"
        )
        office.world.link(source, project)
    many = office.statements(lambda: seen(office, lists, ListQuery()))
    assert len(many) == len(few) <= 10


def test_a_disconnected_tools_projects_say_so(office: Office, lists: ProjectLists) -> None:
    """They stay in the list, and nothing of that tool waits to be linked any more."""
    furnish(office)
    office.change(IntegrationRow, office.board, state="disconnected")
    page = seen(office, lists, ListQuery())
    assert page.projects[0].source is not None
    assert page.projects[0].source.site_state is IntegrationState.DISCONNECTED
    assert names(seen(office, lists, ListQuery(Shown.UNLINKED))) == []

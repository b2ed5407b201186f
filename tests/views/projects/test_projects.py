"""The Projects section on the screen: whole, within Slack's limits, whatever things are called."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.ids import (
    IntegrationId,
    MemberId,
    ProjectId,
    ProviderProjectId,
    SlackUserId,
    SyncRunId,
    TeamId,
)
from bot.domain.linking.linking import (
    How,
    LeftAlone,
    LinkedProject,
    Plan,
    PlannedLink,
    Skip,
    Target,
    UnlinkPreview,
)
from bot.domain.projects.project_lists import (
    Chosen,
    ChosenProjects,
    ChosenSources,
    ListedSource,
    ListQuery,
    Shown,
)
from bot.domain.projects.projects import (
    Archived,
    ArchivePreview,
    Edited,
    ManagerChange,
    ManagerNotice,
    ManagerWish,
    PeopleChanged,
    PeopleForm,
)
from bot.domain.states import IntegrationState, SyncRunState
from bot.domain.sync.run_history import HistoryLine, RunHistory
from bot.domain.sync.sync import Bookmark, SyncRun
from bot.views.projects import chosen as projects_chosen
from bot.views.projects import forms as projects_forms
from bot.views.projects import listing as projects_list
from bot.views.projects import people as projects_people
from bot.views.projects import place as projects_place
from bot.views.projects import source as projects_source
from bot.views.projects import unlink as projects_unlink
from bot.views.projects.place import Place, Room
from bot.views.sync import run_history
from bot.views.ticking import shown_ids
from tests.builders import NOON
from tests.views.linking.test_linking import integration
from tests.views.projects.samples import EVIL, FACES, RTL, page, source, taken


@pytest.mark.parametrize("total", [0, 1, 20, 500])
@pytest.mark.parametrize("shown", list(Shown))
@pytest.mark.parametrize("selection", [None, 7])
def test_lists_of_any_length_fit(total: int, shown: Shown, selection: int | None) -> None:
    """Every filter, browsing and choosing; the count is always said, and pages turn."""
    seen = taken(projects_list.projects_list(page(total, shown, selection=selection), FACES))
    if total > 20:
        assert "500 project" in seen
        assert '"text": "Next"' in seen
    if selection is not None and total:
        assert f"Tick all {total}" in seen
        assert '"initial_options"' in seen
    if not total and selection is None:
        assert "Choose several" not in seen


def test_every_row_of_a_page_can_be_ticked() -> None:
    """Twenty rows in twenty places or in one: each has its box, and its id in the block's name."""
    modal = projects_list.projects_list(page(500, selection=7), FACES)
    ids = [one for block in modal.blocks for one in shown_ids(block.get("block_id", ""))]
    assert sorted(ids) == list(range(1, 21))
    assert shown_ids("search:1") == ()
    again = projects_list.projects_list(page(500, selection=7, turn=1), FACES)
    names = {block.get("block_id") for block in modal.blocks if block.get("block_id")}
    assert not any(
        name in names
        for name in (block.get("block_id", "") for block in again.blocks)
        if "ticks" in name
    )


def test_an_empty_list_says_what_to_do() -> None:
    """Nothing found, nothing there, and a member who is on nothing."""
    assert "Nothing here matches" in taken(projects_list.projects_list(page(0, text="zz"), FACES))
    assert "/link project" in taken(projects_list.projects_list(page(0), FACES))
    counts = ((Shown.IN_USE, 9), (Shown.CONNECTED, 9), (Shown.ARCHIVED, 1), (Shown.IGNORED, 0))
    elsewhere = replace(page(0, text="zz"), counts=counts)
    assert "Not searched: Archived. Choose" in taken(projects_list.projects_list(elsewhere, FACES))
    one, two = page(1, text="zz"), page(2, text="zz")
    assert "1 project matches" in taken(projects_list.projects_list(one, FACES))
    assert "2 projects match " in taken(projects_list.projects_list(two, FACES))
    member = replace(page(0), is_admin=False, counts=((Shown.IN_USE, 0),))
    seen = taken(projects_list.projects_list(member, FACES))
    assert "You are on no project yet" in seen
    assert "Choose several" not in seen


def test_the_place_travels_in_the_metadata() -> None:
    """Every part comes back, the longest search included, within Slack's 3,000 characters."""
    query = ListQuery(Shown.UNLINKED, IntegrationId(10**17), "ש|לום" * 20, 10**6, 10**17, 10**6)
    place = Place(query, Room.PROJECT, 10**17, 10**6)
    assert projects_place.read(place.metadata()) == place
    assert len(place.metadata()) < 3000
    for forged in ("", "add|1", "projects|list", place.metadata().replace("project|", "x|", 1)):
        assert projects_place.read(forged) in {None, place}
    assert projects_place.read("projects|list|in_use|x|0|0|0|0|0|") is None
    assert projects_place.read("projects|cellar|in_use|0|0|0|0|0|0|") is None


def test_questions_and_results_count_what_they_do_not_name() -> None:
    """One project or four hundred."""
    place = Place(ListQuery(selection=1)).at(Room.CHOSEN)
    many = ArchivePreview((EVIL,) * 400, (RTL,) * 3, 2)
    seen = taken(projects_forms.archive_form(many, place))
    for words in ("and 380 more", "2 running timers are stopped", "3 are archived here already"):
        assert words in seen
    assert '"Archive 400"' in seen
    assert "their owners are told" in seen
    single = ArchivePreview((EVIL,), (), 1)
    assert "1 running timer is stopped and kept, and its owner is told" in taken(
        projects_forms.archive_form(single, place)
    )
    none = taken(projects_forms.archive_form(ArchivePreview((), ("Old",), 0), place))
    assert '"submit"' not in none
    assert "Bring back 3" in taken(projects_forms.restore_form(many, place))
    assert "and 380 more" in projects_forms.archived(Archived((EVIL,) * 400, 0, 2))
    assert "stays archived" in projects_forms.restored(Archived(("Web",), archived_there=("Web",)))
    assert "Nothing was left" in projects_forms.archived(Archived(()))
    assert "Nothing was left" in projects_forms.restored(Archived(()))
    assert "2 tasks have new keys" in projects_forms.edited(
        Edited(is_changed=True, old_code="AB", code="CD", rekeyed=2)
    )
    same = Edited(is_changed=True, old_code="AB", code="AB", rekeyed=0)
    assert projects_forms.edited(same) == "Saved."
    assert "Nothing was different" in projects_forms.edited(replace(same, is_changed=False))


def test_what_is_ticked_offers_what_fits_it() -> None:
    """Open ones are archived, archived ones brought back; nothing ticked says so."""
    place = Place(ListQuery(selection=1))
    found = Chosen(
        ChosenProjects((EVIL,) * 20, 400, 300, 390), ChosenSources((RTL,) * 20, 9000, 8000, 1000)
    )
    seen = taken(projects_chosen.chosen(found, place, note="Done."))
    for words in (
        "With 400 projects",
        "Archive (390)",
        "Bring back (10)",
        "With 9,000 projects in",
    ):
        assert words in seen
    assert "Nothing is ticked" in taken(projects_chosen.chosen(Chosen(), place))


def test_a_provider_projects_page_offers_what_fits_it() -> None:
    """Waiting, ignored, archived, gone."""
    waiting = taken(projects_source.source(ListedSource(source()), Place(), FACES))
    for words in ("Create & link", "Link to...", '"Ignore"', "Open in Redmine"):
        assert words in waiting
    ignored = taken(projects_source.source(ListedSource(source(), NOON, EVIL), Place(), FACES))
    assert "Stop ignoring" in ignored
    assert "Create & link" not in ignored
    gone = ListedSource(replace(source(), is_gone=True))
    assert "deleted or hidden" in taken(projects_source.source(gone, Place(), FACES))
    closed = ListedSource(replace(source(), is_archived=True))
    assert "archived in" in taken(projects_source.source(closed, Place(), FACES))


def test_managers_are_told_whole() -> None:
    """Long names, and more projects than buttons."""
    many = tuple(Target(ProjectId(one), EVIL, "ABCDE") for one in range(30))
    wish = ManagerWish(MemberId(1), EVIL, many, remove=False)
    assert "And 20 more" in taken(projects_people.which_project(wish))
    change = ManagerChange(EVIL, EVIL, manages=True, joined=True)
    assert "now, and belongs to it: sees" in taken(projects_people.manager_changed(change))
    taken(projects_people.manager_changed(replace(change, manages=False)))
    notice = ManagerNotice(SlackUserId("U1"), ProjectId(1), EVIL, EVIL)
    assert "Open project" in taken(projects_people.told_named(notice))
    assert "You are a manager" in taken(projects_people.told_named(replace(notice, by="")))
    taken(projects_people.told_removed(notice))


def link(number: int) -> LinkedProject:
    """A link with long names."""
    return LinkedProject(
        ProviderProjectId(number),
        EVIL,
        "K",
        IntegrationId(1 + number % 9),
        "redmine",
        f"{number % 9} {RTL}",
        ProjectId(number),
        EVIL,
        "ABCDE",
    )


def test_unlinking_is_told_whole() -> None:
    """One or four hundred: tasks, hours, timers, what stays, what relinking does not do."""
    place = Place(ListQuery(selection=1)).at(Room.CHOSEN)
    many = UnlinkPreview(tuple(link(one) for one in range(400)), 4210, 3600 * 12_340, 2, 3)
    seen = taken(projects_unlink.unlink_form(many, place, FACES))
    for words in (
        "Unlink 400 projects",
        "and 4 more tools",
        "and 380 more",
        "4,210 tasks become read-only",
        "12340 h tracked",
        "2 running timers are stopped and kept",
        "The 400 projects stay",
        "3 are not linked any more",
        '"Unlink 400"',
    ):
        assert words in seen, words
    assert "and 380 more" in projects_unlink.unlinked(many)
    one = UnlinkPreview((link(1),), 1, 0, 0)
    seen = taken(projects_unlink.unlink_form(one, Place().at(Room.LINK, 1), FACES))
    for words in ("1 task becomes", "Nothing was tracked", "The project stays", "Run history"):
        assert words in seen
    assert "running" not in seen
    assert '"Back"' not in seen
    timed = UnlinkPreview((link(1),), 1, 0, 1)
    assert "1 running timer is stopped and kept, and its owner is told" in taken(
        projects_unlink.unlink_form(timed, Place().at(Room.LINK, 1), FACES)
    )
    assert "is unlinked." in projects_unlink.unlinked(one)
    listed = taken(projects_unlink.which([link(number) for number in range(40)], "x", FACES))
    assert "And 30 more" in listed


def test_unlinking_names_nothing_twice() -> None:
    """A project of the tool's own name is told once, and so is one that two links feed."""
    place = Place().at(Room.LINK, 1)
    same = replace(link(1), provider_project="Acme Web", project="Acme Web", site_name="Acme")
    other = replace(same, project="Website")
    one, two = UnlinkPreview((same,), 1, 0, 0), UnlinkPreview((other,), 1, 0, 0)
    assert "Unlink *Acme Web* (Redmine, Acme)?" in taken(
        projects_unlink.unlink_form(one, place, FACES)
    )
    assert projects_unlink.unlinked(one) == "*Acme Web* is unlinked."
    empty = UnlinkPreview((same,), 0, 0, 0)
    assert "No task is affected." in taken(projects_unlink.unlink_form(empty, place, FACES))
    assert "Unlink *Acme Web* (Redmine, Acme) from *Website*?" in taken(
        projects_unlink.unlink_form(two, place, FACES)
    )
    assert projects_unlink.unlinked(two) == "*Acme Web* is unlinked from *Website*."
    shop = replace(other, provider_project="Acme Shop")
    both = UnlinkPreview((other, shop, replace(link(9), project="Ops")), 3, 0, 0)
    assert "Unlinked 3 projects: *Acme Web*, *Acme Shop*, *Ops*." in projects_unlink.unlinked(both)


def test_people_forms_and_their_results_fit() -> None:
    """One project or many, and everything that can be said about saving."""
    place = Place().at(Room.PROJECT, 1)
    users = tuple(SlackUserId(f"U{number}") for number in range(50))
    assert "Managers" in taken(projects_people.people_form(PeopleForm(EVIL, 1, users), place))
    assert "400 projects" in taken(projects_people.people_form(PeopleForm(None, 400), place))
    done = PeopleChanged(400, (EVIL,) * 30, (RTL,), 2, (EVIL,), (EVIL,), (EVIL,), 3)
    said = projects_people.people_changed(done)
    for words in ("Put on of the 400", "and 10 more", "2 timers were", "3 of them are no person"):
        assert words in said
    assert "Nothing was different" in projects_people.people_changed(PeopleChanged(1, (), ()))


def test_questions_about_what_waits_fit() -> None:
    """Linking and ignoring thousands; nothing left to link."""
    place = Place(ListQuery(selection=1)).at(Room.CHOSEN)
    plan = Plan(
        tuple(
            PlannedLink(ProviderProjectId(one), IntegrationId(1), EVIL, How.CREATED)
            for one in range(3000)
        ),
        tuple(LeftAlone(EVIL, IntegrationId(1), why) for why in Skip),
    )
    seen = taken(projects_chosen.link_form(plan, place))
    for words in ("Link 3,000 projects?", "New projects: 3,000", "several have the name: 1"):
        assert words in seen
    assert "waits to be linked any more" in taken(projects_chosen.link_form(Plan(), place))
    found = Chosen(sources=ChosenSources((EVIL,), 9000, 8000, 1000))
    assert "Ignore 8,000 projects" in taken(projects_chosen.ignore_form(found, place))


def test_a_run_history_fits() -> None:
    """Under way, done, failed; by schedule and by wish; broken credentials on top."""
    runs = [
        SyncRun(
            id=SyncRunId(number),
            team_id=TeamId("T"),
            integration_id=IntegrationId(1),
            is_full=number == 0,
            asked_by=None,
            state=state,
            started_at=NOON,
            ended_at=None if state is SyncRunState.RUNNING else NOON + timedelta(seconds=took),
            pages=1,
            requests=12_345,
            created=1,
            changed=2,
            unchanged=20_000,
            gone=3,
            error=EVIL if state is not SyncRunState.DONE else None,
            bookmark=Bookmark(),
        )
        for number, (state, took) in enumerate(
            [
                (SyncRunState.RUNNING, 0),
                (SyncRunState.DONE, 0),
                (SyncRunState.DONE, 90),
                (SyncRunState.FAILED, 4000),
            ]
        )
    ]
    lines = (
        tuple(
            HistoryLine(run, EVIL if run.is_full else None, (EVIL,) * 5 * run.is_full)
            for run in runs
        )
        * 2
    )
    broken = replace(integration(), state=IntegrationState.BROKEN, broken_reason=EVIL)
    seen = taken(run_history.history(RunHistory(broken, lines, 1, 500), FACES))
    for words in (
        "Connect again",
        "under way, reading projects",
        "in less than a second",
        "in 90 seconds",
        "in 67 minutes",
        "*failed*",
        "By schedule",
        "Asked by",
        " and 2 more; everything was read",
        "20,000 as before",
        "Page 2 of 63",
        "Newer",
        "Older",
    ):
        assert words in seen, words
    assert "No sync has run yet" in taken(run_history.history(RunHistory(broken, (), 0, 0), FACES))

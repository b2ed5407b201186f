"""Finding what to link, connecting everything, and ending links."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update
from sqlmodel import col

from bot.domain.errors import Vanished
from bot.domain.ids import IntegrationId, ProviderProjectId
from bot.domain.linking.link_search import search_text
from bot.domain.linking.linking import (
    AlreadyLinked,
    AlreadyUnlinked,
    Choice,
    How,
    LinkWish,
    NothingToLink,
    ProjectUnknown,
    ProviderProjectArchived,
    ProviderProjectUnknown,
    Skip,
)
from bot.domain.people.people import Member
from bot.domain.tasks.task_refs import QuotedName, UrlRef, WordsRef
from bot.services.linking.link_all import ConnectAll
from bot.services.linking.linking import Linking
from bot.services.linking.unlinking import Unlinking
from storage.linking.project_links import ProjectLinkRow
from storage.linking.provider_projects import ProviderProjectRow
from storage.projects.projects import ProjectRow
from storage.sql import table
from storage.tasks.tasks import TaskRow
from tests.builders import NOON, World
from tests.statements import asked

LATER = NOON + timedelta(hours=2)


@pytest.fixture
def linking(world: World) -> Linking:
    """The service."""
    return Linking(world.uow, world.new_marker())


@pytest.fixture
def connect_all(world: World) -> ConnectAll:
    """Everything in one go."""
    return ConnectAll(world.uow, world.new_marker())


@pytest.fixture
def unlinking(world: World) -> Unlinking:
    """The way back."""
    return Unlinking(world.uow, world.new_marker())


def many(world: World, board: IntegrationId, names: list[str]) -> None:
    """Fills the provider with projects."""
    rows = [
        {
            "team_id": world.team_id,
            "integration_id": board,
            "external_id": f"x{number}",
            "name": name,
            "key": f"K{number}",
            "url": "",
            "workspace_id": "",
            "workspace_name": f"Space {number % 7}",
            "search_text": search_text(name, f"K{number}", f"Space {number % 7}"),
            "is_archived": False,
            "is_personal": False,
            "everyone_has_access": True,
            "first_seen_at": NOON,
            "row_hash": "",
        }
        for number, name in enumerate(names)
    ]
    with world.uow.begin() as tx:
        tx.execute(insert(table(ProviderProjectRow)), rows)


def test_typing_finds_names_keys_workspaces_in_any_alphabet(
    world: World, ana: Member, board: IntegrationId, linking: Linking
) -> None:
    """Half a word is enough; what begins with it comes first; a percent sign is only a sign."""
    for name, key in (("Big web", "BIG"), ("Web shop", "SHOP"), ("100% Öko", "ECO")):
        world.provider_project(board, name, key=key, workspace="Ärzte")

    def found(text: str) -> list[str]:
        return [one.name for one in linking.unlinked(who=ana, text=text)]

    assert found("web") == ["Web shop", "Big web"]
    assert found("shop WEB") == ["Web shop"]
    assert found("eco") == found("%") == found("öKO") == ["100% Öko"]
    assert found("acme board big") == found("ärzte big") == ["Big web"]
    assert found("nothing") == []
    assert len(found("")) == 3


def test_the_likeliest_comes_first(
    world: World, ana: Member, board: IntegrationId, linking: Linking
) -> None:
    """The key itself, then the whole name, names that begin so, keys that do, words inside."""
    for name, key in (
        ("Cobweb", "A"),
        ("The web", "B"),
        ("Website", "C"),
        ("Shop", "WEBS"),
        ("Web", "D"),
        ("Intranet", "WEB"),
    ):
        world.provider_project(board, name, key=key)
    found = [one.name for one in linking.unlinked(who=ana, text="web")]
    assert found == ["Intranet", "Web", "Website", "Shop", "The web", "Cobweb"]


def test_only_what_can_be_linked_is_offered(
    world: World, ana: Member, board: IntegrationId, linking: Linking
) -> None:
    """Linked, archived, personal, ignored and vanished ones are not in the list."""
    world.provider_project(board, "Open")
    world.provider_project(board, "Archived", archived=True)
    world.provider_project(board, "Personal", personal=True)
    world.link(world.provider_project(board, "Linked"), world.project())
    linking.ignore(who=ana, provider_project_id=world.provider_project(board, "Set"), now=NOON)
    gone = world.provider_project(board, "Gone")
    with world.uow.begin() as tx:
        query = update(ProviderProjectRow).where(col(ProviderProjectRow.id) == gone)
        tx.execute(query.values(gone_at=NOON))
    assert [one.name for one in linking.unlinked(who=ana)] == ["Open"]
    assert [one.name for one in linking.targets(who=ana, text="web")] == ["Website"]


def test_typing_finds_its_way_through_twenty_thousand_provider_projects(
    world: World, ana: Member, board: IntegrationId, linking: Linking
) -> None:
    """A select takes 100 options, whatever the alphabet of the names."""
    many(world, board, [f"Project {number:05d} für Größe" for number in range(20_000)])
    for text, hits in (("", 100), ("project", 100), ("19999", 1), ("größe", 100), ("00 77", 22)):
        assert len(linking.unlinked(who=ana, text=text)) == hits
    statements = len(asked(world.engine, lambda: linking.unlinked(who=ana, text="nothing at all")))
    assert statements <= 5


def test_everything_is_connected_as_it_was_shown(
    world: World, ana: Member, board: IntegrationId, linking: Linking, connect_all: ConnectAll
) -> None:
    """The preview tells what is created, matched and left alone; confirming does exactly that."""
    world.project("Website", "WEB")
    world.project("Twins", "TW")
    taken = world.project("Shop", "SHOP")
    world.link(world.provider_project(board, "Shop in use"), taken)
    for name in ("website ", "Twins", "Twins", "Shop", "Brand new"):
        world.provider_project(board, name, key=None)
    world.provider_project(board, "Attic", archived=True)
    world.provider_project(board, "My list", personal=True)
    world.provider_project(board, "Sandbox", left_out=True)
    linking.ignore(who=ana, provider_project_id=world.provider_project(board, "No"), now=NOON)
    plan = connect_all.preview(who=ana)
    assert {(one.name, one.how, one.project) for one in plan.links} == {
        ("website ", How.EXISTING, "Website"),
        ("Shop", How.CREATED, ""),
        ("Brand new", How.CREATED, ""),
    }
    assert {(one.name, one.why) for one in plan.skipped} == {
        ("Twins", Skip.SEVERAL_NAMESAKES),
        ("Attic", Skip.ARCHIVED),
        ("My list", Skip.PERSONAL),
        ("No", Skip.IGNORED),
        ("Sandbox", Skip.LEFT_OUT),
    }
    made, done = connect_all.connect(who=ana, now=LATER)
    assert done == plan
    assert [(one.provider_project_id, one.how) for one in made] == [
        (one.provider_project_id, one.how) for one in plan.links
    ]
    with pytest.raises(NothingToLink):
        connect_all.connect(who=ana, now=LATER)


def test_a_preview_costs_the_same_for_two_and_for_many(
    world: World, ana: Member, board: IntegrationId, connect_all: ConnectAll
) -> None:
    """Three questions about projects, however many there are."""
    world.provider_project(board, "First")
    few = len(asked(world.engine, lambda: connect_all.preview(who=ana)))
    many(world, board, [f"Project {number}" for number in range(700)])
    assert len(asked(world.engine, lambda: connect_all.preview(who=ana))) == few <= 5


def test_connecting_one_integration_leaves_the_others(
    world: World, ana: Member, board: IntegrationId, linking: Linking, connect_all: ConnectAll
) -> None:
    """``/link all board`` touches that board only."""
    other = world.integration(ana, site="other")
    world.provider_project(board, "Here")
    world.provider_project(other, "There")
    made, _ = connect_all.connect(who=ana, integrations=[board], now=LATER)
    assert [one.project for one in made] == ["Here"]
    assert [one.name for one in linking.unlinked(who=ana)] == ["There"]


def test_a_whole_tool_is_connected_in_turns(
    world: World, ana: Member, board: IntegrationId, connect_all: ConnectAll
) -> None:
    """3,000 projects, a third of them with names no code can be made from; nothing is left."""
    many(world, board, ["設計" if n % 3 == 0 else f"Project {n}" for n in range(3000)])
    made, _ = connect_all.connect(who=ana, now=LATER)
    assert len({one.code for one in made}) == 3000
    assert connect_all.preview(who=ana).links == ()


def test_words_name_a_provider_project_and_a_project(
    world: World, ana: Member, board: IntegrationId, linking: Linking
) -> None:
    """Name, key or address on one side, name or code on the other; case does not matter."""
    web = world.provider_project(board, "Acme Web", key="ACME")
    website = world.project("Website", "SITE")
    with world.uow.read() as tx:
        url = tx.execute(select(col(ProviderProjectRow.url))).scalar_one()
    for ref in (QuotedName("acme web"), WordsRef("acme"), WordsRef("web"), UrlRef(f"{url}/tasks")):
        for to in (QuotedName("WEBSITE"), WordsRef("site")):
            assert linking.find(who=ana, provider_project=ref, to=to, create=False) == LinkWish(
                web, website
            )
        assert linking.find(who=ana, provider_project=ref, to=None, create=True) == LinkWish(web)


def test_words_that_mean_several_things_are_a_question(
    world: World, ana: Member, board: IntegrationId, linking: Linking
) -> None:
    """Never the first of several; a whole name wins over a part of another."""
    world.provider_project(board, "Acme Web", key="AW")
    world.provider_project(board, "Acme Shop", key="AS")
    exact = world.provider_project(board, "Acme", key="A")
    asked = linking.find(who=ana, provider_project=WordsRef("acm"), to=None, create=True)
    assert isinstance(asked, Choice)
    assert {one.name for one in asked.provider_projects} == {"Acme Web", "Acme Shop", "Acme"}
    found = linking.find(who=ana, provider_project=WordsRef("acme"), to=None, create=True)
    assert found == LinkWish(exact)


def test_words_that_mean_nothing_name_the_nearest(
    world: World, ana: Member, board: IntegrationId, linking: Linking
) -> None:
    """A typo is answered with what is there; a linked or archived one with how it stands."""
    world.provider_project(board, "Acme Web")
    world.project("Website")

    def find(source: str, to: str | None = None) -> object:
        ref = None if to is None else QuotedName(to)
        return linking.find(who=ana, provider_project=QuotedName(source), to=ref, create=False)

    with pytest.raises(ProviderProjectUnknown) as unknown:
        find("Acme Wbe")
    assert unknown.value.nearest == ("Acme Web",)
    with pytest.raises(ProjectUnknown) as nowhere:
        find("Acme Web", "Webiste")
    assert nowhere.value.nearest == ("Website",)
    world.provider_project(board, "Attic", archived=True)
    with pytest.raises(ProviderProjectArchived):
        find("Attic")
    world.link(world.provider_project(board, "Used", key="USED"), world.project("Mine", "MINE"))
    with pytest.raises(AlreadyLinked) as linked:
        find("used")
    assert linked.value.project == "Mine"


def test_unlinking_does_what_it_said_and_relinking_resumes(
    world: World, ana: Member, board: IntegrationId, linking: Linking, unlinking: Unlinking
) -> None:
    """Time and tasks stay; the timer stops and is kept; linking again goes back to the project."""
    web = world.provider_project(board, "Acme Web")
    before = linking.link(who=ana, provider_project_id=web, now=NOON)
    task = world.task(board, web)
    mia = world.member("mia")
    world.entry(mia, before.project_id, task, NOON - timedelta(hours=1), NOON)
    world.timer(mia, before.project_id, task, NOON)
    said = unlinking.preview(who=ana, provider_project_ids=[web], now=LATER)
    assert (said.tasks, said.seconds, said.running) == (1, 3600, 1)
    done = unlinking.unlink(who=ana, provider_project_ids=[web], now=LATER)
    assert done == said
    with pytest.raises(AlreadyUnlinked) as again:
        unlinking.unlink(who=ana, provider_project_ids=[web], now=LATER)
    assert (again.value.by, again.value.at) == ("Ana", LATER)
    [plan] = ConnectAll(world.uow, str).preview(who=ana).links
    assert (plan.how, plan.project) == (How.RESUMED, "Acme Web")
    back = linking.link(who=ana, provider_project_id=web, now=LATER)
    assert (back.project_id, back.how) == (before.project_id, How.RESUMED)
    with world.uow.read() as tx:
        assert len(tx.execute(select(ProjectRow)).all()) == 1
        assert [row.state for row in tx.entities.scalars(select(ProjectLinkRow))] == ["active"]
        assert list(tx.execute(select(col(TaskRow.id))).scalars()) == [task]


def test_relinking_to_another_project_is_possible(
    world: World, ana: Member, board: IntegrationId, linking: Linking, unlinking: Unlinking
) -> None:
    """After an unlink the provider project may feed something else; the old link stays history."""
    web = world.provider_project(board, "Acme Web")
    linking.link(who=ana, provider_project_id=web, now=NOON)
    unlinking.unlink(who=ana, provider_project_ids=[web], now=NOON)
    other = world.project("Other", "OTH")
    moved = linking.link(who=ana, provider_project_id=web, project_id=other, now=LATER)
    assert (moved.project_id, moved.how, moved.former) == (other, How.MOVED, "Acme Web")
    with world.uow.read() as tx:
        states = tx.execute(select(col(ProjectLinkRow.state)).order_by(col(ProjectLinkRow.id)))
        assert list(states.scalars()) == ["ended", "active"]


def test_what_is_linked_is_found_by_either_name(
    world: World, ana: Member, board: IntegrationId, unlinking: Unlinking
) -> None:
    """``/link unlink`` takes our name, the provider's, or a code."""
    world.link(world.provider_project(board, "Acme Web", key="AW"), world.project("Site", "SITE"))
    for ref in (QuotedName("acme web"), WordsRef("site"), WordsRef("aw")):
        assert [one.project for one in unlinking.linked(who=ana, ref=ref)] == ["Site"]
    world.link(world.provider_project(board, "Acme Shop", key="AS"), world.project("Till", "TILL"))
    for words, found in (("acme", ["Site", "Till"]), ("till acme", ["Till"]), ("me web", ["Site"])):
        assert [one.project for one in unlinking.linked(who=ana, ref=WordsRef(words))] == found
    for ref in (QuotedName("nothing like it"), QuotedName("acme"), QuotedName("%"), WordsRef("_")):
        with pytest.raises(ProjectUnknown):
            unlinking.linked(who=ana, ref=ref)
    with pytest.raises(ProjectUnknown) as unknown:
        unlinking.linked(who=ana, ref=WordsRef("tlil tilt"))
    assert unknown.value.nearest == ("Till",)
    loose = world.provider_project(board, "Loose")
    with pytest.raises(AlreadyUnlinked):
        unlinking.unlink(who=ana, provider_project_ids=[loose], now=NOON)
    with pytest.raises(Vanished):
        unlinking.unlink(who=ana, provider_project_ids=[ProviderProjectId(999)], now=NOON)

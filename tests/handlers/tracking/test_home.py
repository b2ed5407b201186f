"""The App Home and ``/link`` alone: what an admin and a member see, from the first day on."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col

from bot.domain.ids import IntegrationId
from bot.domain.people.people import Member
from bot.domain.states import AccountLinkState
from bot.integrations.registry import Registry
from bot.services.linking.overview import Overviews
from bot.services.linking.own_overview import OwnOverviews
from bot.services.people.account_links import AccountLinks
from bot.services.tracking.home import Homes
from bot.views.message import Message
from bot.views.providers import Faces
from handlers.asking import Click, Command, Opened
from handlers.grammar.link_values import Overview
from handlers.replies import Ephemeral, HomeView, OpenModal
from handlers.routes import Routes
from handlers.tracking.home import HomeHandlers
from playground.rules import check_message, check_view
from storage.linking.announcements import AnnouncementRow
from storage.linking.integrations import IntegrationRow
from storage.linking.provider_projects import ProviderProjectRow
from storage.people.account_links import AccountLinkRow
from storage.sql import create
from storage.sync.sync_runs import SyncRunRow
from tests.builders import NOON, World
from tests.statements import asked

FACES: Faces = {one.slug: one for one in Registry.load().descriptors()}


@pytest.fixture
def handlers(world: World) -> HomeHandlers:
    """What is tested."""
    return HomeHandlers(
        homes=Homes(world.uow),
        overviews=Overviews(world.uow),
        own=OwnOverviews(world.uow),
        accounts=AccountLinks(world.uow, world.new_marker()),
        faces=FACES,
    )


def home(handlers: HomeHandlers, who: Member) -> str:
    """The Home tab, as Slack would take it."""
    shown = handlers.home(Opened(who=who, now=NOON + timedelta(hours=1), request_id=""))
    assert isinstance(shown, HomeView)
    return json.dumps(check_view(dict(shown.view), "home"), ensure_ascii=False)


def overview(handlers: HomeHandlers, who: Member) -> str:
    """What ``/link`` says, as Slack would take it; the words a screen reader reads."""
    asked = Command(who=who, now=NOON, request_id="", text="")
    answer = handlers.command(asked, Overview())
    assert isinstance(answer, Ephemeral)
    check_message(list(answer.message.blocks), answer.message.text)
    return answer.message.text


def change(world: World, **values: object) -> None:
    """Something about every integration."""
    with world.uow.begin() as tx:
        tx.execute(update(IntegrationRow).values(values))


def run(world: World, board: IntegrationId, **values: object) -> None:
    """A sync run."""
    kept: dict[str, Any] = {
        "team_id": world.team_id,
        "integration_id": board,
        "is_full": True,
        "state": "done",
        "started_at": NOON,
        "pages": 1,
        "requests": 1,
        "created": 0,
        "changed": 0,
        "unchanged": 0,
        "gone": 0,
        "cursor": {},
    }
    with world.uow.begin() as tx:
        create(tx, SyncRunRow, **(kept | values))


def test_a_fresh_install_says_where_to_begin(
    world: World, ana: Member, handlers: HomeHandlers
) -> None:
    """The admin gets one button, a member the names of whom to ask; both ``/link`` and Home."""
    assert "Connect your first tool" in home(handlers, ana)
    assert "/link connect" in overview(handlers, ana)
    waiting = home(handlers, world.member("mia"))
    assert "Ask Ana." in waiting
    assert "connect.choose" not in waiting


def test_the_overview_counts_projects_and_people(
    world: World, ana: Member, handlers: HomeHandlers
) -> None:
    """Health, last and next sync, linked, unlinked, ignored, connected, invited, declined."""
    board = world.integration(ana)
    world.link(world.provider_project(board, "Linked"), world.project())
    for name in ("One", "Two"):
        world.provider_project(board, name)
    world.provider_project(board, "Attic", archived=True)
    world.provider_project(board, "Mine", personal=True)
    aside = world.provider_project(board, "Aside")
    with world.uow.begin() as tx:
        query = update(ProviderProjectRow).where(col(ProviderProjectRow.id) == aside)
        tx.execute(query.values(ignored_at=NOON))
    for name, state in (("mia", "connected"), ("ben", "invited"), ("cleo", "declined")):
        link = world.connected(world.member(name), board, world.account(board, name))
        with world.uow.begin() as tx:
            row = update(AccountLinkRow).where(col(AccountLinkRow.id) == link)
            tx.execute(row.values(state=state))
    run(world, board, ended_at=NOON)
    change(world, synced_at=NOON)
    text = overview(handlers, ana)
    assert "*acme board*: works." in text
    assert "Projects: 1 linked, 2 unlinked, 1 ignored." in text
    assert "*Users*: 1 connected, 1 invited, 1 declined." in text
    assert text.count("1 connected, 1 invited, 1 declined") == 1
    assert "Last synced: <!date^" in text
    assert "next <!date^" in text
    assert "Connect all (2)" in home(handlers, ana)


def test_people_are_counted_by_tool_where_there_are_several(
    world: World, ana: Member, handlers: HomeHandlers
) -> None:
    """One person with two accounts is no two people: the sum says what it counts."""
    mia = world.member("mia")
    for site in ("acme board", "other"):
        board = world.integration(ana, site=site)
        world.connected(mia, board, world.account(board, "mia"))
    world.integration(ana, site="third")
    text = overview(handlers, ana)
    assert text.count("People: 1 connected.") == 2
    assert text.count("People: nobody is connected yet.") == 1
    assert "*Users*, their accounts in all tools: 2 connected." in text


def test_trouble_is_at_the_top_or_in_bold(
    world: World, ana: Member, handlers: HomeHandlers
) -> None:
    """Dead credentials, a failed run, a lost announcement, an approval: each with its button."""
    board = world.integration(ana)
    run(world, board, state="failed", error="Redmine <answered> HTML")
    assert "*the last sync failed*: Redmine &lt;answered&gt; HTML" in overview(handlers, ana)
    change(world, state="broken", broken_since=NOON, broken_reason="401")
    mia = world.member("mia")
    link = world.connected(mia, board, world.account(board, "Mia K"))
    with world.uow.begin() as tx:
        row = update(AccountLinkRow).where(col(AccountLinkRow.id) == link)
        tx.execute(row.values(state=AccountLinkState.AWAITING_APPROVAL, proof=None))
        create(
            tx,
            AnnouncementRow,
            team_id=world.team_id,
            integration_id=board,
            is_summary=True,
            channel_id="C0OPS",
            state="unknown",
            created_at=NOON,
        )
    text = overview(handlers, ana)
    assert "needs new credentials" in text
    assert "may not have arrived" in text
    assert "Mia" in text
    shown = home(handlers, ana)
    for action in ("people.approve", "people.refuse", "announce.post_again", "connect.again"):
        assert action in shown


def test_a_member_sees_their_time_and_accounts(
    world: World, ana: Member, handlers: HomeHandlers
) -> None:
    """The running timer with Stop, today's entries, and a Connect button where it is missing."""
    board = world.integration(ana)
    web, site = world.provider_project(board), world.project()
    world.link(web, site)
    mia = world.member("mia")
    task = world.task(board, web, "WEB-12", "Fix the header")
    world.entry(mia, site, task, NOON - timedelta(hours=2), NOON)
    world.timer(mia, site, task, NOON)
    shown = home(handlers, mia)
    for words in ("Fix the header", "track.stop", "2 h", "people.connect", "not connected"):
        assert words in shown
    assert "link.all" not in shown
    assert "needs you" not in overview(handlers, mia)


def test_the_next_step_of_a_first_day_stands_out(
    world: World, ana: Member, handlers: HomeHandlers
) -> None:
    """*Connect* is what there is to do; beside a day's own buttons it is one of several."""
    board, mia = world.integration(ana), world.member("mia")
    connect = f'"value": "{board}", "style": "primary"'
    assert connect in home(handlers, mia)
    project = world.project()
    world.joins(mia, project)
    shown = home(handlers, mia)
    assert "people.connect" in shown
    assert connect not in shown


def test_a_member_reads_that_a_tool_is_silent(
    world: World, ana: Member, handlers: HomeHandlers
) -> None:
    """Where a task is missing, they know why, and whose turn it is."""
    board, mia = world.integration(ana), world.member("mia")
    world.joins(mia, world.project())
    world.connected(mia, board, world.account(board, "Mia K"))
    assert "does not arrive" not in home(handlers, mia)
    change(world, state="broken", broken_since=NOON)
    assert "What changes there does not arrive at present" in home(handlers, mia)


def test_what_was_done_is_said_at_the_top(
    world: World, ana: Member, handlers: HomeHandlers
) -> None:
    """Before everything else, and without taking anything away."""
    world.joins(ana, world.project())
    shown = handlers.home(Opened(who=ana, now=NOON, request_id="", notice=Message("Stopped.")))
    assert isinstance(shown, HomeView)
    blocks = check_view(dict(shown.view), "home")["blocks"]
    assert [block["type"] for block in blocks[:2]] == ["section", "divider"]
    assert blocks[0]["text"]["text"] == "Stopped."


def test_what_the_home_has_no_room_for_opens(
    world: World, ana: Member, handlers: HomeHandlers
) -> None:
    """All accounts, and the whole Overview; the latter is an admin's."""
    routes = Routes()
    handlers.register(routes)
    world.integration(ana)
    for action, admin in (("home.accounts", False), ("home.overview", True)):
        route = routes.clicks[action]
        assert route.admin is admin
        opened = route.handler(Click(who=ana, now=NOON, request_id="", action=action))
        assert isinstance(opened, OpenModal)
        check_view(opened.modal.as_view(), "modal")
        assert "acme board" in json.dumps(opened.modal.as_view())


def test_many_integrations_fit_and_cost_no_more_queries(
    world: World, ana: Member, handlers: HomeHandlers
) -> None:
    """Thirty sites: the rest is counted, Slack's limits hold, the database is asked once."""
    first = world.integration(ana, site="site 0")
    world.provider_project(first)
    few = len(asked(world.engine, lambda: overview(handlers, ana)))
    for number in range(1, 30):
        board = world.integration(ana, site=f"site {number}")
        world.provider_project(board)
        run(world, board)
    assert len(asked(world.engine, lambda: overview(handlers, ana))) == few
    assert few <= 10
    assert "And 20 more tools" in overview(handlers, ana)
    home(handlers, ana)


def test_link_tells_a_member_what_is_theirs_and_whom_to_ask(
    world: World, ana: Member, handlers: HomeHandlers
) -> None:
    """The next step is a button; what they may not see is not told."""
    bo = world.member("bo")
    assert overview(handlers, bo) == (
        "No tool is connected to Hourlink yet, and there is no project of yours.\n"
        "Admins connect tools and link projects. Ask Ana for more."
    )
    board = world.integration(ana)
    source, website = world.provider_project(board, "Acme Web"), world.project("Website")
    world.link(source, website)
    hidden = world.project("Secret plans", "SEC")
    world.joins(ana, hidden)
    before = overview(handlers, bo)
    assert before.startswith("Connect your account, and the projects that you see there")
    assert "Website" not in before
    assert "not connected" in before
    world.connected(bo, board, world.account(board, "Bo"))
    world.joins(bo, website)
    office = world.project("Office move <x>", "OM")
    world.joins(bo, office)
    after = overview(handlers, bo)
    assert after == (
        "You can track time on 2 projects:\n"
        "\N{BULLET} *Office move &lt;x&gt;*\n"
        "\N{BULLET} *Website* from File board (acme board)\n"
        "Admins connect tools and link projects. Ask Ana for more."
    )


def test_a_member_of_very_many_projects_is_told_ten(
    world: World, ana: Member, handlers: HomeHandlers
) -> None:
    """The others are behind *My projects*, and none of them costs a question of its own."""
    del ana
    bo = world.member("bo")
    before = len(asked(world.engine, lambda: overview(handlers, bo)))
    for number in range(14):
        world.joins(bo, world.project(f"Project {number:02}", f"P{'ABCDEFGHIJKLMN'[number]}"))
    assert overview(handlers, bo).count("\N{BULLET}") == 11
    assert "and 4 more" in overview(handlers, bo)
    assert len(asked(world.engine, lambda: overview(handlers, bo))) <= before + 1

"""Linking with ``/link``: words, forms, buttons, refusals."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from bot.domain.ids import IntegrationId
from bot.domain.linking.linking import (
    AlreadyLinked,
    NothingToLink,
    ProviderProjectIgnored,
    ProviderProjectUnknown,
)
from bot.domain.people.people import Member
from bot.services.linking.starting_fresh import StartingFresh
from bot.services.linking.unlinking import Unlinking
from bot.views import failures
from handlers.acks import in_lookup_ack
from handlers.asking import Fields, Lookup
from handlers.linking.link_fresh import FreshHandlers
from handlers.replies import (
    Choices,
    Ephemeral,
    FieldErrors,
)
from playground.rules import check_options
from storage.linking.integrations import IntegrationRow
from tests.builders import NOON, World
from tests.handlers.answers import view
from tests.handlers.linking.link_desk import Desk, click, links, said, sent, text_of


@pytest.fixture
def desk(world: World) -> Desk:
    """What is tested."""
    return Desk(world)


def test_words_link_to_a_project_or_make_one(
    world: World, ana: Member, board: IntegrationId, desk: Desk
) -> None:
    """``/link project "Acme Web" to "Website"`` and ``/link project SHOP new``."""
    world.provider_project(board, "Acme Web", key="AW")
    world.provider_project(board, "Acme Shop", key="SHOP")
    world.project("Website", "SITE")
    assert "*Acme Web* is linked to *Website*." in said(
        desk.types(ana, "project \u201cAcme Web\u201d to \u201cWebsite\u201d")
    )
    assert "linked to a new project, code SHOP" in said(desk.types(ana, "project SHOP new"))
    with pytest.raises(AlreadyLinked) as again:
        desk.types(ana, "project shop new")
    assert "*Acme Shop* is already linked by Ana" in failures.sentence(again.value).text
    with pytest.raises(ProviderProjectUnknown) as unknown:
        desk.types(ana, 'project "Acme Wxb" new')
    assert links(world) == 2
    assert "Search with" in failures.sentence(unknown.value).text


def test_several_meanings_get_a_picker(
    world: World, ana: Member, board: IntegrationId, desk: Desk
) -> None:
    """Never the first of several: a button each, and the button links."""
    shop = world.provider_project(board, "Acme Shop", key="A")
    world.provider_project(board, "Acme Web", key="B")
    asked = desk.types(ana, "project acme new")
    assert "2 projects in your tools match" in said(asked)
    assert isinstance(asked, Ephemeral)
    buttons = [block["accessory"] for block in asked.message.blocks if "accessory" in block]
    [value] = [one["value"] for one in buttons if one["value"].startswith(f"{shop}:")]
    assert "linked to a new project" in said(desk.form.pick(click(ana, value)))
    world.project("Site one", "ONE")
    world.project("Site two", "TWO")
    assert "2 projects match" in said(desk.types(ana, "project acme to site"))
    assert links(world) == 1


def test_several_meanings_without_a_project_open_the_form_for_one(
    world: World, ana: Member, board: IntegrationId, desk: Desk
) -> None:
    """``/link project "Acme Web"``, which two tools have: what was typed is not lost (L2)."""
    other = world.integration(ana, site="other board")
    world.provider_project(board, "Acme Web", key="A")
    web = world.provider_project(other, "Acme Web", key="B")
    asked = desk.types(ana, 'project "Acme Web"')
    assert "2 projects in your tools match \u201cAcme Web\u201d. Which one?" in said(asked)
    assert "other board" in said(asked)
    assert isinstance(asked, Ephemeral)
    buttons = [block["accessory"] for block in asked.message.blocks if "accessory" in block]
    assert {one["text"]["text"] for one in buttons} == {"Link this to..."}
    opened = view(desk.form.pick(click(ana, f"{web}:")))
    assert "Acme Web (B)" in str(opened["blocks"])
    assert links(world) == 0


def test_many_meanings_say_how_many_more(
    world: World, ana: Member, board: IntegrationId, desk: Desk
) -> None:
    """Nothing is cut in silence."""
    for number in range(14):
        world.provider_project(board, f"Acme {number}", key=None)
    asked = desk.types(ana, "project acme new")
    assert isinstance(asked, Ephemeral)
    said(asked)
    assert "And 4 more" in str(asked.message.blocks)


def test_the_form_links_several_rows(
    world: World, ana: Member, board: IntegrationId, desk: Desk
) -> None:
    """Three rows to begin with, one more on request; blank rows are left out."""
    web, shop = world.provider_project(board, "Web"), world.provider_project(board, "Shop")
    site = world.project("Site", "SITE")
    first = view(desk.types(ana, "project"))
    ids = [block["block_id"] for block in first["blocks"] if block["type"] == "input"]
    assert ids == ["source:0", "target:0", "source:1", "target:1", "source:2", "target:2"]
    grown = view(desk.form.add_row(click(ana, metadata=first["private_metadata"])))
    assert [b["block_id"] for b in grown["blocks"] if b["type"] == "input"][:6] == ids
    done = desk.form.submitted(
        sent(ana, grown["private_metadata"], source0=web, target0=site, source3=shop)
    )
    assert "*Web* is linked to *Site*." in said(done)
    assert "*Shop* is linked to a new project" in said(done)
    full = view(desk.form.add_row(click(ana, metadata="19")))
    assert "20 rows at a time" in str(full["blocks"])
    assert len(view(desk.form.add_row(click(ana, metadata="20")))["blocks"]) <= 100


def test_the_form_offers_what_was_linked_before(
    world: World, ana: Member, board: IntegrationId, desk: Desk
) -> None:
    """Choosing it asks: resume, as a blank form does, or start fresh with second copies (L7)."""
    web, shop = world.provider_project(board, "Acme Web"), world.provider_project(board, "Shop")
    desk.linking.link(who=ana, provider_project_id=web, now=NOON)
    world.task(board, web)
    unlinking = Unlinking(world.uow, world.new_marker())
    unlinking.unlink(who=ana, provider_project_ids=[web], now=NOON)
    opened = view(desk.types(ana, 'project "Acme Web"'))
    assert "It was linked to *Acme Web*" in str(opened["blocks"])
    chosen = sent(ana, "3", source1=web, source2=shop)
    shown = view(desk.form.source_chosen(replace(click(ana, metadata="3"), fields=chosen.fields)))
    ticks = [one["block_id"] for one in shown["blocks"] if one.get("block_id", "").startswith("f")]
    assert ticks == [f"fresh:1:{web}"]
    assert "resumed: 1 task with" in str(shown["blocks"])
    grown = view(desk.form.add_row(replace(click(ana, metadata="3"), fields=chosen.fields)))
    assert f"fresh:1:{web}" in str(grown["blocks"])
    state: dict[str, dict[str, Any]] = {
        "source:1": {"x": {"selected_option": {"value": str(web)}}},
        f"fresh:1:{web}": {"x": {"selected_options": [{"value": "fresh"}]}},
    }
    done = desk.form.submitted(replace(chosen, fields=Fields(state)))
    assert "started fresh: 1 old task stays in reports" in said(done)


def test_a_resumed_link_can_be_made_fresh_after_all(
    world: World, ana: Member, board: IntegrationId, desk: Desk
) -> None:
    """The answer has the button, the question says what it makes."""
    web = world.provider_project(board, "Acme Web")
    unlinking = Unlinking(world.uow, world.new_marker())
    fresh = FreshHandlers(StartingFresh(world.uow, world.new_marker()), unlinking)
    desk.linking.link(who=ana, provider_project_id=web, now=NOON)
    world.task(board, web)
    unlinking.unlink(who=ana, provider_project_ids=[web], now=NOON)
    answer = desk.types(ana, 'project "Acme Web" new')
    assert "again, with its tasks and time" in said(answer)
    assert isinstance(answer, Ephemeral)
    assert "link.fresh" in str(answer.message.blocks)
    asked = view(fresh.clicked(click(ana, str(web))))
    assert "This makes second copies. What there is, 1 task, freezes" in text_of(asked)
    assert "started fresh" in said(fresh.confirmed(sent(ana, asked["private_metadata"])))


def test_what_is_wrong_stands_under_its_field(
    world: World, ana: Member, board: IntegrationId, desk: Desk
) -> None:
    """Nothing chosen, half a row, one twice, one linked meanwhile: the form stays open."""
    web, shop = world.provider_project(board, "Web"), world.provider_project(board, "Shop")
    site = world.project("Site", "SITE")

    def wrong(**chosen: int) -> dict[str, str]:
        answer = desk.form.submitted(sent(ana, "3", **chosen))
        assert isinstance(answer, FieldErrors)
        return dict(answer.errors)

    assert set(wrong()) == {"source:0"}
    assert set(wrong(source0=web, target1=site)) == {"source:1"}
    assert wrong(source0=web, source2=web) == {"source:2": "This one is chosen twice."}
    desk.linking.link(who=ana, provider_project_id=shop, now=NOON)
    assert wrong(source0=web, source1=shop) == {"source:1": "Shop is linked already by Ana."}
    assert links(world) == 1


def test_the_selects_find_what_can_be_linked(
    world: World, ana: Member, board: IntegrationId, desk: Desk
) -> None:
    """Grouped by tool, site and workspace, with keys; at most 100, as Slack wants it."""
    for number in range(120):
        world.provider_project(board, f"{'Long name ' * 9}{number}", key="KEY")
    world.project("Site", "SITE")
    look = Lookup(who=ana, now=NOON, request_id="", action="", query="long")
    found = desk.form.find_unlinked(look)
    assert isinstance(found, Choices)
    answer = dict(in_lookup_ack(found))
    check_options(answer)
    [group] = answer["option_groups"]
    assert len(group["options"]) == 100
    assert "acme board" in group["label"]["text"]
    projects = desk.form.find_project(replace(look, query="site"))
    assert isinstance(projects, Choices)
    assert [one.label for one in projects.options] == ["Site (SITE)"]


def test_connect_all_shows_then_does(
    world: World, ana: Member, board: IntegrationId, desk: Desk
) -> None:
    """The preview names what happens; confirming does it as things stand then."""
    world.provider_project(board, "Acme Web", key=None)
    world.provider_project(board, "Attic", archived=True)
    world.provider_project(board, "Website", key=None)
    world.project("Website", "SITE")
    shown = view(desk.types(ana, "all board"))
    assert "2 projects will be linked. Nothing has been changed yet." in text_of(shown)
    assert "archived in the tool: 1" in text_of(shown)
    assert "*Linked to a project of the same name: 1*\nWebsite\n" in text_of(shown)
    assert shown["submit"]["text"] == "Connect 2"
    world.provider_project(board, "Meanwhile", key=None)
    done = said(desk.all.confirmed(sent(ana, shown["private_metadata"])))
    assert "Linked 3 projects: 2 to new projects, 1 to a project of the same name." in done
    with pytest.raises(NothingToLink):
        desk.all.confirmed(sent(ana, shown["private_metadata"]))
    empty = view(desk.all.clicked(click(ana, str(board))))
    assert "submit" not in empty
    assert "No project is waiting" in text_of(empty)


def test_ignoring_is_undone_from_its_refusal(
    world: World, ana: Member, board: IntegrationId, desk: Desk
) -> None:
    """Who links something ignored is told, with a button that takes the ignoring back."""
    web = world.provider_project(board, "Web")
    desk.linking.ignore(who=ana, provider_project_id=web, now=NOON)
    with pytest.raises(ProviderProjectIgnored) as ignored:
        desk.types(ana, "project web new")
    refusal = failures.sentence(ignored.value)
    assert "is ignored by Ana" in refusal.text
    assert "link.notice" in str(refusal.blocks)
    assert "not ignored any more" in said(desk.form.notice(click(ana, str(web))))
    assert "linked to a new project" in said(desk.types(ana, "project web new"))


def test_a_disconnected_site_is_left_out(
    world: World, ana: Member, board: IntegrationId, desk: Desk
) -> None:
    """What cannot be synced is neither offered nor found."""
    world.provider_project(board, "Web")
    with world.uow.begin() as tx:
        tx.execute(update(IntegrationRow).values(state="disconnected"))
    world.integration(ana, site="other")
    with pytest.raises(ProviderProjectUnknown):
        desk.types(ana, "project web new")

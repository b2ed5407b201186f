"""``/link`` itself: for whom it is, its help, and its verbs that need no form."""

from contextlib import suppress
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.domain.errors import AdminOnly, HourlinkError
from bot.domain.ids import IntegrationId
from bot.domain.input_errors import BadInput
from bot.domain.linking.linking import (
    AlreadyLinked,
    IntegrationUnknown,
    ProviderProjectUnknown,
)
from bot.domain.people.people import Member
from bot.domain.slack_text import escape
from bot.domain.states import Role
from bot.views import failures
from bot.views.projects.listing import OPEN
from handlers.grammar.link_values import (
    LinkCommand,
)
from handlers.grammar.verbs import Verb
from handlers.linking.link import OFFERED
from handlers.replies import (
    Ephemeral,
    OpenModal,
)
from storage.outbox import OutboxRow
from tests.builders import World
from tests.handlers.linking.link_desk import Desk, click, said


@pytest.fixture
def desk(world: World) -> Desk:
    """What is tested."""
    return Desk(world)


def test_before_a_tool_is_connected_every_verb_leads_there(ana: Member, desk: Desk) -> None:
    """No empty form, and no sentence without the button that mends it."""
    for words in ("project", 'project "Acme Web" new', "project Acme to Web", "all", "sync"):
        with pytest.raises(IntegrationUnknown) as refused:
            desk.types(ana, words)
        told = failures.sentence(refused.value)
        assert told.text == "No tool is connected to Hourlink yet."
        assert "connect.choose" in str(told.blocks)


@pytest.mark.parametrize(
    "name",
    [
        "O\u2019Brien\u2019s \u2013 \u201cweb\u201d",  # typographic
        "Cafe\u0301 *2026*",  # an accent apart from its letter
        "Web\u200b \u2217 shop",
    ],
)
def test_a_name_is_found_as_a_command_brings_it(
    world: World, ana: Member, board: IntegrationId, desk: Desk, name: str
) -> None:
    """Quotes, dashes and what cannot be seen arrive plain, whatever the tool has."""
    world.provider_project(board, name)
    assert "is linked to a new project" in said(desk.types(ana, f"project {escape(name)} new"))
    with pytest.raises(AlreadyLinked):
        desk.types(ana, f"project {escape(name)} new")
    world.project(f"Our {name}", "OUR")
    world.provider_project(board, "Other", key="OT")
    told = said(desk.types(ana, f"project Other to {escape(f'Our {name}')}"))
    assert "Other* is linked to *Our" in told


def test_several_of_one_name_that_are_linked_are_named(
    world: World, ana: Member, board: IntegrationId, desk: Desk
) -> None:
    """Offering the very name that was typed would lead nowhere."""
    for name, code in (("Website", "WEB"), ("website", "SITE")):
        world.link(
            world.provider_project(board, name, key=code), world.project(f"Our {name}", code)
        )
    with pytest.raises(ProviderProjectUnknown) as refused:
        desk.types(ana, "project website new")
    told = failures.sentence(refused.value).text
    assert "*Website* to *Our Website*" in told
    assert "*website* to *Our website*" in told
    assert "Near it" not in told


def test_sync_is_asked_for(world: World, ana: Member, board: IntegrationId, desk: Desk) -> None:
    """All, one tool, or what feeds a project, each by its name; one message is owed for each."""
    world.link(world.provider_project(board, "Web"), world.project("Site", "SITE"))
    world.integration(ana, site="other")
    assert "acme board, other" in said(desk.types(ana, "sync"))
    assert said(desk.types(ana, "sync other")).startswith("Sync started: other.")
    assert said(desk.types(ana, 'sync "Site"')).startswith("Sync started: *Web* of acme board.")
    assert "Sync started: acme board" in said(desk.link.sync_clicked(click(ana, str(board))))
    with world.uow.read() as tx:
        kinds = tx.execute(select(col(OutboxRow.kind))).scalars().all()
    assert kinds.count("run.report") == 2


def test_an_internal_project(world: World, ana: Member, desk: Desk) -> None:
    """``/link new "Office move"``; its page, where people are put on it, is a click away."""
    del world
    reply = desk.types(ana, 'new "Office move"')
    assert "Made the project *Office move*, code OM." in said(reply)
    assert isinstance(reply, Ephemeral)
    assert "projects.show" in str(reply.message.blocks)


@pytest.mark.parametrize(
    ("typed", "told", "button"),
    [
        ("archive Website", "is done in *Projects*: on a project's page, or for several.", OPEN),
        ("budget", "That is set in *Projects*", OPEN),
        ("Ignore", "*Projects* lists them", OPEN),
        ("lock", "Did you mean `settings` or `close`?", "link.help"),
        ("members", "Did you mean `users`?", OPEN),
        ("rates", "Did you mean `clients`?", "link.help"),
        ("disconnect", "Did you mean `unlink`?", "link.help"),
        ("webhooks", "Did you mean `status`?", "link.help"),
    ],
)
def test_a_word_that_is_no_verb_leads_to_where_it_is_done(
    ana: Member, desk: Desk, typed: str, told: str, button: str
) -> None:
    """Not everything has a verb; what has none has a form."""
    reply = desk.types(ana, typed)
    assert told in said(reply)
    assert isinstance(reply, Ephemeral)
    assert button in str(reply.message.blocks)


def test_a_verb_of_the_other_command_is_told_to_everybody(
    world: World, ana: Member, desk: Desk
) -> None:
    """Whoever types ``/link start`` means ``/track start``, and need be no admin for it."""
    for who in (ana, world.member("mia")):
        for words in ("start TASK-12", "LOG 1h", "begin", "unlock"):
            assert "`/track` has it:\n`/track " in said(desk.types(who, words))


def test_only_admins_and_help_for_everybody(world: World, desk: Desk) -> None:
    """A member's words are refused, whatever they are; alone it tells what is theirs."""
    mia = world.member("mia")
    for words in ("project", "all", "sync", "nonsense", 'new "X"'):
        with pytest.raises(AdminOnly):
            desk.types(mia, words)
    for words in ("help", "HELP:", "?"):
        assert "Only admins" in said(desk.types(mia, words))
    assert said(desk.types(mia, "")) == said(desk.types(mia, "status")) == "Overview"
    liar = replace(mia, role=Role.ADMIN)
    with pytest.raises(AdminOnly):
        desk.types(liar, 'new "X"')


def test_help_and_typos(ana: Member, desk: Desk) -> None:
    """Usage for a verb, the nearest for a typo, the usage again for half a command."""
    assert "`/link project" in said(desk.types(ana, "help project"))
    typo = said(desk.types(ana, "snyc"))
    assert "Did you mean `sync`" in typo
    assert "`/link sync [integration | project]`" in typo
    assert "`/link clients" not in typo  # all of it is a click away
    assert "in quotes if it has spaces" in said(desk.types(ana, "new"))


def test_status_is_the_overview_and_help_says_so(ana: Member, desk: Desk) -> None:
    """``/link status``, ``/link overview`` and ``/link`` alone are one thing under three names."""
    alone = desk.types(ana, "")
    assert desk.types(ana, "status") == alone
    assert desk.types(ana, "overview") == alone
    assert "Show the Overview, as `/link` alone does" in said(desk.types(ana, "help"))


@pytest.mark.parametrize("verb", [pytest.param(one, id=one.name) for one in OFFERED])
def test_every_verb_on_offer_is_answered(ana: Member, desk: Desk, verb: Verb[LinkCommand]) -> None:
    """What help shows as an example does something: an answer, or a refusal with its reason."""
    with suppress(HourlinkError, BadInput):
        assert isinstance(desk.types(ana, verb.example), Ephemeral | OpenModal)


def test_a_word_that_means_a_verb_here_is_no_second_name_of_anothers(
    world: World, ana: Member, desk: Desk
) -> None:
    """*add* is log's, and *preferences* one's own settings; an admin means neither here."""
    mia = world.member("mia")
    for text, verb in (("add jira", "connect"), ("preferences", "settings")):
        assert f"Did you mean `{verb}`?" in said(desk.types(ana, text))
        assert "`/track` has it" in said(desk.types(mia, text))
    assert "`/track` has it:\n`/track log" in said(desk.types(ana, "log 1h WEB-12"))

"""The connect form: checked before it is kept, and never showing a secret again."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from bot.domain.errors import AdminOnly
from bot.domain.people.people import Member
from bot.integrations.api import Credentials, Site
from bot.integrations.errors import ProviderAuthFailed
from handlers.asking import Click
from handlers.grammar.link_values import ConnectIntegration
from handlers.linking import connect
from handlers.linking.connect import ConnectHandlers
from handlers.replies import Ephemeral, FieldErrors
from playground.rules import check_message
from storage.linking.integrations import IntegrationRow
from storage.members import MemberRow
from tests.builders import NOON, World
from tests.handlers.answers import element, replies, view
from tests.handlers.linking.connect_form import (
    KEY,
    SITE,
    Outside,
    command,
    count,
    fields,
    opened,
    submission,
)


@pytest.fixture
def handlers(world: World, outside: Outside) -> Iterator[ConnectHandlers]:
    """What is tested."""
    with opened(world, outside) as made:
        yield made


async def test_the_form_is_made_from_what_the_provider_asks(
    ana: Member, handlers: ConnectHandlers
) -> None:
    """Address, key, and the channel where it was typed."""
    [opened] = await replies(handlers.command(command(ana), ConnectIntegration("redmine")))
    shown = view(opened)
    assert [block["block_id"] for block in shown["blocks"]] == [
        "field:url",
        "secret:1:api_key",
        "channel",
        "write_mode",
    ]
    assert element(shown, "channel")["initial_conversation"] == "C0WEB"
    asked = handlers.command(command(ana, "D0ANA"), ConnectIntegration("redmine"))
    [in_dm] = await replies(asked)
    assert "initial_conversation" not in element(view(in_dm), "channel")


async def test_without_a_name_the_tools_are_offered(ana: Member, handlers: ConnectHandlers) -> None:
    """``/link connect`` alone shows a button for each; a click opens the form."""
    [asked] = await replies(handlers.command(command(ana), ConnectIntegration()))
    assert isinstance(asked, Ephemeral)
    check_message(list(asked.message.blocks), asked.message.text)
    assert "Redmine" in asked.message.text
    click = Click(who=ana, now=NOON, request_id="", action="connect.provider", value="redmine")
    [form] = await replies(handlers.chosen(click))
    assert view(form)["private_metadata"] == "redmine:1"


async def test_a_slip_in_the_name_offers_the_tools(ana: Member, handlers: ConnectHandlers) -> None:
    """It is said that none is called so, marks as typed, and each is one click away."""
    [asked] = await replies(handlers.command(command(ana), ConnectIntegration("redmein<")))
    assert isinstance(asked, Ephemeral)
    check_message(list(asked.message.blocks), asked.message.text)
    shown = json.dumps(asked.message.blocks, ensure_ascii=False)
    assert "No tool is called “redmein&lt;”. *Which tool do you want to connect?*" in shown
    assert '"connect.provider#redmine"' in shown


async def test_a_right_key_is_checked_first_and_then_kept(
    world: World, ana: Member, handlers: ConnectHandlers, outside: Outside
) -> None:
    """*Checking...* appears at once, then what happens next; the provider was asked once."""
    answers = await replies(handlers.submitted(submission(ana, fields())))
    checking, done = (view(one) for one in answers)
    assert "Checking" in json.dumps(checking)
    assert "submit" not in checking
    assert "redmine.acme.test" in json.dumps(done)
    assert "<#C0OPS>" in json.dumps(done)
    assert "/invite" not in json.dumps(done)
    assert outside.asked == [("redmine", {"url": SITE.url, "api_key": KEY})]
    with world.uow.read() as tx:
        [row] = tx.entities.scalars(select(IntegrationRow))
    assert (row.channel_id, row.write_mode) == ("C0OPS", "off")


@pytest.mark.parametrize("chosen", ["on", "off", "approved"])
async def test_the_form_asks_whether_time_is_written_back(
    world: World, ana: Member, handlers: ConnectHandlers, chosen: str
) -> None:
    """L1: on for a tool with time records, unless somebody chooses otherwise."""
    [opened] = await replies(handlers.command(command(ana), ConnectIntegration("redmine")))
    shown = next(one for one in view(opened)["blocks"] if one["block_id"] == "write_mode")
    assert shown["element"]["initial_option"]["value"] == "on"
    typed = fields(mode=chosen)
    await replies(handlers.submitted(submission(ana, typed)))
    with world.uow.read() as tx:
        [row] = tx.entities.scalars(select(IntegrationRow))
    assert row.write_mode == chosen


async def test_a_wrong_key_saves_nothing_and_is_typed_again(
    world: World, ana: Member, handlers: ConnectHandlers, outside: Outside
) -> None:
    """The reason is on top, the address still there, the key gone from form and answers."""
    outside.answer = ProviderAuthFailed("redmine", "401")
    sent = submission(ana, fields())
    [_, again] = await replies(handlers.submitted(sent))
    shown = view(again)
    assert "Not connected" in shown["blocks"][0]["text"]["text"]
    assert shown["blocks"][0]["text"]["text"].endswith("Type *API access key* again.")
    assert element(shown, "field:url")["initial_value"] == SITE.url
    assert "initial_value" not in element(shown, "secret:2:api_key")
    assert element(shown, "channel")["initial_conversation"] == "C0OPS"
    assert KEY not in json.dumps(shown) + repr(again) + repr(sent)
    assert count(world) == 0
    outside.answer = SITE
    [_, done] = await replies(handlers.submitted(submission(ana, fields(attempt=2), attempt=2)))
    assert view(done)["title"]["text"] == "Connected"
    assert count(world) == 1


async def test_a_tool_that_knows_what_is_wrong_is_quoted(
    ana: Member, handlers: ConnectHandlers, outside: Outside
) -> None:
    """Whoever mistyped a folder's name does not look for the mistake in the key."""
    outside.answer = ProviderAuthFailed("board", reason="There is no board folder <acmee>.")
    [_, again] = await replies(handlers.submitted(submission(ana, fields())))
    said = view(again)["blocks"][0]["text"]["text"]
    assert said.startswith("*Not connected.* There is no board folder &lt;acmee&gt;.")


async def test_a_provider_that_never_answers_gives_the_form_back(
    world: World,
    ana: Member,
    handlers: ConnectHandlers,
    outside: Outside,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody looks at *Checking...* for ever."""
    monkeypatch.setattr(connect, "PATIENCE", 0.01)
    outside.hangs = True
    [_, again] = await replies(handlers.submitted(submission(ana, fields())))
    assert "did not answer" in json.dumps(view(again))
    assert count(world) == 0


async def test_a_site_that_is_connected_already_is_said(
    world: World, ana: Member, handlers: ConnectHandlers
) -> None:
    """The second form comes back with who connected it; there is still one integration."""
    await replies(handlers.submitted(submission(ana, fields())))
    [_, again] = await replies(handlers.submitted(submission(ana, fields())))
    assert "is connected already by Ana" in json.dumps(view(again))
    assert count(world) == 1


async def test_a_site_that_is_connected_can_be_given_new_credentials(
    world: World, ana: Member, handlers: ConnectHandlers
) -> None:
    """The form that said so replaces them when it is sent again; nothing is made twice."""
    await replies(handlers.submitted(submission(ana, fields())))
    [_, again] = await replies(handlers.submitted(submission(ana, fields())))
    shown = view(again)
    assert "instead, send the form again." in json.dumps(shown)
    assert shown["submit"]["text"] == "Replace"
    resent = replace(submission(ana, fields(attempt=2)), metadata=shown["private_metadata"])
    [_, done] = await replies(handlers.submitted(resent))
    assert "The new credentials are in use" in json.dumps(view(done))
    assert count(world) == 1


async def test_connect_again_begins_with_all_but_the_secrets(
    world: World, ana: Member, handlers: ConnectHandlers, outside: Outside
) -> None:
    """*Connect again*: the address and the channel stand there; another site changes nothing."""
    await replies(handlers.submitted(submission(ana, fields())))
    with world.uow.read() as tx:
        row = tx.entities.scalars(select(IntegrationRow)).one()
    click = Click(who=ana, now=NOON, request_id="", action="connect.again", value=str(row.id))
    [form] = await replies(handlers.again(click))
    shown = view(form)
    assert element(shown, "field:url")["initial_value"] == SITE.url
    assert element(shown, "channel")["initial_conversation"] == "C0OPS"
    assert KEY not in json.dumps(shown)
    assert "stay as they are" in json.dumps(shown)
    outside.answer = replace(SITE, external_id="other", name="other.test")
    sent = replace(submission(ana, fields()), metadata=shown["private_metadata"])
    [_, wrong] = await replies(handlers.submitted(sent))
    assert "open *other.test*, not *redmine.acme.test*" in json.dumps(view(wrong))
    assert view(wrong)["private_metadata"] == f"redmine:2:{row.id}"
    assert count(world) == 1


async def test_an_admin_demoted_during_the_check_connects_nothing(
    world: World, ana: Member, handlers: ConnectHandlers, outside: Outside
) -> None:
    """Whoever stopped being an admin in those seconds gets the refusal, and nothing is kept."""

    async def demoting(slug: str, credentials: Credentials) -> Site:
        del slug, credentials
        with world.uow.begin() as tx:
            tx.execute(update(MemberRow).values(slack_admin=False))
        return SITE

    handlers._check = demoting  # noqa: SLF001 - the moment between check and save
    [_, again] = await replies(handlers.submitted(submission(ana, fields())))
    assert "Only an admin" in json.dumps(view(again))
    assert count(world) == 0
    assert outside.asked == []
    with pytest.raises(AdminOnly):
        await replies(handlers.submitted(submission(ana, fields())))


async def test_blank_fields_are_marked(
    ana: Member, handlers: ConnectHandlers, outside: Outside
) -> None:
    """Spaces are no key; the provider is not bothered."""
    [wrong] = await replies(handlers.submitted(submission(ana, fields(key="  ", channel=""))))
    assert isinstance(wrong, FieldErrors)
    assert set(wrong.errors) == {"secret:1:api_key", "channel"}
    assert outside.asked == []

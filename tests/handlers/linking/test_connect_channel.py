"""The channel in the connect form: who else reads it, and whether Hourlink is in it."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.domain.linking.channels import Channel
from bot.domain.people.people import Member
from bot.domain.slack_errors import SlackRefused, SlackTryLater
from handlers.asking import Click
from handlers.grammar.link_values import ConnectIntegration
from handlers.linking.connect import ConnectHandlers
from handlers.replies import FieldErrors, OpenModal, UpdateModal
from tests.builders import NOON, World
from tests.handlers.answers import element, replies, view
from tests.handlers.linking.connect_form import (
    KEY,
    PUBLIC,
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


async def test_a_form_opened_in_a_public_channel_warns(
    ana: Member, handlers: ConnectHandlers, outside: Outside
) -> None:
    """The form is there at once; the warning follows when Slack has answered."""
    outside.channel = PUBLIC
    asked = handlers.command(command(ana), ConnectIntegration("redmine"))
    opened, warned = await replies(asked)
    assert isinstance(opened, OpenModal)
    assert "is public" not in json.dumps(view(opened))
    assert isinstance(warned, UpdateModal)
    assert "is public" in json.dumps(view(warned))


@pytest.mark.parametrize(
    "case",
    [
        (PUBLIC, "is public", "/invite"),
        (replace(PUBLIC, is_shared=True), "shared with another organisation", "/invite"),
        (replace(PUBLIC, is_public=False), "announced in", "/invite"),
        (SlackTryLater(1.0), "/invite @Hourlink", "is public"),
    ],
)
async def test_the_channel_is_looked_at(
    ana: Member,
    handlers: ConnectHandlers,
    outside: Outside,
    case: tuple[Channel | Exception, str, str],
) -> None:
    """Who else reads it is pointed out; where Slack does not say, how to invite Hourlink."""
    outside.channel, said, unsaid = case
    [_, done] = await replies(handlers.submitted(submission(ana, fields())))
    assert said in json.dumps(view(done))
    assert unsaid not in json.dumps(view(done))


@pytest.mark.parametrize(
    "case",
    [
        (SlackRefused("channel_not_found"), "/invite @Hourlink"),
        (replace(PUBLIC, is_public=False, is_member=False), "/invite @Hourlink"),
        (replace(PUBLIC, is_archived=True), "is archived"),
    ],
)
async def test_a_channel_without_hourlink_is_refused(
    world: World,
    ana: Member,
    handlers: ConnectHandlers,
    outside: Outside,
    case: tuple[Channel | Exception, str],
) -> None:
    """With the sentence that mends it, before the tool is asked; what was typed stays."""
    outside.channel, said = case
    [refused] = await replies(handlers.submitted(submission(ana, fields())))
    assert isinstance(refused, FieldErrors)
    assert said in refused.errors["channel"]
    assert (outside.asked, count(world)) == ([], 0)


async def test_picking_a_public_channel_warns_in_the_form(
    ana: Member, handlers: ConnectHandlers, outside: Outside
) -> None:
    """The warning comes before anything is sent; no field changes its id, so nothing is lost."""
    outside.channel = PUBLIC
    click = Click(
        who=ana,
        now=NOON,
        request_id="",
        action="connect.channel",
        value="C0OPS",
        view_id="V1",
        metadata="redmine:1",
        fields=fields(),
    )
    [answer] = await replies(handlers.channel_chosen(click))
    shown = view(answer)
    assert json.dumps(shown).count("read") == 1, "who reads it is said once"
    assert element(shown, "secret:1:api_key")["type"] == "plain_text_input"
    assert KEY not in json.dumps(shown)
    assert isinstance(answer, UpdateModal)

"""``/link policy`` and ``/link channel``."""

import json
from collections.abc import Iterator

import pytest

from bot.domain.ids import IntegrationId
from bot.domain.linking.channels import Channel
from bot.domain.linking.integration_settings import ChannelNotFound, ChannelUnusable
from bot.domain.linking.linking import IntegrationUnknown
from bot.domain.people.people import Member
from bot.domain.slack_errors import SlackRefused
from bot.domain.states import LinkPolicy, MembersPolicy
from bot.views import failures
from handlers.grammar.link_values import SetChannel, SetPolicy
from handlers.linking.integration_settings import IntegrationSettingsHandlers
from storage.linking import integrations
from tests.builders import World
from tests.handlers.answers import replies, view
from tests.handlers.linking.settings_form import (
    Door,
    opened,
    said,
    stored,
    typed,
)
from tests.services.linking.test_linking import announced


@pytest.fixture
def handlers(world: World, door: Door) -> Iterator[IntegrationSettingsHandlers]:
    """What is tested."""
    with opened(world, door) as made:
        yield made


async def test_policy_in_words(
    world: World, ana: Member, board: IntegrationId, handlers: IntegrationSettingsHandlers
) -> None:
    """Policies and rules of one tool or of all; alone it opens the form, or asks whose."""
    announced(world, board, world.provider_project(board, "Announced before"))
    asked, command = typed(
        ana, 'policy auto members everyone exclude "Sand*" exclude workspace Labs'
    )
    assert isinstance(command, SetPolicy)
    [told] = await replies(handlers.policy(asked, command))
    assert "1 project of before is not linked" in said(told)
    assert f"link.all#{board}" in said(told)
    assert stored(world, board)[:2] == (LinkPolicy.AUTO, MembersPolicy.EVERYONE_CONNECTED)
    [lists] = await replies(handlers.policy(*typed(ana, "policy personal on")))
    assert "Personal projects count too" in said(lists)
    assert stored(world, board)[2] is True
    [again] = await replies(handlers.policy(*typed(ana, "policy auto")))
    assert "hold already" in said(again)
    [form] = await replies(handlers.policy(*typed(ana, "policy")))
    assert "Sand*" in json.dumps(view(form))
    world.integration(ana, site="other")
    [which] = await replies(handlers.policy(*typed(ana, "policy")))
    assert "acme board, other" in said(which)
    [form] = await replies(handlers.policy(*typed(ana, "policy for other")))
    assert "other" in json.dumps(view(form))
    with pytest.raises(IntegrationUnknown):
        await replies(handlers.policy(*typed(ana, "policy auto for jira")))


async def test_channel_in_words(
    world: World,
    ana: Member,
    board: IntegrationId,
    handlers: IntegrationSettingsHandlers,
    door: Door,
) -> None:
    """Where new projects are announced from now on; refused where Hourlink cannot post."""
    door.says = Channel("C0NEW", is_public=True)
    asked, command = typed(ana, "channel <#C0NEW|new>")
    assert isinstance(command, SetChannel)
    [told] = await replies(handlers.channel(asked, command))
    assert "New projects are announced in <#C0NEW>" in said(told)
    assert "is public" in said(told)
    door.says = SlackRefused("channel_not_found")
    with pytest.raises(ChannelUnusable) as refused:
        await replies(handlers.channel(*typed(ana, "channel <#G0SECRET|x> board")))
    assert "`/invite @Hourlink`" in failures.sentence(refused.value).text
    with pytest.raises(ChannelNotFound):
        await replies(handlers.channel(*typed(ana, "channel #typed")))
    with world.uow.read() as tx:
        found = integrations.by_id(tx, world.team_id, board)
    assert found is not None
    assert found.channel_id == "C0NEW"

"""The settings of an integration, Slack as a test wants it, and an admin who changes them."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from cryptography.fernet import Fernet

from bot.domain.ids import IntegrationId, TeamId
from bot.domain.linking.channels import Channel
from bot.domain.linking.write_back import WriteBack
from bot.domain.people.people import Member
from bot.domain.states import LinkPolicy, MembersPolicy
from bot.integrations.registry import Registry
from bot.services.linking.connecting import Connecting
from bot.services.linking.policies import LinkPolicies
from bot.services.pool import Pool
from bot.services.vault import Vault
from handlers.asking import Click, Command, Fields, Submission
from handlers.grammar import parse_link
from handlers.linking.integration_settings import IntegrationSettingsHandlers
from handlers.replies import (
    Ephemeral,
    Reply,
    Update,
)
from playground.rules import check_message
from storage.linking import integrations
from tests.builders import NOON, World

FACES = {one.slug: one for one in Registry.load().descriptors()}


class Door:
    """Slack, as far as channels go."""

    def __init__(self) -> None:
        self.says: Channel | Exception = Channel("C0OPS", is_public=False)
        self.asked: list[str] = []

    async def look(self, team_id: TeamId, channel_id: str) -> Channel:
        """What Slack says of any channel."""
        del team_id
        self.asked.append(channel_id)
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


@contextmanager
def opened(world: World, door: Door) -> Iterator[IntegrationSettingsHandlers]:
    """The handlers of the settings."""
    vault = Vault([Fernet.generate_key().decode()])
    connecting = Connecting(world.uow, Registry.load(), vault, world.new_marker())
    pool = Pool(1)
    yield IntegrationSettingsHandlers(
        LinkPolicies(world.uow, world.new_marker()), connecting, door.look, pool, FACES
    )
    pool.close()


def said(reply: Reply) -> str:
    """A message that Slack would take."""
    assert isinstance(reply, Ephemeral | Update), reply
    check_message(list(reply.message.blocks), reply.message.text)
    return reply.message.text + json.dumps(list(reply.message.blocks))


def state(**typed: str) -> Fields:
    """The form, filled in; lines for names, words with commas for workspaces."""
    given = {"channel": "C0OPS", "link": "announce", "members": "provider_access"} | typed

    def chosen(names: str) -> list[dict[str, str]]:
        return [{"value": one} for one in typed.get(names, "").split(",") if one]

    values: Mapping[str, Mapping[str, Any]] = {
        "channel": {"selected_conversation": given["channel"]},
        "link": {"selected_option": {"value": given["link"]}},
        "members": {"selected_option": {"value": given["members"]}},
        "write_mode": {"selected_option": {"value": typed.get("mode", "off")}},
        "write_shortest": {"value": typed.get("shortest", "")},
        "write_text": {"value": typed.get("text", "")},
        **_only("write_estimate", typed.get("estimate")),
        **_only("every", typed.get("every")),
        "personal": {"selected_options": chosen("personal")},
        "include:name": {"value": typed.get("only", "")},
        "exclude:name": {"value": typed.get("out", "")},
        "include:workspace": {"selected_options": chosen("spaces")},
        "exclude:workspace": {"selected_options": chosen("not_spaces")},
    }
    return Fields({block: {"x": element} for block, element in values.items()})


def _only(block: str, value: str | None) -> dict[str, dict[str, Any]]:
    """A field that not every form has."""
    return {} if value is None else {block: {"selected_option": {"value": value}}}


def click(who: Member, value: object = "", **more: Any) -> Click:  # noqa: ANN401
    """A button or a field that tells at once."""
    return Click(who=who, now=NOON, request_id="", action="", value=str(value), **more)


def submission(who: Member, metadata: str, fields: Fields) -> Submission:
    """The form, sent."""
    return Submission(
        who=who,
        now=NOON,
        request_id="",
        callback_id="policy.form",
        view_id="V1",
        metadata=metadata,
        fields=fields,
    )


def typed(who: Member, text: str) -> tuple[Command, Any]:
    """``/link ...`` and what it means."""
    asked = Command(who=who, now=NOON, request_id="", channel_id="C0WEB", text=text)
    return asked, parse_link(text)


def stored(world: World, board: IntegrationId) -> tuple[LinkPolicy, MembersPolicy, object, object]:
    """What is kept."""
    with world.uow.read() as tx:
        found = integrations.by_id(tx, world.team_id, board)
    assert found is not None
    return found.link_policy, found.members_policy, found.personal_projects, found.rules


def write_back(world: World, integration: IntegrationId) -> WriteBack:
    """What is stored."""
    with world.uow.read() as tx:
        found = integrations.by_id(tx, world.team_id, integration)
    assert found is not None
    return found.write_back

"""The settings of an integration: the form, ``/link policy`` and ``/link channel``."""

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import update
from sqlmodel import col

from bot.domain.errors import AdminOnly, Vanished
from bot.domain.ids import IntegrationId, TeamId
from bot.domain.linking.channels import Channel
from bot.domain.linking.integration_settings import ChannelNotFound, ChannelUnusable, TimeNotTaken
from bot.domain.linking.link_rules import LONGEST_PATTERN, MOST_RULES, LinkRule, RuleBy
from bot.domain.linking.linking import IntegrationUnknown
from bot.domain.linking.write_back import WriteBack, WriteMode
from bot.domain.people.people import Member
from bot.domain.slack_errors import SlackRefused
from bot.domain.states import LinkPolicy, MembersPolicy
from bot.integrations.registry import Registry
from bot.services.linking.connecting import Connecting
from bot.services.linking.policies import LinkPolicies
from bot.services.pool import Pool
from bot.services.vault import Vault
from bot.views import failures
from handlers.asking import Click, Command, Fields, Lookup, Submission
from handlers.grammar import parse_link
from handlers.grammar.link_values import SetChannel, SetPolicy
from handlers.linking.integration_settings import IntegrationSettingsHandlers
from handlers.replies import (
    Choices,
    Ephemeral,
    FieldErrors,
    OpenModal,
    Reply,
    Update,
    UpdateModal,
)
from playground.rules import check_message, check_view
from storage.linking import integrations
from storage.linking.integrations import IntegrationRow
from tests.builders import NOON, World
from tests.services.linking.test_linking import announced

FACES = {one.slug: one for one in Registry.load().descriptors()}


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """One team on each kind of database."""
    made = World(database_url)
    yield made
    made.close()


@pytest.fixture
def ana(world: World) -> Member:
    """The admin."""
    return world.member("ana", admin=True)


@pytest.fixture
def board(world: World, ana: Member) -> IntegrationId:
    """A connected site."""
    return world.integration(ana)


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


@pytest.fixture
def door() -> Door:
    """A private channel that Hourlink is in."""
    return Door()


@pytest.fixture
def handlers(world: World, door: Door) -> Iterator[IntegrationSettingsHandlers]:
    """What is tested."""
    vault = Vault([Fernet.generate_key().decode()])
    connecting = Connecting(world.uow, Registry.load(), vault, world.new_marker())
    pool = Pool(1)
    yield IntegrationSettingsHandlers(
        LinkPolicies(world.uow, world.new_marker()), connecting, door.look, pool, FACES
    )
    pool.close()


async def replies(answers: Reply | AsyncIterator[Reply]) -> list[Reply]:
    """Every answer, in order."""
    if not isinstance(answers, AsyncIterator):
        return [answers]
    return [one async for one in answers]


def view(reply: Reply) -> dict[str, Any]:
    """A form that Slack would take."""
    assert isinstance(reply, OpenModal | UpdateModal), reply
    return dict(check_view(reply.modal.as_view(), "modal"))


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


async def test_the_form_shows_what_holds_now_and_then_who_reads_the_channel(
    world: World,
    ana: Member,
    board: IntegrationId,
    handlers: IntegrationSettingsHandlers,
    door: Door,
) -> None:
    """*Settings* opens at once; the warning follows when Slack has answered."""
    world.provider_project(board, "Acme Web", workspace="Acme")
    world.provider_project(board, "Robot", workspace="Labs")
    door.says = Channel("C0OPS", is_public=True)
    opened, warned = await replies(handlers.opened(click(ana, board)))
    shown = json.dumps(view(opened))
    assert "2 of 2 projects" in shown
    assert "In: Acme Web, Robot" in shown
    assert "is public" not in shown
    assert "is public" in json.dumps(view(warned))
    blocks = [one.get("block_id") for one in view(opened)["blocks"] if one["type"] == "input"]
    assert blocks == [
        "channel",
        "link",
        "members",
        "write_mode",
        "write_shortest",
        "write_text",
        "personal",
        "include:name",
        "exclude:name",
        "include:workspace",
        "exclude:workspace",
    ]


async def test_every_keystroke_tells_what_the_rules_would_leave_in(
    world: World, ana: Member, board: IntegrationId, handlers: IntegrationSettingsHandlers
) -> None:
    """Nothing is saved by it; a pattern too long is said in the form, not on top of it."""
    for name in ("Acme Web", "Sandbox 1", "Sandbox 2"):
        world.provider_project(board, name)
    [opened] = await replies(handlers.opened(click(ana, board)))
    metadata = view(opened)["private_metadata"]

    async def shown(**chosen: str) -> str:
        asked = click(ana, view_id="V1", metadata=metadata, fields=state(**chosen))
        [redrawn] = await replies(handlers.redrawn(asked))
        assert view(redrawn)["private_metadata"] == metadata
        return json.dumps(view(redrawn))

    assert "1 of 3 projects" in await shown(out="sandbox*\n")
    assert "Left out: Sandbox 1, Sandbox 2" in await shown(out="sandbox*")
    assert "2 of 3 projects" in await shown(only="Sandbox 1\n*web")
    assert "0 of 3 projects" in await shown(spaces="Labs")
    assert "too long" in await shown(out="x" * (LONGEST_PATTERN + 1))
    assert stored(world, board)[3] == ()


async def test_saving_the_form(
    world: World, ana: Member, board: IntegrationId, handlers: IntegrationSettingsHandlers
) -> None:
    """Everything that stood in it is kept, and what follows is told with buttons."""
    announced(world, board, world.provider_project(board, "Announced before"))
    world.link(world.provider_project(board, "Web"), world.project())
    mia = world.member("mia")
    world.connected(mia, board, world.account(board, "Mia"))
    [opened] = await replies(handlers.opened(click(ana, board)))
    chosen = state(
        link="auto",
        members="everyone_connected",
        personal="on",
        out="Sandbox*\n  \nOld *",
        spaces="Acme",
        not_spaces="Labs",
    )
    sent = submission(ana, view(opened)["private_metadata"], chosen)
    [done] = await replies(handlers.submitted(sent))
    told = json.dumps(view(done))
    for words in ("without asking", "Personal projects count too", "0 of 2 projects"):
        assert words in told
    assert "policy.join" in told
    assert stored(world, board) == (
        LinkPolicy.AUTO,
        MembersPolicy.EVERYONE_CONNECTED,
        True,
        (
            LinkRule(include=True, pattern="Acme", by=RuleBy.WORKSPACE),
            LinkRule(include=False, pattern="Sandbox*"),
            LinkRule(include=False, pattern="Old *"),
            LinkRule(include=False, pattern="Labs", by=RuleBy.WORKSPACE),
        ),
    )
    added = handlers.people_added(click(ana, board, view_id="V1"))
    assert "1 person of *acme board* joined" in json.dumps(view(added))
    assert "on its projects already" in said(handlers.people_added(click(ana, board)))
    [again] = await replies(handlers.opened(click(ana, board)))
    assert "Sandbox*\\nOld *" in json.dumps(view(again))


async def test_what_is_wrong_stands_under_its_field(
    world: World,
    ana: Member,
    board: IntegrationId,
    handlers: IntegrationSettingsHandlers,
    door: Door,
) -> None:
    """No channel, one without Hourlink, rules without end: nothing is saved."""
    [opened] = await replies(handlers.opened(click(ana, board)))
    metadata = view(opened)["private_metadata"]

    async def wrong(**chosen: str) -> dict[str, str]:
        [refused] = await replies(handlers.submitted(submission(ana, metadata, state(**chosen))))
        assert isinstance(refused, FieldErrors)
        return dict(refused.errors)

    assert set(await wrong(channel="")) == {"channel"}
    many = "\n".join(f"Name {number}" for number in range(MOST_RULES + 1))
    assert set(await wrong(only=many)) == {"exclude:name"}
    assert set(await wrong(only="x" * (LONGEST_PATTERN + 1))) == {"include:name"}
    door.says = SlackRefused("channel_not_found")
    assert "/invite @Hourlink" in (await wrong(link="auto"))["channel"]
    assert stored(world, board)[0] is LinkPolicy.ANNOUNCE


async def test_estimates_are_a_choice_where_the_tool_has_one(
    world: World, ana: Member, board: IntegrationId, handlers: IntegrationSettingsHandlers
) -> None:
    """W4: not offered for a board; in Jira they are left unless somebody wants otherwise."""
    [on_board] = await replies(handlers.opened(click(ana, board)))
    assert "estimate" not in json.dumps(view(on_board))
    with world.uow.begin() as tx:
        tx.execute(update(IntegrationRow).values(provider="jira"))
    [opened] = await replies(handlers.opened(click(ana, board)))
    shown = view(opened)
    (field,) = [one for one in shown["blocks"] if one.get("block_id") == "write_estimate"]
    assert field["element"]["initial_option"]["value"] == "leave"
    chosen = state(mode="on", estimate="reduce")
    [done] = await replies(handlers.submitted(submission(ana, shown["private_metadata"], chosen)))
    assert "It is taken off the tasks' remaining estimates." in json.dumps(view(done))
    with world.uow.read() as tx:
        found = integrations.by_id(tx, world.team_id, board)
    assert found is not None
    assert found.write_back.reduces_estimate


async def test_what_is_written_back_is_chosen(
    world: World, ana: Member, board: IntegrationId, handlers: IntegrationSettingsHandlers
) -> None:
    """W1: whether, from which length on, and with which words; a wrong number is told."""
    [opened] = await replies(handlers.opened(click(ana, board)))
    metadata = view(opened)["private_metadata"]
    long = state(mode="approved", shortest="1441")
    [refused] = await replies(handlers.submitted(submission(ana, metadata, long)))
    assert isinstance(refused, FieldErrors)
    assert "1440" in refused.errors["write_shortest"]
    chosen = state(mode="approved", shortest="10", text="{key}: {note}")
    [done] = await replies(handlers.submitted(submission(ana, metadata, chosen)))
    assert "Approved time of 10 min or more is written there" in json.dumps(view(done))
    with world.uow.read() as tx:
        found = integrations.by_id(tx, world.team_id, board)
    assert found is not None
    assert found.write_back == WriteBack(WriteMode.APPROVED, 600, "{key}: {note}")
    [again] = await replies(handlers.opened(click(ana, board)))
    off = submission(ana, view(again)["private_metadata"], state(mode="off"))
    [stopped] = await replies(handlers.submitted(off))
    assert "not written there" in json.dumps(view(stopped))


async def test_somebody_else_saved_meanwhile(
    world: World, ana: Member, board: IntegrationId, handlers: IntegrationSettingsHandlers
) -> None:
    """The form comes back as things stand now, and says so."""
    [opened] = await replies(handlers.opened(click(ana, board)))
    with world.uow.begin() as tx:
        query = update(IntegrationRow).where(col(IntegrationRow.id) == board)
        tx.execute(query.values(members_policy="off"))
    sent = submission(ana, view(opened)["private_metadata"], state(link="auto"))
    [again] = await replies(handlers.submitted(sent))
    assert "Somebody changed the settings" in json.dumps(view(again))
    assert stored(world, board)[0] is LinkPolicy.ANNOUNCE
    resent = submission(ana, view(again)["private_metadata"], state(link="auto"))
    await replies(handlers.submitted(resent))
    assert stored(world, board)[0] is LinkPolicy.AUTO


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


def write_back(world: World, integration: IntegrationId) -> WriteBack:
    """What is stored."""
    with world.uow.read() as tx:
        found = integrations.by_id(tx, world.team_id, integration)
    assert found is not None
    return found.write_back


async def test_write_back_in_words(
    world: World, ana: Member, board: IntegrationId, handlers: IntegrationSettingsHandlers
) -> None:
    """Which time is written, of one tool or of all; what else was chosen about it stays."""
    other = world.integration(ana, provider="redmine", site="other")
    with world.uow.begin() as tx:
        query = update(IntegrationRow).where(col(IntegrationRow.id) == other)
        tx.execute(query.values(write_shortest=300, write_text="{note}"))
    [told] = await replies(handlers.policy(*typed(ana, "policy writeback approved for other")))
    assert "Approved time of 5 min or more is written there" in said(told)
    assert write_back(world, other) == WriteBack(WriteMode.APPROVED, 300, "{note}")
    assert write_back(world, board).mode is WriteMode.OFF
    [told] = await replies(handlers.policy(*typed(ana, "policy writeback on personal on")))
    assert "Finished time is written there" in said(told)
    assert "Personal projects count too" in said(told)
    assert {write_back(world, one).mode for one in (board, other)} == {WriteMode.ON}
    [again] = await replies(handlers.policy(*typed(ana, "policy writeback on for other")))
    assert "hold already" in said(again)
    [told] = await replies(handlers.policy(*typed(ana, "policy writeback off")))
    assert "What was written before stays" in said(told)
    assert {write_back(world, one).mode for one in (board, other)} == {WriteMode.OFF}


async def test_write_back_is_not_chosen_for_what_takes_no_time(
    world: World, ana: Member, board: IntegrationId, handlers: IntegrationSettingsHandlers
) -> None:
    """W6: an adapter of somebody else's may only read. The others change, and it is named."""
    dumb = replace(FACES["redmine"], capabilities=frozenset())
    handlers = replace(handlers, faces=FACES | {"redmine": dumb})
    other = world.integration(ana, provider="redmine", site="other")
    with pytest.raises(TimeNotTaken) as caught:
        await replies(handlers.policy(*typed(ana, "policy writeback on for other")))
    assert "\u201cother\u201d" in failures.sentence(caught.value).text
    [told] = await replies(handlers.policy(*typed(ana, "policy writeback on")))
    assert "No time can be written to other." in said(told)
    assert "*Redmine" not in said(told)
    assert write_back(world, board).mode is WriteMode.ON
    assert write_back(world, other).mode is WriteMode.OFF
    [told] = await replies(handlers.policy(*typed(ana, "policy writeback off personal on")))
    assert stored(world, other)[2] is True
    assert write_back(world, other).mode is WriteMode.OFF


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


def test_workspaces_are_found_and_patterns_are_taken(
    world: World, ana: Member, board: IntegrationId, handlers: IntegrationSettingsHandlers
) -> None:
    """Half a word finds them; a star makes a pattern of what is typed."""
    for name in ("Acme", "Acme Labs", "Other " * 30):
        world.provider_project(board, workspace=name.strip())

    def found(query: str) -> list[str]:
        look = Lookup(
            who=ana, now=NOON, request_id="", action="", query=query, metadata=f"{board}:x"
        )
        answer = handlers.workspaces(look)
        assert isinstance(answer, Choices)
        return [one.value for one in answer.options]

    assert found("") == ["Acme", "Acme Labs", f"{'Other ' * 30}"[: LONGEST_PATTERN - 1] + "*"]
    assert found("lab") == ["Acme Labs"]
    assert found("Acme*") == ["Acme*", "Acme", "Acme Labs"]


async def test_forged_and_stale(
    world: World, ana: Member, board: IntegrationId, handlers: IntegrationSettingsHandlers
) -> None:
    """A member's click, and one whose value is nobody's, change nothing."""
    with pytest.raises(AdminOnly):
        await replies(handlers.opened(click(world.member("mia"), board)))
    for value in ("", "x", "999", "1" * 40):
        with pytest.raises(Vanished):
            await replies(handlers.opened(click(ana, value)))
    with pytest.raises(Vanished):
        await replies(handlers.submitted(submission(ana, "nonsense", state())))

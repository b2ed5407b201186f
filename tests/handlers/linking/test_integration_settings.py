"""The form with the settings of an integration."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from bot.domain.errors import AdminOnly, Vanished
from bot.domain.ids import IntegrationId
from bot.domain.linking.channels import Channel
from bot.domain.linking.link_rules import LONGEST_PATTERN, MOST_RULES, LinkRule, RuleBy
from bot.domain.people.people import Member
from bot.domain.slack_errors import SlackRefused
from bot.domain.states import LinkPolicy, MembersPolicy
from handlers.asking import Lookup
from handlers.linking.integration_settings import IntegrationSettingsHandlers
from handlers.replies import (
    Choices,
    FieldErrors,
)
from storage.linking import integrations
from storage.linking.integrations import IntegrationRow
from tests.builders import NOON, World
from tests.handlers.answers import replies, view
from tests.handlers.linking.settings_form import (
    Door,
    click,
    opened,
    said,
    state,
    stored,
    submission,
)
from tests.services.linking.test_linking import announced


@pytest.fixture
def handlers(world: World, door: Door) -> Iterator[IntegrationSettingsHandlers]:
    """What is tested."""
    with opened(world, door) as made:
        yield made


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
        "every",
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


async def test_a_tool_may_be_read_less_often(
    world: World, ana: Member, board: IntegrationId, handlers: IntegrationSettingsHandlers
) -> None:
    """The next sync comes at once, and what is forged or not asked for is as it was."""

    async def sends(**typed: str) -> str:
        [opened] = await replies(handlers.opened(click(ana, board)))
        sent = submission(ana, view(opened)["private_metadata"], state(**typed))
        [done] = await replies(handlers.submitted(sent))
        return json.dumps(view(done))

    def kept() -> tuple[int | None, bool]:
        with world.uow.read() as tx:
            found = integrations.by_id(tx, world.team_id, board)
        assert found is not None
        return found.sync_minutes, found.next_sync_at == NOON

    with world.uow.begin() as tx:
        tx.execute(update(IntegrationRow).values(next_sync_at=NOON + timedelta(hours=4)))
    assert "nothing was changed" in await sends(every="usual")
    assert kept() == (None, False)
    assert "It is read every hour." in await sends(every="60")
    assert kept() == (60, True)
    assert "nothing was changed" in await sends()
    assert "nothing was changed" in await sends(every="7")
    [opened] = await replies(handlers.opened(click(ana, board)))
    (field,) = [one for one in view(opened)["blocks"] if one.get("block_id") == "every"]
    assert field["element"]["initial_option"]["text"]["text"] == "Every hour"
    assert "as often as the operator chose" in await sends(every="usual")
    assert kept() == (None, True)


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

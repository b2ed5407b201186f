"""Which time an integration writes to its tool: in the form, and in words."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import update
from sqlmodel import col

from bot.domain.ids import IntegrationId
from bot.domain.linking.integration_settings import TimeNotTaken
from bot.domain.linking.write_back import WriteBack, WriteMode
from bot.domain.people.people import Member
from bot.views import failures
from handlers.linking.integration_settings import IntegrationSettingsHandlers
from handlers.replies import (
    FieldErrors,
)
from storage.linking import integrations
from storage.linking.integrations import IntegrationRow
from tests.builders import World
from tests.handlers.answers import replies, view
from tests.handlers.linking.settings_form import (
    FACES,
    Door,
    click,
    opened,
    said,
    state,
    stored,
    submission,
    typed,
    write_back,
)


@pytest.fixture
def handlers(world: World, door: Door) -> Iterator[IntegrationSettingsHandlers]:
    """What is tested."""
    with opened(world, door) as made:
        yield made


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
    for slip in ("{notes}", "{key} {Note}"):
        mistyped = state(mode="on", text=f"{slip} (time)")
        [refused] = await replies(handlers.submitted(submission(ana, metadata, mistyped)))
        assert isinstance(refused, FieldErrors)
        assert "stands for nothing" in refused.errors["write_text"]
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

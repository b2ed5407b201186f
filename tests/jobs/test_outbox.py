"""Delivering what is owed: what members and admins see when Slack, or we, stumble."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.errors import Busy, DatabaseAway, TeamNotInstalled, Vanished
from bot.domain.outbox import OutboxItem
from bot.domain.slack_errors import (
    SlackOutcomeUnknown,
    SlackRefused,
    SlackTryLater,
    TokenRejected,
)
from bot.jobs import outbox as engine
from bot.jobs.outbox import ATTEMPTS
from storage import outbox
from tests.builders import NOON
from tests.jobs.post import Post


async def test_everything_due_is_delivered_in_order(post: Post) -> None:
    """Updates of one message arrive one after another, all of them in one go."""
    post.owe("message:1", "message:1", "message:2", "message:1")
    items = await post.run()
    assert sorted(str(item.payload["about"]) for item in items) == ["message:1"] * 3 + ["message:2"]
    ids = [item.id for item in items if item.payload["about"] == "message:1"]
    assert ids == sorted(ids)
    assert {state for state, _ in post.rows()} == {"done"}
    assert await post.run() == []


async def test_slack_asks_to_wait(post: Post) -> None:
    """A rate limit is waited out in the database; afterwards nothing needs to be looked for."""
    post.owe("message:1")
    post.fails(SlackTryLater(retry_after=30))
    await post.run()
    assert await post.run(NOON + timedelta(seconds=29)) == []
    (again,) = await post.run(NOON + timedelta(seconds=30))
    assert not again.may_have_happened
    assert post.rows() == [("done", None)]


async def test_a_rate_limit_of_one_team_stops_only_that_team(post: Post) -> None:
    """While Slack asks one workspace to wait, its backlog is not thrown at Slack all the same."""
    other = post.world.team("T0OTHER")
    post.owe("message:1")
    post.fails(SlackTryLater(retry_after=30))
    await post.run()
    post.owe("message:2", "message:3")
    post.owe("message:4", team_id=other)
    assert [item.payload["about"] for item in await post.run()] == ["message:4"]
    later = await post.run(NOON + timedelta(seconds=30))
    assert len(later) == 3


@pytest.mark.parametrize("error", [SlackTryLater(retry_after=30), TokenRejected("invalid_auth")])
async def test_what_goes_to_tools_does_not_wait_for_slack(post: Post, error: Exception) -> None:
    """Slack puts a team off, or refuses its token: time is written all the same, messages wait."""
    post.owe("message:1")
    post.fails(error)
    await post.run()
    post.owe("message:2", "message:3")
    post.owe("task:1", "task:1", kind="write")
    sent = await post.run(NOON + timedelta(seconds=1))
    assert [item.payload["about"] for item in sent] == ["task:1", "task:1"]
    assert len(await post.run(NOON + timedelta(minutes=1))) == 3


async def test_many_teams_that_wait_for_slack_take_no_place(post: Post) -> None:
    """More of them than there are places, all served longer ago than who does not wait."""
    waiting = [post.world.team(f"T{number}") for number in range(engine.SLOTS + 1)]
    for team in waiting:
        post.owe(f"message:{team}", team_id=team)
    post.fails(*(SlackTryLater(retry_after=30) for _ in waiting))
    await post.run()
    post.owe("message:1")
    await post.run()
    for team in waiting:
        post.owe(f"more:{team}", team_id=team)
    post.owe("message:2")
    assert [item.payload["about"] for item in await post.run()] == ["message:2"]


async def test_slack_refuses(post: Post) -> None:
    """A channel that is gone is given up with Slack's own word; the next message goes out."""
    post.owe("message:1", "message:1")
    post.fails(SlackRefused("channel_not_found"))
    await post.run()
    assert post.rows() == [("failed", "channel_not_found"), ("done", None)]


@pytest.mark.parametrize(
    "error",
    [SlackOutcomeUnknown("chat.postMessage"), ZeroDivisionError(), Busy(), DatabaseAway()],
    ids=["no answer", "our own bug", "database busy", "database away"],
)
async def test_nobody_knows_whether_it_arrived(post: Post, error: Exception) -> None:
    """Without an answer the next attempt is told to look before it posts again."""
    post.owe("message:1", "message:2")
    post.fails(error)
    assert len(await post.run()) == 2
    (again,) = await post.run(NOON + timedelta(seconds=10))
    assert again.may_have_happened
    assert again.attempts == 1


async def test_a_delivery_that_hangs_is_cut_off(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends before its lease does, so that nobody else sends the same meanwhile."""
    assert timedelta(seconds=engine.TIME_LIMIT) < outbox.LEASE
    monkeypatch.setattr(engine, "TIME_LIMIT", 0.05)
    post.owe("message:1")

    async def hang(_: OutboxItem) -> None:
        await asyncio.Event().wait()

    post.goes = hang
    await post.run()
    assert post.rows() == [("sending", "took too long")]
    (again,) = await asyncio.wait_for(post.run(NOON + timedelta(seconds=10)), 60)
    assert again.may_have_happened


async def test_what_has_become_pointless_is_given_up(post: Post) -> None:
    """What the message was about is gone."""
    post.owe("message:1")
    post.fails(Vanished("project"))
    await post.run()
    assert post.rows() == [("failed", "Vanished")]


@pytest.mark.parametrize(
    "error", [TeamNotInstalled(), TokenRejected("account_inactive")], ids=["removed", "dead token"]
)
async def test_what_is_owed_to_a_team_without_a_token_waits(post: Post, error: Exception) -> None:
    """The day on which it installs Hourlink again: nothing of it was sent, nothing is lost."""
    post.owe("message:1", "message:2")
    post.fails(error, error)
    assert len(await post.run()) == 2
    assert await post.run(NOON + timedelta(seconds=59)) == [], "the team is left alone for a while"
    again = await post.run(NOON + timedelta(minutes=1))
    assert [one.may_have_happened for one in again] == [False, False]
    assert [state for state, _ in post.rows()] == ["done", "done"]


async def test_a_kind_that_nothing_delivers_is_given_up(post: Post) -> None:
    """A row of a later version does not stop the outbox of an older one."""
    post.owe("message:1", kind="from the future")
    post.owe("message:1")
    await post.run()
    assert [state for state, _ in post.rows()] == ["failed", "done"]


async def test_it_is_given_up_after_more_than_a_day(post: Post) -> None:
    """A Slack that is down overnight loses nothing; one that never answers ends at last."""
    post.owe("message:1")
    post.fails(*(SlackOutcomeUnknown("chat.postMessage") for _ in range(ATTEMPTS)))
    tries, moment = 0, NOON
    while post.rows()[0][0] == "sending" or not tries:
        if await post.run(moment):
            tries += 1
            last = moment
        moment += timedelta(minutes=10)
    assert tries == ATTEMPTS
    assert last - NOON > timedelta(days=1)
    assert post.rows() == [("failed", "no answer to chat.postMessage")]

"""Deliveries beside one another: whose turn it is, what takes long, and how a process stops."""

import asyncio
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot.domain.errors import DatabaseAway
from bot.domain.ids import TeamId
from bot.domain.outbox import OutboxItem
from bot.jobs import outbox as engine
from bot.jobs.outbox import SLOTS, TEAM_SLOTS
from storage import outbox
from storage.unit_of_work import Tx
from tests.builders import NOON
from tests.jobs.post import Post
from tests.jobs.waiting import until


async def test_a_slow_delivery_holds_up_nothing_else(post: Post) -> None:
    """One channel that Slack is slow with delays no other message, not even a later one."""
    release = asyncio.Event()

    async def slow(item: OutboxItem) -> None:
        if item.payload["about"] == "slow":
            await release.wait()

    post.goes = slow
    post.owe("slow", "slow", "quick:1")
    working = asyncio.create_task(post.job.run_due())
    await until(lambda: "quick:1" in post.about())
    post.owe("quick:2")
    await asyncio.wait_for(post.job.run_due(), 60)
    await until(lambda: "quick:2" in post.about())
    assert post.about().count("slow") == 1
    release.set()
    await asyncio.wait_for(working, 60)
    assert post.about().count("slow") == 2
    assert {state for state, _ in post.rows()} == {"done"}


async def test_a_team_with_a_huge_backlog_does_not_starve_another(post: Post) -> None:
    """Another team's message goes out next, not after ten thousand of theirs."""
    other = post.world.team("T0OTHER")
    post.owe(*(f"message:{n}" for n in range(10_000)))
    working = asyncio.create_task(post.job.run_due())
    await until(lambda: len(post.sent) > SLOTS)
    before = len(post.sent)
    post.owe("theirs:1", "theirs:2", "theirs:3", team_id=other)
    await until(lambda: "theirs:3" in post.about())
    waited = post.about().index("theirs:3") - before
    working.cancel()
    with suppress(asyncio.CancelledError):
        await working
    assert waited < 5 * SLOTS


async def test_a_team_whose_deliveries_hang_leaves_room(post: Post) -> None:
    """However many of one team's messages hang in Slack, another team's go out at once."""
    other = post.world.team("T0OTHER")
    release = asyncio.Event()

    async def hang(item: OutboxItem) -> None:
        if item.team_id != other:
            await release.wait()

    post.goes = hang
    post.owe(*(f"message:{n}" for n in range(100)))
    working = asyncio.create_task(post.job.run_due())
    await until(lambda: len(post.sent) == TEAM_SLOTS)
    post.owe("theirs", team_id=other)
    await post.job.run_due()
    await until(lambda: "theirs" in post.about())
    assert len(post.sent) == TEAM_SLOTS + 1
    release.set()
    await asyncio.wait_for(working, 60)
    assert len(post.sent) == 101


async def test_a_stop_lets_what_is_being_sent_arrive(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A deploy in the middle of a post leaves nobody wondering whether it went out."""
    monkeypatch.setattr(engine, "GRACE", 60)

    async def slow(_: OutboxItem) -> None:
        await asyncio.sleep(0.2)

    post.goes = slow
    post.owe("message:1", "message:1")
    working = asyncio.create_task(post.job.run_due())
    await until(lambda: len(post.sent) == 1)
    working.cancel()
    with suppress(asyncio.CancelledError):
        await working
    assert [state for state, _ in post.rows()] == ["done", "pending"]
    assert len(post.sent) == 1


async def test_a_stop_does_not_wait_for_what_hangs(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is taken up again after the next start, as what may have happened."""
    monkeypatch.setattr(engine, "GRACE", 0.05)

    async def hang(_: OutboxItem) -> None:
        await asyncio.Event().wait()

    post.goes = hang
    post.owe("message:1")
    working = asyncio.create_task(post.job.run_due())
    await until(lambda: len(post.sent) == 1)
    working.cancel()
    with suppress(asyncio.CancelledError):
        await asyncio.wait_for(working, 60)
    post.goes = None
    (again,) = await post.run(NOON + outbox.LEASE)
    assert again.may_have_happened


async def test_a_database_that_goes_away_loses_nothing(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What could not be noted as sent is looked for later, and the rest goes on meanwhile."""
    noting = outbox.finish

    def lost(*_: object, **__: object) -> None:
        raise DatabaseAway

    monkeypatch.setattr(outbox, "finish", lost)
    post.owe("message:1")
    with capture_logs() as logged:
        await post.run()
    assert [(one["event"], one.get("exc_info")) for one in logged] == [("delivery_not_noted", None)]
    monkeypatch.setattr(outbox, "finish", noting)
    (again,) = await post.run(NOON + outbox.LEASE)
    assert again.may_have_happened


async def test_what_takes_long_is_held_for_as_long_as_somebody_works_on_it(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Longer than others may take, and nobody else takes it up meanwhile."""
    monkeypatch.setattr(engine, "HOLD", 0.01)
    monkeypatch.setattr(engine, "TIME_LIMIT", 0.0)
    post.owe("report:1", kind="long")

    async def much_later(_: OutboxItem) -> None:
        for _turn in range(3):
            post.now += outbox.LEASE * 0.9
            await until(lambda: post.held_until() > post.now)
            with post.world.uow.begin() as tx:
                assert outbox.take_due(tx, {post.world.team_id: 5}, post.now) == []

    post.goes = much_later
    await post.run()
    assert post.rows() == [("done", None)]


async def test_a_killed_workers_long_work_is_taken_up_within_a_lease(post: Post) -> None:
    """Nobody says any more that it is being done: it is done by another, who is told so."""
    post.owe("report:1", kind="long")
    with post.world.uow.begin() as tx:
        outbox.take_due(tx, {post.world.team_id: 5}, NOON)
    assert await post.run(NOON + outbox.LEASE - timedelta(seconds=1)) == []
    (again,) = await post.run(NOON + outbox.LEASE)
    assert again.may_have_happened


async def test_who_overslept_stops_when_somebody_else_has_it(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two never go on with the same report."""
    monkeypatch.setattr(engine, "HOLD", 0.01)
    post.owe("report:1", kind="long")
    ended: list[str] = []

    async def overslept(_: OutboxItem) -> None:
        with post.world.uow.begin() as tx:
            (other,) = outbox.take_due(tx, {post.world.team_id: 5}, post.now + outbox.LEASE)
            assert other.attempts == 1
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ended.append("stopped")
            raise

    post.goes = overslept
    await post.run()
    assert ended == ["stopped"]
    assert post.rows() == [("sending", None)]


async def test_a_clock_that_jumps_sends_nothing_beside_itself(post: Post) -> None:
    """A machine that was suspended goes on with what it was sending, though its lease is over."""
    release = asyncio.Event()

    async def slow(_: OutboxItem) -> None:
        await release.wait()

    post.goes = slow
    post.owe("message:1")
    working = asyncio.create_task(post.job.run_due())
    await until(lambda: len(post.sent) == 1)
    post.now += outbox.LEASE * 2
    before = post.held_until()
    await post.job.run_due()
    await until(lambda: post.held_until() > before)
    assert len(post.sent) == 1
    release.set()
    await asyncio.wait_for(working, 60)
    post.goes = None
    (again,) = await post.run(post.now + outbox.LEASE)
    assert again.may_have_happened
    assert post.rows() == [("done", None)]


async def test_what_arrives_at_the_same_moment_is_noted_together(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten messages are not ten transactions more: a busy worker would do little else."""
    arrived, noted = asyncio.Event(), list[int]()
    noting = outbox.finish

    def note(tx: Tx, items: Collection[OutboxItem], now: datetime) -> None:
        noted.append(len(items))
        noting(tx, items, now)

    async def wait(_: OutboxItem) -> None:
        if len(post.sent) == 10:
            arrived.set()
        await arrived.wait()

    monkeypatch.setattr(outbox, "finish", note)
    post.goes = wait
    post.owe(*(f"message:{number}" for number in range(10)))
    await post.run()
    assert post.rows() == [("done", None)] * 10
    assert sum(noted) == 10
    assert len(noted) <= 3


async def test_what_is_owed_to_many_teams_is_taken_up_together(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A transaction for each team would be most of what a busy worker does."""
    taken = list[int]()
    taking = outbox.take_due

    def take(
        tx: Tx, slots: Mapping[TeamId, int], now: datetime, *, only: tuple[str, Collection[TeamId]]
    ) -> list[OutboxItem]:
        found = taking(tx, slots, now, only=only)
        taken.append(len(found))
        return found

    monkeypatch.setattr(outbox, "take_due", take)
    for number in range(10):
        post.owe("message:1", "message:2", team_id=post.world.team(f"T0OTHER{number}"))
    assert len(await post.run()) == 20
    assert taken[0] == 20

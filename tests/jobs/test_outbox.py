"""Delivering what is owed: what members and admins see when Slack, or we, stumble."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlmodel import col
from structlog.testing import capture_logs

from bot.domain.errors import Busy, DatabaseAway, TeamNotInstalled, Vanished
from bot.domain.ids import TeamId
from bot.domain.outbox import OutboxItem
from bot.domain.slack_errors import SlackOutcomeUnknown, SlackRefused, SlackTryLater
from bot.jobs import outbox as engine
from bot.jobs.outbox import ATTEMPTS, SLOTS, TEAM_SLOTS, OutboxJob
from bot.services.outbox import Outbox
from bot.services.pool import Pool
from storage import outbox
from storage.outbox import OutboxRow
from storage.unit_of_work import Tx
from tests.builders import NOON, World
from tests.jobs.waiting import until


class Post:
    """An outbox whose deliveries are noted here, and go as a test wants them to."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.now = NOON
        self.sent: list[OutboxItem] = []
        self.goes: Callable[[OutboxItem], Awaitable[None]] | None = None
        self.pool = Pool(1 if world.engine.dialect.name == "sqlite" else 4)
        self.job = OutboxJob(
            Outbox(world.uow),
            {"note": self._deliver, "long": self._deliver},
            self.pool,
            lambda: self.now,
            {"long"},
        )
        self._numbers = count(1)

    async def _deliver(self, item: OutboxItem) -> None:
        self.sent.append(item)
        if self.goes is not None:
            await self.goes(item)

    def owe(self, *subjects: str, team_id: TeamId | None = None, kind: str = "note") -> None:
        """Owe one piece of work for each subject."""
        owed: list[tuple[str, dict[str, int | str | None], str]] = [
            (subject, {"about": subject}, f"m{next(self._numbers)}") for subject in subjects
        ]
        with self.world.uow.begin() as tx:
            team = team_id or self.world.team_id
            outbox.add_many(tx, team, kind=kind, owed=owed, now=NOON)

    def fails(self, *errors: Exception | None) -> None:
        """Let the next deliveries fail like this, and later ones go well."""
        left = list(errors)

        async def fail(_: OutboxItem) -> None:
            error = left.pop(0) if left else None
            if error is not None:
                raise error

        self.goes = fail

    async def run(self, at: datetime | None = None) -> list[OutboxItem]:
        """Work off what is due at a moment; what was tried."""
        self.now = at or self.now
        self.sent.clear()
        await self.job.run_due()
        return list(self.sent)

    def about(self) -> list[object]:
        """What was delivered so far, in order."""
        return [item.payload["about"] for item in self.sent]

    def held_until(self) -> datetime:
        """When the first row may be taken up by others."""
        with self.world.uow.read() as tx:
            return tx.execute(select(col(OutboxRow.due_at))).scalars().first() or NOON

    def rows(self) -> list[tuple[Any, ...]]:
        """State and reason of every row."""
        with self.world.engine.connect() as connection:
            found = connection.execute(text("SELECT state, last_error FROM outbox ORDER BY id"))
            return [tuple(row) for row in found]


@pytest.fixture
async def post(database_url: str) -> AsyncIterator[Post]:
    """Give an outbox to work off."""
    world = World(database_url)
    post = Post(world)
    yield post
    post.pool.close()
    world.close()


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


@pytest.mark.parametrize("error", [TeamNotInstalled(), Vanished("project")])
async def test_what_has_become_pointless_is_given_up(post: Post, error: Exception) -> None:
    """The team uninstalled, or what the message was about is gone."""
    post.owe("message:1")
    post.fails(error)
    await post.run()
    assert post.rows() == [("failed", type(error).__name__)]


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

    def take(tx: Tx, slots: Mapping[TeamId, int], now: datetime) -> list[OutboxItem]:
        found = taking(tx, slots, now)
        taken.append(len(found))
        return found

    monkeypatch.setattr(outbox, "take_due", take)
    for number in range(10):
        post.owe("message:1", "message:2", team_id=post.world.team(f"T0OTHER{number}"))
    assert len(await post.run()) == 20
    assert taken[0] == 20

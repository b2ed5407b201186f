"""Every adapter meets every fault, in the real sync, on a real database.

After each: nothing saved is lost, nothing is there twice, the run says what happened, and the next
run ends in the right state. What each run came to is the table in ``docs/sync.md``.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import (
    AbstractContextManager,
    asynccontextmanager,
    contextmanager,
    nullcontext,
    suppress,
)
from dataclasses import replace

import pytest

from bot.integrations import exchange
from bot.integrations.retry import RetryPolicy
from tests.http_server import Say
from tests.jobs.sync_world import SyncWorld, opened
from tests.providers.faults import FAULTS, NEVER, Fault
from tests.providers.measured import Table
from tests.providers.stand_in import StandIn
from tests.providers.stand_ins import STAND_INS, small

pytestmark = pytest.mark.long

ROWS = [fault.name for fault in FAULTS]
COLUMNS = list(STAND_INS)
TABLE = Table("sync.md", "faults", "What goes wrong")

KEPT_OF_A_TITLE = 500
"""Characters."""

THROUGH = "goes through"


@asynccontextmanager
async def linked(stand_in: StandIn, database_url: str) -> AsyncIterator[SyncWorld]:
    """A world in which the stand-in's project is linked and synced, and time was tracked on it."""
    async with stand_in.running():
        world = SyncWorld(
            database_url,
            factory=stand_in.factory,
            credentials=stand_in.credentials,
            policy=RetryPolicy(tries=1),  # the client's own patience has tests of its own
            public_url=None,  # no run fails for webhooks, which have tests of their own
        )
        async with opened(world):
            await world.job.run(world.here)
            world.link_new(stand_in.project_id)
            await goes_on(world, stand_in)
            row = world.rows(
                "SELECT t.id, l.project_id FROM task t "
                "JOIN project_link l ON l.provider_project_id = t.provider_project_id"
            )[-1]
            world.timer(world.admin, row.project_id, row.id, started_at=world.now)
            yield world


async def goes_on(world: SyncWorld, stand_in: StandIn, *, hours: float = 25) -> None:
    """Time passes for both, and the next sync comes."""
    world.later(hours=hours)
    stand_in.now = world.now
    await world.job.run(world.here)


class Hasty:
    """Whoever asks gives up once no answer will come, and not before: a busy machine is slow."""

    def __init__(self) -> None:
        self._limits: list[asyncio.Timeout] = []

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Notes how long requests wait."""
        limited = asyncio.timeout

        def noted(seconds: float | None) -> asyncio.Timeout:
            limit = limited(seconds)
            if seconds == vars(exchange)["_TOTAL_SECONDS"]:
                self._limits.append(limit)
            return limit

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(asyncio, "timeout", noted)
            yield

    def says_nothing(self, say: Say) -> Say:
        """Spoils an answer: it does not come, and the time for it is over."""
        assert self._limits, "requests may wait for ever"
        for limit in self._limits:
            with suppress(RuntimeError):  # one whose request is answered
                limit.reschedule(0)
        return replace(say, wait=NEVER)


def came_to(world: SyncWorld) -> str:
    """What the last run came to, in the table's words."""
    run = world.last_run()
    assert "unexpected" not in (run.error or "")
    if run.state == "done":
        return THROUGH
    assert run.error
    if run.state == "running":
        return "waits and goes on"
    is_broken = world.one("SELECT state FROM integration").state == "broken"
    return "stops, admins are told" if is_broken else "fails, the next is right"


def in_step(world: SyncWorld, stand_in: StandIn) -> None:
    """What is here is what is there."""
    run = world.last_run()
    assert (run.state, run.error) == ("done", None)
    found = world.rows("SELECT external_id, title FROM task WHERE gone_at IS NULL")
    kept = {name: title[:KEPT_OF_A_TITLE] for name, title in stand_in.titles().items()}
    assert {row.external_id: row.title for row in found} == kept
    assert world.one("SELECT state FROM integration").state == "active"
    assert world.owed("announcement.post") == []  # the first sync announced, and nothing again


async def survives(
    world: SyncWorld,
    stand_in: StandIn,
    *,
    hours: float = 25,
    is_one_of_many: bool = False,
    asking: AbstractContextManager[object] | None = None,
) -> str:
    """One run under a fault, and the next without; tells what the first came to.

    ``asking`` is held during the first. Of very many variants the next one follows at once
    where the run went through.
    """
    before = {row.external_id: row.id for row in world.rows("SELECT id, external_id FROM task")}
    told = len(world.owed("integration.broken"))
    with asking or nullcontext():
        await goes_on(world, stand_in, hours=hours)
    outcome = came_to(world)
    there = {
        row.external_id: row.id
        for row in world.rows("SELECT id, external_id FROM task WHERE gone_at IS NULL")
    }
    still = before.keys() & stand_in.titles().keys()
    assert {name: before[name] for name in still} == {name: there.get(name) for name in still}
    assert world.one("SELECT count(*) AS n FROM time_entry WHERE deleted_at IS NULL").n == 1
    broke = outcome.startswith("stops")
    assert len(world.owed("integration.broken")) == told + broke
    await stand_in.mend()
    if is_one_of_many and outcome == THROUGH:
        return outcome
    if broke:
        world.ask(world.admin)
    await goes_on(world, stand_in, hours=hours if is_one_of_many else 25)
    in_step(world, stand_in)
    return outcome


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.slug)
async def test_faults_do_no_harm(fault: Fault, column: str, sqlite_url: str) -> None:
    """At the first request, and between the last pages of tasks."""
    stand_in = small(column)
    outcomes: set[str] = set()
    async with linked(stand_in, sqlite_url) as world:
        before = len(stand_in.seen)
        await goes_on(world, stand_in)
        requests = len(stand_in.seen) - before
        if fault.arrange is None:
            for place in sorted({1, requests - 1}):
                first, *_ = stand_in.titles()
                stand_in.now = world.now
                stand_in.retitle(first, f"Edited before {place}")
                if fault.slug == "timeout":
                    hasty = Hasty()
                    stand_in.spoil(hasty.says_nothing, on=place)
                    outcomes.add(await survives(world, stand_in, asking=hasty.asking()))
                else:
                    stand_in.spoil(fault.spoil, on=place)
                    outcomes.add(await survives(world, stand_in))
        else:
            is_one_of_many = fault.slug == "null"
            hours = 0.1 if is_one_of_many or fault.slug == "skew" else 25
            for _ in fault.arrange(stand_in):
                outcomes.add(
                    await survives(world, stand_in, hours=hours, is_one_of_many=is_one_of_many)
                )
            if is_one_of_many:
                await goes_on(world, stand_in)
                in_step(world, stand_in)
    assert (stand_in.violations, stand_in.unrouted) == ([], [])
    said = ", or ".join(sorted(outcomes))
    TABLE.holds(fault.name, column, said, rows=ROWS, columns=COLUMNS)


def test_every_adapter_and_every_fault_is_in_the_table() -> None:
    """A new adapter is not let in without its column."""
    TABLE.has_exactly(ROWS, COLUMNS)

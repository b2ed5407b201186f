"""A provider's stated limit is kept to without being told."""

from datetime import UTC, datetime, timedelta

from bot.integrations.answers import ClientConfig
from bot.integrations.client import HttpPool
from bot.integrations.pace import Pace, Turns
from tests.http_server import Say, serving

NINE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


class Time:
    """A clock that goes on by sleeping."""

    def __init__(self) -> None:
        self.now = NINE

    def clock(self) -> datetime:
        """Tell the time."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)


async def test_no_span_holds_more_than_the_pace() -> None:
    """Three in ten seconds: neither at the start nor across two spans is there a fourth."""
    time = Time()
    turns = Turns(Pace(3, 10.0), time.clock, time.sleep)
    moments = []
    for _ in range(8):
        await turns.turn()
        moments.append((time.now - NINE).total_seconds())
        await time.sleep(1)
    assert moments == [0, 1, 2, 10, 11, 12, 20, 21]


async def test_integrations_of_one_account_share_its_pace_and_no_others() -> None:
    """Two syncs with one key wait for each other; somebody else's key does not."""
    time = Time()
    pool = HttpPool(clock=time.clock, sleep=time.sleep)
    async with serving(lambda _: Say()) as server:
        ana, too, bob = (
            pool.client(ClientConfig("x", server.url, headers={"Key": key}, pace=Pace(1, 10.0)))
            for key in ("key-of-ana", "key-of-ana", "key-of-bob")
        )
        await ana.get("a")
        await bob.get("b")
        assert time.now == NINE
        await too.get("c")
        assert time.now == NINE + timedelta(seconds=10)
    await pool.aclose()


async def test_repeated_requests_count() -> None:
    """A try that failed was a request all the same."""
    time = Time()
    pool = HttpPool(clock=time.clock, sleep=time.sleep)
    answers = [Say(503), Say()]
    async with serving(lambda _: answers.pop(0)) as server:
        client = pool.client(ClientConfig("x", server.url, pace=Pace(1, 60.0)))
        await client.get("a")
    assert time.now >= NINE + timedelta(seconds=60)
    await pool.aclose()

"""What providers' webhooks meet over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import httpx
import pytest
from slack_bolt.async_app import AsyncApp
from starlette.requests import ClientDisconnect

from bot.hook_door import LARGEST_HOOK, HookDoor
from bot.web import build_web
from tests.jobs.hooked_provider import Asked, HookedAdapter, told
from tests.jobs.sync_world import PUBLIC_URL, SyncWorld, opened


@dataclass
class Door:
    """A running web, and the world behind it."""

    http: httpx.AsyncClient
    world: SyncWorld
    address: str
    wakes: list[int]

    async def post(self, *, secret: str | None = None, **changes: object) -> httpx.Response:
        """The provider tells of changes."""
        right = HookedAdapter.asked.watches[-1][1]
        headers, body = told(right if secret is None else secret, **changes)
        return await self.http.post(self.address, content=body, headers=headers)


@pytest.fixture
async def door(sqlite_url: str) -> AsyncIterator[Door]:
    """Give the routes of a process that the internet reaches, over Socket Mode."""
    HookedAdapter.asked = Asked()
    async with opened(SyncWorld(sqlite_url, factory=HookedAdapter)) as world:
        world.site.project("p1", "Acme Web", key="WEB")
        world.site.task("t1", "p1", "Header", key="WEB-1", updated_at=world.now)
        await world.job.run(world.here)
        world.link_new("p1")
        await world.sync()
        wakes: list[int] = []
        hooks = HookDoor(
            hooks=world.hooks,
            pool=world.pool,
            clock=lambda: world.now,
            wake=lambda: wakes.append(1),
            new_reference=lambda: "7F3A-19",
        )
        web = build_web(
            AsyncApp(name="test", token="xoxb-x", request_verification_enabled=False),
            others=(),
            signing_secret=None,
            new_reference=lambda: "7F3A-19",
            hooks=hooks,
        )
        transport = httpx.ASGITransport(web)
        async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as http:
            address = world.addresses.of(world.here)
            assert address is not None
            yield Door(http, world, address, wakes)


async def test_news_wakes_whoever_reads(door: Door) -> None:
    """From the tool to Slack in seconds: the answer is there at once, the reading follows."""
    door.world.later(seconds=30)
    known = door.world.site.tasks["t1"]
    door.world.site.tasks["t1"] = replace(known, title="New header", updated_at=door.world.now)
    answer = await door.post(projects=["p1"])
    assert (answer.status_code, answer.content) == (200, b"")
    assert door.wakes == [1]
    door.world.later(seconds=3)
    for one in door.world.syncing.due(door.world.now):
        await door.world.job.run(one)
    assert door.world.one("SELECT title FROM task").title == "New header"


async def test_no_news_wakes_nobody(door: Door) -> None:
    """A ping, a heartbeat, a repetition."""
    assert (await door.post()).status_code == 200
    await door.post(projects=["p1"])
    await door.post(projects=["p1"])
    assert door.wakes == [1]


async def test_strangers_are_turned_away(door: Door) -> None:
    """Each in the form that makes a provider do the right thing."""
    assert (await door.post(secret="a guess", projects=["p1"])).status_code == 401
    assert (await door.http.post("/hooks/1-guess", content=b"{}")).status_code == 404
    assert (await door.http.post("/hooks/", content=b"{}")).status_code == 404
    assert (await door.http.get(door.address)).status_code == 405
    door.world.run("UPDATE integration SET state = 'disconnected'")
    assert (await door.post(projects=["p1"])).status_code == 410
    assert door.wakes == []


async def test_somebody_is_there(door: Door) -> None:
    """Trello asks so before it sends anything."""
    assert (await door.http.head(door.address)).status_code == 200
    assert (await door.http.head("/hooks/1-guess")).status_code == 404


async def test_large_body_is_not_read_to_its_end(door: Door) -> None:
    """Neither when it says how large it is, nor when it does not."""
    sent = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(20):
            sent += 1_000_000
            yield b"a" * 1_000_000

    large = b"a" * (LARGEST_HOOK + 1)
    assert (await door.http.post(door.address, content=large)).status_code == 413
    assert (await door.http.post(door.address, content=pieces())).status_code == 413
    assert sent < 20_000_000


async def test_a_body_that_trickles_in_is_not_waited_for(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody holds memory by sending a byte now and then."""
    monkeypatch.setattr("bot.hook_door.SLOWEST_HOOK", 0.05)

    async def trickle() -> AsyncIterator[bytes]:
        while True:
            yield b"a"
            await asyncio.sleep(0.01)

    answer = await door.http.post(door.address, content=trickle())
    assert (answer.status_code, answer.headers["connection"]) == (408, "close")


async def test_a_sender_that_goes_is_no_fault_of_ours(door: Door) -> None:
    """Nor was what it sent too large: nothing is read of half a body, and nothing is logged."""

    async def goes() -> AsyncIterator[bytes]:
        yield b"{"
        raise ClientDisconnect

    assert (await door.http.post(door.address, content=goes())).status_code == 400
    assert door.wakes == []


async def test_our_fault_is_told_by_its_reference_alone(door: Door) -> None:
    """A payload that breaks the adapter shows nothing of our insides."""
    answer = await door.post(projects=[{}])
    assert (answer.status_code, answer.text) == (500, "reference 7F3A-19")

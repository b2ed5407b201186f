"""Both runners do the same work: one suite for the two."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

import pytest
from structlog.testing import capture_logs

from bot.jobs import distributed as module
from bot.jobs.clock import IntervalClock
from bot.jobs.distributed import DistributedRunner
from bot.jobs.embedded import EmbeddedRunner
from bot.jobs.runner import AT_ONCE, Duties, Pace, Runner
from tests.jobs.runner_work import NEVER, QUICK, SELDOM, Work, distributed, hears, running
from tests.jobs.waiting import until

Build: TypeAlias = Callable[[Duties, Pace], Runner]


@pytest.fixture(params=["sqlite", "postgresql"], ids=["embedded", "distributed"])
def build(request: pytest.FixtureRequest) -> Build:
    """Give a maker of runners, once per kind; which one it is follows from the database."""
    if request.param == "sqlite":
        return lambda duties, pace: EmbeddedRunner(duties, IntervalClock(), pace)
    url = request.getfixturevalue("postgresql_url")
    return lambda duties, pace: distributed(url, duties, pace)


@pytest.fixture
def work() -> Work:
    """Give duties to do."""
    return Work()


async def test_what_was_left_is_taken_up_at_the_start(build: Build, work: Work) -> None:
    """A restart goes on with what the process before it left undone."""
    work.due = {1, 2}
    async with running(build(work.duties(), SELDOM)):
        await until(lambda: {"deliver", "sync 1", "sync 2"} <= set(work.done))


async def test_woken_it_looks_at_once(
    request: pytest.FixtureRequest, build: Build, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asks for a refresh sees it begin now, not at the next tick."""
    monkeypatch.setattr(module, "POLL", NEVER)
    runner = build(work.duties(), SELDOM)
    async with running(runner):
        await until(lambda: "look" in work.done)
        if isinstance(runner, DistributedRunner):
            await hears(request.getfixturevalue("postgresql_url"))
        work.done.clear()
        work.due = {7}
        runner.wake()
        await until(lambda: "deliver" in work.done)
        await until(lambda: "sync 7" in work.done)


async def test_what_time_alone_brings_is_done(build: Build, work: Work) -> None:
    """Nobody has to be there for the next sync, the next try, the next reminder or token."""
    async with running(build(work.duties(), QUICK)):
        await until(lambda: {"deliver", "look", "tidy"} <= set(work.done))
        work.done.clear()
        work.due = {3}
        await until(lambda: {"deliver", "sync 3", "remind", "renew"} <= set(work.done))


async def test_what_a_sync_found_goes_out_at_once(build: Build, work: Work) -> None:
    """New projects are announced when the sync that found them ends."""
    runner = build(work.duties(), SELDOM)
    work.due = {1}
    async with running(runner):
        await until(lambda: "deliver" in work.done[_after(work, "sync 1") :])


async def test_a_crash_in_one_duty_stops_no_other(build: Build, work: Work) -> None:
    """Reminders that fail keep nobody from syncing, and the log says so once, not every second."""
    work.crashing = {"deliver", "remind", "tidy"}
    with capture_logs() as logs:
        async with running(build(work.duties(), QUICK)):
            await until(lambda: work.done.count("remind") >= 2 and work.done.count("deliver") >= 3)
            work.due = {4}
            await until(lambda: "sync 4" in work.done)
            work.crashing = set()
            work.done.clear()
            await until(lambda: {"deliver", "remind"} <= set(work.done))
            await asyncio.sleep(0.05)
    events = [(line["event"], line.get("work")) for line in logs]
    assert events.count(("background_work_failed", "deliver")) == 1
    assert events.count(("background_work_failed", "remind")) == 1
    assert events.count(("background_work_recovered", "deliver")) == 1


async def test_a_tool_that_exchanges_no_token_delays_no_reminder(build: Build, work: Work) -> None:
    """It may take a minute to say nothing, for each of its tokens."""
    work.renewing_hangs = True
    async with running(build(work.duties(), QUICK)):
        await until(lambda: "renew" in work.done)
        await until(lambda: work.done.count("remind") >= 3)


async def test_one_integration_delays_no_other(build: Build, work: Work) -> None:
    """A provider that hangs or breaks us is its own trouble."""
    work.due, work.hanging, work.crashing = {1, 2, 3}, {1}, {"sync 2"}
    async with running(build(work.duties(), QUICK)):
        await until(lambda: {"sync 2", "sync 3"} <= set(work.done))
        work.done.clear()
        work.due.add(5)
        await until(lambda: "sync 5" in work.done)


async def test_an_integration_that_broke_us_rests(build: Build, work: Work) -> None:
    """A bug of ours in one sync does not spin."""
    work.due, work.crashing = {2}, {"sync 2"}
    async with running(build(work.duties(), replace(QUICK, rest=NEVER))):
        await until(lambda: "sync 2" in work.done)
        looks = work.done.count("look")
        await until(lambda: work.done.count("look") >= looks + 3)
        assert work.done.count("sync 2") == 1


async def test_an_integration_that_broke_us_is_tried_again(build: Build, work: Work) -> None:
    """Such a bug does not end its refreshes for good."""
    work.due, work.crashing = {2}, {"sync 2"}
    async with running(build(work.duties(), QUICK)):
        await until(lambda: "sync 2" in work.done)
        work.crashing = set()
        await until(lambda: not work.due)


async def test_an_integration_is_synced_once_at_a_time(build: Build, work: Work) -> None:
    """A run under way is named as due as well, because its worker might be dead."""
    work.due, work.hanging = {1}, {1}
    runner = build(work.duties(), QUICK)
    async with running(runner):
        await until(lambda: work.under_way == [1])
        for _ in range(5):
            runner.wake()
            await asyncio.sleep(0.1)
        assert work.under_way == [1]


async def test_only_so_many_syncs_at_once(build: Build, work: Work) -> None:
    """Forty integrations due together do not open forty readers."""
    work.due = set(range(1, 41))
    async with running(build(work.duties(), QUICK)):
        await until(lambda: not work.due)
    assert work.most_at_once <= AT_ONCE


async def test_many_wakes_are_one(build: Build, work: Work) -> None:
    """A burst of commands does not become a burst of questions to the database."""
    runner = build(work.duties(), SELDOM)
    async with running(runner):
        await until(lambda: "look" in work.done)
        await asyncio.sleep(0.2)
        work.done.clear()
        for _ in range(500):
            runner.wake()
        await until(lambda: "look" in work.done)
        await asyncio.sleep(0.3)
        assert work.done.count("look") <= 3


async def test_a_stop_is_clean(build: Build, work: Work) -> None:
    """It ends soon, whatever hangs, and nothing of it goes on or is left behind."""
    before = asyncio.all_tasks()
    work.due, work.hanging = {1}, {1}
    runner = build(work.duties(), QUICK)
    await runner.start()
    await until(lambda: work.under_way == [1])
    await asyncio.wait_for(runner.stop(), 60)
    assert work.under_way == []
    work.done.clear()
    await asyncio.sleep(0.5)
    assert work.done == []
    assert asyncio.all_tasks() == before


def _after(work: Work, what: str) -> int:
    return work.done.index(what) + 1 if what in work.done else len(work.done)

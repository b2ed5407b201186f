"""Calls off the event loop: who is answered when, and with what."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from textwrap import dedent

import pytest
from sqlalchemy import Connection, event, func, select

from bot.domain.errors import HourlinkError
from bot.domain.people.people import Member
from bot.domain.tasks.task_refs import KeyRef
from bot.domain.tracking.tracking_errors import AlreadyOn
from bot.services.pool import Pool
from storage import together
from storage.entries.time_entries import TimeEntryRow
from storage.sql import table
from tests.builders import NOON
from tests.jobs.waiting import until
from tests.services.office import Office

LONG = 60
"""Seconds after which a test gives up."""


@pytest.fixture
def office(sqlite_url: str) -> Iterator[Office]:
    """Ana, and five more who may track the same tasks."""
    made = Office(sqlite_url)
    yield made
    made.world.close()


@pytest.fixture
def crew(office: Office) -> list[Member]:
    """Those five."""
    people = [office.world.member(f"crew{number}") for number in range(5)]
    for one in people:
        office.connect(one)
        office.world.joins(one, office.website)
    return people


@pytest.fixture
def pool(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pool]:
    """As a process on SQLite has it, where nothing takes long."""
    monkeypatch.setattr(together, "LONGEST", 3600.0)
    made = Pool(1, office.world.uow.gathering)
    yield made
    made.close()


@pytest.fixture
def commits(office: Office) -> list[Connection]:
    """Everything that is committed and may have written."""
    found: list[Connection] = []
    event.listen(office.world.engine, "commit", found.append)
    return found


def entries(office: Office) -> int:
    """How many are stored."""
    with office.world.uow.read() as tx:
        return int(tx.execute(select(func.count()).select_from(table(TimeEntryRow))).scalar_one())


async def held_up(pool: Pool) -> tuple[Callable[[], None], "asyncio.Task[bool]"]:
    """Keeps the pool's thread busy; what lets it go on."""
    begun, go_on = threading.Event(), threading.Event()

    def wait() -> bool:
        begun.set()
        return go_on.wait(LONG)

    task = asyncio.ensure_future(pool(wait))
    await asyncio.to_thread(begun.wait, LONG)
    return go_on.set, task


async def started(pool: Pool, office: Office, people: list[Member]) -> list[object]:
    """Everybody starts a timer at the same moment; what each is told."""
    go_on, task = await held_up(pool)
    asked = [
        asyncio.ensure_future(pool(office.tracking.start, who=one, ref=KeyRef("WEB-12"), now=NOON))
        for one in people
    ]
    await asyncio.sleep(0)  # they are all in the queue
    go_on()
    await task
    return list(await asyncio.gather(*asked, return_exceptions=True))


async def test_what_waits_is_committed_at_once(
    office: Office, crew: list[Member], pool: Pool, commits: list[Connection]
) -> None:
    """Five who start at the same moment wait for the disk once."""
    commits.clear()
    told = await started(pool, office, crew)
    assert [type(one).__name__ for one in told] == ["Started"] * 5
    assert (len(commits), entries(office)) == (1, 5)


async def test_who_is_answered_meanwhile_is_told_by_one_waking(
    office: Office, crew: list[Member], pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To wake the loop for each of them costs nearly as much as to answer them."""
    go_on, first = await held_up(pool)
    asked = [
        asyncio.ensure_future(pool(office.tracking.start, who=one, ref=KeyRef("WEB-12"), now=NOON))
        for one in crew
    ]
    await asyncio.sleep(0)
    wakings: list[Callable[[], object]] = []
    with monkeypatch.context() as patched:
        patched.setattr(asyncio.get_running_loop(), "call_soon_threadsafe", wakings.append)
        go_on()
        await until(lambda: entries(office) == len(crew))
    (wake,) = wakings
    wake()
    told = await asyncio.wait_for(asyncio.gather(first, *asked), LONG)
    assert len(told) == 1 + len(crew)


async def test_an_end_of_an_iterator_is_a_fault_like_any_other(pool: Pool) -> None:
    """No future takes it; neither this one nor who is told next waits for ever."""
    with pytest.raises(RuntimeError, match="StopIteration"):
        await asyncio.wait_for(pool(next, iter(())), LONG)


def test_a_loop_that_closes_at_the_moment_of_an_answer_takes_no_thread_along(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who asks from another loop is answered."""

    async def leave() -> None:
        def closed(*_: object) -> None:
            raise RuntimeError("Event loop is closed")

        monkeypatch.setattr(asyncio.get_running_loop(), "call_soon_threadsafe", closed)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(pool(int), 0.2)

    async def ask() -> int:
        return await asyncio.wait_for(pool(int), LONG / 6)

    asyncio.run(leave())
    assert asyncio.run(ask()) == 0


async def test_a_refusal_is_its_own(office: Office, crew: list[Member], pool: Pool) -> None:
    """Who asks for what is running already is told so; the others' timers start."""
    told = await started(pool, office, [crew[0], crew[0], crew[1]])
    assert [type(one).__name__ for one in told] == ["Started", "AlreadyOn", "Started"]
    assert isinstance(told[1], AlreadyOn)
    assert entries(office) == 2


async def test_where_nothing_can_be_stored_nobody_is_told_otherwise(
    office: Office, crew: list[Member], pool: Pool
) -> None:
    """A disk that fails at the commit fails everybody whose time was in it."""

    def fail(connection: Connection) -> None:
        del connection
        raise OSError("the disk is gone")

    event.listen(office.world.engine, "commit", fail)
    told = await started(pool, office, [*crew, crew[0]])
    assert [type(one).__name__ for one in told] == ["OSError"] * 5 + ["AlreadyOn"]
    event.remove(office.world.engine, "commit", fail)
    assert entries(office) == 0
    assert (await started(pool, office, crew))[0] is not None
    assert entries(office) == 5


async def test_a_reader_between_them_sees_what_is_before_it(
    office: Office, crew: list[Member], pool: Pool
) -> None:
    """Calls have their order, committed together or not."""
    go_on, task = await held_up(pool)
    first = asyncio.ensure_future(
        pool(office.tracking.start, who=crew[0], ref=KeyRef("WEB-12"), now=NOON)
    )
    second = asyncio.ensure_future(pool(entries, office))
    third = asyncio.ensure_future(pool(office.tracking.status, who=crew[0], now=NOON))
    await asyncio.sleep(0)
    go_on()
    await asyncio.gather(task, first)
    assert await second == 1
    assert (await third).timer is not None


async def test_nobody_is_answered_before_the_commit(office: Office, crew: list[Member]) -> None:
    """A process that is killed before it has told nobody that a timer runs."""
    story = f"""
        import asyncio, os, signal
        from sqlalchemy import event
        from bot.domain.tasks.task_refs import KeyRef
        from bot.services.pool import Pool
        from bot.services.tracking.timer import Tracking
        from storage import members
        from storage.engine import open_engine
        from storage.unit_of_work import UnitOfWork
        from tests.builders import NOON

        engine = open_engine({str(office.world.engine.url)!r})
        uow = UnitOfWork(engine)
        tracking = Tracking(uow, iter("abcdefghij" * 9).__next__, str)
        with uow.read() as tx:
            crew = list(members.by_ids(tx, "T0ACME", {[one.id for one in crew]!r}).values())
        event.listen(engine, "commit", lambda _: os.kill(os.getpid(), signal.SIGKILL))

        async def tell(pool, who):
            print(await pool(tracking.start, who=who, ref=KeyRef("WEB-12"), now=NOON), flush=True)

        async def main():
            pool = Pool(1, uow.gathering)
            await asyncio.gather(*(tell(pool, one) for one in crew))

        asyncio.run(main())
    """
    ended = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", dedent(story)],
        capture_output=True,
        text=True,
        check=False,
        timeout=LONG,
    )
    assert (ended.returncode, ended.stdout) == (-9, ""), ended.stderr
    assert entries(office) == 0


async def test_what_nobody_waits_for_any_more_is_not_begun(office: Office, pool: Pool) -> None:
    """A request that was given up while it stood in the queue does nothing."""
    go_on, task = await held_up(pool)
    asked = asyncio.ensure_future(pool(office.start))
    await asyncio.sleep(0)
    asked.cancel()
    await asyncio.gather(asked, return_exceptions=True)
    go_on()
    await task
    assert entries(office) == 0
    assert not pool.is_wanted


async def test_a_closed_pool_lets_what_runs_finish(pool: Pool) -> None:
    """The rest is given up, and nothing new is taken."""
    go_on, task = await held_up(pool)
    left = asyncio.ensure_future(pool(str))
    await asyncio.sleep(0)
    closing = asyncio.create_task(asyncio.to_thread(pool.close))
    (given_up,) = await asyncio.gather(left, return_exceptions=True)
    assert isinstance(given_up, asyncio.CancelledError)
    go_on()
    assert await task
    await closing
    with pytest.raises(RuntimeError):
        await pool(str)


async def test_as_many_calls_run_at_once_as_there_are_threads() -> None:
    """One that waits keeps nobody else waiting where there are several."""
    pool = Pool(3)
    met = threading.Barrier(3)
    places = await asyncio.gather(*(pool(met.wait, LONG) for _ in range(3)))
    assert sorted(places) == [0, 1, 2]
    names = {await pool(lambda: threading.current_thread().name) for _ in range(9)}
    assert all(name.startswith("service") for name in names)
    pool.close()


async def test_what_a_call_raises_reaches_who_called(pool: Pool) -> None:
    """The error itself, and the thread goes on."""

    def refuse() -> None:
        raise HourlinkError

    with pytest.raises(HourlinkError):
        await pool(refuse)
    assert await pool(int, "7") == 7

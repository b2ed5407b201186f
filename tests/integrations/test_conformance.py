"""The conformance suite finds the adapter that does not keep its word."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.demo_board import DEMO_BOARD, DEMO_KEY, DEMO_OWN_KEY, write_demo_board
from bot.integrations.api import (
    Capability,
    Page,
    ProviderAccount,
    ProviderTask,
    Site,
    Worklog,
    WorklogRecord,
)
from bot.integrations.client import HttpPool
from bot.integrations.conformance import Conformance, World
from bot.integrations.context import AdapterContext
from bot.integrations.registry import AdapterFactory, Registry

HONEST: AdapterFactory = Registry.load()._factories["board"]  # noqa: SLF001 - to make liars of it
BOARD: Any = HONEST


async def _takes_any_key(_: object) -> Site:
    return Site("acme", "Acme", "", "Ana")


async def _another_site_each_time(self: Any) -> Site:  # noqa: ANN401
    site: Site = await BOARD.check(self)
    return replace(site, external_id=str(id(self)))


async def _everybody_is_ana(self: Any) -> Site:  # noqa: ANN401
    site: Site = await BOARD.check(self)
    return replace(site, account_id="ana")


async def _listed_twice(self: Any, project_id: str, **more: Any) -> AsyncIterator[Page[Any]]:  # noqa: ANN401
    async for page in BOARD.tasks(self, project_id, **more):
        yield Page((*page.items, *page.items))


async def _open_ones_only(self: Any, project_id: str, **more: Any) -> AsyncIterator[Page[Any]]:  # noqa: ANN401
    async for page in BOARD.tasks(self, project_id, **more):
        yield Page(tuple(task for task in page.items if not task.is_done))


async def _never_changed(
    self: Any,  # noqa: ANN401
    project_id: str,
    since: datetime | None = None,
    cursor: str | None = None,
) -> AsyncIterator[Page[Any]]:
    async for page in BOARD.tasks(self, project_id, None, cursor):
        yield Page(()) if since else page


async def _starts_over(self: Any, project_id: str, **more: Any) -> AsyncIterator[Page[Any]]:  # noqa: ANN401
    found = [task async for page in BOARD.tasks(self, project_id) for task in page.items]
    del more
    yield Page(tuple(found[:5]), "5")
    yield Page(tuple(found[5:]))


async def _forgets_the_rest(
    self: Any,  # noqa: ANN401
    project_id: str,
    since: datetime | None = None,
    cursor: str | None = None,
) -> AsyncIterator[Page[Any]]:
    found = [task async for page in BOARD.tasks(self, project_id, since) for task in page.items]
    if cursor is None:
        yield Page(tuple(found[:5]), "5")
        yield Page(tuple(found[5:]))
    else:
        yield Page(tuple(found[-1:]))


async def _finds_what_is_gone(self: Any, external_id: str) -> ProviderTask:  # noqa: ANN401
    found: ProviderTask = await BOARD.task(self, external_id) or await BOARD.task(self, "web-1")
    return found


async def _remembers_everybody(self: Any, external_id: str) -> ProviderAccount:  # noqa: ANN401
    found: ProviderAccount | None = await BOARD.account(self, external_id)
    return found or ProviderAccount(external_id, "Former user", is_active=False)


async def _everyone(*_: object) -> None:
    return


async def _cannot_find(*_: object) -> None:
    return


async def _keeps(*_: object) -> None:
    return


async def _another_length(self: Any, worklog: Worklog) -> WorklogRecord:  # noqa: ANN401
    written: WorklogRecord = await BOARD.write_time(self, replace(worklog, seconds=60))
    return written


async def _only_says_so(self: Any, task_id: str) -> ProviderTask:  # noqa: ANN401
    task: ProviderTask = await BOARD.task(self, task_id)
    return replace(task, is_done=True)


@pytest.fixture
async def context(tmp_path: Path) -> AsyncIterator[AdapterContext]:
    """Give what the composition root gives, with the demo board."""
    write_demo_board(tmp_path)
    pool = HttpPool(clock=lambda: datetime.now(UTC), sleep=asyncio.sleep)
    yield AdapterContext(pool, tmp_path, pool.clock, pool.sleep)
    await pool.aclose()


def world_of(adapter: Any, context: AdapterContext, board: Path) -> World:  # noqa: ANN401
    """The demo board's world, seen through an adapter that may lie."""

    async def change() -> str:
        path = board / "tasks.csv"
        path.write_text(path.read_text().replace("Fix the header", "Mend the header"))
        return "web-12"

    return World(
        open=lambda: adapter({"board": DEMO_BOARD, "key": DEMO_KEY}, context),
        open_wrong=lambda: adapter({"board": DEMO_BOARD, "key": "wrong"}, context),
        open_own=lambda: adapter({"board": DEMO_BOARD, "key": DEMO_OWN_KEY}, context),
        own_account_id="evelyn",
        project_id="web",
        project_ids={"web", "shop"},
        archived_ids={"intranet"},
        task_ids={f"web-{n}" for n in range(1, 16)},
        done_ids={f"web-{n}" for n in range(1, 5)},
        unknown_project_id="nope",
        unknown_task_id="nope",
        unknown_account_id="nope",
        emails={"ana": "ana@acme.test", "evelyn": None},
        access={"web": None, "board": {"ana", "cleo"}},
        changeable_task_id="web-12",
        change=change,
        now=lambda: datetime.now(UTC),
        worklog=lambda: Worklog(
            "m1", "web-12", 5400, date(2026, 11, 20), None, "", "ana", "Ana Ruiz"
        ),
    )


TESTS = [name for name in vars(Conformance) if name.startswith("test_")]


@pytest.mark.parametrize("name", TESTS)
async def test_an_honest_adapter_passes(context: AdapterContext, tmp_path: Path, name: str) -> None:
    """Otherwise the failures below would mean nothing."""
    await getattr(Conformance(), name)(world_of(BOARD, context, tmp_path / DEMO_BOARD))


@pytest.mark.parametrize(
    ("lies", "found_by"),
    [
        ({"access": None}, "test_declaration_and_methods_agree"),
        ({"check": _takes_any_key}, "test_wrong_credentials_are_told_apart"),
        ({"check": _another_site_each_time}, "test_check_names_the_site_and_its_account"),
        ({"check": _everybody_is_ana}, "test_own_credentials_say_whose_they_are"),
        ({"check": _another_site_each_time}, "test_own_credentials_say_whose_they_are"),
        ({"requests": 0}, "test_check_names_the_site_and_its_account"),
        ({"tasks": _listed_twice}, "test_tasks_are_those_of_the_project_done_ones_too"),
        ({"tasks": _open_ones_only}, "test_tasks_are_those_of_the_project_done_ones_too"),
        ({"tasks": _never_changed}, "test_since_shows_what_changed"),
        ({"tasks": _starts_over}, "test_every_listing_can_be_resumed"),
        ({"tasks": _forgets_the_rest}, "test_every_listing_can_be_resumed"),
        ({"task": _finds_what_is_gone}, "test_one_task_is_read_again"),
        ({"account": _cannot_find}, "test_one_account_is_read_again"),
        ({"account": _remembers_everybody}, "test_one_account_is_read_again"),
        ({"access": _everyone}, "test_access_is_reported"),
        ({"find_time": _cannot_find}, "test_time_lives_through_write_update_delete"),
        ({"delete_time": _keeps}, "test_time_lives_through_write_update_delete"),
        ({"write_time": _another_length}, "test_time_lives_through_write_update_delete"),
        ({"complete": _only_says_so}, "test_a_task_is_completed_and_reopened"),
    ],
)
async def test_a_lie_is_found(
    context: AdapterContext, tmp_path: Path, lies: dict[str, object], found_by: str
) -> None:
    """Each flaw by the test that is about it, with a sentence for the adapter's author."""
    liar = type("Liar", (BOARD,), lies)
    with pytest.raises(AssertionError, match=r"\w+ \w+"):
        await getattr(Conformance(), found_by)(world_of(liar, context, tmp_path / DEMO_BOARD))


async def test_what_is_not_declared_is_not_asked(context: AdapterContext, tmp_path: Path) -> None:
    """An adapter that only reads passes without a world for writing."""
    reader = replace(HONEST.descriptor, capabilities=frozenset[Capability](), own_credentials=())
    hidden = dict.fromkeys(
        (
            *("access", "complete", "reopen"),
            *("write_time", "update_time", "delete_time", "find_time"),
        )
    )
    readonly = type("Reader", (BOARD,), {"descriptor": reader, **hidden})
    world = replace(
        world_of(readonly, context, tmp_path / DEMO_BOARD),
        access={},
        changeable_task_id=None,
        change=None,
        now=None,
        worklog=None,
    )
    for name in TESTS:
        await getattr(Conformance(), name)(world)

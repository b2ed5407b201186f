"""Time through the outbox into each tool's stand-in: one record an entry, whatever becomes of it.

Redmine's stand-in only reads: time is written into a real one, and the board's into a folder.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.domain.entries.entries import OnTask
from bot.domain.writing.worklogs import WorklogState
from bot.integrations.api import KeepsTime, Worklog, WorklogRecord
from bot.integrations.client import HttpPool
from bot.integrations.context import AdapterContext
from storage.people.provider_accounts import ProviderAccountRow
from storage.tasks.tasks import TaskRow
from tests.builders import NOON
from tests.jobs.writing_desk import WritingDesk
from tests.providers.stand_in import StandIn
from tests.providers.stand_ins import STAND_INS
from tests.services.editor import TODAY, Editor

NAMES = [name for name in STAND_INS if name != "Redmine"]
WRITTEN = (WorklogState.WRITTEN, "")
OFF = (WorklogState.OFF, "")


@pytest.fixture
async def context() -> AsyncIterator[AdapterContext]:
    """Give what the composition root gives."""
    pool = HttpPool(clock=lambda: NOON, sleep=asyncio.sleep)
    yield AdapterContext(pool, Path("nowhere"), pool.clock, pool.sleep)
    await pool.aclose()


@pytest.fixture
async def desk(sqlite_url: str) -> AsyncIterator[WritingDesk]:
    """Give Ana's office; what the database does about entries is tested elsewhere."""
    made = WritingDesk(Editor(sqlite_url))
    yield made
    made.close()


class Tool:
    """A stand-in whose first two tasks are those that Ana tracks on."""

    def __init__(self, stand_in: StandIn, context: AdapterContext, desk: WritingDesk) -> None:
        adapter = stand_in.factory(stand_in.credentials, context)
        assert isinstance(adapter, KeepsTime)
        self._adapter = adapter
        self._desk = desk
        self.first, self.second, *_ = stand_in.titles()
        desk.office.change(TaskRow, desk.office.web12, external_id=self.first)
        desk.office.change(TaskRow, desk.office.web9, external_id=self.second)

    async def is_anas(self) -> None:
        """Whose token it is, Ana is; ids are of the tool's own form."""
        site = await self._adapter.check()
        assert site.account_id is not None
        with self._desk.office.world.uow.begin() as tx:
            tx.execute(update(ProviderAccountRow).values(external_id=site.account_id))

    def open(self, *_: object) -> KeepsTime:
        """In the place of what is opened with stored credentials."""
        return self._adapter

    async def found(self, marker: str, task: str) -> WorklogRecord | None:
        """The record of an entry on a task."""
        return await self._adapter.find_time(Worklog(marker, task, 0, TODAY, None, "", None, "Ana"))


@pytest.mark.parametrize("name", NAMES)
async def test_time_follows_its_entry(
    name: str, desk: WritingDesk, context: AdapterContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written, changed, moved, taken back and restored, and none of it looks like a conflict."""
    stand_in = STAND_INS[name](12)
    async with stand_in.running():
        tool = Tool(stand_in, context, desk)
        await tool.is_anas()
        monkeypatch.setattr(desk.tool, "open", tool.open)
        entry = desk.office.logs(3600)
        marker = desk.office.entries()[0].marker

        async def kept(task: str) -> int | None:
            await desk.delivers()
            record = await tool.found(marker, task)
            return None if record is None else record.seconds

        assert await kept(tool.first) == 3600
        assert desk.states() == [WRITTEN]
        desk.office.edits(entry, seconds=5400, note="The [header](x), with @bo & 5 * 5_000")
        assert await kept(tool.first) == 5400
        assert desk.states() == [WRITTEN]
        desk.office.edits(entry, target=OnTask(desk.office.web9))
        assert await kept(tool.second) == 5400
        assert desk.states() == [WRITTEN]
        gone = desk.office.deletes(entry)
        assert await kept(tool.second) is None
        assert desk.states() == [OFF]
        desk.office.undoing.undo(who=desk.office.ana, step=gone.step, now=desk.now)
        assert await kept(tool.second) == 5400
        assert desk.states() == [WRITTEN]
    assert (stand_in.violations, stand_in.unrouted) == ([], [])

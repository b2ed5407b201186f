"""W3 against a real Redmine: what somebody changes there by hand is found, told and solved."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from bot.domain.linking.write_back import WriteMode
from bot.domain.writing.worklogs import Choice, WorklogState
from bot.integrations.client import HttpPool
from bot.integrations.context import AdapterContext
from bot.jobs.worklog_verifying import differences
from bot.providers.redmine.adapter import Redmine
from bot.services.writing.checking import WorklogChecking
from storage.people.provider_accounts import ProviderAccountRow
from storage.tasks.tasks import TaskRow
from tests.conftest import RedmineServer
from tests.jobs.writing_desk import WritingDesk
from tests.providers.redmine.site import Site, Workshop
from tests.services.editor import Editor

pytestmark = pytest.mark.redmine

WRITTEN = (WorklogState.WRITTEN, "")


class Room:
    """Ana's office, whose board is a project in Redmine and who is Bob there."""

    def __init__(self, desk: WritingDesk, site: Site, project: int) -> None:
        self.desk, self.site, self.project = desk, site, project

    def there(self) -> list[dict[str, Any]]:
        """The time entries of the project, oldest first."""
        listed = self.site.call("GET", f"time_entries.json?project_id={self.project}&limit=100")
        return sorted(listed["time_entries"], key=lambda one: int(one["id"]))

    def hours(self) -> list[float]:
        """Of each."""
        return [round(float(one["hours"]), 2) for one in self.there()]

    async def conflict(self) -> None:
        """An hour that is written, made half an hour there by hand, and two here."""
        entry = self.desk.office.logs(3600)
        await self.desk.delivers()
        (one,) = self.there()
        assert one["user"]["id"] == self.site.user_id("bob")
        path = f"time_entries/{one['id']}.json"
        self.site.call("PUT", path, {"time_entry": {"hours": 0.5}})
        self.desk.office.edits(entry, seconds=7200)
        await self.desk.delivers()
        assert self.hours() == [0.5]
        (stored,) = self.desk.stored()
        assert stored.state is WorklogState.CONFLICT
        assert "30 m" in self.desk.mailbox.last

    async def decides(self, choice: Choice) -> None:
        """Ana chooses."""
        (stored,) = self.desk.stored()
        self.desk.deciding.decide(
            who=self.desk.office.ana, worklog_id=stored.id, choice=choice, now=self.desk.now
        )
        await self.desk.delivers()
        assert self.desk.states() == [WRITTEN]


@pytest.fixture
def workshop(redmine: RedmineServer) -> Iterator[Workshop]:
    """Give a workshop; other tests work on the same server."""
    made = Workshop(Site(redmine.url, redmine.admin_key, redmine.seed))
    yield made
    made.clear()


@pytest.fixture
async def room(sqlite_url: str, workshop: Workshop, tmp_path: Path) -> AsyncIterator[Room]:
    """Give Ana's office a real Redmine."""
    site = workshop.site
    project = workshop.project()
    workshop.member(project, site.user_id("bob"), "Developer")
    issue = workshop.issue(project, "Fix the header")
    office = Editor(sqlite_url)
    office.change(TaskRow, office.web12, external_id=issue)
    office.change(ProviderAccountRow, 1, external_id=str(site.user_id("bob")))
    desk = WritingDesk(office)
    pool = HttpPool(clock=lambda: datetime.now(UTC), sleep=asyncio.sleep)
    context = AdapterContext(pool, tmp_path, pool.clock, pool.sleep)
    opened = Redmine({"url": site.url, "api_key": site.key}, context)
    desk.opens(opened)
    yield Room(desk, site, project)
    await pool.aclose()
    desk.close()


async def test_keep_ours(room: Room) -> None:
    """Redmine says what is here."""
    await room.conflict()
    await room.decides(Choice.OURS)
    assert room.hours() == [2.0]


async def test_keep_theirs(room: Room) -> None:
    """The entry is half an hour, as in Redmine."""
    await room.conflict()
    await room.decides(Choice.THEIRS)
    assert room.hours() == [0.5]
    assert [one.seconds for one in room.desk.office.entries()] == [1800]


async def test_keep_both(room: Room) -> None:
    """Two records; ours beside theirs."""
    await room.conflict()
    await room.decides(Choice.BOTH)
    assert room.hours() == [0.5, 2.0]


async def test_what_has_the_id_of_a_removed_record_stays(room: Room) -> None:
    """On SQLite Redmine gives the newest id again: that time is somebody else's."""
    entry = room.desk.office.logs(3600)
    await room.desk.delivers()
    (one,) = room.there()
    room.site.call("DELETE", f"time_entries/{one['id']}.json")
    by_hand = {"hours": 7.5, "spent_on": one["spent_on"], "issue_id": one["issue"]["id"]}
    room.site.call("POST", "time_entries.json", {"time_entry": by_hand})
    room.desk.office.deletes(entry)
    await room.desk.delivers()
    assert room.hours() == [7.5]


async def test_where_it_is_off_redmine_hears_nothing(room: Room) -> None:
    """No write happens; and a comparison tells of no difference."""
    room.desk.choose(write_mode=WriteMode.OFF)
    room.desk.office.logs(3600)
    await room.desk.delivers()
    assert room.there() == []


async def test_every_difference_is_listed(room: Room) -> None:
    """What was changed and what was removed by hand."""
    room.desk.office.logs(3600)
    room.desk.office.logs(1800)
    await room.desk.delivers()
    first, second = room.there()
    path = f"time_entries/{first['id']}.json"
    room.site.call("PUT", path, {"time_entry": {"hours": 0.25}})
    room.site.call("DELETE", f"time_entries/{second['id']}.json")
    before = room.there()
    works = WorklogChecking(room.desk.office.world.uow).works()
    found = [one async for one in differences(works, cast("Any", room.desk.adapters))]
    assert [one.kind.value for one in found if one] == ["different", "missing"]
    assert room.there() == before

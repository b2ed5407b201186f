"""The office with a tool that takes time, and a clock that a test moves."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol, cast

from sqlalchemy import select
from sqlmodel import col

from bot.domain.linking.write_back import WriteMode
from bot.domain.people.people import Member
from bot.domain.preferences import MemberSettings
from bot.domain.tasks.task_refs import KeyRef
from bot.domain.tracking.tracking import Logged
from bot.domain.writing.worklogs import StoredWorklog, WorklogState
from bot.integrations.api import KeepsTime
from bot.jobs.deliveries.worklogs import WorklogDeliveries
from bot.jobs.outbox import OutboxJob
from bot.services.outbox import Outbox
from bot.services.pool import Pool
from bot.services.writing.deciding import WorklogDeciding
from bot.services.writing.writing import Writing
from storage import members
from storage.linking.integrations import IntegrationRow
from storage.outbox import OutboxRow
from storage.projects.projects import ProjectRow
from storage.sql import table
from storage.writing import worklogs
from storage.writing.worklogs import WorklogRow
from tests.builders import NOON
from tests.jobs.mailbox import Mailbox
from tests.jobs.time_keeper import TimeKeeper
from tests.services.editor import Editor

if TYPE_CHECKING:
    from bot.jobs.adapters import Adapters
    from bot.slack import Slack

WRITTEN = (WorklogState.WRITTEN, "")
OFF = (WorklogState.OFF, "")
HOURS_LATER = 60 * 7


class Opener(Protocol):
    """What opens adapters."""

    def open(self, provider: str, sealed: str | None, own: str | None = None) -> KeepsTime:
        """One, with these keys."""
        ...


class Real:
    """Opens one adapter, whatever the keys."""

    def __init__(self, adapter: KeepsTime) -> None:
        self._adapter = adapter

    def open(self, provider: str, sealed: str | None, own: str | None = None) -> KeepsTime:
        """The one."""
        del provider, sealed, own
        return self._adapter


class WritingDesk:
    """Write-back is on for the board."""

    def __init__(self, office: Editor, tool: TimeKeeper | None = None) -> None:
        self.office, self.now, self.tool = office, NOON, tool or TimeKeeper()
        self.choose(write_mode=WriteMode.ON, sealed_credentials="sealed")
        self.pool = Pool(1)
        self.writing = Writing(office.world.uow, office.world.new_marker())
        self.mailbox = Mailbox()
        self._requests = 0
        self.adapters: Opener = self.tool
        self.deciding = WorklogDeciding(office.world.uow, office.world.new_marker(), str)
        self._deliver()

    def opens(self, adapter: KeepsTime) -> None:
        """A real one from here on."""
        self.adapters = Real(adapter)
        self._deliver()

    def _deliver(self) -> None:
        deliveries = WorklogDeliveries(
            cast("Slack", self.mailbox),
            self.pool,
            self.writing,
            self.deciding,
            adapters=cast("Adapters", self.adapters),
            clock=self.clock,
        )
        self.outbox = Outbox(self.office.world.uow)
        self.kinds = deliveries.kinds()
        self.job = OutboxJob(self.outbox, self.kinds, self.pool, self.clock)

    def close(self) -> None:
        """Lets everything go."""
        self.pool.close()
        self.office.world.close()

    def clock(self) -> datetime:
        """The moment a test has come to."""
        return self.now

    def choose(self, **values: object) -> None:
        """What an admin chooses for the board."""
        self.office.change(IntegrationRow, self.office.board, **values)

    def switch(self, whose: str, *, is_on: bool) -> None:
        """Writes nothing for the tool, the project or the person, or again."""
        office = self.office
        if whose == "tool":
            self.choose(write_mode=WriteMode.ON if is_on else WriteMode.OFF)
        elif whose == "project":
            office.change(ProjectRow, office.website, writes_time=is_on)
        else:
            chosen = MemberSettings(writes_time=is_on)
            with office.world.uow.begin() as tx:
                members.save_settings(tx, office.world.team_id, office.ana.id, chosen)

    def logs(
        self, key: str = "WEB-12", seconds: int = 3600, note: str = "", who: Member | None = None
    ) -> Logged:
        """``/track log 1h WEB-12 note``."""
        self._requests += 1
        logged = self.office.time_log.log(
            who=who or self.office.ana,
            ref=KeyRef(key),
            amount=seconds,
            day=None,
            note=note,
            now=self.now,
            request_id=f"request{self._requests}",
        )
        assert isinstance(logged, Logged)
        return logged

    async def delivers(self, *, minutes: float = 0) -> None:
        """Works off what is due then."""
        self.now += timedelta(minutes=minutes)
        await self.job.run_due()

    def stored(self) -> list[StoredWorklog]:
        """Every worklog, oldest first."""
        with self.office.world.uow.read() as tx:
            rows = tx.execute(select(table(WorklogRow)).order_by(table(WorklogRow).c.id))
            return [worklogs.stored_of(row) for row in rows]

    def states(self) -> list[tuple[WorklogState, str]]:
        """State and reason of each."""
        return [(one.state, one.reason) for one in self.stored()]


def owed(desk: WritingDesk) -> int:
    """Writes that wait in the outbox."""
    query = select(OutboxRow).where(
        col(OutboxRow.kind) == "worklog.write", col(OutboxRow.state).in_(["pending", "sending"])
    )
    with desk.office.world.uow.read() as tx:
        return len(tx.entities.scalars(query).all())

"""An outbox, and deliveries that go as a test wants them to."""

from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, text
from sqlmodel import col

from bot.domain.ids import TeamId
from bot.domain.outbox import OutboxItem
from bot.jobs.outbox import OutboxJob
from bot.services.outbox import Outbox
from bot.services.pool import Pool
from storage import outbox
from storage.outbox import OutboxRow
from tests.builders import NOON, World

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


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
            {"note": self._deliver, "long": self._deliver, "write": self._deliver},
            self.pool,
            lambda: self.now,
            {"long"},
            apart="write",
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

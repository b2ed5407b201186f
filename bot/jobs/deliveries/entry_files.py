"""Files of people's own time, in direct messages."""

from collections.abc import Mapping

from bot.domain.clock import Clock
from bot.domain.entries.entry_files import EntryFile
from bot.domain.errors import Vanished
from bot.domain.ids import MemberId
from bot.domain.outbox import OutboxItem
from bot.domain.periods import period_from
from bot.domain.reports.reports import narrowed_from
from bot.jobs.outbox import Delivery
from bot.services.entries.files import ENTRY_FILE, EntryFiles
from bot.services.pool import Pool
from bot.slack import Slack
from bot.views.entries import files as views


class EntryFileDeliveries:
    """One of which it is not known whether it arrived is sent again: it is only a copy."""

    def __init__(self, slack: Slack, pool: Pool, files: EntryFiles, clock: Clock) -> None:
        self._slack = slack
        self._pool = pool
        self._files = files
        self._clock = clock

    def kinds(self) -> Mapping[str, Delivery]:
        """By outbox kind."""
        return {ENTRY_FILE: self.send}

    async def send(self, item: OutboxItem) -> None:
        """``entries.file``.

        Raises:
            Vanished: who asked has left.
        """
        file = await self._made(item)
        await self._slack.upload(
            item.team_id,
            file.to,
            name=views.file_name(file.period),
            content=bytes(file.content),
            comment=views.came(file).text,
        )

    async def _made(self, item: OutboxItem) -> EntryFile:
        member_id = MemberId(item.id_of("member_id"))
        period = period_from(str(item.payload.get("period")))
        about = narrowed_from(str(item.payload.get("about")))
        if period is None or about is None:
            raise Vanished("period")
        steps = self._files.making(item.team_id, member_id, period, about, self._clock())
        made: EntryFile | None = None
        try:
            # A step is a hop of its own: with one thread, everybody else goes in between.
            while (further := await self._pool(next, steps, None)) is not None:
                made = further
        finally:
            await self._pool(steps.close)
        if made is None:
            raise Vanished("file")
        return made

"""Direct messages to those whose time somebody else changed."""

from collections.abc import Mapping

from bot.domain.clock import Clock
from bot.domain.ids import MemberId
from bot.domain.outbox import OutboxItem
from bot.jobs.outbox import Delivery
from bot.services.entries.telling import ENTRY_CHANGED, OwnerNotes
from bot.services.pool import Pool
from bot.slack import Slack
from bot.views.entries import listing as views


class EntryDeliveries:
    """Tells owners, once.

    A message of which it is not known whether it arrived is not sent again: the entry's history
    has the same.
    """

    def __init__(self, slack: Slack, pool: Pool, notes: OwnerNotes, clock: Clock) -> None:
        self._slack = slack
        self._pool = pool
        self._notes = notes
        self._clock = clock

    def kinds(self) -> Mapping[str, Delivery]:
        """By outbox kind."""
        return {ENTRY_CHANGED: self.changed}

    async def changed(self, item: OutboxItem) -> None:
        """``entry.changed``."""
        if item.may_have_happened:
            return
        note = await self._pool(
            self._notes.note,
            item.team_id,
            owner_id=MemberId(item.id_of("member_id")),
            actor_id=MemberId(item.id_of("actor_id")),
            step=str(item.payload.get("step")),
            now=self._clock(),
        )
        if note is not None:
            message = views.changed_by_other(note.who, note.found, note.line, note.on)
            await self._slack.post(item.team_id, note.to, message, marker=item.marker)

"""Direct messages about timers that Hourlink itself stopped."""

from collections.abc import Mapping

from bot.domain.clock import Clock
from bot.domain.ids import MemberId, TimeEntryId
from bot.domain.outbox import OutboxItem
from bot.jobs.outbox import Delivery
from bot.services.pool import Pool
from bot.services.tracking.stopping import TIMER_STOPPED, StoppedTimers
from bot.slack import Slack
from bot.views.tracking import timer as views


class TimerDeliveries:
    """Tells owners, once.

    A message of which it is not known whether it arrived is not sent again: `/track today` shows
    the entry.
    """

    def __init__(self, slack: Slack, pool: Pool, timers: StoppedTimers, clock: Clock) -> None:
        self._slack = slack
        self._pool = pool
        self._timers = timers
        self._clock = clock

    def kinds(self) -> Mapping[str, Delivery]:
        """By outbox kind."""
        return {TIMER_STOPPED: self.stopped}

    async def stopped(self, item: OutboxItem) -> None:
        """``timer.stopped``; says nothing where nothing was kept or the owner has left."""
        if item.may_have_happened:
            return
        now = self._clock()
        told = await self._pool(
            self._timers.told,
            item.team_id,
            TimeEntryId(item.id_of("time_entry_id")),
            MemberId(item.id_of("member_id")),
            now,
        )
        if told is not None:
            user_id, end = told
            message = views.stopped_for_them(end, now)
            await self._slack.post(item.team_id, user_id, message, marker=item.marker)

"""Direct messages about timers that not their owners stopped."""

from collections.abc import Mapping

from bot.domain.clock import Clock
from bot.domain.ids import MemberId, TimeEntryId
from bot.domain.outbox import OutboxItem
from bot.jobs.outbox import Delivery
from bot.services.pool import Pool
from bot.services.tracking.stopping import TIMER_STOPPED, StoppedTimers
from bot.services.tracking.stopping_others import STOPPED_BY_OTHER, StoppedByOthers
from bot.slack import Slack
from bot.views.tracking import team_timers as team_views
from bot.views.tracking import timer as views


class TimerDeliveries:
    """Tells owners, once.

    A message of which it is not known whether it arrived is not sent again: `/track today` shows
    the entry.
    """

    def __init__(
        self,
        slack: Slack,
        pool: Pool,
        timers: StoppedTimers,
        by_others: StoppedByOthers,
        clock: Clock,
    ) -> None:
        self._slack = slack
        self._pool = pool
        self._timers = timers
        self._by_others = by_others
        self._clock = clock

    def kinds(self) -> Mapping[str, Delivery]:
        """By outbox kind."""
        return {TIMER_STOPPED: self.stopped, STOPPED_BY_OTHER: self.stopped_by_other}

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

    async def stopped_by_other(self, item: OutboxItem) -> None:
        """``timer.stopped_by_other``; says nothing where it was taken back before."""
        if item.may_have_happened:
            return
        found = await self._pool(
            self._by_others.told,
            item.team_id,
            owner_id=MemberId(item.id_of("member_id")),
            actor_id=MemberId(item.id_of("actor_id")),
            entry_id=TimeEntryId(item.id_of("time_entry_id")),
            step=str(item.payload.get("step")),
            now=self._clock(),
        )
        if found is not None:
            message = team_views.stopped_by_other(found)
            await self._slack.post(item.team_id, found.to, message, marker=item.marker)

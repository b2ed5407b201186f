"""Direct messages about time that could not be written: one, edited as things go (W3)."""

from collections.abc import Mapping

from bot.domain.clock import Clock
from bot.domain.ids import IntegrationId, MemberId
from bot.domain.outbox import OutboxItem
from bot.domain.writing.worklogs_shown import NoticePlace
from bot.jobs.deliveries.one_message import tell_in_one
from bot.jobs.outbox import Delivery
from bot.services.pool import Pool
from bot.services.writing.notices import WorklogNotices
from bot.services.writing.writing import TELL
from bot.slack import Posted, Slack
from bot.views.writing import worklog_notices as views


class WorklogNoticeDeliveries:
    """Posts the message, and says in it what is left.

    One of which it is not known whether it arrived is not sent again: the entry shows the same.
    """

    def __init__(self, slack: Slack, pool: Pool, notices: WorklogNotices, clock: Clock) -> None:
        self._slack = slack
        self._pool = pool
        self._notices = notices
        self._clock = clock

    def kinds(self) -> Mapping[str, Delivery]:
        """By outbox kind."""
        return {TELL: self.tell}

    async def tell(self, item: OutboxItem) -> None:
        """``worklog.tell``."""
        member_id = MemberId(item.id_of("member_id"))
        integration_id = IntegrationId(item.id_of("integration_id"))
        whose = (item.team_id, member_id, integration_id)
        found = await self._pool(self._notices.notice, *whose, self._clock())
        if found is None:
            return
        message = views.notice(found)
        place = found.place
        there = None if place is None else Posted(place.channel_id, place.ts)
        first = await tell_in_one(self._slack, item, message, to=found.to, posted=there)
        if first is not None:
            here = NoticePlace(first.channel_id, first.ts, self._clock())
            await self._pool(self._notices.posted, *whose, here)
        if there is not None and not found.total:
            await self._pool(self._notices.over, *whose)

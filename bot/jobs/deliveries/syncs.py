"""Direct messages about syncs."""

from collections.abc import Mapping

from bot.domain.ids import IntegrationId, MemberId, SyncWishId
from bot.domain.outbox import OutboxItem
from bot.domain.sync.sync import IntegrationNotice
from bot.jobs.deliveries.one_message import posted_at, tell_in_one
from bot.jobs.outbox import Delivery
from bot.services.pool import Pool
from bot.services.sync.run_pages import REPORT
from bot.services.sync.syncing import BROKEN, RECOVERED
from bot.services.sync.telling import SyncReports
from bot.slack import Slack
from bot.views.providers import Faces, tool
from bot.views.sync import syncs as views


class SyncDeliveries:
    """Tells who asked how it goes, and admins what needs them.

    A direct message of which it is not known whether it arrived is not sent again; App Home shows
    the same.
    """

    def __init__(self, slack: Slack, pool: Pool, reports: SyncReports, faces: Faces) -> None:
        self._slack = slack
        self._pool = pool
        self._reports = reports
        self._faces = faces

    def kinds(self) -> Mapping[str, Delivery]:
        """By outbox kind."""
        return {REPORT: self.report, BROKEN: self.broken, RECOVERED: self.recovered}

    async def report(self, item: OutboxItem) -> None:
        """``run.report``: one message, edited until it holds the result (L4, S2)."""
        wish_id = SyncWishId(item.id_of("sync_wish_id"))
        found = await self._pool(self._reports.report, item.team_id, wish_id)
        if found is None:
            return
        message = views.report(found, tool(self._faces, found.provider))
        there = posted_at(found.channel_id, found.message_ts)
        first = await tell_in_one(self._slack, item, message, to=found.slack_user_id, posted=there)
        if first is not None:
            place = {"channel_id": first.channel_id, "ts": first.ts}
            await self._pool(self._reports.reported, item.team_id, wish_id, **place)

    async def broken(self, item: OutboxItem) -> None:
        """``integration.broken``; says nothing when it works again by now."""
        found = await self._notice(item)
        if found is not None and found.is_broken:
            message = views.broken(found, tool(self._faces, found.provider))
            await self._slack.post(item.team_id, found.slack_user_id, message, marker=item.marker)

    async def recovered(self, item: OutboxItem) -> None:
        """``integration.recovered``; says nothing when it is broken again by now."""
        found = await self._notice(item)
        if found is not None and not found.is_broken and not found.is_disconnected:
            message = views.recovered(found, tool(self._faces, found.provider))
            await self._slack.post(item.team_id, found.slack_user_id, message, marker=item.marker)

    async def _notice(self, item: OutboxItem) -> IntegrationNotice | None:
        if item.may_have_happened:
            return None
        return await self._pool(
            self._reports.notice,
            item.team_id,
            IntegrationId(item.id_of("integration_id")),
            MemberId(item.id_of("member_id")),
        )

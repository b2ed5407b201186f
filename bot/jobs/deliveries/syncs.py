"""Direct messages about syncs."""

from bot.domain.ids import IntegrationId, MemberId, SyncWishId
from bot.domain.outbox import OutboxItem
from bot.domain.sync.sync import IntegrationNotice
from bot.integrations.registry import ProviderUnknown, Registry
from bot.services.pool import Pool
from bot.services.sync.telling import SyncReports
from bot.slack import Posted, Slack
from bot.views.sync import syncs as views


class SyncDeliveries:
    """Tells who asked how it goes, and admins what needs them.

    A direct message of which it is not known whether it arrived is not sent again; App Home shows
    the same.
    """

    def __init__(self, slack: Slack, pool: Pool, reports: SyncReports, registry: Registry) -> None:
        self._slack = slack
        self._pool = pool
        self._reports = reports
        self._registry = registry

    async def report(self, item: OutboxItem) -> None:
        """``run.report``: one message, edited until it holds the result (L4, S2)."""
        wish_id = SyncWishId(item.id_of("sync_wish_id"))
        found = await self._pool(self._reports.report, item.team_id, wish_id)
        if found is None:
            return
        message = views.report(found, self._name(found.provider))
        if found.channel_id is not None and found.message_ts is not None:
            posted = Posted(found.channel_id, found.message_ts)
            await self._slack.update(item.team_id, posted, message)
        elif not item.may_have_happened:
            posted = await self._slack.post(
                item.team_id, found.slack_user_id, message, marker=item.marker
            )
            await self._pool(
                self._reports.reported,
                item.team_id,
                wish_id,
                channel_id=posted.channel_id,
                ts=posted.ts,
            )

    async def broken(self, item: OutboxItem) -> None:
        """``integration.broken``; says nothing when it works again by now."""
        found = await self._notice(item)
        if found is not None and found.is_broken:
            message = views.broken(found, self._name(found.provider))
            await self._slack.post(item.team_id, found.slack_user_id, message, marker=item.marker)

    async def recovered(self, item: OutboxItem) -> None:
        """``integration.recovered``; says nothing when it is broken again by now."""
        found = await self._notice(item)
        if found is not None and not found.is_broken and not found.is_disconnected:
            message = views.recovered(found, self._name(found.provider))
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

    def _name(self, slug: str) -> str:
        try:
            return self._registry.descriptor(slug).name
        except ProviderUnknown:
            return slug

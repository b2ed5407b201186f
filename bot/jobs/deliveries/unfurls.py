"""Showing what links lead to."""

from collections.abc import Mapping

from bot.domain.ids import TaskId
from bot.domain.outbox import OutboxItem
from bot.domain.slack_errors import SlackRefused
from bot.jobs.outbox import Delivery
from bot.services.pool import Pool
from bot.services.tasks.unfurling import UNFURL, Unfurling
from bot.slack import Slack
from bot.views.tasks import unfurls as views


class UnfurlDeliveries:
    """Shows them where no other organisation reads along.

    Showing the same under the same link again changes nothing, so an unknown outcome is repeated.
    """

    def __init__(self, slack: Slack, pool: Pool, unfurling: Unfurling) -> None:
        self._slack = slack
        self._pool = pool
        self._unfurling = unfurling

    def kinds(self) -> Mapping[str, Delivery]:
        """By outbox kind."""
        return {UNFURL: self.unfurl}

    async def unfurl(self, item: OutboxItem) -> None:
        """``link.unfurl``."""
        channel_id = str(item.payload["channel_id"])
        found = await self._pool(
            self._unfurling.shown, item.team_id, channel_id, TaskId(item.id_of("task_id"))
        )
        if found is None or await self._is_shared(item, channel_id):
            return
        await self._slack.unfurl(
            item.team_id,
            channel_id,
            str(item.payload["message_ts"]),
            {str(item.payload["url"]): views.unfurl(found)},
        )

    async def _is_shared(self, item: OutboxItem, channel_id: str) -> bool:
        """Whether people from outside read the channel, or may.

        Of conversations that Hourlink is not in, Slack tells no more than it told with the link.
        """
        try:
            return (await self._slack.channel(item.team_id, channel_id)).is_shared
        except SlackRefused as refused:
            if refused.code in {"channel_not_found", "missing_scope"}:
                return not item.id_of("ours_alone")
            raise

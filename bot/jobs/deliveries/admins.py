"""Direct messages about the right to administer."""

from collections.abc import Callable, Mapping

from bot.domain.ids import MemberId
from bot.domain.outbox import OutboxItem
from bot.domain.people.people import AdminNotice
from bot.jobs.outbox import Delivery
from bot.services.people.admins import NAMED, REMOVED, Admins
from bot.services.pool import Pool
from bot.slack import Slack
from bot.views.message import Message
from bot.views.people import admins as views


class AdminDeliveries:
    """Tells who was named and who is no admin any more, while that is still so.

    One of which it is not known whether it arrived is not sent again: `/link` shows it.
    """

    def __init__(self, slack: Slack, pool: Pool, admins: Admins) -> None:
        self._slack = slack
        self._pool = pool
        self._admins = admins

    def kinds(self) -> Mapping[str, Delivery]:
        """By outbox kind."""
        return {NAMED: self.named, REMOVED: self.removed}

    async def named(self, item: OutboxItem) -> None:
        """``admin.named``."""
        await self._tell(item, views.told_named, is_admin=True)

    async def removed(self, item: OutboxItem) -> None:
        """``admin.removed``."""
        await self._tell(item, views.told_removed, is_admin=False)

    async def _tell(
        self, item: OutboxItem, say: Callable[[AdminNotice], Message], *, is_admin: bool
    ) -> None:
        if item.may_have_happened:
            return
        notice = await self._pool(
            self._admins.notice,
            item.team_id,
            member_id=MemberId(item.id_of("member_id")),
            by=MemberId(item.id_of("by")),
            is_admin=is_admin,
        )
        if notice is not None:
            user_id = notice.person.slack_user_id
            await self._slack.post(item.team_id, user_id, say(notice), marker=item.marker)

"""Direct messages about managing a project."""

from collections.abc import Callable, Mapping

from bot.domain.ids import MemberId, ProjectId
from bot.domain.outbox import OutboxItem
from bot.domain.projects.projects import ManagerNotice
from bot.jobs.outbox import Delivery
from bot.services.pool import Pool
from bot.services.projects.telling import NAMED, REMOVED, ManagerNotices
from bot.slack import Slack
from bot.views.message import Message
from bot.views.projects import people as views


class ProjectDeliveries:
    """Tells who was named and who manages it no longer, while that is still so.

    One of which it is not known whether it arrived is not sent again: the project's page shows it.
    """

    def __init__(self, slack: Slack, pool: Pool, notices: ManagerNotices) -> None:
        self._slack = slack
        self._pool = pool
        self._notices = notices

    def kinds(self) -> Mapping[str, Delivery]:
        """By outbox kind."""
        return {NAMED: self.named, REMOVED: self.removed}

    async def named(self, item: OutboxItem) -> None:
        """``manager.named``."""
        await self._tell(item, views.told_named, manages=True)

    async def removed(self, item: OutboxItem) -> None:
        """``manager.removed``."""
        await self._tell(item, views.told_removed, manages=False)

    async def _tell(
        self, item: OutboxItem, say: Callable[[ManagerNotice], Message], *, manages: bool
    ) -> None:
        if item.may_have_happened:
            return
        notice = await self._pool(
            self._notices.notice,
            item.team_id,
            project_id=ProjectId(item.id_of("project_id")),
            member_id=MemberId(item.id_of("member_id")),
            by=MemberId(item.id_of("by")),
            manages=manages,
        )
        if notice is not None:
            await self._slack.post(
                item.team_id, notice.slack_user_id, say(notice), marker=item.marker
            )

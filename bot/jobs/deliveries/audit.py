"""Copies of the audit log, as files in direct messages."""

from collections.abc import Mapping

from bot.domain.ids import MemberId
from bot.domain.outbox import OutboxItem
from bot.jobs.outbox import Delivery
from bot.services.operating.auditing import EXPORT, Auditing
from bot.services.pool import Pool
from bot.slack import Slack
from bot.views.operating import audit as views

FILE = "hourlink-audit.csv"


class AuditDeliveries:
    """One of which it is not known whether it arrived is sent again: it is only a copy."""

    def __init__(self, slack: Slack, pool: Pool, auditing: Auditing) -> None:
        self._slack = slack
        self._pool = pool
        self._auditing = auditing

    def kinds(self) -> Mapping[str, Delivery]:
        """By outbox kind."""
        return {EXPORT: self.export}

    async def export(self, item: OutboxItem) -> None:
        """``audit.export``."""
        words = str(item.payload.get("words") or "")
        member_id = MemberId(item.id_of("member_id"))
        made = await self._pool(self._auditing.copy, item.team_id, member_id, words)
        await self._slack.upload(
            item.team_id,
            made.slack_user_id,
            name=FILE,
            content=made.file,
            comment=views.copy(made.lines, words).text,
        )

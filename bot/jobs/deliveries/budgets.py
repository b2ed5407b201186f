"""Warnings of budgets that fill up.

One of which it is not known whether it arrived is not sent again: once means once, and the page of
the project shows how much is used.
"""

from collections.abc import Mapping

from bot.domain.ids import MemberId, WarningId
from bot.domain.outbox import OutboxItem
from bot.jobs.outbox import Delivery
from bot.services.money.budget_warnings import POSTED, TOLD, BudgetWarnings
from bot.services.pool import Pool
from bot.slack import Slack
from bot.views.money import budgets as views


class BudgetDeliveries:
    """Tells managers, and channels."""

    def __init__(self, slack: Slack, pool: Pool, warnings: BudgetWarnings) -> None:
        self._slack = slack
        self._pool = pool
        self._warnings = warnings

    def kinds(self) -> Mapping[str, Delivery]:
        """By outbox kind."""
        return {TOLD: self.told, POSTED: self.posted}

    async def told(self, item: OutboxItem) -> None:
        """``budget.told``."""
        if item.may_have_happened:
            return
        warning_id, member_id = item.id_of("warning_id"), MemberId(item.id_of("member_id"))
        found = await self._pool(
            self._warnings.warning, item.team_id, WarningId(warning_id), member_id
        )
        if found is not None and found.to is not None:
            await self._slack.post(item.team_id, found.to, views.told(found), marker=item.marker)

    async def posted(self, item: OutboxItem) -> None:
        """``budget.posted``."""
        if item.may_have_happened:
            return
        warning_id, channel_id = item.id_of("warning_id"), str(item.payload["channel_id"])
        found = await self._pool(self._warnings.warning, item.team_id, WarningId(warning_id), None)
        if found is not None:
            await self._slack.post(
                item.team_id, channel_id, views.posted(found), marker=item.marker
            )

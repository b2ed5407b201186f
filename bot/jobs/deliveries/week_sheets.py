"""Direct messages about submitted weeks.

One of which it is not known whether it arrived is sent again, as it asks for the same answer; a
reminder is not.
"""

from collections.abc import Callable, Mapping

from bot.domain.approval.week_answers import SheetView
from bot.domain.approval.week_sheets import SheetState
from bot.domain.clock import Clock
from bot.domain.ids import MemberId, SheetId
from bot.domain.outbox import OutboxItem
from bot.jobs.outbox import Delivery
from bot.services.approval.week_deciding import ANSWERED, WeekDeciding
from bot.services.approval.week_reminding import REMINDER, WeekReminding
from bot.services.approval.week_submitting import SUBMITTED, WISHED
from bot.services.pool import Pool
from bot.slack import Slack
from bot.views.approval import week_approval as approval_views
from bot.views.approval import week_sheets as views
from bot.views.message import Message


class WeekSheetDeliveries:
    """Asks those who approve, and tells and reminds owners."""

    def __init__(
        self,
        slack: Slack,
        pool: Pool,
        deciding: WeekDeciding,
        reminding: WeekReminding,
        clock: Clock,
    ) -> None:
        self._slack = slack
        self._pool = pool
        self._deciding = deciding
        self._reminding = reminding
        self._clock = clock

    def kinds(self) -> Mapping[str, Delivery]:
        """By outbox kind."""
        return {
            SUBMITTED: self.submitted,
            WISHED: self.wished,
            ANSWERED: self.answered,
            REMINDER: self.reminder,
        }

    async def submitted(self, item: OutboxItem) -> None:
        """``sheet.submitted``; says nothing where none of the reader's parts waits any more."""
        await self._tell(
            item,
            lambda view: bool(view.sheet.waiting([one.project_id for one in view.projects])),
            approval_views.question,
        )

    async def wished(self, item: OutboxItem) -> None:
        """``sheet.wished``."""
        await self._tell(
            item,
            lambda view: bool(view.sheet.wish),
            approval_views.wish,
        )

    async def answered(self, item: OutboxItem) -> None:
        """``sheet.answered``."""
        told = {SheetState.APPROVED, SheetState.RETURNED}
        await self._tell(item, lambda view: view.sheet.state in told, views.answered)

    async def _tell(
        self,
        item: OutboxItem,
        still: Callable[[SheetView], bool],
        say: Callable[[SheetView], Message],
    ) -> None:
        found = await self._pool(
            self._deciding.told,
            item.team_id,
            SheetId(item.id_of("sheet_id")),
            MemberId(item.id_of("member_id")),
            self._clock(),
        )
        if found is None:
            return
        reader, view = found
        if view.sheet.round != item.id_of("round") or not still(view):
            return
        await self._slack.post(item.team_id, reader.slack_user_id, say(view), marker=item.marker)

    async def reminder(self, item: OutboxItem) -> None:
        """``sheet.reminder``; says nothing where the week was submitted meanwhile."""
        if item.may_have_happened:
            return
        told = await self._pool(
            self._reminding.told,
            item.team_id,
            SheetId(item.id_of("sheet_id")),
            MemberId(item.id_of("member_id")),
            self._clock(),
        )
        if told is not None:
            to, week = told
            await self._slack.post(item.team_id, to, views.reminder(week), marker=item.marker)

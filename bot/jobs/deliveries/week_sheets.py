"""Direct messages about submitted weeks.

One of which it is not known whether it arrived is sent again, as it asks for the same answer; a
reminder is not.
"""

from collections.abc import Callable, Mapping

from bot.domain.approval.week_answers import SheetView
from bot.domain.approval.week_sheets import SheetState
from bot.domain.asked_messages import AskedMessage
from bot.domain.clock import Clock
from bot.domain.ids import MemberId, SheetId
from bot.domain.outbox import OutboxItem
from bot.domain.people.people import Member
from bot.jobs.deliveries.one_message import show_in
from bot.jobs.outbox import Delivery
from bot.services.approval.week_deciding import ANSWERED, WeekDeciding
from bot.services.approval.week_reminding import REMINDER, WeekReminding
from bot.services.approval.week_submitting import SUBMITTED, WAITS, WISHED, WeekSubmitting
from bot.services.approval.week_views import DECIDED, STANDS
from bot.services.pool import Pool
from bot.slack import Posted, Slack
from bot.views.approval import week_approval as approval_views
from bot.views.approval import week_sheets as views
from bot.views.message import Message


def _waits(view: SheetView) -> bool:
    """Something in it waits for the reader."""
    return bool(view.sheet.waiting([one.project_id for one in view.projects]))


class WeekSheetDeliveries:
    """Asks those who approve, and tells and reminds owners."""

    def __init__(
        self,
        slack: Slack,
        pool: Pool,
        submitting: WeekSubmitting,
        deciding: WeekDeciding,
        *,
        reminding: WeekReminding,
        clock: Clock,
    ) -> None:
        self._slack = slack
        self._pool = pool
        self._submitting = submitting
        self._deciding = deciding
        self._reminding = reminding
        self._clock = clock

    def kinds(self) -> Mapping[str, Delivery]:
        """By outbox kind."""
        return {
            WAITS: self.waits,
            STANDS: self.stands,
            SUBMITTED: self.submitted,
            DECIDED: self.decided,
            WISHED: self.wished,
            ANSWERED: self.answered,
            REMINDER: self.reminder,
        }

    async def waits(self, item: OutboxItem) -> None:
        """``sheet.waits``; says nothing where it was submitted again meanwhile."""
        sheet_id, round_ = SheetId(item.id_of("sheet_id")), item.id_of("round")
        told = await self._pool(self._submitting.told, item.team_id, sheet_id, self._clock())
        if told is None or told[1].view.sheet.round != round_:
            return
        owner, done = told
        said = views.submitted(done)
        posted = await self._slack.post(item.team_id, owner.slack_user_id, said, marker=item.marker)
        message = AskedMessage(owner.id, posted.channel_id, posted.ts)
        await self._pool(
            self._submitting.said, item.team_id, sheet_id, round_, message, self._clock()
        )

    async def stands(self, item: OutboxItem) -> None:
        """``sheet.stands``: where the owner was told that it waits they see what became of it."""
        sheet_id = SheetId(item.id_of("sheet_id"))
        told = await self._pool(self._submitting.told, item.team_id, sheet_id, self._clock())
        if told is None:
            return
        _, done = told
        is_this = done.view.sheet.round == item.id_of("round")
        said = views.submitted(done) if is_this else Message(views.stands(done.view))
        await show_in(self._slack, item, said)

    async def submitted(self, item: OutboxItem) -> None:
        """``sheet.submitted``; says nothing where none of the reader's parts waits any more."""
        posted = await self._tell(item, _waits, approval_views.question)
        if posted is not None:
            sheet_id, round_ = SheetId(item.id_of("sheet_id")), item.id_of("round")
            member_id = MemberId(item.id_of("member_id"))
            message = AskedMessage(member_id, posted.channel_id, posted.ts)
            await self._pool(
                self._deciding.asked, item.team_id, sheet_id, round_, message, self._clock()
            )

    async def decided(self, item: OutboxItem) -> None:
        """``sheet.decided``: the question shows how the week stands, and goes where it is over."""
        found = await self._found(item)
        if found is None:
            return
        _, view = found
        if view.sheet.round == item.id_of("round") and _waits(view):
            await show_in(self._slack, item, approval_views.question(view))
        else:
            await show_in(self._slack, item, approval_views.settled(view))

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
    ) -> Posted | None:
        found = await self._found(item)
        if found is None:
            return None
        reader, view = found
        if view.sheet.round != item.id_of("round") or not still(view):
            return None
        to = reader.slack_user_id
        return await self._slack.post(item.team_id, to, say(view), marker=item.marker)

    async def _found(self, item: OutboxItem) -> tuple[Member, SheetView] | None:
        return await self._pool(
            self._deciding.told,
            item.team_id,
            SheetId(item.id_of("sheet_id")),
            MemberId(item.id_of("member_id")),
            self._clock(),
        )

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

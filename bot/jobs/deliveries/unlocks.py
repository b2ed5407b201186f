"""Direct messages about unlocking time.

One of which it is not known whether it arrived is sent again: a second copy asks for the same
answer, and a lost one would leave somebody waiting.
"""

from collections.abc import Callable, Mapping

from bot.domain.approval.unlocks import UnlockState, UnlockView
from bot.domain.clock import Clock
from bot.domain.ids import MemberId, UnlockId
from bot.domain.outbox import OutboxItem
from bot.jobs.outbox import Delivery
from bot.services.approval.unlocked import Unlocked
from bot.services.approval.unlocking import ANSWERED, ASKED
from bot.services.pool import Pool
from bot.slack import Slack
from bot.views.approval import unlocks as views
from bot.views.message import Message


class UnlockDeliveries:
    """Asks those who may unlock, and tells whose time it is."""

    def __init__(self, slack: Slack, pool: Pool, unlocked: Unlocked, clock: Clock) -> None:
        self._slack = slack
        self._pool = pool
        self._unlocked = unlocked
        self._clock = clock

    def kinds(self) -> Mapping[str, Delivery]:
        """By outbox kind."""
        return {ASKED: self.asked, ANSWERED: self.answered}

    async def asked(self, item: OutboxItem) -> None:
        """``unlock.asked``; says nothing where somebody answered before it was sent."""
        await self._tell(item, {UnlockState.ASKED}, views.wish)

    async def answered(self, item: OutboxItem) -> None:
        """``unlock.answered``."""
        await self._tell(item, {UnlockState.GRANTED, UnlockState.REFUSED}, views.answer)

    async def _tell(
        self, item: OutboxItem, only_in: set[UnlockState], say: Callable[[UnlockView], Message]
    ) -> None:
        found = await self._pool(
            self._unlocked.told,
            item.team_id,
            UnlockId(item.id_of("unlock_id")),
            MemberId(item.id_of("member_id")),
            self._clock(),
        )
        if found is None or found[1].unlock.state not in only_in:
            return
        reader, view = found
        await self._slack.post(item.team_id, reader.slack_user_id, say(view), marker=item.marker)

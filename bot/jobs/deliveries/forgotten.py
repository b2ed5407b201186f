"""Direct messages about forgotten timers.

Neither is sent again when it may have arrived: a second question would be one too many, and
`/track today` shows a timer that was stopped. A question that Slack refuses, because the person
cannot be written to, counts as asked.
"""

from collections.abc import Mapping

from bot.domain.clock import Clock
from bot.domain.ids import QuestionId
from bot.domain.outbox import OutboxItem
from bot.domain.slack_errors import SlackRefused
from bot.jobs.outbox import Delivery
from bot.services.pool import Pool
from bot.services.tracking.forgotten import QUESTION, UNANSWERED, ForgottenTimers
from bot.slack import Slack
from bot.views.tracking import forgotten as views


class ForgottenDeliveries:
    """Asks owners, and tells them."""

    def __init__(self, slack: Slack, pool: Pool, timers: ForgottenTimers, clock: Clock) -> None:
        self._slack = slack
        self._pool = pool
        self._timers = timers
        self._clock = clock

    def kinds(self) -> Mapping[str, Delivery]:
        """By outbox kind."""
        return {QUESTION: self.question, UNANSWERED: self.unanswered}

    async def question(self, item: OutboxItem) -> None:
        """``timer.question``; says nothing where it was settled meanwhile."""
        question_id = QuestionId(item.id_of("question_id"))
        if not item.may_have_happened:
            asked = await self._pool(self._timers.asked, item.team_id, question_id, self._clock())
            if asked is None:
                return
            try:
                await self._slack.post(
                    item.team_id, asked.to, views.question(asked), marker=item.marker
                )
            except SlackRefused:
                await self._delivered(item, question_id)
                raise
        await self._delivered(item, question_id)

    async def _delivered(self, item: OutboxItem, question_id: QuestionId) -> None:
        await self._pool(self._timers.delivered, item.team_id, question_id, self._clock())

    async def unanswered(self, item: OutboxItem) -> None:
        """``timer.unanswered``."""
        if item.may_have_happened:
            return
        question_id = QuestionId(item.id_of("question_id"))
        told = await self._pool(self._timers.given_up, item.team_id, question_id, self._clock())
        if told is not None:
            await self._slack.post(item.team_id, told.to, views.given_up(told), marker=item.marker)

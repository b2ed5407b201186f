"""Marking tasks done in their providers, and telling whoever asked."""

from collections.abc import Mapping

from bot.domain.clock import Clock
from bot.domain.ids import CompletionId
from bot.domain.outbox import OutboxItem
from bot.domain.tasks.completion import Completion, CompletionState, CompletionWork, Trouble
from bot.integrations.api import CompletesTasks, ProviderTask
from bot.integrations.errors import (
    ProviderAuthFailed,
    ProviderError,
    ProviderRateLimited,
    ProviderRefused,
    ProviderUnavailable,
)
from bot.integrations.registry import ProviderUnknown
from bot.jobs.adapters import REKEYED, Adapters
from bot.jobs.deliveries.one_message import posted_at, tell_in_one
from bot.jobs.outbox import Delivery
from bot.services.pool import Pool
from bot.services.tasks.completing import COMPLETE, TELL, CompletionResults
from bot.slack import Slack
from bot.views.providers import Faces, tool
from bot.views.tasks import completing as views

PATIENCE = 6
"""Times that a provider is asked: over ten minutes, with the outbox's waits. Who asked looks at
their screen, so an answer after hours would help nobody."""


class CompletionDeliveries:
    """Carries wishes out, and tells how it went in one message.

    A wish whose outcome is not known is looked at before it is repeated: the task itself says.
    """

    def __init__(
        self,
        slack: Slack,
        pool: Pool,
        results: CompletionResults,
        *,
        adapters: Adapters,
        faces: Faces,
        clock: Clock,
    ) -> None:
        self._slack = slack
        self._pool = pool
        self._results = results
        self._adapters = adapters
        self._faces = faces
        self._clock = clock

    def kinds(self) -> Mapping[str, Delivery]:
        """By outbox kind."""
        return {COMPLETE: self.complete, TELL: self.tell}

    async def complete(self, item: OutboxItem) -> None:
        """``task.complete``.

        Raises:
            ProviderError: the provider does not answer now; it is asked again later.
        """
        completion_id = CompletionId(item.id_of("completion_id"))
        work = await self._pool(self._results.work, item.team_id, completion_id)
        if work is None:
            return
        wish = work.completion
        if item.attempts >= PATIENCE:
            await self._ended(wish, CompletionState.UNKNOWN, Trouble.NO_ANSWER)
            return
        try:
            task = await self._carried_out(work, look=item.may_have_happened)
        except (ProviderAuthFailed, ProviderUnknown):
            found = await self._pool(self._results.work, item.team_id, completion_id)
            if found is not None and found.keys != work.keys:
                raise ProviderUnavailable(wish.provider, REKEYED) from None
            trouble = Trouble.OWN_KEY if work.sealed_own else Trouble.CREDENTIALS
            await self._ended(wish, CompletionState.REFUSED, trouble)
        except ProviderRefused as refused:
            await self._ended(wish, CompletionState.REFUSED, refused.reason)
        except ProviderError as error:
            if item.attempts + 1 >= PATIENCE:
                await self._ended(wish, CompletionState.UNKNOWN, Trouble.NO_ANSWER)
                return
            is_busy = isinstance(error, ProviderRateLimited)
            trouble = Trouble.BUSY if is_busy else Trouble.NO_ANSWER
            await self._pool(self._results.waits, wish, trouble, self._clock())
            raise
        else:
            if not await self._pool(self._results.read_again, work, task, self._clock()):
                await self._ended(wish, CompletionState.REFUSED, "")

    async def tell(self, item: OutboxItem) -> None:
        """``completion.tell``: one message, edited until it holds the result."""
        completion_id = CompletionId(item.id_of("completion_id"))
        found = await self._pool(self._results.present, item.team_id, completion_id)
        if found is None:
            return
        message = views.told(found, tool(self._faces, found.provider))
        there = posted_at(found.channel_id, found.message_ts)
        first = await tell_in_one(self._slack, item, message, to=found.slack_user_id, posted=there)
        if first is not None:
            place = {"channel_id": first.channel_id, "ts": first.ts}
            await self._pool(self._results.told, item.team_id, completion_id, **place)

    async def _carried_out(self, work: CompletionWork, *, look: bool) -> ProviderTask:
        wish = work.completion
        adapter = self._adapters.open(wish.provider, work.sealed_credentials, work.sealed_own)
        if not isinstance(adapter, CompletesTasks):
            raise ProviderRefused(wish.provider)
        if look:
            task = await adapter.task(work.external_id)
            if task is None:
                raise ProviderRefused(wish.provider, reason=Trouble.GONE)
            if task.is_done == wish.is_done:
                return task
        carry_out = adapter.complete if wish.is_done else adapter.reopen
        return await carry_out(work.external_id)

    async def _ended(self, wish: Completion, state: CompletionState, reason: str) -> None:
        await self._pool(self._results.ended, wish, state, reason, self._clock())

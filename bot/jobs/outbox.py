"""Delivering the outbox: at least once, in order within a subject, never blindly twice."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any, TypeAlias

import structlog

from bot.domain.clock import Clock
from bot.domain.errors import Busy, HourlinkError, TeamNotInstalled
from bot.domain.outbox import OutboxItem
from bot.domain.slack_errors import (
    SlackOutcomeUnknown,
    SlackRefused,
    SlackTryLater,
    TokenRejected,
)
from bot.domain.values import dataclass
from bot.integrations.errors import (
    ProviderRateLimited,
    ProviderSurprised,
    ProviderUnavailable,
)
from bot.jobs.handfuls import Handfuls
from bot.jobs.turns import Turns
from bot.services.outbox import Outbox
from bot.services.pool import Pool

log = structlog.get_logger(__name__)

Delivery: TypeAlias = Callable[[OutboxItem], Awaitable[None]]
"""Carries one kind of work to the outside. An item that ``may_have_happened`` is looked for before
it is repeated."""

SLOTS = 20
"""Deliveries under way at once in one process."""

TEAM_SLOTS = 12
"""Of those, for one team."""

ATTEMPTS = 12
"""After so many it is given up; with the waits below that is more than a day."""

TIME_LIMIT = 30.0
"""Seconds for one delivery; shorter than the time for which a row is held."""

LONG_LIMIT = 3600.0
"""The same for kinds that may take long, which are held for as long as somebody works on them."""

HOLD = 15.0
"""Seconds after which such a row is held anew; a third of a lease."""

LONGEST_WAIT = timedelta(hours=6)

LONGEST_REST = timedelta(minutes=1)
"""Slack is not called for a team whose call it put off, as long as it says, but no longer."""

GATHER = 0.02
"""Seconds in which what ends one after another makes room for what is taken up together."""

ENOUGH = SLOTS // 2
"""Deliveries that have ended, and wait for no more to do so."""

GRACE = 5.0
"""Seconds that what is being sent gets to end in when the process stops."""


class OutboxJob:
    """Works off what is due."""

    def __init__(
        self,
        outbox: Outbox,
        deliveries: Mapping[str, Delivery],
        pool: Pool,
        clock: Clock,
        long: Collection[str] = (),
        *,
        apart: str = "",
    ) -> None:
        """Takes what it works with.

        Args:
            outbox: What is owed.
            deliveries: By kind.
            pool: Where services run.
            clock: The time.
            long: Kinds that may take long.
            apart: The kind that goes on while Slack wants nothing of a team: it calls tools alone.
        """
        self._long = frozenset(long)
        self._apart = apart
        self._outbox = outbox
        self._deliveries = deliveries
        self._pool = pool
        self._clock = clock
        self._turns = Turns(SLOTS, TEAM_SLOTS)
        self._sending: set[asyncio.Task[None]] = set()
        self._at_work: set[int] = set()
        self._changed = asyncio.Event()
        self._soon: asyncio.TimerHandle | None = None
        """Something has ended, and is looked after shortly."""
        self._ended = 0
        """Since the last look."""
        self._noted = Handfuls(self._note)
        self._running = False

    async def run_due(self) -> None:
        """Delivers until nothing is due any more.

        Called while it is at it, it looks once more and the second call returns at once.
        Cancelled, it takes up nothing new, and lets what is being sent end if that is soon.
        """
        self._changed.set()
        if self._running:
            return
        self._running = True
        try:
            while self._changed.is_set() or self._sending or self._soon:
                await self._changed.wait()
                self._changed.clear()
                while await self._take_up() and self._turns.free >= ENOUGH:
                    pass
        except asyncio.CancelledError:
            await self._let_end()
            raise
        finally:
            self._running = False

    async def _let_end(self) -> None:
        if not self._sending:
            return
        _, late = await asyncio.wait(self._sending, timeout=GRACE)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _take_up(self) -> bool:
        """Begins as many deliveries as there is room for; whether any began."""
        if not self._turns.free:
            return False
        self._ended = 0
        due = await self._pool(self._outbox.teams_due, self._clock())
        resting = self._turns.resting(due, self._clock())
        if resting:  # who may take nothing would be dealt what others could use
            apart = await self._pool(self._outbox.teams_due, self._clock(), kind=self._apart)
            due = [one for one in due if one not in resting or one in apart]
        dealt = self._turns.deal(due)
        if not dealt:
            return False
        only = (self._apart, resting)
        taken = await self._pool(self._outbox.take, dealt, self._clock(), only=only)
        for item in taken:
            # Where the clock jumped, as after a suspension, a lease ends while we are at it. It is
            # looked after once it runs out again: what is being sent now has ended by then.
            if item.id not in self._at_work:
                self._begin(item)
        return bool(taken)

    def _begin(self, item: OutboxItem) -> None:
        self._turns.take(item.team_id)
        self._at_work.add(item.id)
        task = asyncio.create_task(self._deliver(item))
        self._sending.add(task)

        def ended(task: asyncio.Task[None]) -> None:
            self._turns.give_back(item.team_id)
            self._at_work.discard(item.id)
            self._sending.discard(task)
            self._ended += 1
            if self._ended == ENOUGH:
                self._changed.set()
            elif self._soon is None:  # the next of its subject may go now
                self._soon = task.get_loop().call_later(GATHER, self._look_again)

        task.add_done_callback(ended)

    def _look_again(self) -> None:
        self._soon = None
        self._changed.set()

    async def _note(self, delivered: Sequence[OutboxItem]) -> None:
        await self._pool(self._outbox.done, delivered, self._clock())

    async def _deliver(self, item: OutboxItem) -> None:
        try:
            await self._try(item)
        # It could not even be noted how it went: the lease runs out, and then it is taken up again
        # as what may have happened.
        except Busy as busy:
            error = type(busy).__name__
            log.warning("delivery_not_noted", kind=item.kind, outbox_id=item.id, error=error)
        except Exception:
            log.exception("delivery_not_noted", kind=item.kind, outbox_id=item.id)

    async def _try(self, item: OutboxItem) -> None:
        delivery = self._deliveries.get(item.kind)
        if delivery is None:
            await self._give_up(item, f"nothing delivers {item.kind}")
            return
        try:
            if item.kind in self._long:
                async with asyncio.timeout(LONG_LIMIT):
                    await self._holding(item, delivery)
            else:
                async with asyncio.timeout(TIME_LIMIT):
                    await delivery(item)
        except Exception as error:  # noqa: BLE001 - each kind has its verdict
            await self._failed(item, error)
        else:
            await self._noted(item)

    async def _holding(self, item: OutboxItem, delivery: Delivery) -> None:
        """Delivers, and says now and then that somebody still does.

        Raises:
            TimeoutError: that was forgotten for so long that somebody else took it up.
        """
        work = asyncio.ensure_future(delivery(item))
        try:
            while not (await asyncio.wait({work}, timeout=HOLD))[0]:
                if not await self._pool(self._outbox.hold, item, self._clock()):
                    raise TimeoutError
            work.result()
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)

    async def _failed(self, item: OutboxItem, error: Exception) -> None:
        verdict = _verdict(error)
        if verdict is None:
            log.error("delivery_failed", kind=item.kind, outbox_id=item.id, exc_info=error)
            verdict = _Verdict("unexpected, see the log", may_have_happened=True)
        if isinstance(error, _RESTS):
            self._turns.rest(item.team_id, self._clock() + min(verdict.wait, LONGEST_REST))
        if verdict.is_final:
            await self._give_up(item, verdict.reason)
            return
        await self._retry(
            item,
            verdict.reason,
            wait=verdict.wait,
            may_have_happened=verdict.may_have_happened,
        )

    async def _retry(
        self,
        item: OutboxItem,
        error: str,
        *,
        wait: timedelta = timedelta(0),
        may_have_happened: bool = False,
    ) -> None:
        if item.attempts + 1 >= ATTEMPTS:
            await self._give_up(item, error)
            return
        backoff = min(timedelta(seconds=2 * 4**item.attempts), LONGEST_WAIT)
        await self._pool(
            self._outbox.retry,
            item,
            self._clock() + max(wait, backoff),
            error=error,
            may_have_happened=may_have_happened or item.may_have_happened,
        )

    async def _give_up(self, item: OutboxItem, error: str) -> None:
        log.warning("delivery_given_up", kind=item.kind, outbox_id=item.id, error=error)
        await self._pool(self._outbox.give_up, item, self._clock(), error=error)


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What becomes of a delivery that did not work out."""

    reason: str
    is_final: bool = False
    wait: timedelta = timedelta(0)
    may_have_happened: bool = False


_VERDICTS: tuple[tuple[type[Exception], Callable[[Any], _Verdict]], ...] = (
    (
        SlackTryLater,
        lambda error: _Verdict("slack_try_later", wait=timedelta(seconds=error.retry_after)),
    ),
    (TimeoutError, lambda _: _Verdict("took too long", may_have_happened=True)),
    (
        SlackOutcomeUnknown,
        lambda error: _Verdict(f"no answer to {error.call}", may_have_happened=True),
    ),
    (TokenRejected, lambda error: _Verdict(error.code, wait=LONGEST_REST)),
    # It waits for the day on which the team comes back.
    (TeamNotInstalled, lambda _: _Verdict("team not installed", wait=LONGEST_REST)),
    (SlackRefused, lambda error: _Verdict(error.code, is_final=True)),
    (Busy, lambda _: _Verdict("database busy", may_have_happened=True)),
    (HourlinkError, lambda error: _Verdict(type(error).__name__, is_final=True)),
    (
        ProviderRateLimited,
        lambda error: _Verdict("provider_rate_limited", wait=timedelta(seconds=error.retry_after)),
    ),
    (ProviderUnavailable, lambda error: _Verdict(str(error), may_have_happened=True)),
    (ProviderSurprised, lambda error: _Verdict(str(error), may_have_happened=True)),
)
"""The first that fits counts."""


_RESTS = (SlackTryLater, TokenRejected, TeamNotInstalled)
"""After these the rest of what is owed to the team would fare no better."""


def _verdict(error: Exception) -> _Verdict | None:
    """None for what nobody expected."""
    return next((make(error) for kind, make in _VERDICTS if isinstance(error, kind)), None)

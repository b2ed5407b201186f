"""Bringing providers' time records up to the entries, exactly once each (W1 to W4)."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import structlog

from bot.domain.clock import Clock
from bot.domain.ids import WorklogId
from bot.domain.outbox import DeliveryTakenOver, OutboxItem
from bot.domain.writing.worklog_work import (
    WorklogWork,
    author_of,
    dead_key,
    key_of,
    new_author,
    said_last,
    wish_of,
)
from bot.domain.writing.worklogs import (
    ARRIVES,
    GONE,
    WRITE,
    Author,
    Record,
    Said,
    Step,
    StoredWorklog,
    Trouble,
    Unwanted,
    Wanted,
    first_step,
    may_be_ours,
    next_step,
)
from bot.integrations.api import (
    KeepsTime,
    RecallsTime,
    ReducesEstimates,
    Worklog,
    WorklogRecord,
)
from bot.integrations.errors import (
    ProviderAuthFailed,
    ProviderRateLimited,
    ProviderRefused,
    ProviderSurprised,
    ProviderUnavailable,
)
from bot.integrations.registry import ProviderUnknown
from bot.jobs.adapters import REKEYED, Adapters
from bot.jobs.deliveries.worklog_records import (
    NOT_THERE,
    about_the_task,
    record_of,
    worklog_of,
)
from bot.jobs.outbox import ATTEMPTS, Delivery
from bot.services.pool import Pool
from bot.services.writing.deciding import ANSWERED, WorklogDeciding
from bot.services.writing.writing import ASK, Writing
from bot.slack import Posted, Slack
from bot.views.writing import worklogs as views

log = structlog.get_logger(__name__)

PATIENCE = 25.0
"""Seconds for one worklog; less than the outbox allows, so that giving up is written down."""

_TROUBLES: Mapping[type[Exception], Trouble] = {
    ProviderRateLimited: Trouble.BUSY,
    ProviderUnavailable: Trouble.NO_ANSWER,
    ProviderSurprised: Trouble.NO_ANSWER,
    TimeoutError: Trouble.NO_ANSWER,
}
_ATTEMPTS: Mapping[type[Exception], int] = {ProviderSurprised: 6}
"""What nobody understands is not asked for a day: the writes after it wait."""


class WorklogDeliveries:
    """Writes, changes and removes records.

    Before anything is sent, what is sent is written down; so a call of unknown outcome, whatever
    crashed, is looked for before it is repeated.
    """

    def __init__(
        self,
        slack: Slack,
        pool: Pool,
        writing: Writing,
        deciding: WorklogDeciding,
        *,
        adapters: Adapters,
        clock: Clock,
        arrives: timedelta = ARRIVES,
    ) -> None:
        self._slack = slack
        self._pool = pool
        self._writing = writing
        self._deciding = deciding
        self._adapters = adapters
        self._clock = clock
        self._arrives = arrives

    def kinds(self) -> Mapping[str, Delivery]:
        """By outbox kind."""
        return {WRITE: self.write, ASK: self.ask, ANSWERED: self.answered}

    async def ask(self, item: OutboxItem) -> None:
        """``worklog.ask``: which version counts? The entry shows the same while it is open.

        One of which it is not known whether it arrived is not sent again.
        """
        if item.may_have_happened:
            return
        worklog_id = WorklogId(item.id_of("worklog_id"))
        found = await self._pool(self._deciding.told, item.team_id, worklog_id, self._clock())
        if found is not None:
            message = views.question(found)
            posted = await self._slack.post(item.team_id, found.owner, message, marker=item.marker)
            place = (posted.channel_id, posted.ts)
            await self._pool(self._deciding.asked, item.team_id, worklog_id, *place)

    async def answered(self, item: OutboxItem) -> None:
        """``worklog.answered``: the message that asked says what was chosen elsewhere."""
        found = await self._pool(self._deciding.answered, item, self._clock())
        if found is not None:
            posted = Posted(found.channel_id, found.ts)
            await self._slack.update(item.team_id, posted, views.decided_elsewhere(found))

    async def write(self, item: OutboxItem) -> None:
        """``worklog.write``.

        Raises:
            ProviderError: the provider does not answer now; it is asked again later.
        """
        worklog_id, call = WorklogId(item.id_of("worklog_id")), str(item.payload["call"])
        work = await self._pool(self._writing.work, item, worklog_id, call)
        if work is None:
            return
        left = self._still_arriving(work)
        if left > timedelta(0):
            if item.attempts + 1 >= ATTEMPTS:
                await self._failed(work, Trouble.NO_ANSWER)
                return
            raise ProviderRateLimited(
                work.place.provider,
                "an earlier call may still arrive",
                retry_after=left.total_seconds(),
            )
        try:
            async with asyncio.timeout(PATIENCE):
                await self._bring_up(work)
        except DeliveryTakenOver:
            log.info("worklog_taken_over", worklog_id=worklog_id)
        except (ProviderAuthFailed, ProviderUnknown):
            await self._pool(self._writing.refused, work)
            await self._locked_out(item, work)
        except ProviderRefused as refused:
            await self._pool(self._writing.refused, work)
            await self._failed(work, refused.reason or refused.detail or Trouble.REFUSED)
        except Exception as error:
            trouble = _TROUBLES.get(type(error), Trouble.BROKEN)
            if item.attempts + 1 >= _ATTEMPTS.get(type(error), ATTEMPTS):
                if trouble is Trouble.BROKEN:  # the outbox logs what is raised; this is the last
                    log.exception("worklog_given_up", worklog_id=worklog_id)
                await self._failed(work, trouble)
                return
            await self._pool(self._writing.waits, work.stored, trouble)
            raise

    async def _locked_out(self, item: OutboxItem, work: WorklogWork) -> None:
        """The keys were not accepted.

        Raises:
            ProviderUnavailable: there are others by now.
        """
        if item.attempts + 1 < ATTEMPTS and await self._pool(self._writing.was_rekeyed, work):
            raise ProviderUnavailable(work.place.provider, REKEYED)
        await self._failed(work, dead_key(work))

    def _still_arriving(self, work: WorklogWork) -> timedelta:
        """For how long what an earlier call sent may be at work there still.

        Looking before that would prove nothing.
        """
        tried = work.stored.tried
        if tried is None or tried.at is None:
            return timedelta(0)
        return tried.at + self._arrives - self._clock()

    async def _bring_up(self, work: WorklogWork) -> None:
        wish = wish_of(work)
        step = first_step(work.stored, wish)
        if step is Step.NOTHING:
            await self._settled(work, wish)
            return
        author = author_of(work)
        keeper = await self._opened(work, author)
        found: Record | None = None
        if step is Step.LOOK:
            found = await self._found(keeper, work, wish, author)
            step = next_step(work.stored, wish, found, work.gone_tasks)
            await self._ends_a_move(keeper, work.stored, step, found)
        if work.is_task_gone and found is None and isinstance(wish, Wanted):
            # What is known of its record stays known, should the task come back.
            await self._left(work, Unwanted(Trouble.TASK_GONE, leaves=True), removed=False)
            return
        await self._takes(keeper, work, wish, step, found)

    async def _takes(
        self,
        keeper: KeepsTime,
        work: WorklogWork,
        wish: Wanted | Unwanted,
        step: Step,
        found: Record | None,
    ) -> None:
        author = author_of(work)
        match step, wish:
            case Step.CONFLICT, _:
                await self._pool(self._writing.differs, work, found, self._clock())
            case Step.DELETE, Unwanted():
                await self._delete(keeper, work, wish, author, found)
            case Step.WRITE, Wanted(said):
                author = new_author(work)
                await self._create(await self._opened(work, author), work, said, author)
            case Step.REVIVE, Wanted(said):
                await self._revive(keeper, work, said, author)
            case Step.UPDATE, Wanted(said) if found is not None:
                await self._update(keeper, work, said, author, found)
            case Step.ADOPT, Wanted(said) if found is not None:
                await self._pool(self._writing.wrote, work, said, found, self._clock())
            case _, Unwanted():
                await self._left(work, wish, removed=True)

    async def _settled(self, work: WorklogWork, wish: Wanted | Unwanted) -> None:
        if isinstance(wish, Unwanted):
            await self._left(work, wish, removed=False)
        else:
            await self._pool(self._writing.stands, work, self._clock())

    async def _found(
        self, keeper: KeepsTime, work: WorklogWork, wish: Wanted | Unwanted, author: Author
    ) -> Record | None:
        """The record, looked for on every task where it may be."""
        stored = work.stored
        said = wish.said if isinstance(wish, Wanted) else None
        for task in stored.places or ([said.task] if said else []):
            worklog = worklog_of(work, said or said_last(work, task), author, task=task)
            try:
                found = await keeper.find_time(worklog)
            except ProviderRefused as refused:
                if refused.status not in NOT_THERE or task not in work.gone_tasks:
                    raise about_the_task(refused) from None
                continue  # what was on it went with it
            if found is not None:
                return replace(record_of(found), task=task)
        return await self._recalled(keeper, work, author)

    async def _recalled(
        self, keeper: KeepsTime, work: WorklogWork, author: Author
    ) -> Record | None:
        """The record by its id, where that is still ours and only its marker is gone."""
        stored = work.stored
        if stored.record is None or not isinstance(keeper, RecallsTime):
            return None
        for task in stored.places:
            worklog = worklog_of(work, said_last(work, task), author)
            there = await keeper.recall_time(stored.record.external_id, worklog)
            if there is not None and may_be_ours(stored, record_of(there)):
                return replace(record_of(there), task=task)
        return None

    async def _ends_a_move(
        self, keeper: KeepsTime, stored: StoredWorklog, step: Step, found: Record | None
    ) -> None:
        """Removes the record from the task that an unanswered call took it away from.

        Most tools move none: a new one is made, and then the old one goes, or does not. Those
        that give ids anew move theirs, and by an old id there may be somebody else's by now.
        """
        old = stored.record
        if old is None or found is None or step is Step.CONFLICT:
            return
        if isinstance(keeper, RecallsTime):
            return
        if old.external_id != found.external_id:
            await keeper.delete_time(old.external_id)

    async def _create(
        self,
        keeper: KeepsTime,
        work: WorklogWork,
        said: Said,
        author: Author,
        gone: Record | None = None,
    ) -> None:
        begins, now = self._writing.begins, self._clock()
        await self._pool(begins, work, said, author, found=gone, now=now)
        try:
            made = await self._made(keeper, worklog_of(work, said, author))
        except ProviderRefused as refused:
            if author.account is None or author.link_id is not None or refused.for_anyone:
                raise
            # Nothing arrived. These credentials write nobody else's time: the member is named.
            named = Author()
            await self._pool(begins, work, said, named, found=gone, now=self._clock())
            made = await self._made(keeper, worklog_of(work, said, named))
        await self._pool(self._writing.wrote, work, said, record_of(made), self._clock())

    async def _made(self, keeper: KeepsTime, worklog: Worklog) -> WorklogRecord:
        try:
            return await keeper.write_time(worklog)
        except ProviderRefused as refused:
            raise about_the_task(refused) from None

    async def _revive(
        self, keeper: KeepsTime, work: WorklogWork, said: Said, author: Author
    ) -> None:
        if work.stored.record is None:
            return
        # It stays known as gone, whatever becomes of this call.
        gone = replace(work.stored.record, version=GONE)
        if isinstance(keeper, RecallsTime):  # its id may be another's by now
            await self._create(keeper, work, said, author, gone)
            return
        try:
            await self._update(keeper, work, said, author, gone)
        except ProviderRefused as refused:
            if refused.status not in NOT_THERE:
                raise
            await self._create(keeper, work, said, author)

    async def _update(
        self, keeper: KeepsTime, work: WorklogWork, said: Said, author: Author, known: Record
    ) -> None:
        now = self._clock()
        await self._pool(self._writing.begins, work, said, author, found=known, now=now)
        kept = await keeper.update_time(known.external_id, worklog_of(work, said, author))
        await self._pool(self._writing.wrote, work, said, record_of(kept), self._clock())

    async def _delete(
        self,
        keeper: KeepsTime,
        work: WorklogWork,
        wish: Unwanted,
        author: Author,
        found: Record | None,
    ) -> None:
        known = found
        if found is None and not isinstance(keeper, RecallsTime):
            known = work.stored.record
        if known is not None:
            await self._pool(self._writing.removes, work, known, author, self._clock())
            await keeper.delete_time(known.external_id)
        await self._left(work, wish, removed=True)

    async def _opened(self, work: WorklogWork, author: Author) -> KeepsTime:
        own = key_of(work, author)
        if author.link_id is not None and own is None:
            raise ProviderRefused(work.place.provider, reason=Trouble.OWN_KEY)
        adapter = self._adapters.open(work.place.provider, work.place.sealed, own)
        if not isinstance(adapter, KeepsTime):
            raise ProviderRefused(work.place.provider, reason=Trouble.SWITCHED_OFF)
        if work.reduces_estimate and isinstance(adapter, ReducesEstimates):
            await adapter.reduce_estimates()
        return adapter

    async def _left(self, work: WorklogWork, wish: Unwanted, *, removed: bool) -> None:
        await self._pool(self._writing.left, work, wish, removed=removed, now=self._clock())

    async def _failed(self, work: WorklogWork, reason: str) -> None:
        await self._pool(self._writing.failed, work, reason, self._clock())

"""A task that was typed without saying what to do with it: what can be, and nothing is done yet."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.clock_times import Amount, When, resolve_when
from bot.domain.days import Day
from bot.domain.entries.entries import PendingEntry
from bot.domain.people.people import Member
from bot.domain.tasks.finding import Found
from bot.domain.tasks.task_refs import TaskRef
from bot.domain.tracking.tracking import TaskOffer, WhichTask
from bot.services.tasks.typed import ProviderName
from bot.services.tracking.desk import Desk, fitting
from bot.services.tracking.kept import kept_if_refused
from bot.services.tracking.time_log import resolved
from storage.tracking import pending_entries
from storage.unit_of_work import UnitOfWork


class BareTasks:
    """Offers, where a command would act."""

    def __init__(
        self, uow: UnitOfWork, new_marker: Callable[[], str], provider_name: ProviderName
    ) -> None:
        self._uow = uow
        self._new_marker = new_marker
        self._provider_name = provider_name

    def offer(
        self,
        *,
        who: Member,
        ref: TaskRef | None,
        now: datetime,
        when: When | None = None,
        amount: Amount | None = None,
        day: Day | None = None,
        note: str = "",
        channel_id: str | None = None,
        is_sure: bool = True,
    ) -> TaskOffer | WhichTask:
        """What can be done with what they typed.

        Args:
            who: Who asks.
            ref: The task or project; None offers those that are likely.
            now: When they asked.
            when: The moment a timer would start at, where that is not now.
            amount: Time already worked; None where a timer is meant.
            day: Its day.
            note: Of the timer or the entry.
            channel_id: Where it was typed.
            is_sure: Time is what they typed about: it is kept where an account is wanting.

        Raises:
            BadInput: the time is not a possible one.
            HourlinkError: it cannot be tracked, and why.
        """
        with kept_if_refused(self._uow, who, now) as wish, self._uow.begin() as tx:
            desk = Desk(
                tx, who, now, new_marker=self._new_marker, provider_name=self._provider_name
            )
            at = None if when is None else resolve_when(when, desk.now, desk.zone)
            if amount is not None:
                kept = resolved(desk, amount, day, fitting(note))
            else:
                kept = PendingEntry(is_log=False, started_at=at, note=fitting(note))
            if is_sure:
                wish.entry = kept
            found = desk.finder.find(ref, may_log=kept.is_log, channel_id=channel_id)
            if not isinstance(found, Found):
                return desk.ask(found, ref, kept)
            running = None if kept.is_log else desk.running()
            return TaskOffer(
                pending_entries.keep(tx, desk.team_id, who.id, kept, desk.now),
                found.candidate.on,
                desk.local(desk.now),
                None if at is None else desk.local(at),
                desk.worked(kept) if kept.is_log else None,
                kept.note,
                desk.timer(running) if running else None,
            )

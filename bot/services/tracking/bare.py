"""A task that was typed without saying what to do with it: what can be, and nothing is done yet."""

from datetime import datetime

from bot.domain.clock_times import Amount, When
from bot.domain.days import Day
from bot.domain.entries.entries import PendingEntry
from bot.domain.people.people import Member
from bot.domain.tasks.finding import Found
from bot.domain.tasks.task_refs import TaskRef
from bot.domain.tracking.tracking import TaskOffer, WhichTask
from bot.services.tracking.desk import AtDesk, beginning, fitting, with_words
from bot.services.tracking.kept import kept_if_refused
from bot.services.tracking.time_log import resolved
from storage.tracking import pending_entries


class BareTasks(AtDesk):
    """Offers, where a command would act."""

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
        has_no_verb: bool = True,
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
            has_no_verb: Words beside a key are a note; False where one may be a verb mistyped.
            is_sure: Time is what they typed about: it is kept where an account is wanting.

        Raises:
            BadInput: the time is not a possible one.
            HourlinkError: it cannot be tracked, and why.
        """
        with kept_if_refused(self._uow, who, now) as wish, self._uow.begin() as tx:
            desk = self._looking(tx, who, now)
            at = None if when is None else beginning(desk, when)
            if amount is not None:
                kept = resolved(desk, amount, day, fitting(note))
            else:
                kept = PendingEntry(is_log=False, started_at=at, note=fitting(note))
            if is_sure:
                wish.entry, wish.ref = kept, ref
            found = desk.finder.find(ref, may_log=kept.is_log, channel_id=channel_id)
            kept = with_words(kept, found) if has_no_verb else kept
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

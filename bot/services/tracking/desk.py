"""A member's own time in one open transaction: what the tracking use cases share."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.domain.clock_times import When, not_too_long_ago, resolve_when
from bot.domain.days import work_date
from bot.domain.entries.entries import (
    LONGEST_NOTE,
    EntryChange,
    LabelledEntry,
    PendingEntry,
    zone_of,
)
from bot.domain.errors import OtherOrganisation
from bot.domain.ids import MemberId, TimeEntryId
from bot.domain.input_errors import TextTooLong
from bot.domain.people.people import Member
from bot.domain.states import Role
from bot.domain.tasks.finding import Candidate, NothingFound, Search, Several
from bot.domain.tasks.task_refs import KeyRef, NumberRef, TaskRef, ref_words
from bot.domain.tracking.spans import elapsed, split_at_midnights
from bot.domain.tracking.tracking import DayLine, RunningTimer, TimerEnd, WhichTask, Worked
from bot.services.tasks.finder import Finder
from bot.services.tasks.refusals import ProviderName
from bot.services.tracking.booking import book
from storage.entries import time_entries
from storage.prepared import Look
from storage.tracking import pending_entries, timer_holds
from storage.unit_of_work import Tx, UnitOfWork


class Desk:
    """Who, when, where in the world, and the open transaction."""

    def __init__(
        self,
        tx: Tx,
        who: Member,
        now: datetime,
        *,
        new_marker: Callable[[], str],
        provider_name: ProviderName,
        actor: MemberId | None = None,
    ) -> None:
        self.tx = tx
        self.who = who
        """Whose time it is."""
        self.actor = who.id if actor is None else actor
        """Who changes it."""
        self.team_id = who.team_id
        self.now = now.replace(microsecond=0)
        """Entries begin and end on whole seconds."""
        self.zone = zone_of(who.zone)
        self.today: date = work_date(self.now, self.zone)
        self.new_marker = new_marker
        self.finder = Finder(tx, who, self.today, provider_name)
        self.provider_name = provider_name

    def lock(self, along: Sequence[Look] = ()) -> "Desk":
        """The same desk with the member's row held, so that one thing happens after another.

        Args:
            along: What is asked next: it need not be waited for by itself.

        Raises:
            OtherOrganisation: the member does not work here any more.
        """
        fresh = timer_holds.hold_member(self.tx, self.team_id, self.who.id, along)
        if fresh is None or (not fresh.is_active and self.is_own):
            raise OtherOrganisation
        return Desk(
            self.tx,
            fresh,
            self.now,
            new_marker=self.new_marker,
            provider_name=self.provider_name,
            actor=self.actor,
        )

    def looks_of_start(self) -> tuple[Look, ...]:
        """What a start asks besides its task, for who sends it along with something else."""
        return (time_entries.look_before_start(self.team_id, self.who.id, self.today),)

    def with_role(self, role: Role) -> "Desk":
        """The same desk for the same person, were this their role."""
        return Desk(
            self.tx,
            replace(self.who, role=role),
            self.now,
            new_marker=self.new_marker,
            provider_name=self.provider_name,
            actor=self.actor,
        )

    @property
    def is_own(self) -> bool:
        """Who changes it is whose time it is."""
        return self.actor == self.who.id

    def local(self, moment: datetime) -> datetime:
        """The moment on the member's wall clock."""
        return moment.astimezone(self.zone)

    def running(self) -> LabelledEntry | None:
        """The member's running timer."""
        return time_entries.running(self.tx, self.team_id, self.who.id)

    def timer(self, found: LabelledEntry) -> RunningTimer:
        """A running timer, to be shown."""
        return RunningTimer(
            found.entry.id,
            found.on,
            self.local(began(found)),
            self.local(self.now),
            found.entry.note,
            found.entry.permalink,
        )

    def total(self, day: date, running: LabelledEntry | None) -> int:
        """The seconds of a local day, with the running timer's part of it."""
        done = time_entries.seconds_on(self.tx, self.team_id, self.who.id, day)
        return done + (self.part_of(running, day) if running else 0)

    def part_of(self, running: LabelledEntry, day: date) -> int:
        """The seconds of a running timer that lie in a local day."""
        parts = split_at_midnights(began(running), max(began(running), self.now), self.zone)
        return sum(part.seconds for part in parts if part.work_date == day)

    def line(self, found: LabelledEntry) -> DayLine:
        """An entry, to be shown."""
        entry = found.entry
        timer_seconds = elapsed(began(found), self.now) if entry.is_running else 0
        return DayLine(
            entry.id,
            found.on,
            None if entry.started_at is None else self.local(entry.started_at),
            None if entry.ended_at is None else self.local(entry.ended_at),
            entry.seconds if entry.seconds is not None else timer_seconds,
            entry.note,
            is_running=entry.is_running,
            is_continued=entry.continues_id is not None,
            because=entry.stopped_because,
            permalink=entry.permalink,
        )

    def end_of(self, entry_id: TimeEntryId) -> TimerEnd | None:
        """How a timer of this member ended; None where it was thrown away, or is another's."""
        first = time_entries.labelled(self.tx, self.team_id, entry_id)
        if first is None or first.entry.member_id != self.who.id:
            return None
        last, seconds = first, first.entry.seconds or 0
        while later := time_entries.continuation(self.tx, self.team_id, last.entry.id):
            last, seconds = later, seconds + (later.entry.seconds or 0)
        if last.entry.ended_at is None:
            return None
        return TimerEnd(
            entry_id,
            first.on,
            self.local(began(first)),
            self.local(last.entry.ended_at),
            seconds,
            first.entry.note,
            because=first.entry.stopped_because,
        )

    def record(self, step: str, changes: Sequence[EntryChange], reason: str = "") -> None:
        """Writes down what was changed, and why where that was said."""
        book(
            self.tx,
            self.team_id,
            changes,
            step=step,
            actor=self.actor,
            now=self.now,
            reason=reason,
        )

    def ask(
        self, unsure: Several | NothingFound, ref: TaskRef | None, kept: PendingEntry
    ) -> WhichTask:
        """Turns a search without one answer into a question, and keeps the rest of the command."""
        found: tuple[Candidate, ...]
        is_all = True
        if isinstance(unsure, Several):
            found, total, is_all = unsure.candidates, unsure.total, unsure.is_all
        else:
            found, total = unsure.near, 0
        if ref is None and not kept.is_log and (running := self.running()):
            others = tuple(one for one in found if one.on.target != running.on.target)
            found, total = others, total - (len(found) - len(others))
        pending_id = pending_entries.keep(self.tx, self.team_id, self.who.id, kept, self.now)
        slugs = {one.place.source.provider for one in found if one.place.source}
        names = tuple((slug, self.provider_name(slug)) for slug in sorted(slugs))
        words = ref_words(ref) if ref else ""
        if isinstance(ref, NumberRef) and not unsure.within:
            words = ref.words or ref.called or words
        return WhichTask(
            pending_id,
            words,
            found,
            total,
            self.worked(kept) if kept.is_log else None,
            is_all,
            provider_names=names,
            within=unsure.within,
            note=kept.note,
        )

    def worked(self, kept: PendingEntry) -> Worked:
        """Time that is to be logged, to be shown."""
        start, end = kept.started_at, kept.ended_at
        return Worked(
            self.local(self.now),
            kept.seconds,
            None if start is None else self.local(start),
            None if end is None else self.local(end),
            kept.work_date,
        )


class AtDesk:
    """What use cases begin with that are about somebody's own time."""

    def __init__(
        self, uow: UnitOfWork, new_marker: Callable[[], str], provider_name: ProviderName
    ) -> None:
        self._uow = uow
        self._new_marker = new_marker
        self._provider_name = provider_name

    def _looking(self, tx: Tx, who: Member, now: datetime) -> Desk:
        """The desk, at which others may work meanwhile."""
        return Desk(tx, who, now, new_marker=self._new_marker, provider_name=self._provider_name)


def to_read(tx: Tx, who: Member, now: datetime) -> Desk:
    """A desk for what is only shown: nothing is written at it, and no tool is named."""
    return Desk(tx, who, now, new_marker=str, provider_name=str)


def began(found: LabelledEntry) -> datetime:
    """When a timer was started.

    Raises:
        ValueError: it is a length without clock times.
    """
    if found.entry.started_at is None:
        raise ValueError("a length has no start")
    return found.entry.started_at


def beginning(desk: Desk, when: When) -> datetime:
    """The moment at which a timer is to begin.

    Raises:
        BadInput: it is still to come, or too long ago.
    """
    return not_too_long_ago(resolve_when(when, desk.now, desk.zone), desk.now)


def with_words(kept: PendingEntry, found: Search) -> PendingEntry:
    """The same with what stood beside a key among its words before the note.

    Raises:
        TextTooLong: that is longer than is kept.
    """
    if isinstance(found, NothingFound) or not found.note:
        return kept
    return replace(kept, note=fitting("; ".join(filter(None, (found.note, kept.note)))))


def is_quick(ref: TaskRef | None) -> bool:
    """What is found at once, by its key or number; words are searched for."""
    return isinstance(ref, KeyRef) or (
        isinstance(ref, NumberRef) and not ref.words and not ref.called
    )


def fitting(note: str) -> str:
    """The same note.

    Raises:
        TextTooLong: it is longer than is kept.
    """
    if len(note) > LONGEST_NOTE:
        raise TextTooLong(len(note), LONGEST_NOTE)
    return note

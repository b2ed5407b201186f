"""The timer: start, switch, stop, note, throw away, take up again."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from bot.domain.clock_times import When, resolve_when
from bot.domain.entries.entries import (
    Action,
    EntryChange,
    LabelledEntry,
    PendingEntry,
    Target,
)
from bot.domain.ids import TimeEntryId
from bot.domain.people.people import Member
from bot.domain.tasks.finding import Candidate, Found, Several
from bot.domain.tasks.task_refs import TaskRef, ref_words
from bot.domain.tracking.tracking import (
    Cancelled,
    Logged,
    Noted,
    RunningTimer,
    Started,
    Status,
    Stopped,
    WhichTask,
)
from bot.domain.tracking.tracking_errors import (
    AlreadyAnswered,
    AlreadyOn,
    AlreadyStopped,
    NothingToResume,
    NoTimerRunning,
    TargetUnknown,
)
from bot.services import rights
from bot.services.again import again_if_raced
from bot.services.approval.locks import require_open
from bot.services.tasks.first_looks import first_looks
from bot.services.tracking.desk import AtDesk, Desk, began, beginning, fitting, is_quick, with_words
from bot.services.tracking.ending import is_on, stop_own
from bot.services.tracking.kept import kept_if_refused
from bot.services.tracking.starting import begin
from bot.services.tracking.time_log import save_log
from storage.entries import time_entries
from storage.tracking import pending_entries


class Tracking(AtDesk):
    """One running timer a member."""

    @again_if_raced
    def start(
        self,
        *,
        who: Member,
        ref: TaskRef | None,
        now: datetime,
        when: When | None = None,
        note: str = "",
        channel_id: str | None = None,
    ) -> Started | WhichTask:
        """Starts a timer, now or at an earlier moment; a running one ends at that moment.

        Args:
            who: Whose timer.
            ref: What they typed; None offers what is likely, as ``Finder.find`` says.
            now: When this was asked.
            when: The moment it starts at, where that is not now.
            note: The timer's note.
            channel_id: Where it was typed.

        Raises:
            BadInput: the moment is not a possible one.
            AlreadyOn: the same task is running.
            HourlinkError: the task cannot be tracked, or the time is taken.
        """
        # A search may take a while; who waits behind it need not wait for its commit as well.
        brief = is_quick(ref)
        with (
            kept_if_refused(self._uow, who, now) as wish,
            self._desk(who, now, brief=brief, about=ref) as desk,
        ):
            at = None if when is None else beginning(desk, when)
            wish.entry = PendingEntry(is_log=False, started_at=at, note=fitting(note))
            wish.ref = ref
            found = desk.finder.find(ref, channel_id=channel_id)
            kept = with_words(wish.entry, found)
            if isinstance(found, Found):
                return begin(desk, found.candidate, at, kept.note)
            return desk.ask(found, ref, kept)

    @again_if_raced
    def start_on(
        self, *, who: Member, target: Target, now: datetime, like: TimeEntryId | None = None
    ) -> Started:
        """Starts a timer now on what a button names, with the note of the own entry ``like``.

        Raises:
            AlreadyOn: the same task is running.
            HourlinkError: it cannot be tracked.
        """
        with (
            kept_if_refused(self._uow, who, now) as wish,
            self._desk(who, now, about=target) as desk,
        ):
            found = like and time_entries.labelled(desk.tx, desk.team_id, like)
            note = found.entry.note if found and found.entry.member_id == desk.who.id else ""
            wish.entry = PendingEntry(is_log=False, note=note)
            return begin(desk, desk.finder.by_target(target), None, note)

    @again_if_raced
    def pick(
        self,
        *,
        who: Member,
        pending_id: int,
        target: Target,
        now: datetime,
        note: str | None = None,
    ) -> Started | Logged:
        """Answers the question which task a command meant.

        Args:
            who: Who answers.
            pending_id: The question.
            target: The answer.
            now: When it was given.
            note: Of the timer, where a form asked for one.

        Raises:
            AlreadyAnswered: it was answered before.
            HourlinkError: the task cannot be tracked, or the time is taken.
        """
        with self._desk(who, now) as desk:
            kept = pending_entries.take(desk.tx, desk.team_id, desk.who.id, pending_id, desk.now)
            if kept is None:
                raise AlreadyAnswered
            chosen = desk.finder.by_target(target, may_log=kept.is_log)
            if kept.is_log:
                return save_log(desk, chosen.on, kept)
            noted = kept.note if note is None else note
            return begin(desk, chosen, kept.started_at, noted, kept.permalink)

    @again_if_raced
    def resume(self, *, who: Member, now: datetime) -> Started:
        """Starts a timer now on what was tracked last, with its note.

        Raises:
            NothingToResume: nothing was.
            AlreadyOn: a timer is running.
            NothingToTrackOn: its project was deleted in its tool, and there is no other.
            TargetUnknown: what was tracked last is gone, or another's by now.
        """
        with self._desk(who, now) as desk:
            if running := desk.running():
                raise AlreadyOn(desk.timer(running))
            last = time_entries.last(desk.tx, desk.team_id, desk.who.id)
            if last is None:
                raise NothingToResume
            try:
                found = desk.finder.by_target(last.on.target)
            except TargetUnknown:
                desk.finder.check_deleted()  # it can say more than that
                raise
            return begin(desk, found, None, last.entry.note)

    def stop(
        self,
        *,
        who: Member,
        now: datetime,
        when: When | None = None,
        note: str = "",
        entry_id: TimeEntryId | None = None,
        ref: TaskRef | None = None,
        typed: str = "",
    ) -> Stopped:
        """Stops the running timer, now or at an earlier moment.

        Args:
            who: Whose timer.
            now: When this was asked.
            when: The moment it ended at, where that is not now.
            note: Added to the timer's own.
            entry_id: The timer that is meant, where a button names one.
            ref: The task that is meant, where one was typed; what is no task is part of the note.
            typed: The same as it was typed.

        Raises:
            NoTimerRunning: there is none.
            OtherTimerRuns: it is on another task than the one that was typed.
            AlreadyStopped: the one that is meant had ended before.
            StopsBeforeStart: it began later than that.
        """
        with self._desk(who, now, brief=ref is None) as desk:
            running = desk.running()
            since = began(running) if running else None
            at = None if when is None else resolve_when(when, desk.now, desk.zone, since=since)
            if ref is not None and not is_on(desk, ref, _required(desk, running)):
                note = f"{typed or ref_words(ref)} {note}".rstrip()
            if entry_id is not None and (running is None or running.entry.id != entry_id):
                timer = desk.timer(running) if running else None
                raise AlreadyStopped(desk.end_of(entry_id), timer, desk.local(desk.now))
            return stop_own(desk, _required(desk, running), at, note)

    def note(
        self, *, who: Member, text: str, now: datetime, entry_id: TimeEntryId | None = None
    ) -> Noted:
        """Sets the note of the running timer, or of the entry that a form names.

        Raises:
            NoTimerRunning: there is none.
            TargetUnknown: the entry is gone.
            TextTooLong: more than is kept.
            ProjectArchived: the entry is finished, and its project is archived.
        """
        with self._desk(who, now) as desk:
            found = _own(desk, entry_id) if entry_id else _required(desk, desk.running())
            noted, step = replace(found.entry, note=fitting(text)), ""
            if noted != found.entry:
                if not noted.is_running:
                    require_open(desk.tx, desk.who, [noted], desk.now)
                    rights.change_time(desk.tx, desk.who, noted.project_id, noted.task_id)
                time_entries.rewrite(desk.tx, desk.team_id, [noted])
                change = EntryChange(Action.NOTED, found.entry, noted)
                step = self._new_marker()
                desk.record(step, [change])
            return Noted(noted.id, found.on, noted.note, noted.is_running, step)

    def entry(self, *, who: Member, entry_id: TimeEntryId, now: datetime) -> LabelledEntry:
        """The member's own entry, for a form.

        Raises:
            TargetUnknown: it is gone, or another's.
        """
        with self._uow.read() as tx:
            desk = self._looking(tx, who, now)
            return _own(desk, entry_id)

    def running(self, *, who: Member, now: datetime) -> LabelledEntry:
        """The member's running timer, for a form.

        Raises:
            NoTimerRunning: there is none.
        """
        with self._uow.read(brief=True) as tx:
            desk = self._looking(tx, who, now)
            return _required(desk, desk.running())

    def cancel(self, *, who: Member, now: datetime) -> Cancelled:
        """Throws the running timer away.

        Raises:
            NoTimerRunning: there is none.
        """
        with self._desk(who, now) as desk:
            running = _required(desk, desk.running())
            gone = replace(running.entry, deleted_at=desk.now)
            time_entries.rewrite(desk.tx, desk.team_id, [gone])
            step = self._new_marker()
            desk.record(step, [EntryChange(Action.CANCELLED, running.entry, gone)])
            timer = desk.timer(running)
            return Cancelled(timer.on, timer.since, timer.seconds, timer.now, step)

    def status(self, *, who: Member, now: datetime) -> Status:
        """What runs, and the day so far."""
        with self._uow.read(brief=True) as tx:
            desk = self._looking(tx, who, now)
            running = desk.running()
            timer: RunningTimer | None = desk.timer(running) if running else None
            return Status(timer, desk.total(desk.today, running))

    def search(self, *, who: Member, text: str, now: datetime) -> Several:
        """What the member may track that fits the words, likeliest first."""
        with self._uow.read() as tx:
            desk = self._looking(tx, who, now)
            return desk.finder.tasks(text)

    def instead(self, *, who: Member, text: str, now: datetime) -> Sequence[Candidate]:
        """Where no task was found, what is spelled alike; without words, projects as such."""
        with self._uow.read() as tx:
            finder = self._looking(tx, who, now).finder
            return finder.near(text).candidates if text.strip() else finder.projects("")

    def check_reach(self, *, who: Member, now: datetime) -> None:
        """Nothing, where there is something to search in.

        Raises:
            AccountNotConnected: there is none before an account is connected.
            NothingToTrackOn: this member is on no project.
        """
        with self._uow.read(brief=True) as tx:
            self._looking(tx, who, now).finder.check_reach()

    def suggestions(self, *, who: Member, text: str, now: datetime) -> Several:
        """What a searching select offers while somebody types."""
        with self._uow.read(brief=True) as tx:
            desk = self._looking(tx, who, now)
            if (found := desk.finder.suggestions(text)) is not None:
                return found
        # All words of the team's tasks are compared with these: that is not brief.
        with self._uow.read() as tx:
            desk = self._looking(tx, who, now)
            return desk.finder.near(text)

    @contextmanager
    def _desk(
        self,
        who: Member,
        now: datetime,
        *,
        brief: bool = True,
        about: TaskRef | Target | None = None,
    ) -> Iterator[Desk]:
        with self._uow.begin(brief=brief) as tx:
            desk, along = self._looking(tx, who, now), first_looks(who, about)
            yield desk.lock((*along, *desk.looks_of_start()) if along else ())


def _required(desk: Desk, running: LabelledEntry | None) -> LabelledEntry:
    if running is not None:
        return running
    last = time_entries.last(desk.tx, desk.team_id, desk.who.id)
    recent = last is not None and last.entry.work_date == desk.today
    end = desk.end_of(last.entry.id) if last is not None and recent else None
    raise NoTimerRunning(end, desk.local(desk.now))


def _own(desk: Desk, entry_id: TimeEntryId) -> LabelledEntry:
    found = time_entries.labelled(desk.tx, desk.team_id, entry_id)
    if found is None or found.entry.member_id != desk.who.id:
        raise TargetUnknown
    return found

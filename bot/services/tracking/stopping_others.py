"""Stopping somebody's timer for them: by a manager of its project or an admin, with a reason."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, time

from bot.domain.approval.closing_months import ReasonMissing
from bot.domain.entries.editing_errors import NotYourEntry
from bot.domain.entries.entries import LabelledEntry, zone_of
from bot.domain.errors import HourlinkError
from bot.domain.ids import MemberId, TeamId, TimeEntryId
from bot.domain.input_errors import TextTooLong
from bot.domain.people.people import Member
from bot.domain.tracking.clocked_end import clocked_end
from bot.domain.tracking.team_timers import (
    LONGEST_REASON,
    StoppedByOther,
    StoppedForSomebody,
    StopWanted,
    TheirTimerEnded,
)
from bot.domain.tracking.tracking import RunningTimer, TimerEnd
from bot.domain.tracking.tracking_errors import TargetUnknown
from bot.services.approval.locks import require_open
from bot.services.entries.access import AtFiles, Files, check_reach
from bot.services.tracking.closing import Closing, close_timers
from bot.services.tracking.desk import Desk, began, to_read
from storage import members, outbox
from storage.entries import entry_history, time_entries
from storage.operating import audit
from storage.unit_of_work import UnitOfWork

STOPPED_BY_OTHER = "timer.stopped_by_other"
"""Outbox kind of the message that tells an owner; its payload names them, who did it, the timer
and the step."""


class OthersTimers(AtFiles):
    """What *Stop...* asks and does."""

    def wanted(self, *, who: Member, entry_id: TimeEntryId, now: datetime) -> StopWanted:
        """What the form shows.

        Raises:
            NotYourEntry: it is another's, on a project that who asks does not manage.
            TheirTimerEnded: it does not run any more.
            TargetUnknown: there never was such a timer.
        """
        with self._uow.read() as tx:
            files = self._files(tx, who, now)
            desk, running = _running(files, entry_id, lock=False)
            seen = _seen(files, desk, running)
            return StopWanted(desk.who.name, seen, files.actor.zone, is_own=desk.is_own)

    def stop(
        self,
        *,
        who: Member,
        entry_id: TimeEntryId,
        day: date | None = None,
        clock: time | None = None,
        reason: str,
        now: datetime,
    ) -> StoppedForSomebody:
        """Stops that very timer and keeps its time; its owner is told, and why.

        Args:
            who: Who asks.
            entry_id: The timer.
            day: On which it ended, in the zone of who asks; as ``clocked_end`` takes it.
            clock: When it ended, in the same zone; None for now.
            reason: Why, for its owner, its history and the audit log.
            now: When this was asked.

        Raises:
            ReasonMissing: no reason is given.
            TextTooLong: it is longer than is kept.
            InTheFuture: that moment is still to come.
            StopsBeforeStart: the timer began later.
            TimeDoesNotExist: the clocks jumped over it.
            HourlinkError: as ``wanted``.
        """
        if not reason:
            raise ReasonMissing
        if len(reason) > LONGEST_REASON:
            raise TextTooLong(len(reason), LONGEST_REASON)
        with self._uow.begin() as tx:
            files = self._files(tx, who, now)
            desk, running = _running(files, entry_id, lock=True)
            here = zone_of(files.actor.zone)
            end = desk.now
            if clock is not None:
                end = clocked_end(_seen(files, desk, running), day, clock, here)
            closing = Closing(running.entry, end, desk.zone)
            (closed,) = close_timers(
                tx, desk.team_id, [closing], now=desk.now, new_marker=self._new_marker
            )
            step = self._new_marker()
            desk.record(step, closed.changes, reason)
            ended = TimerEnd(
                entry_id,
                running.on,
                began(running).astimezone(here),
                end.astimezone(here),
                closed.seconds,
                running.entry.note,
            )
            is_told = not desk.is_own and desk.who.is_active and closed.seconds > 0
            if is_told:
                self._owe(desk, entry_id, step)
            if not desk.is_own:
                _write_down(files, desk, ended, reason)
            return StoppedForSomebody(
                desk.who.name, ended, desk.now.astimezone(here), reason, step, is_told
            )

    def _owe(self, desk: Desk, entry_id: TimeEntryId, step: str) -> None:
        outbox.add(
            desk.tx,
            desk.team_id,
            kind=STOPPED_BY_OTHER,
            subject=f"member:{desk.who.id}",
            payload={
                "member_id": desk.who.id,
                "actor_id": desk.actor,
                "time_entry_id": entry_id,
                "step": step,
            },
            marker=self._new_marker(),
            now=desk.now,
        )


class StoppedByOthers:
    """What the owner of such a timer is told."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def told(
        self,
        team_id: TeamId,
        *,
        owner_id: MemberId,
        actor_id: MemberId,
        entry_id: TimeEntryId,
        step: str,
        now: datetime,
    ) -> StoppedByOther | None:
        """Whom to tell what; None where the owner left, or the stop was taken back since."""
        with self._uow.read() as tx:
            people = members.by_ids(tx, team_id, [owner_id, actor_id])
            owner, actor = people.get(owner_id), people.get(actor_id)
            rows = entry_history.of_step_whole(tx, team_id, step)
            if owner is None or not owner.is_active or actor is None or not rows:
                return None
            desk = to_read(tx, owner, now)
            end = desk.end_of(entry_id)
            found = time_entries.labelled(tx, team_id, entry_id)
            if end is None or found is None:
                return None
            return StoppedByOther(
                owner.slack_user_id,
                actor.name,
                end,
                desk.local(desk.now),
                rows[0].reason,
                may_edit=_may_edit(desk, found),
            )


def _running(files: Files, entry_id: TimeEntryId, *, lock: bool) -> tuple[Desk, LabelledEntry]:
    """The desk of the timer's owner, and that very timer, which runs."""
    found = time_entries.ever(files.tx, files.actor.team_id, entry_id)
    if found is None:
        raise TargetUnknown
    if found.entry.member_id != files.actor.id:
        files.check_manages(found.entry.project_id)
    desk = files.desk_of(found.entry.member_id, lock=lock)
    running = desk.running()
    if running is None or running.entry.id != entry_id:
        raise _ended(files, desk, found, running)
    moved = running.entry.project_id != found.entry.project_id  # before its owner's row was held
    if moved and not desk.is_own:
        files.check_manages(running.entry.project_id)
    return desk, running


def _ended(
    files: Files, desk: Desk, found: LabelledEntry, running: LabelledEntry | None
) -> TheirTimerEnded:
    end, timer = desk.end_of(found.entry.id), None
    if running is not None:
        with suppress(NotYourEntry):
            files.check_manages(running.entry.project_id)
            timer = _seen(files, desk, running)
    here = zone_of(files.actor.zone)
    if end is not None:
        end = replace(end, since=end.since.astimezone(here), until=end.until.astimezone(here))
    return TheirTimerEnded(desk.who.name, found.on, end, timer, desk.now.astimezone(here))


def _seen(files: Files, desk: Desk, running: LabelledEntry) -> RunningTimer:
    """The timer on the clock of who asks."""
    here, timer = zone_of(files.actor.zone), desk.timer(running)
    return replace(timer, since=timer.since.astimezone(here), now=timer.now.astimezone(here))


def _write_down(files: Files, desk: Desk, end: TimerEnd, reason: str) -> None:
    since, until = (f"{one.astimezone(UTC):%Y-%m-%d %H:%M} UTC" for one in (end.since, end.until))
    audit.record(
        files.tx,
        desk.team_id,
        actor=files.actor.id,
        action="timer.stop",
        subject=f"member:{desk.who.id}",
        before={"timer": end.on.name, "project": end.on.project_name, "since": since},
        after={"until": until, "reason": reason},
        now=desk.now,
    )


def _may_edit(desk: Desk, found: LabelledEntry) -> bool:
    """Whether the owner may still change what was kept."""
    try:
        check_reach(desk, desk.who, found)
        require_open(desk.tx, desk.who, [found.entry], desk.now)
    except HourlinkError:
        return False
    return True

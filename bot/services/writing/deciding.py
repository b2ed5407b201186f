"""What people do about records that failed, or that somebody changed in the tool (W3)."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.days import day_bounds
from bot.domain.entries.entries import Action, Entry, EntryChange
from bot.domain.errors import Vanished
from bot.domain.ids import IntegrationId, MemberId, TeamId, WorklogId
from bot.domain.outbox import OutboxItem
from bot.domain.people.people import Member
from bot.domain.writing.worklog_work import wish_of
from bot.domain.writing.worklogs import Choice, StoredWorklog, Wanted, WorklogShown, WorklogState
from bot.domain.writing.worklogs_shown import (
    CannotChoose,
    Conflict,
    Decided,
    DecidedElsewhere,
    NotFailed,
    NothingToDecide,
    TriedAgain,
    adopted,
)
from bot.services import rights
from bot.services.approval.locks import require_open
from bot.services.entries.access import AtFiles, check_reach
from bot.services.tracking.desk import Desk, to_read
from bot.services.tracking.overlaps import shared
from storage import members, outbox
from storage.entries import time_entries
from storage.linking import integrations
from storage.unit_of_work import Tx
from storage.writing import worklog_again, worklog_decisions, worklog_work, worklogs, worklogs_shown

ANSWERED = "worklog.answered"


class WorklogDeciding(AtFiles):
    """Trying again, and deciding about conflicts."""

    def retry(self, *, who: Member, worklog_id: WorklogId, now: datetime) -> TriedAgain:
        """Tries one that failed once more.

        Raises:
            Vanished: there is no such one.
            NotYourEntry: it is another's, on a project that who asks does not manage.
            NotFailed: it is written, or on its way.
        """
        with self._uow.begin() as tx:
            shown = self._shown(tx, who, worklog_id, now)
            if not worklog_again.failed(
                tx, who.team_id, worklog_id, call=self._new_marker(), now=now
            ):
                raise NotFailed(shown.site)
            return TriedAgain(shown)

    def retry_all(self, *, who: Member, integration_id: IntegrationId, now: datetime) -> int:
        """Tries everything that failed in an integration once more; how many.

        Raises:
            AdminOnly: who asks may not.
        """
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            return worklog_again.every_failed(
                tx, who.team_id, integration_id, call=self._new_marker(), now=now
            )

    def conflict(self, *, who: Member, worklog_id: WorklogId, now: datetime) -> Conflict:
        """Both versions, for somebody who may decide.

        Raises:
            Vanished: there is no such one.
            NotYourEntry: it is another's, on a project that who asks does not manage.
            NothingToDecide: there is no conflict any more.
        """
        with self._uow.read() as tx:
            shown = self._shown(tx, who, worklog_id, now)
            return self._conflict(tx, who, shown, now)[1]

    def told(self, team_id: TeamId, worklog_id: WorklogId, now: datetime) -> Conflict | None:
        """What its owner is told; None where it is over, or they left."""
        with self._uow.read() as tx:
            shown = worklogs_shown.by_id(tx, team_id, worklog_id)
            entry = None if shown is None else time_entries.ever(tx, team_id, shown.entry_id)
            owner = None if entry is None else members.by_id(tx, team_id, entry.entry.member_id)
            if shown is None or owner is None or not owner.is_active:
                return None
            if shown.state is not WorklogState.CONFLICT:
                return None
            return self._conflict(tx, owner, shown, now)[1]

    def decide(
        self,
        *,
        who: Member,
        worklog_id: WorklogId,
        choice: Choice,
        now: datetime,
        elsewhere: bool = False,
    ) -> Decided:
        """Does what was chosen; the same choice a second time says that it is over.

        With ``elsewhere`` the message that asks does not change by the answer itself.

        Raises:
            NothingToDecide: there is no conflict any more.
            CannotChoose: what is gone cannot be kept beside ours.
            TimeLocked: the entry cannot take the other day and length any more.
            HourlinkError: as ``conflict``, or the entry is out of reach.
        """
        with self._uow.begin() as tx:
            shown = self._shown(tx, who, worklog_id, now, lock=True)
            stored, conflict = self._conflict(tx, who, shown, now)
            if choice not in conflict.choices:
                raise CannotChoose
            call = self._new_marker()
            match choice:
                case Choice.OURS:
                    worklog_decisions.ours(tx, stored, call=call, now=now)
                case Choice.BOTH:
                    marker = self._new_marker()
                    worklog_decisions.both(tx, stored, marker, call=call, now=now)
                case Choice.THEIRS:
                    self._take_theirs(tx, who, stored, now)
            asked = worklog_decisions.take_question(tx, who.team_id, worklog_id)
            if asked is not None and elsewhere:
                outbox.add(
                    tx,
                    who.team_id,
                    kind=ANSWERED,
                    subject=f"worklog:{worklog_id}",
                    payload={
                        "worklog_id": worklog_id,
                        "channel": asked[0],
                        "ts": asked[1],
                        "choice": choice.value,
                        "by": who.id,
                    },
                    marker=self._new_marker(),
                    now=now,
                )
            return Decided(conflict, choice)

    def asked(self, team_id: TeamId, worklog_id: WorklogId, channel_id: str, ts: str) -> None:
        """Its owner is asked in this message."""
        with self._uow.begin() as tx:
            worklog_decisions.asked(tx, team_id, worklog_id, channel_id, ts)

    def answered(self, item: OutboxItem, now: datetime) -> DecidedElsewhere | None:
        """What the message that asked is to say; None where its entry is erased."""
        worklog_id = WorklogId(item.id_of("worklog_id"))
        with self._uow.read() as tx:
            stored = worklogs.by_id(tx, item.team_id, worklog_id)
            if stored is None:
                return None
            found = time_entries.ever(tx, item.team_id, stored.entry_id)
            site = integrations.by_id(tx, item.team_id, stored.integration_id)
            if found is None or site is None:
                return None
            owner = members.by_id(tx, item.team_id, found.entry.member_id)
            if owner is None:
                return None
            by = members.by_id(tx, item.team_id, MemberId(item.id_of("by")))
            return DecidedElsewhere(
                channel_id=str(item.payload["channel"]),
                ts=str(item.payload["ts"]),
                site=site.site_name,
                line=to_read(tx, owner, now).line(found),
                choice=Choice(str(item.payload["choice"])),
                by=None if by is None or by.id == owner.id else by.name,
            )

    def _take_theirs(self, tx: Tx, who: Member, stored: StoredWorklog, now: datetime) -> None:
        found = time_entries.ever(tx, who.team_id, stored.entry_id)
        if found is None or found.entry.deleted_at is not None:
            worklog_decisions.let_go(tx, stored, now)
            return
        files = self._files(tx, who, now)
        case = files.open(stored.entry_id, lock=True)
        check_reach(case.desk, case.actor, case.head)
        # The parts of an evening belong together: one alone keeps its clock times.
        is_part = len(case.parts) > 1
        before = found.entry
        after = before if is_part else self._adopted(case.desk, before, stored)
        if stored.theirs is None:
            after = replace(before, deleted_at=case.desk.now)
        if after != before:
            require_open(tx, case.actor, [before, after], now)
            time_entries.rewrite(tx, who.team_id, [after])
            action = Action.EDITED if stored.theirs else Action.DELETED
            case.desk.record(self._new_marker(), [EntryChange(action, before, after)])
        if stored.theirs is None:
            worklog_decisions.let_go(tx, stored, now)
            return
        work = worklog_work.work(tx, who.team_id, stored.id)
        wish = None if work is None else wish_of(work)
        digest = wish.said.digest if isinstance(wish, Wanted) else ""
        worklog_decisions.theirs(tx, stored, digest, now)

    def _adopted(self, desk: Desk, entry: Entry, stored: StoredWorklog) -> Entry:
        if stored.theirs is None:
            return entry
        theirs, end = stored.theirs, None
        if entry.started_at is not None and entry.work_date == theirs.day:
            reached = entry.started_at + timedelta(seconds=theirs.seconds)
            midnight = day_bounds(entry.work_date, desk.zone)[1]
            if reached <= min(midnight, desk.now):
                taken, refused = shared(desk, entry.started_at, reached, leaving_out=[entry.id])
                end = None if taken and refused else reached
        return adopted(entry, theirs.seconds, theirs.day, end)

    def _shown(
        self, tx: Tx, who: Member, worklog_id: WorklogId, now: datetime, *, lock: bool = False
    ) -> WorklogShown:
        shown = worklogs_shown.by_id(tx, who.team_id, worklog_id)
        entry = None if shown is None else time_entries.ever(tx, who.team_id, shown.entry_id)
        if shown is None or entry is None:
            raise Vanished("worklog")
        files = self._files(tx, who, now)
        if entry.entry.member_id != who.id:
            files.check_manages(entry.entry.project_id)
        if lock:
            files.desk_of(entry.entry.member_id, lock=True)
        return shown

    def _conflict(
        self, tx: Tx, who: Member, shown: WorklogShown, now: datetime
    ) -> tuple[StoredWorklog, Conflict]:
        stored = worklogs.by_id(tx, who.team_id, shown.id, lock=True)
        found = time_entries.ever(tx, who.team_id, shown.entry_id)
        owner = None if found is None else members.by_id(tx, who.team_id, found.entry.member_id)
        if stored is None or found is None or owner is None:
            raise Vanished("worklog")
        if stored.state is not WorklogState.CONFLICT:
            raise NothingToDecide(shown.site)
        desk = to_read(tx, owner, now)
        theirs = stored.theirs
        return stored, Conflict(
            worklog=shown,
            owner=owner.slack_user_id,
            owner_name=owner.name,
            line=desk.line(found),
            day=found.entry.work_date,
            is_deleted=found.entry.deleted_at is not None,
            theirs_seconds=None if theirs is None else theirs.seconds,
            theirs_day=None if theirs is None else theirs.day,
        )

"""Approving weeks and returning them (T14).

Everything about one week happens under a lock on its row, so a second click finds the first. A
button names the round it was made for: what was submitted again is not approved unseen.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.approval.week_answers import (
    CommentMissing,
    OwnWeek,
    SheetDetails,
    SheetMoved,
    SheetView,
    TimesheetsOff,
)
from bot.domain.approval.week_sheets import (
    PartState,
    SheetEvent,
    SheetState,
    WeekSheet,
    all_approved,
    decided_parts,
    moved,
)
from bot.domain.asked_messages import AskedMessage
from bot.domain.errors import NotAllowed
from bot.domain.ids import MemberId, SheetId, TeamId
from bot.domain.people.people import Member
from bot.services import rights
from bot.services.approval import week_views
from bot.services.tracking.desk import to_read
from storage import members, outbox, teams
from storage.approval import week_sheets
from storage.entries import time_entries
from storage.operating import audit
from storage.unit_of_work import Tx, UnitOfWork
from storage.writing import worklog_again

ANSWERED = "sheet.answered"
"""Outbox kind of telling the owner; its payload names week, round and reader."""

LISTED = 20
_LINES = 40
_ONE_DAY = timedelta(days=1)


class WeekDeciding:
    """What managers and admins do with a submitted week."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._new_marker = new_marker

    def waiting(self, *, who: Member, now: datetime) -> tuple[SheetView, ...]:
        """The weeks that wait for the member, the oldest first.

        Raises:
            ManagerOnly: they decide on none.
            TimesheetsOff: the team does not submit weeks.
        """
        with self._uow.read() as tx:
            _required(tx, who)
            managed = rights.managed(tx, who)
            own = who.id if managed is not None else None
            sheets = week_sheets.waiting(tx, who.team_id, managed, but_of=own, limit=LISTED)
            views = week_views.views_of(tx, who, sheets, managed, now)
            return tuple(one for view in views for one in _own(tx, who, view))

    def details(self, *, who: Member, sheet_id: SheetId, now: datetime) -> SheetDetails:
        """A week with the entries on which the member decides.

        Raises:
            ManagerOnly: they decide on none of it.
            Vanished: there is no such week.
        """
        with self._uow.read() as tx:
            sheet = week_views.found(tx, who, sheet_id, lock=False)
            mine = week_views.decides_on(tx, who, sheet, now)
            owner = members.by_id(tx, who.team_id, sheet.member_id)
            desk = to_read(tx, owner or who, now)
            entries = time_entries.on_days(
                tx, who.team_id, sheet.member_id, sheet.first, sheet.last + _ONE_DAY
            )
            lines = [
                (one.entry.work_date, desk.line(one))
                for one in entries
                if one.entry.project_id in mine and not one.entry.is_running
            ]
            view = week_views.view_of(tx, who, sheet, mine, now)
            return SheetDetails(view, tuple(lines[:_LINES]), max(0, len(lines) - _LINES))

    def approve(self, *, who: Member, sheet_id: SheetId, round_: int, now: datetime) -> SheetView:
        """Approves the member's parts of a week; the week itself with the last of them.

        Raises:
            SheetMoved: nothing of theirs waits in this round any more.
            ManagerOnly: they decide on none of it.
            TimesheetsOff: the team does not submit weeks.
            Vanished: there is no such week.
        """
        with self._uow.begin() as tx:
            _required(tx, who)
            sheet = week_views.found(tx, who, sheet_id)
            mine = week_views.decides_on(tx, who, sheet, now)
            if sheet.round != round_ or not sheet.waiting(mine):
                raise SheetMoved(week_views.view_of(tx, who, sheet, mine, now))
            parts = decided_parts(sheet.parts, mine, PartState.APPROVED)
            event = SheetEvent.APPROVE if all_approved(parts) else None
            state = moved(sheet.state, event) if event else sheet.state
            after = replace(
                sheet, parts=parts, state=state or sheet.state, moved_by=who.id, moved_at=now
            )
            self._keep(tx, who, "sheet.approve", after, now)
            week_views.show(tx, after, new_marker=self._new_marker, now=now, but=who.id)
            worklog_again.after_approval(tx, after, call=self._new_marker(), now=now)
            if after.state is SheetState.APPROVED:
                self._owe(tx, after, now)
            return week_views.view_of(tx, who, after, mine, now)

    def returnable(
        self, *, who: Member, sheet_id: SheetId, round_: int, now: datetime
    ) -> SheetView:
        """A week that the member may return.

        Raises:
            HourlinkError: as ``approve``.
        """
        with self._uow.read() as tx:
            _required(tx, who)
            sheet = week_views.found(tx, who, sheet_id, lock=False)
            mine = week_views.decides_on(tx, who, sheet, now)
            view = week_views.view_of(tx, who, sheet, mine, now)
            if not sheet.returnable(mine) or sheet.round != round_:
                raise SheetMoved(view)
            return view

    def give_back(
        self,
        *,
        who: Member,
        sheet_id: SheetId,
        round_: int,
        comment: str,
        now: datetime,
        knowing: bool = True,
    ) -> SheetView:
        """Returns a week with a comment, also one that was approved.

        Args:
            who: Who returns it.
            sheet_id: Which.
            round_: As it was when they were asked for the comment.
            comment: What to change.
            now: The moment.
            knowing: They saw that it was approved; else an approval of meanwhile stands.

        Raises:
            CommentMissing: it does not say what to change.
            HourlinkError: as ``approve``.
        """
        with self._uow.begin() as tx:
            _required(tx, who)
            sheet = week_views.found(tx, who, sheet_id)
            mine = week_views.decides_on(tx, who, sheet, now)
            state = moved(sheet.state, SheetEvent.RETURN)
            overtaken = not knowing and not sheet.waiting(mine)
            gone = not sheet.returnable(mine) or sheet.round != round_
            if state is None or overtaken or gone:
                raise SheetMoved(week_views.view_of(tx, who, sheet, mine, now))
            if not comment:
                raise CommentMissing
            after = replace(
                sheet,
                parts=decided_parts(sheet.parts, mine, PartState.RETURNED),
                state=state,
                comment=comment,
                moved_by=who.id,
                moved_at=now,
            )
            self._keep(tx, who, "sheet.return", after, now)
            week_views.show(tx, after, new_marker=self._new_marker, now=now, but=who.id)
            self._owe(tx, after, now)
            return week_views.view_of(tx, who, after, mine, now)

    def told(
        self, team_id: TeamId, sheet_id: SheetId, member_id: MemberId, now: datetime
    ) -> tuple[Member, SheetView] | None:
        """Whom to tell what about a week; None where they left, or decide on it no more."""
        with self._uow.read() as tx:
            reader = members.by_id(tx, team_id, member_id)
            sheet = week_sheets.find(tx, team_id, sheet_id)
            if reader is None or not reader.is_active or sheet is None:
                return None
            if sheet.member_id == reader.id:
                return reader, week_views.view_of(tx, reader, sheet, None, now)
            try:
                mine = week_views.decides_on(tx, reader, sheet, now)
            except SheetMoved as error:
                return reader, error.view
            except NotAllowed:
                return None
            return reader, week_views.view_of(tx, reader, sheet, mine, now)

    def asked(
        self,
        team_id: TeamId,
        sheet_id: SheetId,
        round_: int,
        message: AskedMessage,
        now: datetime,
    ) -> None:
        """Keeps where somebody was asked about a week, so that it shows there how it ends."""
        with self._uow.begin() as tx:
            week_views.posted(
                tx,
                week_views.question_of(team_id, sheet_id, round_),
                message,
                sheet_id=sheet_id,
                round_=round_,
                new_marker=self._new_marker,
                now=now,
            )

    def _keep(self, tx: Tx, who: Member, action: str, sheet: WeekSheet, now: datetime) -> None:
        week_sheets.save(tx, sheet)
        audit.record(
            tx,
            who.team_id,
            actor=who.id,
            action=action,
            subject=f"member:{sheet.member_id}",
            before=None,  # the action says where the week stood
            after={
                "week": sheet.first.isoformat(),
                "state": sheet.state,
                "comment": sheet.comment if action == "sheet.return" else "",
                "seconds": sheet.seconds,
            },
            now=now,
        )

    def _owe(self, tx: Tx, sheet: WeekSheet, now: datetime) -> None:
        outbox.add(
            tx,
            sheet.team_id,
            kind=ANSWERED,
            subject=f"sheet:{sheet.id}:{sheet.member_id}",
            payload={"sheet_id": sheet.id, "round": sheet.round, "member_id": sheet.member_id},
            marker=self._new_marker(),
            now=now,
        )


def _own(tx: Tx, who: Member, view: SheetView) -> list[SheetView]:
    """An admin's own week is theirs to approve where nobody else could, and as far as that goes."""
    if not view.is_own:
        return [view]
    try:
        mine = week_views.decides_on(tx, who, view.sheet, view.now)
    except OwnWeek:
        return []
    shown = tuple(one for one in view.projects if one.project_id in mine)
    return [replace(view, projects=shown)] if view.sheet.waiting(mine) else []


def _required(tx: Tx, who: Member) -> None:
    if not teams.settings(tx, who.team_id).timesheets:
        raise TimesheetsOff

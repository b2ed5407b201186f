"""Submitting one's week, taking it back, and asking to get it back (T14)."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.domain.approval.week_answers import (
    CommentMissing,
    NothingToSubmit,
    SheetMoved,
    SheetView,
    Submitted,
    TimerInWeek,
    TimesheetsOff,
    WeekToSubmit,
    Wished,
)
from bot.domain.approval.week_sheets import (
    SheetEvent,
    SheetState,
    WeekSheet,
    moved,
    submitted_parts,
)
from bot.domain.asked_messages import AskedMessage
from bot.domain.days import week_bounds
from bot.domain.errors import NotYourButton
from bot.domain.ids import MemberId, ProjectId, SheetId, TeamId
from bot.domain.people.people import Member
from bot.services.approval import week_views
from bot.services.tracking.desk import Desk, to_read
from storage import members, outbox, teams
from storage.approval import week_sheets
from storage.unit_of_work import Tx, UnitOfWork

SUBMITTED = "sheet.submitted"
"""Outbox kind of asking somebody to approve; its payload names week, round and reader."""

WAITS = "sheet.waits"
"""Outbox kind of telling its owner that it waits now, and for whom."""

WISHED = "sheet.wished"
"""Outbox kind of telling them that the owner asks to get it back."""

_WEEKS = 8
_WEEK = timedelta(days=7)
_ONE_DAY = timedelta(days=1)


class WeekSubmitting:
    """What the owner of a week does with it."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._new_marker = new_marker

    def shown(self, *, who: Member, day: date | None, now: datetime) -> WeekToSubmit:
        """A week before it is submitted: the one around a day.

        Without a day it is last week where that has time and was not submitted, else this one.

        Raises:
            TimesheetsOff: the team does not submit weeks.
        """
        with self._uow.read() as tx:
            desk = to_read(tx, who, now)
            start = _required(tx, who)
            this = week_bounds(desk.today, start)[0]
            firsts = [this - number * _WEEK for number in range(_WEEKS)]
            states = {
                one.first: one.state
                for one in week_sheets.around(
                    tx, who.team_id, [who.id], firsts[-1], this + _WEEK - _ONE_DAY
                )
            }
            if day is None:
                first = _due(tx, who, this, states)
            else:
                first = min(week_bounds(day, start)[0], this)
            last = first + _WEEK - _ONE_DAY
            rows = week_sheets.totals(tx, who.team_id, who.id, first, last)
            days = Counter[date]()
            for on, _, seconds in rows:
                days[on] += seconds
            sheet = week_sheets.of_week(tx, who.team_id, who.id, first)
            choices = sorted({*firsts, first}, reverse=True)
            return WeekToSubmit(
                first,
                tuple((first + n * _ONE_DAY, days[first + n * _ONE_DAY]) for n in range(7)),
                week_views.totals(tx, who, ((project, seconds) for _, project, seconds in rows)),
                sheet.state if sheet else SheetState.OPEN,
                sheet.comment if sheet and sheet.state is SheetState.RETURNED else "",
                tuple((one, states.get(one, SheetState.OPEN)) for one in choices),
                is_over=last < desk.today,
            )

    def submit(self, *, who: Member, first: date, now: datetime) -> WeekSheet:
        """Submits the week that begins on a day; whoever approves it is asked, the owner told.

        Raises:
            TimesheetsOff: the team does not submit weeks.
            SheetMoved: it was submitted before.
            NothingToSubmit: it has no time, or has not begun.
            TimerInWeek: a timer runs that began in it.
        """
        with self._uow.begin() as tx:
            desk = Desk(tx, who, now, new_marker=self._new_marker, provider_name=str).lock()
            first = week_bounds(first, _required(tx, who))[0]
            last = first + _WEEK - _ONE_DAY
            before = week_sheets.made(tx, who.team_id, who.id, first)
            state = moved(before.state, SheetEvent.SUBMIT)
            if state is None:
                raise SheetMoved(_own_view(tx, who, before, now))
            running = desk.running()
            if running is not None and first <= running.entry.work_date <= last:
                raise TimerInWeek(desk.timer(running))
            totals = Counter[ProjectId]()
            for _, project_id, seconds in week_sheets.totals(tx, who.team_id, who.id, first, last):
                totals[project_id] += seconds
            if not totals:
                raise NothingToSubmit(first, last)
            sheet = replace(
                before,
                state=state,
                parts=submitted_parts(totals, before.parts),
                submitted_at=now,
                round=before.round + 1,
                wish="",
                moved_by=who.id,
                moved_at=now,
            )
            week_sheets.save(tx, sheet)
            self._owe(tx, WAITS, sheet, who.id, now)
            for one in _asked(tx, sheet):
                self._owe(tx, SUBMITTED, sheet, one.id, now)
            return sheet

    def take_back(self, *, who: Member, sheet_id: SheetId, now: datetime) -> SheetView:
        """Takes one's own week back before it is approved; parts that are approved stay so.

        Raises:
            NotYourButton: it is somebody else's.
            SheetMoved: it does not wait any more.
            Vanished: there is none.
        """
        with self._uow.begin() as tx:
            sheet = _mine(tx, who, sheet_id)
            state = moved(sheet.state, SheetEvent.TAKE_BACK)
            if state is None:
                raise SheetMoved(_own_view(tx, who, sheet, now))
            kept = tuple(part for part in sheet.parts if part.project_id in sheet.approved)
            back = replace(sheet, state=state, parts=kept, moved_by=who.id, moved_at=now)
            week_sheets.save(tx, back)
            week_views.show(tx, back, new_marker=self._new_marker, now=now)
            return _own_view(tx, who, back, now)

    def ask_back(self, *, who: Member, sheet_id: SheetId, wish: str, now: datetime) -> Wished:
        """Asks those who decide on an approved week to return it.

        Raises:
            CommentMissing: it does not say why.
            HourlinkError: as ``take_back``.
        """
        with self._uow.begin() as tx:
            sheet = _mine(tx, who, sheet_id)
            if not wish:
                raise CommentMissing
            if not sheet.approved:
                raise SheetMoved(_own_view(tx, who, sheet, now))
            week_sheets.save(tx, replace(sheet, wish=wish))
            people = week_views.deciders(tx, sheet, sorted(sheet.approved))
            for one in people:
                self._owe(tx, WISHED, sheet, one.id, now)
            return Wished(sheet, tuple(one.name for one in people))

    def told(
        self, team_id: TeamId, sheet_id: SheetId, now: datetime
    ) -> tuple[Member, Submitted] | None:
        """Whom to tell that their week waits, and how it stands; None where they left."""
        with self._uow.read() as tx:
            sheet = week_sheets.find(tx, team_id, sheet_id)
            owner = members.by_id(tx, team_id, sheet.member_id) if sheet else None
            if sheet is None or owner is None or not owner.is_active:
                return None
            names = tuple(one.name for one in _asked(tx, sheet))
            return owner, Submitted(_own_view(tx, owner, sheet, now), names)

    def said(
        self,
        team_id: TeamId,
        sheet_id: SheetId,
        round_: int,
        message: AskedMessage,
        now: datetime,
    ) -> None:
        """Keeps where the owner was told that it waits, so that it shows there how it ends."""
        with self._uow.begin() as tx:
            week_views.posted(
                tx,
                week_views.wait_of(team_id, sheet_id, round_),
                message,
                sheet_id=sheet_id,
                round_=round_,
                new_marker=self._new_marker,
                now=now,
            )

    def _owe(self, tx: Tx, kind: str, sheet: WeekSheet, member_id: MemberId, now: datetime) -> None:
        outbox.add(
            tx,
            sheet.team_id,
            kind=kind,
            subject=f"sheet:{sheet.id}:{member_id}",
            payload={"sheet_id": sheet.id, "round": sheet.round, "member_id": member_id},
            marker=self._new_marker(),
            now=now,
        )


def _required(tx: Tx, who: Member) -> int:
    team = teams.settings(tx, who.team_id)
    if not team.timesheets:
        raise TimesheetsOff
    return team.week_start


def _due(tx: Tx, who: Member, this: date, states: dict[date, SheetState]) -> date:
    before = this - _WEEK
    if states.get(before, SheetState.OPEN) in {SheetState.SUBMITTED, SheetState.APPROVED}:
        return this
    had = week_sheets.with_time(tx, who.team_id, [who.id], before, this - _ONE_DAY)
    return before if had else this


def _asked(tx: Tx, sheet: WeekSheet) -> list[Member]:
    """Those for whom it waits."""
    waiting = [part.project_id for part in sheet.waiting(None)]
    return week_views.deciders(tx, sheet, waiting)


def _mine(tx: Tx, who: Member, sheet_id: SheetId) -> WeekSheet:
    sheet = week_views.found(tx, who, sheet_id)
    if sheet.member_id != who.id:
        raise NotYourButton
    return sheet


def _own_view(tx: Tx, who: Member, sheet: WeekSheet, now: datetime) -> SheetView:
    return week_views.view_of(tx, who, sheet, None, now)

"""Reminding people to submit their week, once, at the end of its last work day (T14).

Up to when was looked is kept for each team, so what came due while nobody looked is found by the
next look, and two workers do not remind twice.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from bot.domain.approval.week_answers import WeekToSubmit
from bot.domain.approval.week_sheets import SheetState, remind_at
from bot.domain.days import week_bounds, work_date
from bot.domain.entries.entries import zone_of
from bot.domain.ids import MemberId, SheetId, SlackUserId, TeamId
from bot.domain.working_time import working_time
from bot.services.approval.week_submitting import WeekSubmitting
from storage import members, outbox, teams
from storage.approval import week_sheets, week_watch
from storage.unit_of_work import Tx, UnitOfWork

REMINDER = "sheet.reminder"
"""Outbox kind; its payload names week and reader."""

_EVERY = timedelta(minutes=5)
_WEEK = timedelta(days=7)
_ONE_DAY = timedelta(days=1)


class WeekReminding:
    """What the time of day brings about."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._new_marker = new_marker
        self._submitting = WeekSubmitting(uow, new_marker)

    def due(self, now: datetime) -> list[TeamId]:
        """Teams to look at now."""
        with self._uow.read() as tx:
            return week_watch.due(tx, now - _EVERY)

    def look(self, team_id: TeamId, now: datetime) -> None:
        """Reminds everybody in a team whose week came to its end since the last look."""
        with self._uow.begin() as tx:
            before = week_watch.take(tx, team_id, now)
            team = teams.settings(tx, team_id)
            if before is None or not team.timesheets:
                return
            ended: dict[date, list[MemberId]] = {}
            for member_id, zone_name, own in week_watch.people(tx, team_id):
                if not own.reminders:
                    continue
                zone = zone_of(zone_name)
                this = week_bounds(work_date(now, zone), team.week_start)[0]
                for first in (this - _WEEK, this):
                    at = remind_at(first, working_time(zone, own, team))
                    if at is not None and before < at <= now:
                        ended.setdefault(first, []).append(member_id)
            for first, people in ended.items():
                self._remind(tx, team_id, first, people, now)

    def _remind(
        self, tx: Tx, team_id: TeamId, first: date, people: list[MemberId], now: datetime
    ) -> None:
        last = first + _WEEK - _ONE_DAY
        submitted = {
            one.member_id
            for one in week_sheets.around(tx, team_id, people, first, first)
            if one.first == first and one.state in {SheetState.SUBMITTED, SheetState.APPROVED}
        }
        with_time = week_sheets.with_time(tx, team_id, people, first, last)
        for member_id in sorted(with_time - submitted):
            sheet_id = week_sheets.take_reminder(tx, team_id, member_id, first, now)
            if sheet_id is None:
                continue
            outbox.add(
                tx,
                team_id,
                kind=REMINDER,
                subject=f"sheet:{sheet_id}:{member_id}",
                payload={"sheet_id": sheet_id, "member_id": member_id},
                marker=self._new_marker(),
                now=now,
            )

    def told(
        self, team_id: TeamId, sheet_id: SheetId, member_id: MemberId, now: datetime
    ) -> tuple[SlackUserId, WeekToSubmit] | None:
        """Whom to remind of what; None where it was submitted meanwhile, or they left."""
        with self._uow.read() as tx:
            reader = members.by_id(tx, team_id, member_id)
            sheet = week_sheets.find(tx, team_id, sheet_id)
            off = not teams.settings(tx, team_id).timesheets
        if reader is None or not reader.is_active or sheet is None or off:
            return None
        if sheet.state in {SheetState.SUBMITTED, SheetState.APPROVED}:
            return None
        week = self._submitting.shown(who=reader, day=sheet.first, now=now)
        return (reader.slack_user_id, week) if week.seconds else None

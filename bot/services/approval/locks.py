"""The one place that says whether time may still be changed (T13, T14).

Called inside other use cases' transactions, before they change anything.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from bot.domain.approval.locks import LockReason, TimeLocked, locked_by
from bot.domain.approval.week_sheets import WeekSheet
from bot.domain.days import work_date
from bot.domain.entries.entries import Entry, zone_of
from bot.domain.people.people import Member
from bot.domain.preferences import TeamSettings
from bot.services import rights
from storage import labels, members, teams
from storage.approval import unlocks, week_sheets
from storage.projects import project_people
from storage.unit_of_work import Tx


def require_open(
    tx: Tx, who: Member, touched: Iterable[Entry], now: datetime
) -> TeamSettings | None:
    """Refuses to touch time that is locked, unless it was unlocked; whoever asks, admins included.

    Args:
        tx: The open transaction.
        who: Who would change it.
        touched: The entries as they are and as they would become, of any member. A running timer
            that only ends, is noted or thrown away is not among them: time that was being tracked
            when its day was locked is not lost.
        now: The present moment; what is old is counted from each owner's own local day.

    Returns:
        What the team chose, which had to be read; None where nothing is touched.

    Raises:
        TimeLocked: the first of them that is.
    """
    entries = sorted(touched, key=lambda entry: entry.work_date)
    if not entries:
        return None
    locks = _Locks(tx, who, now)
    locks.check(entries)
    return locks.team


class _Locks:
    """What locks time in a team, for somebody who would change some."""

    def __init__(self, tx: Tx, who: Member, now: datetime) -> None:
        self._tx = tx
        self._who = who
        self._now = now
        self.team = teams.settings(tx, who.team_id)

    def check(self, entries: Sequence[Entry]) -> None:
        """Asks only for what the team uses."""
        if self.team.lock_after_days is not None or self.team.closed_through is not None:
            self._check_days(entries)
        if self.team.timesheets:
            self._check_weeks(entries)

    def _check_days(self, entries: Sequence[Entry]) -> None:
        others = {entry.member_id for entry in entries} - {self._who.id}
        found = members.by_ids(self._tx, self._who.team_id, others) if others else {}
        owners = {self._who.id: self._who} | found
        today = {one: work_date(self._now, zone_of(owner.zone)) for one, owner in owners.items()}
        locked = [
            (entry, reason)
            for entry in entries
            if (reason := locked_by(entry.work_date, today[entry.member_id], self.team))
        ]
        if not locked:
            return
        unlocked = unlocks.open_for(self._tx, self._who.team_id, sorted(owners), self._now)
        for entry, reason in locked:
            if not any(one.stretch.covers(entry) for one in unlocked):
                raise self._refusal(entry, reason)

    def _check_weeks(self, entries: Sequence[Entry]) -> None:
        owners = {entry.member_id for entry in entries}
        span: tuple[date, date] = (entries[0].work_date, entries[-1].work_date)
        sheets = week_sheets.around(self._tx, self._who.team_id, owners, *span)
        for entry in entries:
            for sheet in sheets:
                if reason := sheet.locks(entry):
                    raise self._refusal(entry, reason, sheet)

    def _refusal(
        self, entry: Entry, reason: LockReason, sheet: WeekSheet | None = None
    ) -> TimeLocked:
        tx, who = self._tx, self._who
        on = labels.of(tx, who.team_id, entry.project_id, None)
        named = project_people.managers(tx, who.team_id, entry.project_id)
        people = members.by_ids(tx, who.team_id, named)
        return TimeLocked(
            entry.work_date,
            reason,
            entry.member_id,
            entry.project_id,
            on.project_name,
            self.team.lock_after_days,
            tuple(people[one].name for one in named),
            members.admin_names(tx, who.team_id),
            is_own=entry.member_id == who.id,
            may_unlock=rights.manages(tx, who, entry.project_id),
            sheet=None if sheet is None else (sheet.id, sheet.round),
        )

"""The one place that says whether time may still be changed (T13).

Called inside other use cases' transactions, before they change anything.
"""

from collections.abc import Iterable
from datetime import date, datetime

from bot.domain.days import work_date
from bot.domain.entries import Entry, zone_of
from bot.domain.locks import LockReason, TimeLocked, locked_by
from bot.domain.people import Member
from bot.domain.preferences import TeamSettings
from bot.services import rights
from storage import labels, members, project_people, teams, unlocks
from storage.unit_of_work import Tx


def require_open(tx: Tx, who: Member, touched: Iterable[Entry], now: datetime) -> None:
    """Refuses to touch time that is locked, unless it was unlocked; whoever asks, admins included.

    Args:
        tx: The open transaction.
        who: Who would change it.
        touched: The entries as they are and as they would become, of any member. A running timer
            that only ends, is noted or thrown away is not among them: time that was being tracked
            when its day was locked is not lost.
        now: The present moment; what is old is counted from each owner's own local day.

    Raises:
        TimeLocked: the first of them that is.
    """
    entries = sorted(touched, key=lambda entry: entry.work_date)
    if not entries:
        return
    team = teams.settings(tx, who.team_id)
    if team.lock_after_days is None and team.closed_through is None:
        return
    others = {entry.member_id for entry in entries} - {who.id}
    owners = {who.id: who} | (members.by_ids(tx, who.team_id, others) if others else {})
    found = [
        (entry, reason)
        for entry in entries
        if (reason := locked_by(entry.work_date, _today(owners[entry.member_id], now), team))
    ]
    if not found:
        return
    unlocked = unlocks.open_for(tx, who.team_id, sorted(owners), now)
    for entry, reason in found:
        if not any(one.stretch.covers(entry) for one in unlocked):
            raise _locked(tx, who, entry, reason, team)


def _today(owner: Member, now: datetime) -> date:
    return work_date(now, zone_of(owner.zone))


def _locked(
    tx: Tx, who: Member, entry: Entry, reason: LockReason, team: TeamSettings
) -> TimeLocked:
    on = labels.of(tx, who.team_id, entry.project_id, None)
    named = project_people.managers(tx, who.team_id, entry.project_id)
    people = members.by_ids(tx, who.team_id, named)
    return TimeLocked(
        entry.work_date,
        reason,
        entry.member_id,
        entry.project_id,
        on.project_name,
        team.lock_after_days,
        tuple(people[one].name for one in named),
        tuple(one.name for one in members.admins(tx, who.team_id)),
        is_own=entry.member_id == who.id,
        may_unlock=rights.manages(tx, who, entry.project_id),
    )

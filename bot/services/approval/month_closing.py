"""Closing months, and opening them again (T13)."""

from dataclasses import replace
from datetime import date, datetime

from bot.domain.approval.closing_months import (
    MonthNotOver,
    MonthsStanding,
    ReasonMissing,
    newest_over,
    offered_months,
)
from bot.domain.entries.entries import zone_of
from bot.domain.people.people import Member
from bot.services import rights
from storage import teams
from storage.approval import closed_time
from storage.operating import audit
from storage.tracking import timer_holds
from storage.unit_of_work import Tx, UnitOfWork


class MonthClosing:
    """What admins do at the end of a month."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def offered(self, *, who: Member, month: date | None, now: datetime) -> MonthsStanding:
        """What is closed, and what closing a month would do; the newest one unless one is named.

        Args:
            who: An admin.
            month: The last day of the month that is named.
            now: The present moment.

        Raises:
            AdminOnly: who asks is no admin.
            MonthNotOver: the month cannot be closed yet.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            newest = _newest(tx, who, now)
            _check_over(month, newest)
            closed = teams.settings(tx, who.team_id).closed_through
            return _standing(tx, who, month or max(newest, closed or newest), newest)

    def chosen(self, *, who: Member, through: date | None, now: datetime) -> MonthsStanding:
        """What a choice in the form would do; None opens every month.

        Raises:
            HourlinkError: as ``offered``.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            newest = _newest(tx, who, now)
            _check_over(through, newest)
            return _standing(tx, who, through, newest)

    def close(
        self, *, who: Member, through: date | None, reason: str, now: datetime
    ) -> MonthsStanding:
        """Closes every month up to one, or opens those after it; what was closed before.

        Raises:
            ReasonMissing: it opens something, without a reason.
            HourlinkError: as ``offered``.
        """
        with self._uow.begin() as tx:
            teams.lock(tx, who.team_id)
            timer_holds.hold_for_all(tx, who.team_id)
            rights.admin(tx, who)
            newest = _newest(tx, who, now)
            before = teams.settings(tx, who.team_id)
            if through != before.closed_through:
                _check_over(through, newest)
            standing = _standing(tx, who, through, newest)
            if standing.opens and not reason:
                raise ReasonMissing
            if through == before.closed_through:
                return standing
            teams.save_settings(tx, who.team_id, replace(before, closed_through=through))
            audit.record(
                tx,
                who.team_id,
                actor=who.id,
                action="month.open" if standing.opens else "month.close",
                subject=f"team:{who.team_id}",
                before={"closed_through": _written(before.closed_through)},
                after={"closed_through": _written(through), "reason": reason},
                now=now,
            )
            return standing


def _newest(tx: Tx, who: Member, now: datetime) -> date:
    return newest_over((zone_of(name) for name in closed_time.zones(tx, who.team_id)), now)


def _check_over(month: date | None, newest: date) -> None:
    if month is not None and month > newest:
        raise MonthNotOver(month, newest)


def _standing(tx: Tx, who: Member, through: date | None, newest: date) -> MonthsStanding:
    team_id, closed = who.team_id, teams.settings(tx, who.team_id).closed_through
    offered = offered_months(newest, closed)
    if through == closed:
        return MonthsStanding(closed, offered, through)
    if closed is not None and (through is None or through < closed):
        seconds, people = closed_time.between(tx, team_id, through, closed)
        return MonthsStanding(closed, offered, through, seconds, people)
    if through is None:
        return MonthsStanding(closed, offered, through)
    seconds, people = closed_time.between(tx, team_id, closed, through)
    timers = closed_time.timers_begun(tx, team_id, through)
    return MonthsStanding(closed, offered, through, seconds, people, timers)


def _written(day: date | None) -> str | None:
    return None if day is None else day.isoformat()

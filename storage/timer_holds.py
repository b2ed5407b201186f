"""Keeping who starts a timer and who takes a right away apart, in one team, on PostgreSQL."""

from sqlalchemy import String, bindparam, func, select

from bot.domain.ids import TeamId
from storage.prepared import Prepared
from storage.unit_of_work import Tx

_TIMERS = 0x74696D65
"""Names our advisory lock among others that a database may hold: "time"."""

_TEAM = func.hashtext(bindparam("team", type_=String))
_SHARED = Prepared(select(func.pg_advisory_xact_lock_shared(_TIMERS, _TEAM)))
_ALONE = Prepared(select(func.pg_advisory_xact_lock(_TIMERS, _TEAM)))


def hold_for_one(tx: Tx, team_id: TeamId) -> None:
    """Keeps ``hold_for_all`` out until the transaction ends; for who changes one member's timer.

    Take it after the member's row and before asking what the member may track. Without it a start
    that has asked and a transaction that takes the right away could both commit, and a timer
    would run where nobody stops it. SQLite has one writer anyway.
    """
    if tx.core.dialect.name != "sqlite":
        _SHARED.all(tx, {"team": team_id})


def hold_for_all(tx: Tx, team_id: TeamId) -> None:
    """Waits for everybody's starts and stops that have begun, and holds up new ones."""
    if tx.core.dialect.name != "sqlite":
        _ALONE.all(tx, {"team": team_id})

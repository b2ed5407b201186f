"""Keeping who starts a timer and who takes a right away apart, in one team, on PostgreSQL."""

from collections.abc import Sequence

from sqlalchemy import String, bindparam, func, select

from bot.domain.ids import MemberId, TeamId
from bot.domain.people.people import Member
from storage import members, teams
from storage.entries import time_entries
from storage.prepared import Look, Prepared
from storage.unit_of_work import Tx

_TIMERS = 0x74696D65
"""Names our advisory lock among others that a database may hold: "time"."""

_TEAM = func.hashtext(bindparam("team", type_=String))
# The row is held first, as by everybody who takes both: the lock is taken of what is found so.
_ROW = members.HELD.cte("held").prefix_with("MATERIALIZED", dialect="postgresql")
_HELD = Prepared(select(_ROW, func.pg_advisory_xact_lock_shared(_TIMERS, _TEAM)))
_ALONE = Prepared(select(func.pg_advisory_xact_lock(_TIMERS, _TEAM)))


def hold_member(
    tx: Tx, team_id: TeamId, member_id: MemberId, along: Sequence[Look] = ()
) -> Member | None:
    """The member with their row held, and ``hold_for_all`` kept out, until the transaction ends.

    For who changes one member's timer; before asking what the member may track. Without it a start
    that has asked and a transaction that takes the right away could both commit, and a timer
    would run where nobody stops it. SQLite has one writer anyway.

    What is asked next comes along, seen after the row is held: what runs, what the team chose, and
    what the caller names.
    """
    if tx.core.dialect.name == "sqlite":
        return members.by_id(tx, team_id, member_id)
    next_asked = time_entries.look_for_running(team_id, member_id), teams.look_for_settings(team_id)
    row = _HELD.first(tx, {"team": team_id, "member": member_id}, [*along, *next_asked])
    return None if row is None else members.member_of(row)


def hold_for_all(tx: Tx, team_id: TeamId) -> None:
    """Waits for everybody's starts and stops that have begun, and holds up new ones."""
    if tx.core.dialect.name != "sqlite":
        _ALONE.all(tx, {"team": team_id})

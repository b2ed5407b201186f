"""What people decide about conflicts, written down."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update

from bot.domain.ids import TeamId, WorklogId
from bot.domain.writing.worklogs import GONE, Record, StoredWorklog, WorklogState
from storage.sql import change, table
from storage.unit_of_work import Tx
from storage.writing.worklog_work import removed
from storage.writing.worklogs import WorklogRow, add_work

_W = table(WorklogRow).c
_NO_THEIRS: dict[str, Any] = {
    "theirs_id": None,
    "theirs_version": "",
    "theirs_seconds": None,
    "theirs_day": None,
}


def ours(tx: Tx, stored: StoredWorklog, *, call: str, now: datetime) -> None:
    """The record is to say what the entry says; what somebody saw there may be overwritten."""
    theirs = stored.theirs
    values = {"version": GONE} if theirs is None else _record(theirs)
    _owed(tx, stored, {**values, "digest": ""}, call=call, now=now)


def both(tx: Tx, stored: StoredWorklog, marker: str, *, call: str, now: datetime) -> None:
    """The record is let go, and the entry gets another one under another marker."""
    _owed(tx, stored, {**removed(), "marker": marker}, call=call, now=now)


def theirs(tx: Tx, stored: StoredWorklog, digest: str, now: datetime) -> None:
    """The record is as it should be."""
    known = {} if stored.theirs is None else _record(stored.theirs)
    values = {**known, "digest": digest}
    _settled(tx, stored, WorklogState.WRITTEN, values, now)


def let_go(tx: Tx, stored: StoredWorklog, now: datetime) -> None:
    """Whatever is there has nothing to do with the entry any more."""
    _settled(tx, stored, WorklogState.OFF, removed(), now)


def asked(tx: Tx, team_id: TeamId, worklog_id: WorklogId, channel_id: str, ts: str) -> None:
    """Its owner is asked in this message."""
    same = (_W.team_id == team_id, _W.id == worklog_id)
    values = {"asked_channel": channel_id, "asked_ts": ts}
    change(tx, update(table(WorklogRow)).where(*same).values(values))


def take_question(tx: Tx, team_id: TeamId, worklog_id: WorklogId) -> tuple[str, str] | None:
    """Channel and timestamp of the message, which is no question any more from here on."""
    same = (_W.team_id == team_id, _W.id == worklog_id)
    row = tx.execute(select(_W.asked_channel, _W.asked_ts).where(*same)).first()
    if row is None or row.asked_channel is None:
        return None
    values = {"asked_channel": None, "asked_ts": None}
    change(tx, update(table(WorklogRow)).where(*same).values(values))
    return row.asked_channel, row.asked_ts


def _record(found: Record) -> dict[str, Any]:
    return {
        "external_id": found.external_id,
        "version": found.version,
        "kept_seconds": found.seconds,
        "kept_day": found.day,
    }


def _owed(
    tx: Tx, stored: StoredWorklog, values: dict[str, Any], *, call: str, now: datetime
) -> None:
    again = {
        **_NO_THEIRS,
        **values,
        "state": WorklogState.PENDING,
        "reason": "",
        "revision": _W.revision + 1,
        "owed_in": call,
    }
    change(tx, update(table(WorklogRow)).where(*_same(stored)).values(again))
    add_work(tx, stored.team_id, {stored.id: stored.task_id}, call=call, now=now)


def _settled(
    tx: Tx, stored: StoredWorklog, state: WorklogState, values: dict[str, Any], now: datetime
) -> None:
    known = {**_NO_THEIRS, **values, "state": state, "reason": "", "settled_at": now}
    change(tx, update(table(WorklogRow)).where(*_same(stored)).values(known))


def _same(stored: StoredWorklog) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return _W.team_id == stored.team_id, _W.id == stored.id

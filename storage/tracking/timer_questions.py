"""Questions about timers that may be forgotten, and when each timer is due for one (T11)."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Index, bindparam, select, update
from sqlmodel import Field, SQLModel, col

from bot.domain.ids import MemberId, QuestionId, TeamId, TimeEntryId
from bot.domain.tracking.forgotten import Question, QuestionState
from storage.entries.time_entries import TimeEntryRow
from storage.indexes import partial_index
from storage.prepared import Prepared
from storage.sql import AnyRow, change, create, table
from storage.teams import TeamRow
from storage.types import BigId, UtcDateTime, one_of
from storage.unit_of_work import Tx


class TimerQuestionRow(SQLModel, table=True):
    """One question to a timer's owner."""

    __tablename__ = "timer_question"
    __table_args__ = (
        one_of("state", QuestionState),
        Index("ix_timer_question_entry", "time_entry_id"),
        partial_index(
            "uq_timer_question_open",
            "time_entry_id",
            unique=True,
            where="state = 'asked'",
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    member_id: int = Field(foreign_key="member.id", sa_type=BigId)
    time_entry_id: int = Field(foreign_key="time_entry.id", sa_type=BigId)
    state: str = Field(default=QuestionState.ASKED, max_length=16)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)
    """Where the timer's time ends if nobody answers."""
    is_delivered: bool = False
    """Slack took the message; the hour for an answer counts from then."""
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When it was answered, in whatever way, or given up."""
    again_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When to ask again, where its owner chose that; None for not again."""


_T = TimerQuestionRow
_E = table(TimeEntryRow).c
_RUNS = (_E.seconds.is_(None), _E.deleted_at.is_(None))
# Asked of every timer that is started.
_SET_DUE = Prepared(
    update(table(TimeEntryRow))
    .where(_E.team_id == bindparam("team"), _E.id == bindparam("entry"), *_RUNS)
    .values(ask_at=bindparam("at"))
)
_LAST_ABOUT = Prepared(
    select(*table(_T).columns)
    .where(col(_T.team_id) == bindparam("team"), col(_T.time_entry_id) == bindparam("entry"))
    .order_by(col(_T.id).desc())
    .limit(1)
)


def due(tx: Tx, now: datetime, limit: int) -> list[tuple[TeamId, MemberId, TimeEntryId]]:
    """Timers to look at now, the longest due first, in all teams that have Hourlink installed.

    A timer is due at once when it is started or changed, to be planned, and then when it is to be
    asked about or given up.
    """
    query = (
        select(_E.team_id, _E.member_id, _E.id)
        .join(TeamRow, col(TeamRow.id) == _E.team_id)
        .where(_E.ask_at <= now, _E.ask_at.is_not(None), col(TeamRow.uninstalled_at).is_(None))
        .order_by(_E.ask_at, _E.id)
        .limit(limit)
    )
    return [
        (TeamId(row.team_id), MemberId(row.member_id), TimeEntryId(row.id))
        for row in tx.execute(query)
    ]


def set_due(tx: Tx, team_id: TeamId, entry_id: TimeEntryId, at: datetime | None) -> None:
    """When a timer is to be looked at next; None for never."""
    _SET_DUE.change(tx, {"team": team_id, "entry": entry_id, "at": at})


def plan_anew(tx: Tx, team_id: TeamId, member_ids: Collection[MemberId] | None = None) -> None:
    """Has the running timers of these members, or of all, planned again: what decides changed."""
    query = update(table(TimeEntryRow)).where(_E.team_id == team_id, *_RUNS)
    if member_ids is not None:
        query = query.where(_E.member_id.in_(member_ids))
    tx.execute(query.values(ask_at=_E.started_at))


def ask(
    tx: Tx,
    team_id: TeamId,
    member_id: MemberId,
    entry_id: TimeEntryId,
    *,
    now: datetime,
    ends_at: datetime,
) -> QuestionId:
    """Opens a question."""
    return QuestionId(
        create(
            tx,
            _T,
            team_id=team_id,
            member_id=member_id,
            time_entry_id=entry_id,
            state=QuestionState.ASKED,
            asked_at=now,
            ends_at=ends_at,
            is_delivered=False,
        )
    )


def find(tx: Tx, team_id: TeamId, question_id: QuestionId) -> Question | None:
    """The question with this id."""
    query = select(*table(_T).columns).where(col(_T.team_id) == team_id, col(_T.id) == question_id)
    row = tx.execute(query).first()
    return None if row is None else _question(row)


def last_about(tx: Tx, team_id: TeamId, entry_id: TimeEntryId) -> Question | None:
    """The latest question about a timer."""
    row = _LAST_ABOUT.first(tx, {"team": team_id, "entry": entry_id})
    return None if row is None else _question(row)


def move(
    tx: Tx,
    question: Question,
    state: QuestionState,
    *,
    now: datetime,
    again_at: datetime | None = None,
) -> None:
    """The question is answered, or needs no answer any more."""
    values = {"state": state, "answered_at": now, "again_at": again_at}
    change(tx, update(_T).where(*_same(question)).values(values))


def mark_delivered(tx: Tx, question: Question, now: datetime) -> None:
    """Slack took the message: the hour for an answer begins."""
    change(tx, update(_T).where(*_same(question)).values(is_delivered=True, asked_at=now))


def _same(question: Question) -> tuple[ColumnElement[bool], ...]:
    return col(_T.team_id) == question.team_id, col(_T.id) == question.id


def _question(row: AnyRow) -> Question:
    return Question(
        id=QuestionId(row.id),
        team_id=TeamId(row.team_id),
        member_id=MemberId(row.member_id),
        entry_id=TimeEntryId(row.time_entry_id),
        state=QuestionState(row.state),
        asked_at=row.asked_at,
        ends_at=row.ends_at,
        is_delivered=row.is_delivered,
        answered_at=row.answered_at,
        again_at=row.again_at,
    )

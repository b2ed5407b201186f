"""Long reports that are made in the background, and the messages that tell of them."""

from datetime import datetime

from sqlalchemy import Index, delete, select, update
from sqlmodel import Field, SQLModel

from bot.domain.ids import MemberId, ReportRunId, SlackUserId, TeamId
from bot.domain.periods import period_from
from bot.domain.reports.report_runs import ReportRun, RunState, RunWish
from bot.domain.reports.reports import Group
from bot.domain.reports.team_reports import TeamChoice, filters_from
from storage.members import MemberRow
from storage.sql import AnyRow, change, create, table
from storage.types import BigId, UtcDateTime, one_of
from storage.unit_of_work import Tx


class ReportRunRow(SQLModel, table=True):
    """One long report that somebody asked for."""

    __tablename__ = "report_run"
    __table_args__ = (
        one_of("state", RunState),
        Index("ix_report_run_member", "member_id", "state"),
        Index("ix_report_run_team", "team_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    member_id: int = Field(foreign_key="member.id", sa_type=BigId)
    period: str = Field(max_length=24)
    grouped_by: str = Field(max_length=16)
    filters: str = Field(max_length=2000)
    for_team: bool
    page: int
    form: str = Field(max_length=8)
    """Of a file; empty for the report itself."""
    state: str = Field(max_length=16)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    channel_id: str | None = Field(default=None, max_length=32)
    message_ts: str | None = Field(default=None, max_length=32)
    """The direct message that is edited until it holds the result."""


_R, _M = table(ReportRunRow).c, table(MemberRow).c


def add(tx: Tx, team_id: TeamId, member_id: MemberId, wish: RunWish, now: datetime) -> ReportRunId:
    """One more to be made."""
    values = _spelled(wish)
    return ReportRunId(
        create(
            tx,
            ReportRunRow,
            team_id=team_id,
            member_id=member_id,
            state=RunState.UNDER_WAY,
            asked_at=now,
            **values,
        )
    )


def same(tx: Tx, team_id: TeamId, member_id: MemberId, wish: RunWish) -> bool:
    """Whether the member waits for the very same one."""
    fits = (_R[name] == value for name, value in _spelled(wish).items())
    query = select(_R.id).where(
        _R.team_id == team_id,
        _R.member_id == member_id,
        _R.state == RunState.UNDER_WAY.value,
        *fits,
    )
    return tx.execute(query.limit(1)).first() is not None


def under_way(
    tx: Tx, team_id: TeamId, run_id: ReportRunId, *, of: MemberId | None = None
) -> ReportRun | None:
    """One that is waited for; None where it is over, or another member's."""
    query = (
        select(table(ReportRunRow), _M.slack_user_id)
        .join(table(MemberRow), _M.id == _R.member_id)
        .where(
            _R.team_id == team_id,
            _R.id == run_id,
            _R.state == RunState.UNDER_WAY.value,
            _M.deactivated_at.is_(None),
        )
    )
    row = tx.execute(query if of is None else query.where(_R.member_id == of)).first()
    return None if row is None else _run(row)


def remember_message(
    tx: Tx, team_id: TeamId, run_id: ReportRunId, *, channel_id: str, ts: str
) -> None:
    """Where it is told."""
    which = (_R.team_id == team_id, _R.id == run_id)
    values = {"channel_id": channel_id, "message_ts": ts}
    change(tx, update(table(ReportRunRow)).where(*which).values(values))


def end(tx: Tx, team_id: TeamId, run_id: ReportRunId, state: RunState, now: datetime) -> bool:
    """It is over; False where it was already."""
    which = (_R.team_id == team_id, _R.id == run_id, _R.state == RunState.UNDER_WAY.value)
    values = {"state": state.value, "ended_at": now}
    return change(tx, update(table(ReportRunRow)).where(*which).values(values)) > 0


def forget_before(tx: Tx, moment: datetime) -> int:
    """Drops those that were asked for long ago; how many."""
    return change(tx, delete(table(ReportRunRow)).where(_R.asked_at < moment))


def _spelled(wish: RunWish) -> dict[str, str | int | bool]:
    choice = wish.choice
    return {
        "period": choice.period.code,
        "grouped_by": choice.group.value,
        "filters": choice.filters.code,
        "for_team": choice.for_team,
        "page": wish.page,
        "form": wish.form,
    }


def _run(row: AnyRow) -> ReportRun | None:
    period, filters = period_from(row.period), filters_from(row.filters)
    if period is None or filters is None:
        return None
    choice = TeamChoice(period, Group(row.grouped_by), filters, bool(row.for_team))
    wish = RunWish(choice, row.page, row.form)
    return ReportRun(
        ReportRunId(row.id), SlackUserId(row.slack_user_id), wish, row.channel_id, row.message_ts
    )

"""Sync runs: every refresh of an integration, recorded."""

from datetime import datetime

from sqlalchemy import JSON, Index, Text, bindparam, delete, exists, func, select, update
from sqlmodel import Field, SQLModel, col

from bot.domain.ids import IntegrationId, MemberId, SyncRunId, TeamId
from bot.domain.states import SyncRunState
from bot.domain.sync.sync import Bookmark, Counts, SyncRun
from storage.indexes import partial_index
from storage.linking.announcements import AnnouncementRow
from storage.linking.integrations import IntegrationRow
from storage.sql import AnyRow, change, create, table
from storage.sync.sync_wishes import SyncWishRow
from storage.types import BigId, UtcDateTime, one_of
from storage.unit_of_work import Tx


class SyncRunRow(SQLModel, table=True):
    """One refresh of one integration (S8)."""

    __tablename__ = "sync_run"
    __table_args__ = (
        one_of("state", SyncRunState),
        partial_index(
            "uq_sync_run_running",
            "integration_id",
            unique=True,
            where="state = 'running'",
        ),
        Index("ix_sync_run_integration_started", "integration_id", "started_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    integration_id: int = Field(foreign_key="integration.id", sa_type=BigId)
    is_full: bool
    """A full sweep reads everything and may find that something is gone."""
    heard: bool = False
    """It read a part only: what a webhook had told of, or what somebody asked for."""
    asked_by: int | None = Field(default=None, foreign_key="member.id", sa_type=BigId)
    state: str = Field(default=SyncRunState.RUNNING, max_length=16)
    started_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    pages: int = 0
    requests: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    error: str | None = Field(default=None, sa_type=Text)
    cursor: dict[str, object] = Field(default_factory=dict, sa_type=JSON)
    """Where to read on after a kill; saved with the page it follows."""


_T = SyncRunRow
_SELECT = select(*table(_T).columns)
_BY_ID = _SELECT.where(col(_T.team_id) == bindparam("team"), col(_T.id) == bindparam("run"))
_BY_ID_LOCKED = _BY_ID.with_for_update(key_share=True)
_C = table(_T).c
_COUNTED = ("pages", "requests", "created", "changed", "unchanged", "gone")
_ADVANCE = (
    update(table(_T))
    .where(_C.team_id == bindparam("team"), _C.id == bindparam("run"))
    .values(
        {
            "cursor": bindparam("bookmark"),
            "error": bindparam("problem"),
            **{name: _C[name] + bindparam(f"more_{name}") for name in _COUNTED},
        }
    )
)


def _run(row: AnyRow) -> SyncRun:
    return SyncRun(
        id=SyncRunId(row.id),
        team_id=TeamId(row.team_id),
        integration_id=IntegrationId(row.integration_id),
        is_full=row.is_full,
        asked_by=row.asked_by,
        state=SyncRunState(row.state),
        started_at=row.started_at,
        ended_at=row.ended_at,
        pages=row.pages,
        requests=row.requests,
        created=row.created,
        changed=row.changed,
        unchanged=row.unchanged,
        gone=row.gone,
        error=row.error,
        bookmark=Bookmark.from_json(row.cursor),
    )


def by_id(tx: Tx, team_id: TeamId, run_id: SyncRunId, *, lock: bool = False) -> SyncRun | None:
    """The run with this id; locked, no other worker can write to it meanwhile."""
    query = _BY_ID_LOCKED if lock else _BY_ID
    row = tx.execute(query, {"team": team_id, "run": run_id}).first()
    return None if row is None else _run(row)


def running(tx: Tx, team_id: TeamId, integration_id: IntegrationId) -> SyncRun | None:
    """The run under way, locked; also one that a dead worker left."""
    query = _SELECT.where(
        col(_T.team_id) == team_id,
        col(_T.integration_id) == integration_id,
        col(_T.state) == SyncRunState.RUNNING,
    )
    row = tx.execute(query.with_for_update(key_share=True)).first()
    return None if row is None else _run(row)


def open_one(
    tx: Tx,
    team_id: TeamId,
    integration_id: IntegrationId,
    *,
    is_full: bool,
    asked_by: MemberId | None,
    now: datetime,
    bookmark: Bookmark | None = None,
) -> SyncRun:
    """A new run, from the beginning, or from a bookmark that says what little it has to read."""
    heard, bookmark = bookmark is not None, bookmark or Bookmark()
    run_id = create(
        tx,
        _T,
        team_id=team_id,
        integration_id=integration_id,
        is_full=is_full,
        heard=heard,
        asked_by=asked_by,
        state=SyncRunState.RUNNING,
        started_at=now,
        pages=0,
        requests=0,
        created=0,
        changed=0,
        unchanged=0,
        gone=0,
        cursor=bookmark.as_json(),
    )
    return SyncRun(
        id=SyncRunId(run_id),
        team_id=team_id,
        integration_id=integration_id,
        is_full=is_full,
        asked_by=asked_by,
        state=SyncRunState.RUNNING,
        started_at=now,
        ended_at=None,
        pages=0,
        requests=0,
        created=0,
        changed=0,
        unchanged=0,
        gone=0,
        error=None,
        bookmark=bookmark,
    )


def advance(
    tx: Tx,
    team_id: TeamId,
    run_id: SyncRunId,
    bookmark: Bookmark,
    *,
    pages: int = 0,
    requests: int = 0,
    counts: Counts | None = None,
    error: str | None = None,
) -> None:
    """Moves the bookmark and adds to the counts; ``error`` is what the run is stuck at."""
    added = counts or Counts()
    values = {
        "team": team_id,
        "run": run_id,
        "bookmark": bookmark.as_json(),
        "more_pages": pages,
        "more_requests": requests,
        "more_created": added.created,
        "more_changed": added.changed,
        "more_unchanged": added.unchanged,
        "more_gone": added.gone,
        "problem": error,
    }
    tx.execute(_ADVANCE, values)


def end(
    tx: Tx,
    team_id: TeamId,
    run_id: SyncRunId,
    state: SyncRunState,
    now: datetime,
    *,
    error: str | None = None,
) -> None:
    """The run is over."""
    same = (col(_T.team_id) == team_id, col(_T.id) == run_id)
    change(tx, update(_T).where(*same).values(state=state, ended_at=now, error=error))


def forget_heard_before(tx: Tx, moment: datetime) -> int:
    """Drops old runs that read only what a webhook had told of: a busy tool makes thousands."""
    old = (
        col(_T.heard).is_(True),
        col(_T.state) != SyncRunState.RUNNING,
        col(_T.started_at) < moment,
        ~exists().where(col(SyncWishRow.sync_run_id) == col(_T.id)),
    )
    return change(tx, delete(_T).where(*old))


def forget_quiet_before(tx: Tx, moment: datetime) -> int:
    """Drops old runs that nobody asked for, that went well, and that found nothing new."""
    old = (
        col(_T.state) == SyncRunState.DONE,
        col(_T.started_at) < moment,
        col(_T.asked_by).is_(None),
        col(_T.error).is_(None),
        col(_T.created) == 0,
        col(_T.changed) == 0,
        col(_T.gone) == 0,
        ~exists().where(col(SyncWishRow.sync_run_id) == col(_T.id)),
        ~exists().where(col(AnnouncementRow.sync_run_id) == col(_T.id)),
    )
    return change(tx, delete(_T).where(*old))


def forget_before(tx: Tx, moment: datetime) -> int:
    """Drops runs that ended long ago, but for those that an announcement or a wish rests on."""
    old = (
        col(_T.state) != SyncRunState.RUNNING,
        col(_T.started_at) < moment,
        ~exists().where(col(SyncWishRow.sync_run_id) == col(_T.id)),
        ~exists().where(col(AnnouncementRow.sync_run_id) == col(_T.id)),
    )
    return change(tx, delete(_T).where(*old))


def latest(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId, *, limit: int = 10, offset: int = 0
) -> list[SyncRun]:
    """The newest runs, newest first, after the first few of them."""
    query = _SELECT.where(col(_T.team_id) == team_id, col(_T.integration_id) == integration_id)
    newest = query.order_by(col(_T.started_at).desc(), col(_T.id).desc())
    return [_run(row) for row in tx.execute(newest.limit(limit).offset(offset))]


def count(tx: Tx, team_id: TeamId, integration_id: IntegrationId) -> int:
    """How many runs there have been."""
    # The integration's row is the fence, so that the index on its runs answers alone.
    query = (
        select(func.count())
        .select_from(_T)
        .join(IntegrationRow, col(IntegrationRow.id) == col(_T.integration_id))
        .where(col(IntegrationRow.team_id) == team_id, col(_T.integration_id) == integration_id)
    )
    return int(tx.execute(query).scalar_one())

"""Time entries, the running timer among them; who changed what is in ``entry_history``."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Index,
    Text,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlmodel import Field, SQLModel, col

from bot.domain.entries.entries import Entry, LabelledEntry, StopReason, TaskLabel
from bot.domain.ids import (
    ImportId,
    MemberId,
    ProjectId,
    TaskId,
    TeamId,
    TimeEntryId,
)
from storage.indexes import partial_index
from storage.prepared import Look, Prepared
from storage.projects.projects import ProjectRow
from storage.sql import AnyRow, change, fenced, table
from storage.tasks.tasks import TaskRow
from storage.types import BigId, UtcDateTime
from storage.unit_of_work import Tx


class TimeEntryRow(SQLModel, table=True):
    """A member's span of time; a timer while it has no length yet."""

    __tablename__ = "time_entry"
    __table_args__ = (
        CheckConstraint("seconds IS NULL OR seconds > 0", name="length"),
        CheckConstraint("seconds IS NOT NULL OR started_at IS NOT NULL", name="timer_start"),
        partial_index(
            "uq_time_entry_running",
            "member_id",
            unique=True,
            where="seconds IS NULL AND deleted_at IS NULL",
        ),
        Index("ix_time_entry_report", "team_id", "work_date", "member_id", "project_id", "seconds"),
        Index("ix_time_entry_member_day", "member_id", "work_date"),
        Index("ix_time_entry_task", "task_id", "deleted_at", "seconds"),
        partial_index(
            "ix_time_entry_continues",
            "continues_id",
            where="continues_id IS NOT NULL",
        ),
        partial_index(
            "ix_time_entry_ask_at",
            "ask_at",
            where="ask_at IS NOT NULL",
        ),
        partial_index(
            "ix_time_entry_project",
            "project_id",
            "work_date",
            "member_id",
            "task_id",
            "seconds",
            where="deleted_at IS NULL",
        ),
        partial_index("ix_time_entry_import", "import_id", where="import_id IS NOT NULL"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    member_id: int = Field(foreign_key="member.id", sa_type=BigId)
    project_id: int = Field(foreign_key="project.id", sa_type=BigId)
    task_id: int | None = Field(default=None, foreign_key="task.id", sa_type=BigId)
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """None for a duration without clock times."""
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    seconds: int | None = None
    """None while the timer runs."""
    work_date: date
    """The member's local day."""
    note: str = Field(default="", sa_type=Text)
    marker: str = Field(unique=True, max_length=32)
    """Names this entry inside the provider, so that its worklog is found again."""
    continues_id: int | None = Field(default=None, foreign_key="time_entry.id", sa_type=BigId)
    """The part before midnight that this one continues."""
    stopped_because: str | None = Field(default=None, max_length=32)
    """Set when not its owner stopped it (T15)."""
    permalink: str = Field(default="", sa_type=Text)
    """Of the Slack message that it was tracked from."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ask_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When a running timer is looked at next: to plan when its owner is asked about it, to ask, or
    to stop it (T11). Saving a running timer makes it due at once; None once it ended."""
    import_id: int | None = Field(default=None, sa_type=BigId)
    """The import that brought it. No foreign key: SQLite would copy the whole table to add one."""


_T = TimeEntryRow
_E = table(TimeEntryRow).c
_EVER = (
    select(
        *table(_T).columns,
        col(ProjectRow.name).label("project_name"),
        col(TaskRow.key).label("task_key"),
        col(TaskRow.title).label("task_title"),
        col(TaskRow.url).label("task_url"),
    )
    .select_from(_T)
    .join(ProjectRow, col(ProjectRow.id) == _E.project_id)
    .outerjoin(TaskRow, col(TaskRow.id) == _E.task_id)
    .where(fenced(_E.team_id, bindparam("team")))
)
_LABELLED = _EVER.where(_E.deleted_at.is_(None))
_OF_MEMBER = _LABELLED.where(_E.member_id == bindparam("member"))
_RUNNING = Prepared(_OF_MEMBER.where(_E.seconds.is_(None)))
# An entry lies in one local day, which is at most a day away from its date in UTC; the index is on
# the local day.
_NEARBY = and_(_E.work_date >= bindparam("near"), _E.ended_at > bindparam("since"))
_OVERLAPPING = _OF_MEMBER.where(
    _E.started_at < bindparam("until"), or_(_NEARBY, _E.seconds.is_(None))
).order_by(_E.started_at)
_OVERLAPPING_OPEN = _OF_MEMBER.where(_NEARBY).order_by(_E.started_at)
IN_ORDER = (_E.work_date, func.coalesce(_E.started_at, _E.created_at), _E.id)
"""Of days and clock."""
_BETWEEN = and_(_E.work_date >= bindparam("first"), _E.work_date < bindparam("after_last"))
_ON_DAYS = Prepared(_OF_MEMBER.where(_BETWEEN).order_by(*IN_ORDER))
_ON_DAYS_AND_RUNNING = Prepared(
    _OF_MEMBER.where(or_(_BETWEEN, _E.seconds.is_(None))).order_by(*IN_ORDER)
)
_NEWEST = (
    _E.work_date.desc(),
    func.coalesce(_E.ended_at, _E.started_at, _E.created_at).desc(),
    _E.id.desc(),
)
# By an end of an index: a plan for any member would read, join and sort all that one ever tracked.
_ANY = table(_T).alias("any_entry").c
_LAST_DAY = select(func.max(_ANY.work_date)).where(
    _ANY.member_id == bindparam("member"), _ANY.deleted_at.is_(None)
)
_LAST = Prepared(
    _OF_MEMBER.where(_E.work_date == _LAST_DAY.scalar_subquery()).order_by(*_NEWEST).limit(1)
)
_SUM = select(func.coalesce(func.sum(_E.seconds), 0).label("seconds")).where(
    _E.team_id == bindparam("team"),
    _E.member_id == bindparam("member"),
    _E.work_date == bindparam("day"),
    _E.deleted_at.is_(None),
)
_SECONDS_ON = Prepared(_SUM)
_SECONDS_AND_ID = Prepared(
    _SUM.add_columns(func.nextval(func.pg_get_serial_sequence("time_entry", "id")).label("id"))
)
_REWRITE = (
    update(table(_T))
    .where(_E.team_id == bindparam("team"), _E.id == bindparam("entry"))
    .values(
        project_id=bindparam("to_project"),
        task_id=bindparam("to_task"),
        started_at=bindparam("to_started_at"),
        ended_at=bindparam("to_ended_at"),
        seconds=bindparam("to_seconds"),
        work_date=bindparam("to_work_date"),
        note=bindparam("to_note"),
        stopped_because=bindparam("to_stopped_because"),
        deleted_at=bindparam("to_deleted_at"),
        ask_at=bindparam("to_ask_at"),
    )
)


_REWRITE_ONE = Prepared(_REWRITE)
_GIVEN = [column.name for column in _E if column.name not in {"id", "deleted_at"}]
_ADD = Prepared(insert(table(_T)).returning(_E.id), _GIVEN)
_ADD_AS = Prepared(insert(table(_T)), ["id", *_GIVEN])


def running(tx: Tx, team_id: TeamId, member_id: MemberId) -> LabelledEntry | None:
    """The member's running timer."""
    asked, names = look_for_running(team_id, member_id)
    row = asked.first(tx, names)
    return None if row is None else _labelled(row)


def look_for_running(team_id: TeamId, member_id: MemberId) -> Look:
    """What ``running`` asks."""
    return _RUNNING, {"team": team_id, "member": member_id}


def overlapping(
    tx: Tx, team_id: TeamId, member_id: MemberId, since: datetime, until: datetime | None
) -> list[LabelledEntry]:
    """The member's entries that share time with a half-open span.

    A running timer reaches to the end of time. With ``until`` None the span does too, and only
    finished entries are told.
    """
    near = since.date() - timedelta(days=2)
    names = {"team": team_id, "member": member_id, "since": since, "near": near}
    if until is None:
        return [_labelled(row) for row in tx.execute(_OVERLAPPING_OPEN, names)]
    return [_labelled(row) for row in tx.execute(_OVERLAPPING, names | {"until": until})]


def on_days(
    tx: Tx, team_id: TeamId, member_id: MemberId, first: date, after_last: date
) -> list[LabelledEntry]:
    """The member's entries on these local days, in order, a timer by the day it was started."""
    names = {"team": team_id, "member": member_id, "first": first, "after_last": after_last}
    return [_labelled(row) for row in _ON_DAYS.all(tx, names)]


def on_days_and_running(
    tx: Tx, team_id: TeamId, member_id: MemberId, first: date, after_last: date
) -> tuple[list[LabelledEntry], LabelledEntry | None]:
    """What the member finished on these local days, in order, and what runs, on whatever day."""
    names = {"team": team_id, "member": member_id, "first": first, "after_last": after_last}
    found = [_labelled(row) for row in _ON_DAYS_AND_RUNNING.all(tx, names)]
    running = next((one for one in found if one.entry.is_running), None)
    return [one for one in found if not one.entry.is_running], running


def of_member(
    tx: Tx, team_id: TeamId, member_id: MemberId, *which: ColumnElement[bool], limit: int
) -> list[LabelledEntry]:
    """The member's newest entries that fit conditions on entry, task and project."""
    query = _OF_MEMBER.where(*which).order_by(*_NEWEST).limit(limit)
    names = {"team": team_id, "member": member_id}
    return [_labelled(row) for row in tx.execute(query, names)]


def each(
    tx: Tx, team_id: TeamId, *which: ColumnElement[bool], at_a_time: int = 1000
) -> Iterator[LabelledEntry]:
    """Every entry that fits these conditions, in order of days and clock.

    They are fetched so many at a time, in one statement: all as they were at one moment.
    """
    found = tx.execute(
        _LABELLED.where(*which).order_by(*IN_ORDER),
        {"team": team_id},
        execution_options={"yield_per": at_a_time},
    )
    return map(_labelled, found)


def seconds_on(tx: Tx, team_id: TeamId, member_id: MemberId, day: date) -> int:
    """What the member has finished on a local day."""
    return int(_SECONDS_ON.value(tx, {"team": team_id, "member": member_id, "day": day}))


def last(tx: Tx, team_id: TeamId, member_id: MemberId) -> LabelledEntry | None:
    """What the member tracked last."""
    row = _LAST.first(tx, {"team": team_id, "member": member_id})
    return None if row is None else _labelled(row)


def labelled(tx: Tx, team_id: TeamId, entry_id: TimeEntryId) -> LabelledEntry | None:
    """The entry and what it is on; None when there is none, or it was deleted."""
    row = tx.execute(_LABELLED.where(_E.id == entry_id), {"team": team_id}).first()
    return None if row is None else _labelled(row)


def ever(tx: Tx, team_id: TeamId, entry_id: TimeEntryId) -> LabelledEntry | None:
    """The entry and what it is on, even if it was deleted."""
    row = tx.execute(_EVER.where(_E.id == entry_id), {"team": team_id}).first()
    return None if row is None else _labelled(row)


def continuation(tx: Tx, team_id: TeamId, entry_id: TimeEntryId) -> LabelledEntry | None:
    """The part after midnight that continues an entry."""
    row = tx.execute(_LABELLED.where(_E.continues_id == entry_id), {"team": team_id}).first()
    return None if row is None else _labelled(row)


def add(
    tx: Tx, team_id: TeamId, entries: Sequence[Entry], markers: Sequence[str], now: datetime
) -> list[TimeEntryId]:
    """Saves new entries; their ids, in the same order."""
    rows = [
        row_of(team_id, entry, marker, now) for entry, marker in zip(entries, markers, strict=True)
    ]
    if len(rows) == 1:
        return [TimeEntryId(_ADD.value(tx, rows[0]))]
    statement = insert(table(_T)).returning(_E.id, sort_by_parameter_order=True)
    return [TimeEntryId(row.id) for row in tx.execute(statement, rows)] if rows else []


def start(
    tx: Tx, team_id: TeamId, timer: Entry, *, marker: str, now: datetime, today: date
) -> tuple[TimeEntryId, int]:
    """Saves a new timer; its id, and what its member has finished on a local day.

    PostgreSQL is asked for both first, so that nobody waits for the row itself: it goes along with
    what comes next, and what is refused of it is raised there, the commit at the latest.
    """
    row = row_of(team_id, timer, marker, now)
    if tx.core.dialect.name == "sqlite":
        entry_id = TimeEntryId(_ADD.value(tx, row))
        return entry_id, seconds_on(tx, team_id, timer.member_id, today)
    asked, names = look_before_start(team_id, timer.member_id, today)
    found = asked.all(tx, names)[0]
    _ADD_AS.later(tx, {"id": found.id, **row})
    return TimeEntryId(found.id), int(found.seconds)


def look_before_start(team_id: TeamId, member_id: MemberId, today: date) -> Look:
    """What ``start`` asks on PostgreSQL."""
    return _SECONDS_AND_ID, {"team": team_id, "member": member_id, "day": today}


def rewrite(tx: Tx, team_id: TeamId, entries: Iterable[Entry]) -> None:
    """Makes stored entries what these values say."""
    rows = [
        {
            "team": team_id,
            "entry": entry.id,
            "to_project": entry.project_id,
            "to_task": entry.task_id,
            "to_started_at": entry.started_at,
            "to_ended_at": entry.ended_at,
            "to_seconds": entry.seconds,
            "to_work_date": entry.work_date,
            "to_note": entry.note,
            "to_stopped_because": entry.stopped_because,
            "to_deleted_at": entry.deleted_at,
            "to_ask_at": entry.started_at if entry.is_running else None,
        }
        for entry in entries
    ]
    if len(rows) == 1:
        _REWRITE_ONE.change(tx, rows[0])
    elif rows:
        change(tx, _REWRITE, rows)


def row_of(team_id: TeamId, entry: Entry, marker: str, now: datetime) -> dict[str, object]:
    """A new entry as a row, without its id."""
    return {
        "team_id": team_id,
        "member_id": entry.member_id,
        "project_id": entry.project_id,
        "task_id": entry.task_id,
        "started_at": entry.started_at,
        "ended_at": entry.ended_at,
        "seconds": entry.seconds,
        "work_date": entry.work_date,
        "note": entry.note,
        "marker": marker,
        "continues_id": entry.continues_id,
        "stopped_because": entry.stopped_because,
        "permalink": entry.permalink,
        "created_at": now,
        "ask_at": entry.started_at if entry.is_running else None,
        "import_id": entry.import_id,
    }


def entry_of(row: AnyRow) -> Entry:
    """A row of the table as a value."""
    return Entry(
        id=TimeEntryId(row.id),
        team_id=TeamId(row.team_id),
        member_id=MemberId(row.member_id),
        project_id=ProjectId(row.project_id),
        task_id=None if row.task_id is None else TaskId(row.task_id),
        started_at=row.started_at,
        ended_at=row.ended_at,
        seconds=row.seconds,
        work_date=row.work_date,
        note=row.note,
        continues_id=None if row.continues_id is None else TimeEntryId(row.continues_id),
        stopped_because=None if row.stopped_because is None else StopReason(row.stopped_because),
        deleted_at=row.deleted_at,
        permalink=row.permalink,
        import_id=None if row.import_id is None else ImportId(row.import_id),
    )


def _labelled(row: AnyRow) -> LabelledEntry:
    entry = entry_of(row)
    on = TaskLabel(
        project_id=entry.project_id,
        project_name=row.project_name,
        task_id=entry.task_id,
        key=row.task_key or "",
        title=row.task_title or "",
        url=row.task_url or "",
    )
    return LabelledEntry(entry, on)

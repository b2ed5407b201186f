"""Time entries, the running timer among them, and their history."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Index, Text, text
from sqlmodel import Field, SQLModel

from storage.types import BigId, UtcDateTime


class TimeEntryRow(SQLModel, table=True):
    """A member's span of time; a timer while it has no length yet."""

    __tablename__ = "time_entry"
    __table_args__ = (
        CheckConstraint("seconds IS NULL OR seconds > 0", name="length"),
        CheckConstraint("seconds IS NOT NULL OR started_at IS NOT NULL", name="timer_start"),
        Index(
            "uq_time_entry_running",
            "member_id",
            unique=True,
            sqlite_where=text("seconds IS NULL AND deleted_at IS NULL"),
            postgresql_where=text("seconds IS NULL AND deleted_at IS NULL"),
        ),
        Index("ix_time_entry_report", "team_id", "work_date", "member_id", "project_id", "seconds"),
        Index("ix_time_entry_member_day", "member_id", "work_date"),
        Index("ix_time_entry_task", "task_id"),
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
    created_at: datetime = Field(sa_type=UtcDateTime)
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class TimeEntryChangeRow(SQLModel, table=True):
    """One step in the life of a time entry: who, when, from what, to what."""

    __tablename__ = "time_entry_change"
    __table_args__ = (Index("ix_time_entry_change_entry", "time_entry_id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    time_entry_id: int = Field(foreign_key="time_entry.id", sa_type=BigId)
    action: str = Field(max_length=16)
    actor_id: int | None = Field(default=None, foreign_key="member.id", sa_type=BigId)
    """None when Hourlink itself acted."""
    at: datetime = Field(sa_type=UtcDateTime)
    before: dict[str, object] | None = Field(default=None, sa_type=JSON)
    after: dict[str, object] | None = Field(default=None, sa_type=JSON)

"""The audit log: every administrative action (A5)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import JSON, Index, insert
from sqlmodel import Field, SQLModel

from bot.domain.ids import MemberId, TeamId
from storage.sql import change, create, table
from storage.types import BigId, UtcDateTime
from storage.unit_of_work import Tx


class AuditRow(SQLModel, table=True):
    """Who did what to what, and what it was before."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_team_at", "team_id", "at"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    actor_id: int | None = Field(default=None, foreign_key="member.id", sa_type=BigId)
    """None when a policy acted."""
    action: str = Field(max_length=40)
    subject: str = Field(max_length=100)
    """Kind and id of what was touched: ``project_link:7``."""
    before: dict[str, object] | None = Field(default=None, sa_type=JSON)
    after: dict[str, object] | None = Field(default=None, sa_type=JSON)
    at: datetime = Field(sa_type=UtcDateTime)


def record(
    tx: Tx,
    team_id: TeamId,
    *,
    actor: MemberId | None,
    action: str,
    subject: str,
    now: datetime,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    """Writes one line; never put a secret into ``before`` or ``after``."""
    create(
        tx,
        AuditRow,
        team_id=team_id,
        actor_id=actor,
        action=action,
        subject=subject,
        before=before,
        after=after,
        at=now,
    )


def record_many(
    tx: Tx,
    team_id: TeamId,
    *,
    actor: MemberId | None,
    action: str,
    now: datetime,
    before: Sequence[tuple[str, Mapping[str, object]]] = (),
    after: Sequence[tuple[str, Mapping[str, object]]] = (),
) -> None:
    """Writes a line for each subject, with what it was or what it became."""
    rows = [
        {
            "team_id": team_id,
            "actor_id": actor,
            "action": action,
            "subject": subject,
            "before": dict(state) if was else None,
            "after": None if was else dict(state),
            "at": now,
        }
        for was, lines in ((True, before), (False, after))
        for subject, state in lines
    ]
    if rows:
        change(tx, insert(table(AuditRow)), rows)

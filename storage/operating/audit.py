"""The audit log: every administrative action (A5)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import JSON, ColumnElement, Index, Text, delete, func, insert, or_, select
from sqlmodel import Field, SQLModel, col

from bot.domain.ids import MemberId, TeamId
from bot.domain.operating.audit import MOST_COUNTED, PAGE_SIZE, AuditLine, AuditQuery, action_words
from bot.domain.people.account_matching import words_of
from storage.members import MemberRow
from storage.operating import audit_labels
from storage.sql import AnyRow, change, table
from storage.types import BigId, UtcDateTime
from storage.unit_of_work import Tx

_LONGEST = 2000
"""Characters of a line that can be searched."""
_LABEL = 600
_BATCH = 1000


class AuditRow(SQLModel, table=True):
    """Who did what to what, and what it was before."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_team_at", "team_id", "at"),
        Index("ix_audit_actor", "actor_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    actor_id: int | None = Field(default=None, foreign_key="member.id", sa_type=BigId)
    """None when a policy acted."""
    action: str = Field(max_length=40)
    subject: str = Field(max_length=100)
    """Kind and id of what was touched: ``project_link:7``."""
    label: str = Field(max_length=_LABEL)
    """What it was called then."""
    before: dict[str, object] | None = Field(default=None, sa_type=JSON)
    after: dict[str, object] | None = Field(default=None, sa_type=JSON)
    search_text: str = Field(sa_type=Text)
    """The words of everything that a person may look for."""
    at: datetime = Field(sa_type=UtcDateTime)


_T = AuditRow
_ACTOR = MemberRow


def record(
    tx: Tx,
    team_id: TeamId,
    *,
    actor: MemberId | None,
    action: str,
    subject: str,
    now: datetime,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """Writes one line; never put a secret into ``before`` or ``after``."""
    record_many(
        tx,
        team_id,
        actor=actor,
        action=action,
        now=now,
        before={} if before is None else {subject: before},
        after=[(subject, after)],
    )


def record_many(
    tx: Tx,
    team_id: TeamId,
    *,
    actor: MemberId | None,
    action: str,
    now: datetime,
    after: Sequence[tuple[str, Mapping[str, object] | None]],
    before: Mapping[str, Mapping[str, object]] | None = None,
) -> None:
    """Writes a line for each subject: what it was, by subject, and what it became."""
    called = audit_labels.labels(tx, team_id, (subject for subject, _ in after))
    who = _name(tx, team_id, actor)
    rows = []
    for subject, state in after:
        was, label = (before or {}).get(subject), called.get(subject, "")[:_LABEL]
        told = (who, action, action_words(action), label, was or "", state or "")
        text = f"{now:%Y-%m-%d} {' '.join(map(str, told))}"
        rows.append(
            {
                "team_id": team_id,
                "actor_id": actor,
                "action": action,
                "subject": subject,
                "label": label,
                "before": None if was is None else dict(was),
                "after": None if state is None else dict(state),
                "search_text": " ".join(words_of(text))[:_LONGEST],
                "at": now,
            }
        )
    if rows:
        change(tx, insert(table(_T)), rows)


def _name(tx: Tx, team_id: TeamId, actor: MemberId | None) -> str:
    if actor is None:
        return ""
    query = select(col(MemberRow.name)).where(
        col(MemberRow.team_id) == team_id, col(MemberRow.id) == actor
    )
    return str(tx.execute(query).scalar() or "")


_SELECT = (
    select(
        *(column for column in table(_T).c if column.name != "search_text"),
        col(_ACTOR.name).label("actor"),
    )
    .select_from(_T)
    .outerjoin(_ACTOR, col(_ACTOR.id) == col(_T.actor_id))
)


def _line(row: AnyRow) -> AuditLine:
    return AuditLine(
        at=row.at,
        actor=row.actor,
        action=row.action,
        subject=row.subject,
        label=row.label,
        before=row.before or {},
        after=row.after or {},
    )


def _matching(team_id: TeamId, words: str) -> list[ColumnElement[bool]]:
    """Every word stands in the line, or in the present name of who did it."""
    return [
        col(_T.team_id) == team_id,
        *(
            or_(
                col(_T.search_text).contains(word, autoescape=True),
                col(_T.actor_id).in_(
                    select(table(_ACTOR).c.id).where(
                        col(_ACTOR.team_id) == team_id,
                        col(_ACTOR.name_words).contains(word, autoescape=True),
                    )
                ),
            )
            for word in words_of(words)
        ),
    ]


def page(tx: Tx, team_id: TeamId, query: AuditQuery) -> list[AuditLine]:
    """One page of the log, newest first."""
    found = _SELECT.where(*_matching(team_id, query.words))
    newest = found.order_by(col(_T.at).desc(), col(_T.id).desc())
    rows = newest.limit(PAGE_SIZE).offset(query.page * PAGE_SIZE)
    return [_line(row) for row in tx.execute(rows)]


def count(tx: Tx, team_id: TeamId, words: str) -> int:
    """How many lines there are; at most one more than ``MOST_COUNTED``."""
    some = select(table(_T).c.id).where(*_matching(team_id, words)).limit(MOST_COUNTED + 1)
    return int(tx.execute(select(func.count()).select_from(some.subquery())).scalar_one())


def every(tx: Tx, team_id: TeamId, words: str) -> Iterator[AuditLine]:
    """The whole log, oldest first, read in batches."""
    last = 0
    while True:
        query = _SELECT.where(*_matching(team_id, words), table(_T).c.id > last)
        rows = list(tx.execute(query.order_by(table(_T).c.id).limit(_BATCH)))
        yield from map(_line, rows)
        if len(rows) < _BATCH:
            return
        last = rows[-1].id


def forget_before(tx: Tx, moment: datetime) -> int:
    """Drops the lines of all teams that are older; how many."""
    return change(tx, delete(_T).where(col(_T.at) < moment))

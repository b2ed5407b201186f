"""The outbox: work owed to the outside, saved in the transaction of its cause."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    BindParameter,
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    delete,
    exists,
    insert,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.orm import aliased
from sqlmodel import Field, SQLModel, col

from bot.domain.ids import OutboxId, TeamId
from bot.domain.outbox import OutboxItem
from bot.domain.states import OutboxState
from storage.indexes import partial_index
from storage.prepared import Prepared
from storage.sql import change, create, create_if_free, table
from storage.teams import TeamRow
from storage.types import BigId, UtcDateTime, one_of
from storage.unit_of_work import Tx


class OutboxRow(SQLModel, table=True):
    """One message or write that is owed."""

    __tablename__ = "outbox"
    __table_args__ = (
        one_of("state", OutboxState),
        partial_index(
            "ix_outbox_due",
            "team_id",
            "due_at",
            "id",
            where="state IN ('pending', 'sending')",
        ),
        partial_index(
            "ix_outbox_subject",
            "team_id",
            "subject",
            "id",
            where="state IN ('pending', 'sending')",
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    kind: str = Field(max_length=40)
    subject: str = Field(max_length=100)
    """Rows with the same subject are delivered one after another, in order."""
    payload: dict[str, object] = Field(default_factory=dict, sa_type=JSON)
    """Ids of what is meant, never its text: the message is written when it is sent."""
    marker: str = Field(unique=True, max_length=64)
    """Carried to the outside, so that a send of unknown outcome can be looked for."""
    state: str = Field(default=OutboxState.PENDING, max_length=16)
    due_at: datetime = Field(sa_type=UtcDateTime)
    attempts: int = 0
    last_error: str | None = Field(default=None, sa_type=Text)
    created_at: datetime = Field(sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


_T = OutboxRow
LEASE = timedelta(seconds=45)
"""How long whoever took a row up has it alone; a crashed one's rows are due again after that."""

_OPEN: BindParameter[list[str]] = bindparam(
    "open_states",
    [OutboxState.PENDING.value, OutboxState.SENDING.value],
    expanding=True,
    literal_execute=True,  # SQLite uses a partial index only where its condition is spelled out
)


def add(
    tx: Tx,
    team_id: TeamId,
    *,
    kind: str,
    subject: str,
    payload: Mapping[str, int | str | None],
    marker: str,
    now: datetime,
) -> None:
    """Owes a piece of work, due at once, in the transaction of its cause."""
    create(tx, OutboxRow, **_row(team_id, kind, (subject, payload, marker), now))


def add_once(
    tx: Tx,
    team_id: TeamId,
    *,
    kind: str,
    subject: str,
    payload: Mapping[str, int | str | None],
    marker: str,
    now: datetime,
) -> None:
    """The same, unless something with this marker is owed or was, lately."""
    create_if_free(tx, OutboxRow, **_row(team_id, kind, (subject, payload, marker), now))


def add_many(
    tx: Tx,
    team_id: TeamId,
    *,
    kind: str,
    owed: Iterable[tuple[str, Mapping[str, int | str | None], str]],
    now: datetime,
) -> None:
    """Owes many pieces of one kind: subject, payload and marker of each."""
    rows = [_row(team_id, kind, one, now) for one in owed]
    if rows:
        change(tx, insert(table(OutboxRow)), rows)


def _row(
    team_id: TeamId,
    kind: str,
    owed: tuple[str, Mapping[str, int | str | None], str],
    now: datetime,
) -> dict[str, object]:
    subject, payload, marker = owed
    return {
        "team_id": team_id,
        "kind": kind,
        "subject": subject,
        "payload": dict(payload),
        "marker": marker,
        "state": OutboxState.PENDING,
        "due_at": now,
        "attempts": 0,
        "created_at": now,
    }


def is_owed(tx: Tx, team_id: TeamId, subject: str) -> bool:
    """Whether something of this subject waits that nobody has taken up yet."""
    waits = exists().where(
        col(_T.team_id) == team_id,
        col(_T.subject) == subject,
        col(_T.state).in_(_OPEN),
        col(_T.state) == OutboxState.PENDING,
    )
    return bool(tx.execute(select(waits)).scalar())


def is_under_way(tx: Tx, team_id: TeamId, subject: str) -> bool:
    """Whether something of this subject waits, or is being delivered."""
    open_ = exists().where(
        col(_T.team_id) == team_id, col(_T.subject) == subject, col(_T.state).in_(_OPEN)
    )
    return bool(tx.execute(select(open_)).scalar())


def _taking(*which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    other = aliased(OutboxRow)
    now = bindparam("now", type_=UtcDateTime)
    blocked = exists().where(
        col(other.team_id) == col(_T.team_id),
        col(other.subject) == col(_T.subject),
        col(other.state).in_(_OPEN),
        or_(
            col(other.id) < col(_T.id),
            # A lower id may become visible late, when a later one is already on its way.
            and_(
                col(other.id) > col(_T.id),
                col(other.state) == OutboxState.SENDING,
                col(other.due_at) > now,
            ),
        ),
    )
    return (
        select(
            col(_T.id),
            col(_T.team_id),
            col(_T.kind),
            col(_T.payload),
            col(_T.marker),
            col(_T.attempts),
            col(_T.state),
        )
        .where(
            col(_T.team_id) == bindparam("team_id"),
            col(_T.state).in_(_OPEN),
            col(_T.due_at) <= now,
            *which,
            ~blocked,
        )
        .order_by(col(_T.due_at), col(_T.id))
        .limit(bindparam("slots"))
        .with_for_update(skip_locked=True, of=_T)
    )


_OWED = (
    select(col(_T.team_id))
    .join(TeamRow, col(TeamRow.id) == col(_T.team_id))
    .where(
        col(_T.state).in_(_OPEN),
        col(_T.due_at) <= bindparam("now", type_=UtcDateTime),
        col(TeamRow.uninstalled_at).is_(None),
    )
    .distinct()
)
_OF_A_KIND = col(_T.kind) == bindparam("kind")
_TEAMS_DUE = Prepared(_OWED)
_TEAMS_DUE_A_KIND = Prepared(_OWED.where(_OF_A_KIND))
_TAKING = Prepared(_taking())
_TAKING_A_KIND = Prepared(_taking(_OF_A_KIND))


def teams_due(tx: Tx, now: datetime, *, kind: str | None = None) -> list[TeamId]:
    """Teams to whom something is owed now, or something of a kind.

    The outbox alone asks without a team: it serves all. What is owed to a team that removed
    Hourlink waits for the day on which it comes back.
    """
    if kind is None:
        found = _TEAMS_DUE.all(tx, {"now": now})
    else:
        found = _TEAMS_DUE_A_KIND.all(tx, {"now": now, "kind": kind})
    return [TeamId(row.team_id) for row in found]


def take_due(
    tx: Tx,
    slots: Mapping[TeamId, int],
    now: datetime,
    *,
    only: tuple[str, Collection[TeamId]] = ("", ()),
) -> list[OutboxItem]:
    """Takes up what is due: the first open row of each subject, marked as being sent.

    A row found already marked was interrupted by a crash or ended without an answer.

    Args:
        tx: The transaction.
        slots: How many rows at most, for each team.
        now: The present moment.
        only: A kind, and the teams of which nothing else is taken.
    """
    kind, of_that_kind = only
    # Two workers that look at once would each see only what the other has committed. The team's
    # row keeps them apart; new rows of the outbox, which point at it, do not wait for that. All
    # lock teams in the same order.
    tx.execute(
        select(col(TeamRow.id))
        .where(col(TeamRow.id).in_(slots))
        .order_by(col(TeamRow.id))
        .with_for_update(key_share=True)
    )
    if tx.core.dialect.name == "postgresql":
        # Its plan is kept, and made while hardly anything is owed: to read all of the outbox for
        # each of its rows is best then, and takes minutes once thousands are owed at a time.
        tx.execute(text("SET LOCAL enable_seqscan = off"))
    items = [
        OutboxItem(
            id=OutboxId(row.id),
            team_id=TeamId(row.team_id),
            kind=row.kind,
            payload=row.payload,
            marker=row.marker,
            attempts=row.attempts,
            may_have_happened=row.state == OutboxState.SENDING,
        )
        for team_id, most in slots.items()
        for row in (
            _TAKING_A_KIND.all(tx, {"team_id": team_id, "now": now, "slots": most, "kind": kind})
            if team_id in of_that_kind
            else _TAKING.all(tx, {"team_id": team_id, "now": now, "slots": most})
        )
    ]
    ids = [item.id for item in items]
    if ids:
        values = {
            "state": OutboxState.SENDING,
            "attempts": col(_T.attempts) + 1,
            "due_at": now + LEASE,
        }
        change(tx, update(_T).where(col(_T.id).in_(ids)).values(values))
    return items


def holds(tx: Tx, item: OutboxItem) -> bool:
    """Whether nobody has taken the row up since; until the commit nobody does."""
    held = select(col(_T.id)).where(*_still_held(item)).with_for_update()
    return tx.execute(held).first() is not None


def give_up(tx: Tx, item: OutboxItem, now: datetime, *, error: str) -> None:
    """It never will be, for the outside's reason."""
    values = {"state": OutboxState.FAILED, "done_at": now, "last_error": error}
    change(tx, update(_T).where(*_still_held(item)).values(values))


def finish(tx: Tx, items: Collection[OutboxItem], now: datetime) -> None:
    """All of these are done, as far as nobody else has taken them up since."""
    held = tuple_(col(_T.id), col(_T.team_id), col(_T.attempts)).in_(
        [(item.id, item.team_id, item.attempts + 1) for item in items]
    )
    values = {"state": OutboxState.DONE, "done_at": now, "last_error": None}
    change(tx, update(_T).where(held, col(_T.state) == OutboxState.SENDING).values(values))


def hold(tx: Tx, item: OutboxItem, now: datetime) -> bool:
    """Keeps what takes long for another lease; False where it is somebody else's by now."""
    held = update(_T).where(*_still_held(item)).values(due_at=now + LEASE)
    return change(tx, held) > 0


def retry(
    tx: Tx, item: OutboxItem, due_at: datetime, *, error: str, may_have_happened: bool
) -> None:
    """Owes it again, later."""
    state = OutboxState.SENDING if may_have_happened else OutboxState.PENDING
    values = {"state": state, "due_at": due_at, "last_error": error}
    change(tx, update(_T).where(*_still_held(item)).values(values))


def _still_held(item: OutboxItem) -> tuple[ColumnElement[bool], ...]:
    """Only whoever took a row up last says how it went; one that overslept its lease does not."""
    return (
        col(_T.id) == item.id,
        col(_T.team_id) == item.team_id,
        col(_T.state) == OutboxState.SENDING,
        col(_T.attempts) == item.attempts + 1,
    )


def hand_back(tx: Tx, now: datetime) -> int:
    """Makes everything that was being sent due at once: for a process that knows it is alone."""
    sending = col(_T.state) == OutboxState.SENDING
    return change(tx, update(_T).where(sending, col(_T.due_at) > now).values(due_at=now))


def forget_done_before(tx: Tx, moment: datetime) -> int:
    """Drops what was done long ago; how many."""
    old = (col(_T.state) == OutboxState.DONE, col(_T.done_at) < moment)
    return change(tx, delete(_T).where(*old))


def forget_failed_before(tx: Tx, moment: datetime) -> int:
    """Drops what was given up long ago; how many."""
    old = (col(_T.state) == OutboxState.FAILED, col(_T.done_at) < moment)
    return change(tx, delete(_T).where(*old))

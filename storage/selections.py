"""What somebody has ticked in a long list: it outlives turning pages and searching."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import (
    ColumnElement,
    Index,
    Select,
    delete,
    exists,
    func,
    literal,
    select,
    true,
)
from sqlmodel import Field, SQLModel, col

from bot.domain.ids import MemberId, TeamId
from storage.chunks import chunked
from storage.sql import change, create, insert_into, table
from storage.types import BigId, UtcDateTime, one_of
from storage.unit_of_work import Tx

KEPT = timedelta(days=1)
"""How long a list may be open before what was ticked in it is forgotten."""


class Kind(StrEnum):
    """What is ticked."""

    PROJECT = "project"
    PROVIDER_PROJECT = "provider_project"
    ACCOUNT_LINK = "account_link"


class SelectionRow(SQLModel, table=True):
    """One opened list of one member."""

    __tablename__ = "selection"
    __table_args__ = (Index("ix_selection_member", "member_id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    member_id: int = Field(foreign_key="member.id", sa_type=BigId)
    made_at: datetime = Field(sa_type=UtcDateTime)


class SelectedRow(SQLModel, table=True):
    """One thing that is ticked."""

    __tablename__ = "selected"
    __table_args__ = (one_of("kind", Kind),)

    selection_id: int = Field(foreign_key="selection.id", primary_key=True, sa_type=BigId)
    kind: str = Field(primary_key=True, max_length=16)
    item_id: int = Field(primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")


_T = SelectedRow


def begin(tx: Tx, team_id: TeamId, member_id: MemberId, now: datetime) -> int:
    """A new selection with nothing in it; the member's old ones are forgotten."""
    made = create(tx, SelectionRow, team_id=team_id, member_id=member_id, made_at=now)
    # Only now: SQLite gives the id of a deleted last row away again.
    old = select(table(SelectionRow).c.id).where(
        col(SelectionRow.team_id) == team_id,
        col(SelectionRow.member_id) == member_id,
        col(SelectionRow.made_at) < now - KEPT,
    )
    forgotten = list(tx.execute(old).scalars())
    if forgotten:
        change(tx, delete(_T).where(col(_T.selection_id).in_(forgotten)))
        change(tx, delete(SelectionRow).where(col(SelectionRow.id).in_(forgotten)))
    return made


def is_theirs(tx: Tx, team_id: TeamId, member_id: MemberId, selection_id: int) -> bool:
    """Whether the selection is there and this member's own."""
    query = exists().where(
        col(SelectionRow.id) == selection_id,
        col(SelectionRow.team_id) == team_id,
        col(SelectionRow.member_id) == member_id,
    )
    return bool(tx.execute(select(query)).scalar())


def tick(
    tx: Tx,
    team_id: TeamId,
    selection_id: int,
    kind: Kind,
    *,
    shown: Collection[int],
    ticked: Collection[int],
) -> None:
    """Of what a page showed, exactly this is ticked now."""
    off = [one for one in shown if one not in ticked]
    for some in chunked(off):
        change(tx, delete(_T).where(*_of(team_id, selection_id, kind), col(_T.item_id).in_(some)))
    rows = [
        {"selection_id": selection_id, "kind": kind, "item_id": one, "team_id": team_id}
        for one in ticked
        if one in shown
    ]
    if rows:
        change(tx, insert_into(table(_T), tx.core.dialect.name).on_conflict_do_nothing(), rows)


def tick_all(tx: Tx, team_id: TeamId, selection_id: int, kind: Kind, which: Select[int]) -> None:
    """Everything that a query for ids finds, beside what is ticked already."""
    found = which.subquery()
    rows = select(literal(selection_id), literal(kind.value), found.c.id, literal(team_id))
    names = ["selection_id", "kind", "item_id", "team_id"]
    # Without a condition SQLite takes ON CONFLICT for a part of the select.
    rows = rows.where(true())
    change(
        tx,
        insert_into(table(_T), tx.core.dialect.name)
        .from_select(names, rows)
        .on_conflict_do_nothing(),
    )


def clear(tx: Tx, team_id: TeamId, selection_id: int) -> None:
    """Nothing is ticked any more."""
    change(tx, delete(_T).where(col(_T.team_id) == team_id, col(_T.selection_id) == selection_id))


def counts(tx: Tx, team_id: TeamId, selection_id: int) -> dict[Kind, int]:
    """How many things of each kind are ticked."""
    query = (
        select(col(_T.kind), func.count())
        .where(col(_T.team_id) == team_id, col(_T.selection_id) == selection_id)
        .group_by(col(_T.kind))
    )
    return {Kind(row[0]): int(row[1]) for row in tx.execute(query)}


def chosen(team_id: TeamId, selection_id: int, kind: Kind) -> Select[int]:
    """A query for the ids that are ticked."""
    return select(col(_T.item_id)).where(*_of(team_id, selection_id, kind))


def among(tx: Tx, team_id: TeamId, selection_id: int, kind: Kind, ids: Collection[int]) -> set[int]:
    """Those of these ids that are ticked."""
    query = select(col(_T.item_id)).where(
        *_of(team_id, selection_id, kind), col(_T.item_id).in_(list(ids))
    )
    return set(tx.execute(query).scalars())


def _of(team_id: TeamId, selection_id: int, kind: Kind) -> tuple[ColumnElement[bool], ...]:
    return (
        col(_T.team_id) == team_id,
        col(_T.selection_id) == selection_id,
        col(_T.kind) == kind,
    )

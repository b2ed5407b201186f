"""Searching a team's tasks by their terms: a page of hits from each shelf, the newest first.

A shelf is a set that a person looks at before the others: their own tasks, open ones, done ones.
Each is asked for a hundred hits, not for all: what so many tasks fit needs more words anyway. Where
a shelf has fewer, every task that fits is known.

Visibility is part of the question: only tasks of the given provider projects are hits.
"""

from collections.abc import Collection, Mapping, Sequence
from itertools import islice
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, or_, select

from bot.domain.ids import ProviderProjectId, TaskId, TeamId
from storage import prepared
from storage.chunks import chunked
from storage.entries.time_entries import TimeEntryRow
from storage.sql import AnyRow, table
from storage.tasks.task_questions import Question, Shelf, looked_up, shown, statement
from storage.tasks.tasks import TaskAliasRow, TaskRow
from storage.unit_of_work import Tx

SHELF = 100
"""Hits that one shelf gives."""

PAGE = 200
"""Hits that a page of everything gives."""

_NOTHING: Mapping["Hit", bool] = MappingProxyType({})

_T, _ALIAS, _ENTRY = table(TaskRow).c, table(TaskAliasRow).c, table(TimeEntryRow).c
HIT: tuple[Any, ...] = (
    _T.id,
    _T.key,
    _T.title,
    _T.url,
    _T.is_done,
    _T.provider_project_id,
    _T.terms,
)


class Hit(NamedTuple):
    """A task that fits; a tuple, because they are many."""

    id: TaskId
    key: str
    title: str
    url: str
    is_done: bool
    source: ProviderProjectId
    terms: str = ""
    """Only where they were asked for."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Hit) and other.id == self.id

    def __hash__(self) -> int:
        return hash(self.id)


def own_and_open(
    tx: Tx, question: Question, owners: Collection[str], seen: Mapping[Hit, bool]
) -> tuple[list[Hit], list[Hit]]:
    """The newest that are assigned to somebody with these terms, done ones too; the newest open.

    Args:
        tx: The open transaction.
        question: What is looked for.
        owners: Terms of somebody's accounts.
        seen: A ``page`` of it, so that only what is older is asked for; may be empty.
    """
    if not owners:
        return [], newest(tx, question, is_done=False, seen=seen)
    shelves = Shelf(owners=owners, most=SHELF), Shelf(is_done=False, most=SHELF)
    own, opened = _shelves(tx, question, seen, *shelves)
    return own, opened


def assigned(tx: Tx, question: Question, owners: Collection[str], most: int) -> list[Hit]:
    """The newest open ones that are assigned to somebody with these terms."""
    if not owners or not question.sources:
        return []
    shelf = Shelf(owners=owners, is_done=False, most=most)
    text, values = statement(tx, looked_up(tx, question), shelf)
    found = prepared.written(tx, text, values, is_fixed=not question.words)
    return [_shown_hit(row) for row in found]


def page(tx: Tx, question: Question, owners: Collection[str]) -> dict[Hit, bool]:
    """The newest, open and done, and whether each is assigned to somebody with these terms.

    Where they are fewer than a ``PAGE``, every task that fits is among them.
    """
    if not question.sources:
        return {}
    columns, own = shown(tx, owners)
    text, values = statement(tx, looked_up(tx, question), Shelf(most=PAGE, shown=columns))
    found = prepared.written(tx, text, values | own)
    return {_shown_hit(row): bool(is_own) for *row, is_own in found}


def newest(
    tx: Tx, question: Question, *, is_done: bool, seen: Mapping[Hit, bool] = _NOTHING
) -> list[Hit]:
    """The newest open or done ones; ``seen`` is a ``page`` of them, or of more."""
    return _shelves(tx, question, seen, Shelf(is_done=is_done, most=SHELF))[0]


def count(tx: Tx, question: Question, most: int) -> int:
    """How many tasks fit, counted no further than ``most``."""
    if not question.sources:
        return 0
    shelf = Shelf(most=most, shown="1", is_ordered=False)
    text, values = statement(tx, looked_up(tx, question), shelf)
    counted = f"SELECT count(*) FROM ({text}) AS fitting"  # noqa: S608 - values are bound
    return int(prepared.written(tx, counted, values)[0][0])


def by_ids(tx: Tx, team_id: TeamId, ids: Sequence[TaskId]) -> list[Hit]:
    """Those of the tasks that exist, with their terms."""
    return [
        hit_of(row)
        for some in chunked(ids)
        for row in tx.execute(
            select(*HIT).where(_T.team_id == team_id, _T.id.in_(some), _T.gone_at.is_(None))
        )
    ]


def with_keys(tx: Tx, question: Question, keys: Collection[str]) -> list[Hit]:
    """Tasks that have, or once had, one of these keys (folded), the newest first."""
    team_id, these = question.team_id, list(keys)
    former = select(_ALIAS.task_id).where(_ALIAS.team_id == team_id, _ALIAS.key_folded.in_(these))
    return _some(tx, question, or_(_T.key_folded.in_(these), _T.id.in_(former)))


def with_number(tx: Tx, question: Question, number: int) -> list[Hit]:
    """Tasks with this number, the newest first."""
    return _some(tx, question, _T.number == number)


def _some(tx: Tx, question: Question, condition: ColumnElement[bool]) -> list[Hit]:
    query = select(*HIT).where(_T.team_id == question.team_id, _T.gone_at.is_(None), condition)
    seen = set(question.sources)
    found = (hit_of(row) for row in tx.execute(query.order_by(_T.id.desc())))
    return [hit for hit in found if hit.source in seen][:SHELF]


def _shelves(
    tx: Tx, question: Question, seen: Mapping[Hit, bool], *shelves: Shelf
) -> list[list[Hit]]:
    """A page of hits of each, in one statement; those that were seen are not asked for again."""
    found = [_held(shelf, seen) for shelf in shelves]
    below = min((hit.id for hit in seen), default=None)
    rests = {
        at: shelf._replace(most=shelf.most - len(held), below=below, name=str(at))
        for at, (shelf, held) in enumerate(zip(shelves, found, strict=True))
        if len(held) < shelf.most
    }
    if not rests or not question.sources:
        return found
    question = looked_up(tx, question)
    parts: list[str] = []
    values: dict[str, Any] = {}
    for at, rest in rests.items():
        part, own = statement(tx, question, rest)
        parts.append(f"SELECT {at}, shelf{at}.* FROM ({part}) AS shelf{at}")  # noqa: S608
        values |= own
    for at, *row in prepared.written(tx, " UNION ALL ".join(parts), values):
        found[at].append(_shown_hit(row))
    return found


def _held(shelf: Shelf, seen: Mapping[Hit, bool]) -> list[Hit]:
    """Which of a page are on the shelf."""
    held = (
        hit
        for hit, is_own in seen.items()
        if (is_own or not shelf.owners) and shelf.is_done in {None, hit.is_done}
    )
    return list(islice(held, shelf.most))


def _shown_hit(row: Sequence[Any]) -> Hit:
    """A hit of the columns ``SHOWN``."""
    task_id, key, title, url, is_done, source = row
    return Hit(task_id, key, title, url, bool(is_done), source)


def hit_of(row: AnyRow) -> Hit:
    """A hit of the columns ``HIT``."""
    return Hit(
        TaskId(row.id),
        row.key,
        row.title,
        row.url,
        row.is_done,
        ProviderProjectId(row.provider_project_id),
        row.terms,
    )

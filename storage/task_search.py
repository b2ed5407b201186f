"""Searching a team's tasks by their terms: a page of hits from each shelf, the newest first.

A shelf is a set that a person looks at before the others: their own tasks, open ones, done ones.
Each is asked for a hundred hits, not for all: what so many tasks fit needs more words anyway. Where
a shelf has fewer, every task that fits is known.

Visibility is part of the question: only tasks of the given provider projects are hits.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Select,
    cast,
    column,
    func,
    literal_column,
    or_,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from bot.domain.ids import ProviderProjectId, TaskId, TeamId
from bot.domain.task_terms import SearchWord, source_term
from storage.chunks import chunked
from storage.sql import AnyRow
from storage.sql import table as table_of
from storage.task_index import has_own_table
from storage.tasks import TaskAliasRow, TaskRow
from storage.unit_of_work import Tx

SHELF = 100
"""Hits that one shelf gives."""

_FEW = 16
"""Places up to which their terms are searched for; of more, each hit is looked at."""

Spellings: TypeAlias = tuple[SearchWord, ...]
"""One word, as it was typed or as it may have been meant; a task fits when it fits any of them."""

_T, _ALIAS = table_of(TaskRow).c, table_of(TaskAliasRow).c
_FTS = table("task_fts", column("rowid"), column("task_fts"))
_VECTOR: ColumnElement[Any] = literal_column("task.search_vector")
_HIT = (_T.id, _T.key, _T.title, _T.url, _T.is_done, _T.provider_project_id, _T.terms)


@dataclass(frozen=True, slots=True)
class Hit:
    """A task that fits."""

    id: TaskId
    key: str
    title: str
    url: str
    is_done: bool
    source: ProviderProjectId
    terms: str


@dataclass(frozen=True, slots=True)
class Hits:
    """What the shelves gave; a task may be on several."""

    own: tuple[Hit, ...]
    open: tuple[Hit, ...]
    done: tuple[Hit, ...]

    @property
    def is_all(self) -> bool:
        """Nothing else fits."""
        return len(self.open) < SHELF and len(self.done) < SHELF


def find(
    tx: Tx,
    team_id: TeamId,
    *,
    words: Sequence[Spellings],
    owners: Collection[str],
    sources: Collection[ProviderProjectId],
) -> Hits:
    """The newest tasks that fit all words, or of all where there are none.

    Args:
        tx: The open transaction.
        team_id: The fence.
        words: What was typed, each word in all its spellings.
        owners: The terms of who asks, as somebody to whom tasks are assigned.
        sources: The provider projects whose tasks they may track.
    """
    if not sources:
        return Hits((), (), ())
    search = _Search(tx, team_id, words, sources)
    own = search.shelf(owners=owners) if owners else ()
    opened = search.shelf(is_done=False)
    return Hits(own, opened, search.shelf(is_done=True))


def assigned(
    tx: Tx,
    team_id: TeamId,
    *,
    owners: Collection[str],
    sources: Collection[ProviderProjectId],
) -> tuple[Hit, ...]:
    """The newest open tasks of whoever has these terms, within these provider projects."""
    if not owners or not sources:
        return ()
    return _Search(tx, team_id, (), sources).shelf(owners=owners, is_done=False)


def count(
    tx: Tx,
    team_id: TeamId,
    *,
    words: Sequence[Spellings],
    sources: Collection[ProviderProjectId],
    most: int,
) -> int:
    """How many tasks fit, counted no further than ``most``."""
    return _Search(tx, team_id, words, sources).count(most) if sources else 0


def by_ids(tx: Tx, team_id: TeamId, ids: Sequence[TaskId]) -> list[Hit]:
    """Those of the tasks that exist."""
    return [
        _hit(row)
        for some in chunked(ids)
        for row in tx.execute(
            select(*_HIT).where(_T.team_id == team_id, _T.id.in_(some), _T.gone_at.is_(None))
        )
    ]


def with_keys(
    tx: Tx, team_id: TeamId, keys: Collection[str], sources: Collection[ProviderProjectId]
) -> list[Hit]:
    """Tasks that have, or once had, one of these keys (folded), the newest first."""
    former = select(_ALIAS.task_id).where(
        _ALIAS.team_id == team_id, _ALIAS.key_folded.in_(list(keys))
    )
    either = or_(_T.key_folded.in_(list(keys)), _T.id.in_(former))
    return _some(tx, team_id, either, sources)


def with_number(
    tx: Tx, team_id: TeamId, number: int, sources: Collection[ProviderProjectId]
) -> list[Hit]:
    """Tasks with this number, the newest first."""
    return _some(tx, team_id, _T.number == number, sources)


def _some(
    tx: Tx,
    team_id: TeamId,
    condition: ColumnElement[bool],
    sources: Collection[ProviderProjectId],
) -> list[Hit]:
    query = (
        select(*_HIT)
        .where(_T.team_id == team_id, _T.gone_at.is_(None), condition)
        .order_by(_T.id.desc())
    )
    seen = set(sources)
    found = (_hit(row) for row in tx.execute(query))
    return list(islice((hit for hit in found if hit.source in seen), SHELF))


class _Search:
    """One question to one kind of database."""

    def __init__(
        self,
        tx: Tx,
        team_id: TeamId,
        words: Sequence[Spellings],
        sources: Collection[ProviderProjectId],
    ) -> None:
        self._tx = tx
        self._team_id = team_id
        self._words = words
        self._sources = sources
        self._is_sqlite = has_own_table(tx)

    def shelf(
        self, *, owners: Collection[str] = (), is_done: bool | None = None
    ) -> tuple[Hit, ...]:
        query = self._fitting(owners).limit(SHELF)
        if is_done is not None:
            query = query.where(_T.is_done.is_(is_done))
        return tuple(_hit(row) for row in self._tx.execute(query))

    def count(self, most: int) -> int:
        some = self._fitting(()).with_only_columns(_T.id).order_by(None).limit(most)
        counted = select(func.count()).select_from(some.subquery())
        return int(self._tx.execute(counted).scalar_one())

    def _fitting(self, owners: Collection[str]) -> Select[*tuple[Any, ...]]:
        query = select(*_HIT).where(_T.team_id == self._team_id, _T.gone_at.is_(None))
        if not self._is_sqlite:
            return self._on_postgresql(query, owners)
        return self._on_sqlite(query, owners)

    def _on_postgresql(
        self, query: Select[*tuple[Any, ...]], owners: Collection[str]
    ) -> Select[*tuple[Any, ...]]:
        query = query.where(_T.provider_project_id == func.any(list(self._sources)))
        asked = [_either(_ways(word, "&", "'{}':*"), "|") for word in self._words]
        if owners:
            asked.append(_either([f"'{term}'" for term in sorted(owners)], "|"))
        if asked:
            # Spelled out, because a plan for any words whatever reads far too much for rare ones.
            terms = cast(literal_column(f"$${' & '.join(asked)}$$"), TSQUERY)
            query = query.where(_VECTOR.op("@@")(terms))
        return query.order_by(_T.id.desc())

    def _on_sqlite(
        self, query: Select[*tuple[Any, ...]], owners: Collection[str]
    ) -> Select[*tuple[Any, ...]]:
        asked = [_either(_ways(word, "AND", '"{}"*'), "OR") for word in self._words]
        if owners:
            asked.append(_either([f'"{term}"' for term in sorted(owners)], "OR"))
        if len(self._sources) <= _FEW:
            places = [f'"{source_term(source)}"' for source in sorted(self._sources)]
            asked.append(_either(places, "OR"))
        else:
            # The plus keeps SQLite from reading the projects' tasks one by one instead.
            query = query.where(
                text("+task.provider_project_id IN (SELECT value FROM json_each(:sources))")
            ).params(sources=str(sorted(self._sources)))
        if not asked:
            return query.order_by(_T.id.desc())
        fits = _FTS.c.task_fts.op("MATCH")(" AND ".join(asked))
        joined = query.select_from(_FTS.join(table_of(TaskRow), _T.id == _FTS.c.rowid))
        return joined.where(fits).order_by(_FTS.c.rowid.desc())


def _ways(spellings: Spellings, and_: str, prefix: str) -> list[str]:
    """The ways in which a task fits one word."""
    ways: list[str] = []
    for word in spellings:
        ways.append(f"({f' {and_} '.join(prefix.format(part) for part in word.parts)})")
        if word.whole:
            ways.append(prefix.format(word.whole))
    return ways


def _either(ways: Iterable[str], or_: str) -> str:
    return f"({f' {or_} '.join(ways)})"


def _hit(row: AnyRow) -> Hit:
    return Hit(
        TaskId(row.id),
        row.key,
        row.title,
        row.url,
        row.is_done,
        ProviderProjectId(row.provider_project_id),
        row.terms,
    )

"""Searching a team's tasks by their terms: a page of hits from each shelf, the newest first.

A shelf is a set that a person looks at before the others: their own tasks, open ones, done ones.
Each is asked for a hundred hits, not for all: what so many tasks fit needs more words anyway. Where
a shelf has fewer, every task that fits is known.

Visibility is part of the question: only tasks of the given provider projects are hits.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import field, replace
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import ColumnElement, or_, select

from bot.domain.ids import ProviderProjectId, TaskId, TeamId
from bot.domain.tasks.task_terms import SearchWord, is_known_by_words, source_term
from bot.domain.values import dataclass
from storage import prepared
from storage.chunks import chunked
from storage.entries.time_entries import TimeEntryRow
from storage.sql import AnyRow, table
from storage.tasks import task_index
from storage.tasks.tasks import TaskAliasRow, TaskRow
from storage.unit_of_work import Tx

SHELF = 100
"""Hits that one shelf gives."""

PAGE = 200
"""Hits that a page of everything gives."""

_FEW = 16
"""Places up to which their terms are searched for; of more, each hit is looked at."""

READ = 200
"""Tasks up to which SQLite reads all of them, and leaves its index alone.

The index is that of all teams. For the beginning of a word it gathers every task of everybody that
holds such a word, before it looks whose they are.
"""

_SEVERAL = 2
"""Beginnings from which on PostgreSQL is told the words that they stand for."""

_FEW_ARE = "SELECT are_few FROM those"
_NOTHING = '"##"'
"""Asks the index for what no task has."""

_BEGINS = '"{}"*'
"""A term that begins so, in the words of SQLite's index."""

_SHOWN = "task.id, task.key, task.title, task.url, task.is_done, task.provider_project_id"

Spellings: TypeAlias = tuple[SearchWord, ...]
"""One word, as it was typed or as it may have been meant; a task fits when it fits any of them."""

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


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for, and where."""

    team_id: TeamId
    words: Sequence[Spellings]
    """A task fits when it fits each of them; without any, every task does."""
    sources: Collection[ProviderProjectId]
    """The provider projects whose tasks may be hits."""
    begun: Mapping[str, Collection[str]] = field(default_factory=dict)
    """What beginnings stand for, where that was looked up."""


def own_and_open(
    tx: Tx, question: Question, owners: Collection[str]
) -> tuple[list[Hit], list[Hit]]:
    """The newest that are assigned to somebody with these terms, done ones too; the newest open."""
    if not owners:
        return [], newest(tx, question, is_done=False)
    own, opened = _shelves(tx, question, _Shelf(owners=owners), _OPEN)
    return own, opened


def assigned(tx: Tx, question: Question, owners: Collection[str], most: int) -> list[Hit]:
    """The newest open ones that are assigned to somebody with these terms."""
    shelf = _OPEN._replace(owners=owners, most=most)
    return _shelves(tx, question, shelf)[0] if owners else []


def page(tx: Tx, question: Question, owners: Collection[str]) -> dict[Hit, bool]:
    """The newest, open and done, and whether each is assigned to somebody with these terms.

    Where they are fewer than a ``PAGE``, every task that fits is among them.
    """
    if not question.sources:
        return {}
    shown, own = _shown(tx, owners)
    statement, values = _statement(tx, _looked_up(tx, question), _Shelf(most=PAGE, shown=shown))
    found = prepared.written(tx, statement, values | own)
    return {_shown_hit(row): bool(is_own) for *row, is_own in found}


def newest(tx: Tx, question: Question, *, is_done: bool) -> list[Hit]:
    """The newest open or done ones."""
    return _shelves(tx, question, _DONE if is_done else _OPEN)[0]


def count(tx: Tx, question: Question, most: int) -> int:
    """How many tasks fit, counted no further than ``most``."""
    if not question.sources:
        return 0
    shelf = _Shelf(most=most, shown="1", order="")
    statement, values = _statement(tx, _looked_up(tx, question), shelf)
    counted = f"SELECT count(*) FROM ({statement}) AS fitting"  # noqa: S608 - values are bound
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


class _Shelf(NamedTuple):
    owners: Collection[str] = ()
    state: str = ""
    most: int = 0
    shown: str = _SHOWN
    order: str = "ORDER BY {} DESC"


_OPEN = _Shelf(state="AND NOT task.is_done")
_DONE = _Shelf(state="AND task.is_done")


def _shelves(tx: Tx, question: Question, *shelves: _Shelf) -> list[list[Hit]]:
    """A page of hits of each, in one statement."""
    found: list[list[Hit]] = [[] for _ in shelves]
    if not question.sources:
        return found
    question = _looked_up(tx, question)
    parts: list[str] = []
    values: dict[str, Any] = {}
    for at, shelf in enumerate(shelves):
        part, own = _statement(tx, question, shelf._replace(most=shelf.most or SHELF), f"asked{at}")
        parts.append(f"SELECT {at}, shelf{at}.* FROM ({part}) AS shelf{at}")  # noqa: S608
        values |= own
    for at, *row in prepared.written(tx, " UNION ALL ".join(parts), values):
        found[at].append(_shown_hit(row))
    return found


def _looked_up(tx: Tx, question: Question) -> Question:
    """With the words that its beginnings stand for, on PostgreSQL.

    Whoever asks for a single beginning wants all tasks that it gathers.
    """
    parts = _beginnings(question.words)
    if len(parts) < _SEVERAL or task_index.has_own_table(tx):
        return question
    return replace(question, begun=task_index.words_begun(tx, question.team_id, parts))


def _statement(
    tx: Tx, question: Question, shelf: _Shelf, asked: str = "asked"
) -> tuple[str, dict[str, Any]]:
    """The question in the words of the database; written out, because it is asked very often."""
    if not task_index.has_own_table(tx):
        return _on_postgresql(question, shelf)
    if question.words and len(question.sources) <= _FEW:
        return _on_sqlite(question, shelf, asked)
    return _by_index(question, shelf, asked)


def _on_postgresql(question: Question, shelf: _Shelf) -> tuple[str, dict[str, Any]]:
    def begins(part: str) -> str:
        words = question.begun.get(part)
        return _either([f"'{word}'" for word in words], "|") if words else f"'{part}':*"

    asked = [_either(_ways(word, "&", begins), "|") for word in question.words]
    if shelf.owners:
        asked.append(_owned_on_postgresql(shelf.owners))
    # The terms are spelled out, because a plan for any terms whatever reads far too much for rare
    # ones. No term holds a quote, a dollar, a colon or a percent sign.
    fits = f"AND task.search_vector @@ $${' & '.join(asked)}$$::tsquery" if asked else ""
    statement = f"""
        SELECT {shelf.shown} FROM task
        WHERE task.team_id = %(team)s AND task.gone_at IS NULL {shelf.state}
            AND task.provider_project_id = ANY(%(sources)s::bigint[]) {fits}
        {shelf.order.format("task.id")} LIMIT {shelf.most}
    """  # noqa: S608 - values are bound
    sources = f"{{{','.join(map(str, question.sources))}}}"
    return statement, {"team": question.team_id, "sources": sources}


def _on_sqlite(question: Question, shelf: _Shelf, name: str) -> tuple[str, dict[str, Any]]:
    """By reading the tasks in question where they are few, else by the index of everybody's.

    One statement that looks how many there are, and leaves the other way nothing to do.
    """
    places = ",".join(str(int(one)) for one in sorted(question.sources))
    places_if = f"SELECT value FROM json_each(iif(({_FEW_ARE}), '[{places}]', '[]'))"  # noqa: S608
    by_reading = _by_reading(question, shelf, places_if)
    by_index, values = _by_index(question, shelf, name, f"iif(({_FEW_ARE}), '{_NOTHING}', {{}})")
    counted = f"SELECT 1 {_placed(places)} LIMIT {READ + 1}"
    statement = f"""
        WITH those AS (SELECT count(*) <= {READ} AS are_few FROM ({counted}))
        SELECT * FROM ({by_reading}) UNION ALL SELECT * FROM ({by_index})
    """  # noqa: S608 - values are bound, ids are numbers
    return statement, values


def _placed(places: str) -> str:
    return (
        "FROM task INDEXED BY ix_task_provider_project "
        f"WHERE task.provider_project_id IN ({places}) AND task.gone_at IS NULL"
    )


def _by_reading(question: Question, shelf: _Shelf, places: str) -> str:
    """Looks into the terms of one task after another. No term holds a quote."""
    begins, is_there = (f"instr(' ' || task.terms || ' ', ' {{}}{end}') > 0" for end in ("", " "))
    asked = [_either(_ways(word, "AND", begins.format), "OR") for word in question.words]
    if shelf.owners:
        asked.append(_either(map(is_there.format, sorted(shelf.owners)), "OR"))
    return f"""
        SELECT {shelf.shown} {_placed(places)} AND task.team_id = :team {shelf.state}
            AND {" AND ".join(asked)}
        {shelf.order.format("task.id")} LIMIT {shelf.most}
    """


def _by_index(
    question: Question, shelf: _Shelf, name: str, match: str = "{}"
) -> tuple[str, dict[str, Any]]:
    asked = [_either(_ways(word, "AND", _BEGINS.format), "OR") for word in question.words]
    if shelf.owners:
        asked.append(_either([f'"{term}"' for term in sorted(shelf.owners)], "OR"))
    values: dict[str, Any] = {"team": question.team_id}
    place = ""
    if len(question.sources) <= _FEW:
        asked.append(_either([f'"{source_term(one)}"' for one in sorted(question.sources)], "OR"))
    else:
        # The plus keeps SQLite from reading the projects' tasks one by one instead.
        place = "AND +task.provider_project_id IN (SELECT value FROM json_each(:sources))"
        values["sources"] = str(sorted(question.sources))
    source, fits, order = "task", "", "task.id"
    if asked:
        source = "task_fts CROSS JOIN task ON task.id = task_fts.rowid"
        sought, begun = _in_whole_words(question.words, f":{name}")
        fits, order = f"AND task_fts MATCH {match.format(sought)}", "task_fts.rowid"
        values |= {name: " AND ".join(asked)} | begun
    statement = f"""
        SELECT {shelf.shown} FROM {source}
        WHERE task.team_id = :team AND task.gone_at IS NULL {shelf.state} {place} {fits}
        {shelf.order.format(order)} LIMIT {shelf.most}
    """  # noqa: S608 - values are bound
    return statement, values


def _in_whole_words(words: Sequence[Spellings], sought: str) -> tuple[str, dict[str, Any]]:
    """What the index is asked for, in SQL, with words in the place of beginnings."""
    values: dict[str, Any] = {}
    for place, part in enumerate(_beginnings(words)):
        name = f"begun{place}"
        values[name] = part
        sought = (
            f"""replace({sought}, '"' || :{name} || '"*', {task_index.words_begun_here(name)})"""
        )
    return sought, values


def _beginnings(words: Sequence[Spellings]) -> Collection[str]:
    """What was typed of words, as far as the team's words tell which ones."""
    typed = (
        part for spellings in words for word in spellings for part in (*word.parts, word.whole)
    )
    return dict.fromkeys(filter(is_known_by_words, typed))


def _shown(tx: Tx, owners: Collection[str]) -> tuple[str, dict[str, Any]]:
    """The columns of a hit, and whether it is assigned to somebody with these terms."""
    if not owners:
        return f"{_SHOWN}, false", {}
    if not task_index.has_own_table(tx):
        held = f"task.search_vector @@ $${_owned_on_postgresql(owners)}$$::tsquery"
        return f"{_SHOWN}, {held}", {}
    # One text for everybody: SQLite plans it once.
    values = {f"own{place}": f"{term} " for place, term in enumerate(sorted(owners))}
    held = " OR ".join(f"instr(task.terms || ' ', :{name})" for name in values)
    return f"{_SHOWN}, {held}", values


def _owned_on_postgresql(owners: Collection[str]) -> str:
    return _either([f"'{term}'" for term in sorted(owners)], "|")


def _ways(spellings: Spellings, and_: str, begins: Callable[[str], str]) -> list[str]:
    """The ways in which a task fits one word."""
    ways: list[str] = []
    for word in spellings:
        ways.append(f"({f' {and_} '.join(map(begins, word.parts))})")
        if word.whole:
            ways.append(begins(word.whole))
    return ways


def _either(ways: Iterable[str], or_: str) -> str:
    return f"({f' {or_} '.join(ways)})"


def _shown_hit(row: Sequence[Any]) -> Hit:
    """A hit of the columns ``_SHOWN``."""
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

"""A question to the index of tasks, written out in the words of each database.

It is written by hand because it is asked very often, and planned by what is in it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import field, replace
from typing import Any, NamedTuple, TypeAlias

from bot.domain.ids import ProviderProjectId, TaskId, TeamId
from bot.domain.tasks.task_terms import SearchWord, is_known_by_words, source_term
from bot.domain.values import dataclass
from storage.tasks import task_index
from storage.unit_of_work import Tx

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

_NEWEST = "task.id DESC"
SHOWN = "task.id, task.key, task.title, task.url, task.is_done, task.provider_project_id"
"""The columns of a hit."""

Spellings: TypeAlias = tuple[SearchWord, ...]
"""One word, as it was typed or as it may have been meant; a task fits when it fits any of them."""


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


class Shelf(NamedTuple):
    """Which of the tasks that fit are asked for, and what of them."""

    owners: Collection[str] = ()
    """Only those that are assigned to somebody with these terms."""
    is_done: bool | None = None
    most: int = 0
    shown: str = SHOWN
    is_ordered: bool = True
    """The newest come first."""
    below: TaskId | None = None
    """Only those that are older than this one."""
    name: str = ""
    """Tells what is sent for it from what is sent for another in the same statement."""

    def state(self, below: str) -> str:
        """In SQL, which tasks are on it, whatever is searched for.

        Args:
            below: What stands for its own ``below``.
        """
        done = {None: "", True: "AND task.is_done", False: "AND NOT task.is_done"}[self.is_done]
        return done if self.below is None else f"{done} AND task.id < {below}"


def looked_up(tx: Tx, question: Question) -> Question:
    """With the words that its beginnings stand for, on PostgreSQL.

    Whoever asks for a single beginning wants all tasks that it gathers.
    """
    parts = _beginnings(question.words)
    if question.begun or len(parts) < _SEVERAL or task_index.has_own_table(tx):
        return question
    return replace(question, begun=task_index.words_begun(tx, question.team_id, parts))


def statement(tx: Tx, question: Question, shelf: Shelf) -> tuple[str, dict[str, Any]]:
    """The question in the words of the database, and what is sent with it."""
    if not task_index.has_own_table(tx):
        return _on_postgresql(question, shelf)
    if question.words and len(question.sources) <= _FEW:
        return _on_sqlite(question, shelf)
    return _by_index(question, shelf)


def _on_postgresql(question: Question, shelf: Shelf) -> tuple[str, dict[str, Any]]:
    if shelf.owners and not question.words:
        return _owned(question, shelf)

    def begins(part: str) -> str:
        words = question.begun.get(part)
        return _either([f"'{word}'" for word in words], "|") if words else f"'{part}':*"

    asked = [_either(_ways(word, "&", begins), "|") for word in question.words]
    if shelf.owners:
        asked.append(_owned_on_postgresql(shelf.owners))
    # The terms are spelled out, because a plan for any terms whatever reads far too much for rare
    # ones. No term holds a quote, a dollar, a colon or a percent sign.
    fits = f"AND task.search_vector @@ $${' & '.join(asked)}$$::tsquery" if asked else ""
    text = f"""
        SELECT {shelf.shown} FROM task
        WHERE task.team_id = %(team)s AND task.gone_at IS NULL {shelf.state("%(below)s")}
            AND task.provider_project_id = ANY(%(sources)s::bigint[]) {fits}
        {_ordered(shelf)} LIMIT {shelf.most}
    """  # noqa: S608 - values are bound
    sources = _array(question.sources)
    return text, {"team": question.team_id, "sources": sources, "below": shelf.below}


def _owned(question: Question, shelf: Shelf) -> tuple[str, dict[str, Any]]:
    """All that is somebody's own, in one text for everybody, which can be planned once.

    For no values in particular PostgreSQL would read the newest of all tasks, or the projects'
    tasks, unless it is made to look first for what is theirs.
    """
    text = f"""
        WITH theirs AS MATERIALIZED (
            SELECT {shelf.shown} FROM task
            WHERE task.team_id = %(team)s AND task.gone_at IS NULL {shelf.state("%(below)s")}
                AND task.search_vector @@ %(owned)s::tsquery
        )
        SELECT {shelf.shown} FROM theirs AS task
        WHERE task.provider_project_id = ANY(%(sources)s::bigint[])
        {_ordered(shelf)} LIMIT %(most)s
    """  # noqa: S608 - values are bound
    return text, {
        "team": question.team_id,
        "sources": _array(question.sources),
        "owned": _owned_on_postgresql(shelf.owners),
        "below": shelf.below,
        "most": shelf.most,
    }


def _array(ids: Iterable[int]) -> str:
    """As PostgreSQL reads it."""
    return f"{{{','.join(map(str, ids))}}}"


def _on_sqlite(question: Question, shelf: Shelf) -> tuple[str, dict[str, Any]]:
    """By reading the tasks in question where they are few, else by the index of everybody's.

    One statement that looks how many there are, and leaves the other way nothing to do.
    """
    places = ",".join(str(int(one)) for one in sorted(question.sources))
    places_if = f"SELECT value FROM json_each(iif(({_FEW_ARE}), '[{places}]', '[]'))"  # noqa: S608
    by_reading = _by_reading(question, shelf, places_if)
    by_index, values = _by_index(question, shelf, f"iif(({_FEW_ARE}), '{_NOTHING}', {{}})")
    counted = f"SELECT 1 {_placed(places)} LIMIT {READ + 1}"
    text = f"""
        WITH those AS (SELECT count(*) <= {READ} AS are_few FROM ({counted}))
        SELECT * FROM ({by_reading}) UNION ALL SELECT * FROM ({by_index})
    """  # noqa: S608 - values are bound, ids are numbers
    return text, values


def _placed(places: str) -> str:
    return (
        "FROM task INDEXED BY ix_task_provider_project "
        f"WHERE task.provider_project_id IN ({places}) AND task.gone_at IS NULL"
    )


def _by_reading(question: Question, shelf: Shelf, places: str) -> str:
    """Looks into the terms of one task after another. No term holds a quote."""
    begins, is_there = (f"instr(' ' || task.terms || ' ', ' {{}}{end}') > 0" for end in ("", " "))
    asked = [_either(_ways(word, "AND", begins.format), "OR") for word in question.words]
    if shelf.owners:
        asked.append(_either(map(is_there.format, sorted(shelf.owners)), "OR"))
    return f"""
        SELECT {shelf.shown} {_placed(places)} AND task.team_id = :team {shelf.state(":below")}
            AND {" AND ".join(asked)}
        {_ordered(shelf)} LIMIT {shelf.most}
    """


def _by_index(question: Question, shelf: Shelf, match: str = "{}") -> tuple[str, dict[str, Any]]:
    name = f"asked{shelf.name}"
    asked = [_either(_ways(word, "AND", _BEGINS.format), "OR") for word in question.words]
    if shelf.owners:
        asked.append(_either([f'"{term}"' for term in sorted(shelf.owners)], "OR"))
    values: dict[str, Any] = {"team": question.team_id, "below": shelf.below}
    # What is somebody's own is looked at sooner than their projects are compared with it.
    are_few = len(question.sources) <= _FEW and not (shelf.owners and not question.words)
    place = ""
    if are_few:
        asked.append(_either([f'"{source_term(one)}"' for one in sorted(question.sources)], "OR"))
    else:
        # The plus keeps SQLite from reading the projects' tasks one by one instead.
        place = "AND +task.provider_project_id IN (SELECT value FROM json_each(:sources))"
        values["sources"] = str(sorted(question.sources))
    source, fits, order = "task", "", _NEWEST
    if asked:
        source = f"task_fts CROSS JOIN task ON task.id = {task_index.TASK_OF}"
        sought, begun = _in_whole_words(question.words, f":{name}")
        fits, order = f"AND task_fts MATCH {match.format(sought)}", "task_fts.rowid"
        if not are_few:  # before anything is looked up
            fits = f"{fits} AND {task_index.MAYBE_IN.format(':sources')}"
        if shelf.below is not None:  # where the index begins to read
            fits = f"{fits} AND task_fts.rowid > -(:below << 8)"
        values |= {name: " AND ".join(asked)} | begun
    text = f"""
        SELECT {shelf.shown} FROM {source}
        WHERE task.team_id = :team AND task.gone_at IS NULL {shelf.state(":below")} {place} {fits}
        {_ordered(shelf, order)} LIMIT {shelf.most}
    """  # noqa: S608 - values are bound
    return text, values


def _ordered(shelf: Shelf, by: str = _NEWEST) -> str:
    return f"ORDER BY {by}" if shelf.is_ordered else ""


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


def shown(tx: Tx, owners: Collection[str]) -> tuple[str, dict[str, Any]]:
    """The columns of a hit, and whether it is assigned to somebody with these terms."""
    if not owners:
        return f"{SHOWN}, false", {}
    if not task_index.has_own_table(tx):
        held = f"task.search_vector @@ $${_owned_on_postgresql(owners)}$$::tsquery"
        return f"{SHOWN}, {held}", {}
    # One text for everybody: SQLite plans it once.
    values = {f"own{place}": f"{term} " for place, term in enumerate(sorted(owners))}
    held = " OR ".join(f"instr(task.terms || ' ', :{name})" for name in values)
    return f"{SHOWN}, {held}", values


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

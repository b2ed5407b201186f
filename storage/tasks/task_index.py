"""Keeping the index of task search in step with the tasks, in the same transaction.

PostgreSQL does it by itself: ``task.search_vector`` is generated from ``task.terms``.

SQLite has a full-text table beside the tasks, ``task_fts``, that holds their terms but no text. It
is told of every change here, in bulk: triggers would do the same at three times the cost, because
SQLite writes the index out for every statement that a trigger runs. A trigger removes tasks that
are deleted. A task's number there is its ``place``, which says what a search asks of very many
tasks and shows of few: whether somebody may see it.

Beside it are the words of all titles, for help with misspelled ones. They also say which whole
words a beginning stands for: of these an index needs only those tasks that it is asked for, while
for a beginning it gathers all of them first.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import NamedTuple

from sqlalchemy import ARRAY, JSON, Executable, String, Text, bindparam, func, select, text, true
from sqlmodel import Field, SQLModel

from bot.domain.ids import IntegrationId, ProviderProjectId, TaskId, TeamId
from bot.domain.tasks.task_terms import team_words
from storage import prepared
from storage.chunks import chunked
from storage.sql import insert_into, table
from storage.tasks.tasks import TaskRow
from storage.unit_of_work import Tx

_IN_ORDER = String(40, collation="C").with_variant(String(40), "sqlite")
"""By the numbers of characters: those that begin alike are next to one another in the index."""


class TaskWordRow(SQLModel, table=True):
    """A word that some task of the team holds, or once held: ``task_terms.team_words``."""

    __tablename__ = "task_word"

    team_id: str = Field(foreign_key="team.id", primary_key=True)
    word: str = Field(primary_key=True, sa_type=_IN_ORDER)


_MOST_KNOWN = 200_000

COMMON = 16
"""Words up to which a beginning is looked up as these words."""

_T = table(TaskRow).c
_FORGET = "INSERT INTO task_fts (task_fts, rowid, terms) VALUES ('delete', ?, ?)"
_LEARN = "INSERT INTO task_fts (rowid, terms) VALUES (?, ?)"
PLACE = "-((id << 8) | (provider_project_id & 255))"
"""In SQL: of a row of ``task``, its number in SQLite's index.

The newest come first, as the index reads fastest, and eight bits tell most of what somebody may not
see before it is looked up. Written in this order, because else the index is written out task by
task.
"""

TASK_OF = "((-task_fts.rowid) >> 8)"
"""In SQL: the task of a row of the index."""

MAYBE_IN = "((-task_fts.rowid) & 255) IN (SELECT value & 255 FROM json_each({}))"
"""In SQL: whether a row of the index may be of one of the provider projects in a list."""

_LEARN_NEWER = f"""
    INSERT INTO task_fts (rowid, terms)
    SELECT {PLACE}, terms FROM task WHERE id > ? ORDER BY id DESC
"""  # noqa: S608 - no values

_W = table(TaskWordRow).c
_ANY = select(_W.team_id).where(_W.team_id == bindparam("team")).limit(1)
_NEWEST = select(func.coalesce(func.max(_T.id), 0))
_BEGUN = f"""
    SELECT typed.part, known.word FROM unnest(%(parts)s::text[]) AS typed (part)
    CROSS JOIN LATERAL (
        SELECT word FROM task_word WHERE team_id = %(team)s
            AND word >= typed.part AND word < typed.part || chr(1114111) LIMIT {COMMON + 1}
    ) AS known
"""  # noqa: S608 - values are bound
_TEAM = bindparam("team", type_=Text)
_LISTED = func.json_each(bindparam("words", type_=JSON)).table_valued("value").c.value
_UNNESTED = func.unnest(bindparam("words", type_=ARRAY(Text))).column_valued("word")
# One value: a statement for each word took PostgreSQL's driver six times as long.
_GIVEN = {
    "sqlite": select(_TEAM, _LISTED).where(true()),
    "postgresql": select(_TEAM, _UNNESTED),
}


def has_own_table(tx: Tx) -> bool:
    """Whether this database's index has to be told of changes."""
    return tx.core.dialect.name == "sqlite"


class Indexed(NamedTuple):
    """What the index has of a task; a tuple, because they are many."""

    source: ProviderProjectId
    terms: str


def place(task_id: TaskId, source: ProviderProjectId) -> int:
    """``PLACE``, worked out here."""
    return -(task_id << 8 | source & 255)


@contextmanager
def rewriting(
    tx: Tx, integration_id: IntegrationId, known: Mapping[str, Indexed]
) -> Iterator[None]:
    """Tasks of an integration are written inside.

    Those that are ``known``, by the provider's id, are there already, and become like this. All
    others are new: nothing is asked about them, because SQLite, with its one writer, gives them the
    ids that follow the newest.
    """
    if not has_own_table(tx):
        yield
        return
    before = _indexed(tx, integration_id, known)
    newest = tx.execute(_NEWEST).scalar_one()
    yield
    after = {task_id: known[name] for name, (task_id, _) in before.items()}
    replace(tx, dict(before.values()), after)
    tx.core.exec_driver_sql(_LEARN_NEWER, (newest,))


def replace(tx: Tx, before: Mapping[TaskId, Indexed], after: Mapping[TaskId, Indexed]) -> None:
    """Tells the index what it has of tasks, and what it has now; of new ones it had nothing."""
    if not has_own_table(tx):
        return
    changed = [one for one in sorted(after, reverse=True) if before.get(one) != after[one]]
    # In the driver's own words: building parameters would cost as much as the index itself.
    connection = tx.core
    for statement, held in ((_FORGET, before), (_LEARN, after)):
        rows = [(place(one, held[one].source), held[one].terms) for one in changed if one in held]
        if rows:
            connection.exec_driver_sql(statement, rows)


def _indexed(
    tx: Tx, integration_id: IntegrationId, external_ids: Collection[str]
) -> dict[str, tuple[TaskId, Indexed]]:
    """What the index has of those tasks that are there, by the provider's id."""
    found: dict[str, tuple[TaskId, Indexed]] = {}
    for some in chunked(list(external_ids)):
        query = select(_T.external_id, _T.id, _T.provider_project_id, _T.terms).where(
            _T.integration_id == integration_id, _T.external_id.in_(some)
        )
        for name, task_id, source, terms in tx.execute(query):
            found[name] = (TaskId(task_id), Indexed(ProviderProjectId(source), terms))
    return found


class KnownWords:
    """Words that are surely stored: this process has met them, and its transaction is over."""

    def __init__(self) -> None:
        self._stored: dict[TeamId, set[str]] = {}

    def new(self, team_id: TeamId, tasks: Collection[str]) -> list[str]:
        """The words of tasks with these terms that may not be stored yet, in order."""
        return sorted(team_words(tasks, self._stored.get(team_id, set())))

    def forget(self, team_id: TeamId) -> None:
        """Nothing of a team is stored any more."""
        self._stored.pop(team_id, None)

    def remember(self, tx: Tx, team_id: TeamId, words: Iterable[str]) -> None:
        """These are stored, once the transaction is; one that is rolled back leaves nothing."""

        def stored() -> None:
            known = self._stored.setdefault(team_id, set())
            if len(known) > _MOST_KNOWN:
                known.clear()
            known.update(words)

        tx.once_stored.append(stored)


def learn_words(tx: Tx, team_id: TeamId, terms: Collection[str], known: KnownWords) -> None:
    """Keeps the words of tasks with these terms."""
    if not tx.execute(_ANY, {"team": team_id}).first():  # it may have been erased meanwhile
        known.forget(team_id)
    new = known.new(team_id, terms)
    if not new:
        return
    # In one order everywhere, so that two workers never wait for one another.
    tx.execute(_keep(tx.core.dialect.name), {"team": team_id, "words": new})
    known.remember(tx, team_id, new)


@cache
def _keep(dialect: str) -> Executable:
    insert = insert_into(table(TaskWordRow), dialect)
    return insert.from_select(["team_id", "word"], _GIVEN[dialect]).on_conflict_do_nothing()


def words_like(tx: Tx, team_id: TeamId, shortest: int, longest: int) -> list[str]:
    """The words of titles with so many letters."""
    length = text("length(word) BETWEEN :shortest AND :longest")
    query = select(_W.word).where(_W.team_id == team_id, length)
    found = tx.execute(query, {"shortest": shortest, "longest": longest}).all()
    return [one for (one,) in found if one.isalpha()]


def words_begun(tx: Tx, team_id: TeamId, parts: Collection[str]) -> Mapping[str, Collection[str]]:
    """Which words begin like each of some parts, on PostgreSQL; only where they are few.

    The parts are such that ``is_known_by_words``.
    """
    found: dict[str, list[str]] = {}
    asked = {"team": team_id, "parts": list(parts)}
    for part, word in prepared.written(tx, _BEGUN, asked, is_fixed=True):
        found.setdefault(part, []).append(word)
    return {part: words for part, words in found.items() if len(words) <= COMMON}


def words_begun_here(name: str) -> str:
    """What SQLite's index is to be asked for: tasks with a term that begins like a parameter.

    In SQL. The words that begin so, where they are few; else, and where nothing begins so, the
    beginning itself. Only for parameters that ``is_known_by_words``.
    """
    return f"""coalesce(
        (SELECT iif(count(*) <= {COMMON}, '("' || group_concat(word, '" OR "') || '")', NULL) FROM (
            SELECT word FROM task_word WHERE team_id = :team
                AND word >= :{name} AND word < :{name} || char(1114111) LIMIT {COMMON + 1}
        )), '"' || :{name} || '"*')"""  # noqa: S608 - values are bound

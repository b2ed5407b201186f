"""Keeping the index of task search in step with the tasks, in the same transaction.

PostgreSQL does it by itself: ``task.search_vector`` is generated from ``task.terms``.

SQLite has a full-text table beside the tasks, ``task_fts``, that holds their terms but no text. It
is told of every change here, in bulk: triggers would do the same at three times the cost, because
SQLite writes the index out for every statement that a trigger runs. A trigger removes tasks that
are deleted.

Beside it are the words of all titles, for help with misspelled ones.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Field, SQLModel, col

from bot.domain.ids import IntegrationId, TaskId, TeamId
from bot.domain.task_terms import spoken_words
from storage.chunks import chunked
from storage.sql import change, table
from storage.tasks import TaskRow
from storage.unit_of_work import Tx


class TaskWordRow(SQLModel, table=True):
    """A word that some task's title holds, or once held: what a misspelled one may have meant."""

    __tablename__ = "task_word"

    team_id: str = Field(foreign_key="team.id", primary_key=True)
    word: str = Field(primary_key=True, max_length=40)


_MOST_KNOWN = 200_000

_T = table(TaskRow).c
_FORGET = "INSERT INTO task_fts (task_fts, rowid, terms) VALUES ('delete', ?, ?)"
_LEARN = "INSERT INTO task_fts (rowid, terms) VALUES (?, ?)"


def has_own_table(tx: Tx) -> bool:
    """Whether this database's index has to be told of changes."""
    return tx.get_bind().dialect.name == "sqlite"


@contextmanager
def rewriting(tx: Tx, integration_id: IntegrationId, terms: Mapping[str, str]) -> Iterator[None]:
    """Tasks of an integration are written inside, with these terms by the provider's id."""
    if not has_own_table(tx):
        yield
        return
    before = _terms_of(tx, integration_id, list(terms))
    yield
    new = [external_id for external_id in terms if external_id not in before]
    made = _terms_of(tx, integration_id, new)
    replace(
        tx,
        dict(before.values()),
        {task_id: terms[name] for name, (task_id, _) in (before | made).items()},
    )


def replace(tx: Tx, before: Mapping[TaskId, str], after: Mapping[TaskId, str]) -> None:
    """Tells the index which terms tasks had, and which they have now; new ones had none."""
    if not has_own_table(tx):
        return
    changed = [(task_id, terms) for task_id, terms in after.items() if before.get(task_id) != terms]
    forget = [(task_id, before[task_id]) for task_id, _ in changed if task_id in before]
    # In the driver's own words: building parameters would cost as much as the index itself.
    connection = tx.connection()
    if forget:
        connection.exec_driver_sql(_FORGET, forget)
    if changed:
        connection.exec_driver_sql(_LEARN, changed)


def _terms_of(
    tx: Tx, integration_id: IntegrationId, external_ids: Sequence[str]
) -> dict[str, tuple[TaskId, str]]:
    """Id and terms of those tasks that are there, by the provider's id."""
    found: dict[str, tuple[TaskId, str]] = {}
    for some in chunked(external_ids):
        query = select(_T.external_id, _T.id, _T.terms).where(
            _T.integration_id == integration_id, _T.external_id.in_(some)
        )
        for row in tx.execute(query):
            found[row[0]] = (TaskId(row[1]), row[2])
    return found


class KnownWords:
    """Words that are surely stored: those that an earlier transaction already met.

    One that is only just being written may yet be rolled back, so it is asked for once more.
    """

    def __init__(self) -> None:
        self._stored: dict[TeamId, set[str]] = {}

    def missing(self, tx: Tx, team_id: TeamId, terms: set[str]) -> list[str]:
        """The words among them that are not stored yet, in order."""
        known = self._stored.setdefault(team_id, set())
        if len(known) > _MOST_KNOWN:
            known.clear()
        new = sorted(spoken_words(terms - known))
        for some in chunked(new):
            column = col(TaskWordRow.word)
            query = select(column).where(col(TaskWordRow.team_id) == team_id, column.in_(some))
            known.update(tx.execute(query).scalars())
        return [word for word in new if word not in known]


def learn_words(tx: Tx, team_id: TeamId, terms: Iterable[str], known: KnownWords) -> None:
    """Keeps the words of titles."""
    missing = known.missing(tx, team_id, {term for one in terms for term in one.split()})
    if not missing:
        return
    insert = sqlite_insert if has_own_table(tx) else postgresql_insert
    # In one order everywhere, so that two workers never wait for one another.
    rows = [{"team_id": team_id, "word": word} for word in missing]
    change(tx, insert(table(TaskWordRow)).on_conflict_do_nothing(), rows)


def words_like(tx: Tx, team_id: TeamId, shortest: int, longest: int) -> list[str]:
    """The words of titles with so many letters."""
    word = col(TaskWordRow.word)
    length = text("length(word) BETWEEN :shortest AND :longest")
    query = select(word).where(col(TaskWordRow.team_id) == team_id, length)
    return list(tx.execute(query, {"shortest": shortest, "longest": longest}).scalars())

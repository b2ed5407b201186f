"""Whatever is written, a search finds what looking at every task would find."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update

from bot.domain.ids import ProviderProjectId, TaskId
from bot.domain.tasks.task_terms import fits, index_terms, owner_term, search_words
from storage.sql import table
from storage.tasks import task_index, task_questions, task_search
from storage.tasks.task_index import Indexed
from storage.tasks.task_questions import Question
from storage.tasks.task_search import Hit
from storage.tasks.tasks import TaskRow
from tests.builders import NOON, World

_WORDS = ("fix", "fixture", "menu", "Übergröße", "web-2", "日本語")
_TYPED = (*_WORDS, "fi", "fix menu", "men web", "2", "zzz", "über fix")
_SHELF, _PAGE = 3, 6
_PLACES = 260
"""More than SQLite's index tells apart at first sight."""

titles = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=4).map(" ".join)
places = st.sampled_from((0, 1, 2, 256, 257))
assignees = st.sets(st.sampled_from(("ana", "bo")))
numbers = st.integers(0, 30)
new = st.tuples(st.just("new"), places, titles, assignees, st.booleans())
told = st.tuples(st.just("told"), numbers, places, titles, assignees, st.booleans())
lost = st.tuples(st.sampled_from(("gone", "deleted")), numbers)
steps = st.tuples(
    st.lists(new, min_size=3, max_size=12), st.lists(st.one_of(told, told, lost), max_size=8)
).map(lambda both: [*both[0], *both[1]])


class Desk:
    """Tasks of a team with very many projects."""

    def __init__(self, database_url: str) -> None:
        self.world = world = World(database_url)
        self.board = world.integration(world.member("admin", admin=True))
        names = (f"Project {one}" for one in range(_PLACES))
        self.places = [world.provider_project(self.board, name) for name in names]

    def write(self, written: list[tuple[Any, ...]]) -> None:
        """Empties the world and takes these steps."""
        made: list[TaskId] = []
        with self.world.uow.begin() as tx:
            tx.execute(delete(table(TaskRow)))
        for kind, *what in written:
            if kind == "new":
                place, title, who, done = what
                source = self.places[place]
                made.append(
                    self.world.task(
                        self.board,
                        source,
                        f"T-{len(made)}",
                        title,
                        done=done,
                        assignees=sorted(who),
                    )
                )
            elif made:
                self._change(made[what[0] % len(made)], what[1:], is_gone=kind == "deleted")

    def _change(self, task_id: TaskId, told: list[Any], *, is_gone: bool) -> None:
        with self.world.uow.begin() as tx:
            this = table(TaskRow).c.id == task_id
            if is_gone:
                tx.execute(delete(table(TaskRow)).where(this))
                return
            if not told:
                tx.execute(update(table(TaskRow)).where(this).values(gone_at=NOON))
                return
            row = tx.entities.get(TaskRow, task_id)
            if row is None:
                return
            before = Indexed(ProviderProjectId(row.provider_project_id), row.terms)
            place, row.title, who, row.is_done = told
            row.provider_project_id, row.assignee_ids = self.places[place], sorted(who)
            row.terms = index_terms(
                key=row.key,
                title=row.title,
                provider_project_id=row.provider_project_id,
                integration_id=self.board,
                assignee_ids=row.assignee_ids,
            )
            after = Indexed(ProviderProjectId(row.provider_project_id), row.terms)
            task_index.replace(tx, {task_id: before}, {task_id: after})


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """One on each kind of database."""
    made = Desk(database_url)
    yield made
    made.world.close()


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages that a few tasks fill, and no tasks that are too few for the index."""
    monkeypatch.setattr(task_search, "SHELF", _SHELF)
    monkeypatch.setattr(task_search, "PAGE", _PAGE)
    monkeypatch.setattr(task_questions, "READ", 3)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps, st.sampled_from(_TYPED), st.sets(places, min_size=1), st.sampled_from((0, 30)))
def test_a_search_finds_what_looking_at_every_task_finds(
    desk: Desk, written: list[tuple[Any, ...]], typed: str, seen: set[int], others: int
) -> None:
    """Of what may be seen the newest that fit, on each shelf, however many projects there are."""
    desk.write(written)
    # In the others nothing is, but there are too many of them to be named to the index.
    sources = [desk.places[one] for one in (*sorted(seen), *range(3, others))]
    words = search_words(typed)
    owners = {owner_term(desk.board, "ana")}
    with desk.world.uow.read() as tx:
        rows = tx.entities.query(TaskRow).order_by(table(TaskRow).c.id.desc()).all()
        fitting = [
            row
            for row in rows
            if row.gone_at is None and row.provider_project_id in sources and fits(words, row.terms)
        ]
        own = {row.id: not owners.isdisjoint(row.terms.split()) for row in fitting}
        expected = {row.id: row.is_done for row in fitting}
        question = Question(desk.world.team_id, [(word,) for word in words], sources)

        page = task_search.page(tx, question, owners)
        assert _ids(page) == list(expected)[:_PAGE]
        assert {hit.id: mine for hit, mine in page.items()} == {hit.id: own[hit.id] for hit in page}
        assert task_search.count(tx, question, 5) == min(5, len(expected))
        opened = [one for one, is_done in expected.items() if not is_done]
        for known in ({}, page):
            of_mine, of_open = task_search.own_and_open(tx, question, owners, known)
            assert _ids(of_mine) == [one for one in expected if own[one]][:_SHELF]
            assert _ids(of_open) == opened[:_SHELF]
            done = task_search.newest(tx, question, is_done=True, seen=known)
            assert _ids(done) == [one for one in expected if one not in opened][:_SHELF]
        assigned = task_search.assigned(tx, question, owners, 2)
        assert _ids(assigned) == [one for one in opened if own[one]][:2]


def _ids(hits: Sequence[Hit] | Mapping[Hit, bool]) -> list[int]:
    return [hit.id for hit in hits]

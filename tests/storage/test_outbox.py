"""What is owed to the outside: taken up once, in order, and again after a crash."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from threading import Barrier

import pytest
from sqlalchemy import text

from bot.domain.ids import TeamId
from bot.domain.outbox import OutboxItem
from storage import outbox
from tests.builders import NOON, World

SECOND = timedelta(seconds=1)


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """Give a team to owe things to."""
    world = World(database_url)
    yield world
    world.close()


numbers = count(1)


def owe(world: World, *subjects: str, team_id: TeamId | None = None) -> None:
    """Owe one piece of work for each subject, due at noon."""
    with world.uow.begin() as tx:
        for subject in subjects:
            number = next(numbers)
            outbox.add(
                tx,
                team_id or world.team_id,
                kind="note",
                subject=subject,
                payload={"subject": subject, "number": number},
                marker=f"note:{number}",
                now=NOON,
            )


def take(world: World, seconds: float = 0, limit: int = 20) -> list[OutboxItem]:
    """Take up what is due so many seconds after noon."""
    with world.uow.begin() as tx:
        return outbox.take_due(tx, {world.team_id: limit}, NOON + seconds * SECOND)


def finish(world: World, item: OutboxItem, error: str | None = None) -> None:
    """Note that it was delivered, or why it never will be."""
    with world.uow.begin() as tx:
        if error is None:
            outbox.finish(tx, [item], NOON)
        else:
            outbox.give_up(tx, item, NOON, error=error)


def retry(world: World, item: OutboxItem, seconds: float, *, uncertain: bool = False) -> None:
    """Note that it is to be tried again so many seconds after noon."""
    with world.uow.begin() as tx:
        due = NOON + seconds * SECOND
        outbox.retry(tx, item, due, error="later", may_have_happened=uncertain)


def subjects(items: list[OutboxItem]) -> list[object]:
    """Name what the items are about."""
    return [item.payload["subject"] for item in items]


def states(world: World) -> list[str]:
    """Read every row's state, oldest first."""
    with world.engine.connect() as connection:
        return list(connection.execute(text("SELECT state FROM outbox ORDER BY id")).scalars())


def test_one_of_each_subject_at_a_time(world: World) -> None:
    """Two updates of one message never race each other to Slack; other messages do not wait."""
    owe(world, "message:1", "message:1", "message:2")
    first = take(world)
    assert subjects(first) == ["message:1", "message:2"]
    assert take(world) == []

    finish(world, first[0])
    (second,) = take(world)
    assert second.payload["number"] == int(str(first[0].payload["number"])) + 1


def test_what_waits_for_its_next_try_keeps_its_place(world: World) -> None:
    """A message that Slack put off is not overtaken by a later one about the same thing."""
    owe(world, "message:1", "message:1")
    (first,) = take(world)
    retry(world, first, seconds=30)
    assert take(world, seconds=10) == []
    (again,) = take(world, seconds=30)
    assert (again.id, again.attempts, again.may_have_happened) == (first.id, 1, False)


def test_what_was_given_up_blocks_nothing(world: World) -> None:
    """A channel that is gone does not silence everything that is said about the same thing."""
    owe(world, "message:1", "message:1")
    (first,) = take(world)
    finish(world, first, error="channel_not_found")
    assert len(take(world)) == 1
    assert states(world) == ["failed", "sending"]


def test_a_crash_is_taken_up_after_the_lease_as_what_may_have_happened(world: World) -> None:
    """Whoever dies while sending leaves work that is looked for before it is repeated."""
    owe(world, "message:1")
    (first,) = take(world)
    assert not first.may_have_happened
    just_before = outbox.LEASE.total_seconds() - 1
    assert take(world, seconds=just_before) == []
    (again,) = take(world, seconds=just_before + 1)
    assert (again.id, again.attempts, again.may_have_happened) == (first.id, 1, True)


def test_an_unknown_outcome_stays_unknown_over_a_retry(world: World) -> None:
    """No answer came once: the next attempt must look first, also after a wait."""
    owe(world, "message:1")
    (first,) = take(world)
    retry(world, first, seconds=8, uncertain=True)
    assert take(world, seconds=7) == []
    (again,) = take(world, seconds=8)
    assert again.may_have_happened


def test_the_sole_process_need_not_wait_for_its_dead_predecessor(world: World) -> None:
    """After a kill on SQLite, what was being sent is due at once when it starts again."""
    owe(world, "message:1")
    take(world)
    with world.uow.begin() as tx:
        assert outbox.hand_back(tx, NOON + SECOND) == 1
    (again,) = take(world, seconds=1)
    assert again.may_have_happened


def test_one_that_overslept_its_lease_has_no_say(world: World) -> None:
    """A worker that hung does not undo or reopen what another one has in hand by then."""
    owe(world, "message:1")
    (slow,) = take(world)
    (fresh,) = take(world, seconds=60)
    retry(world, slow, seconds=60)
    assert take(world, seconds=61) == []
    finish(world, slow, error="too late")
    assert states(world) == ["sending"]
    finish(world, fresh)
    assert states(world) == ["done"]


def test_a_row_that_becomes_visible_late_waits_for_the_one_on_its_way(world: World) -> None:
    """Ids are given before the commit: a lower one may appear while a higher one is being sent."""
    owe(world, "message:1", "message:1")
    with world.uow.begin() as tx:
        tx.execute(text("UPDATE outbox SET due_at = :later WHERE id = 1"), {"later": "2999-01-01"})
        tx.execute(text("UPDATE outbox SET subject = 'elsewhere' WHERE id = 1"))
    (later,) = take(world)
    with world.uow.begin() as tx:
        values = {"noon": "2026-11-20 12:00:00", "one": "message:1"}
        tx.execute(text("UPDATE outbox SET due_at = :noon, subject = :one WHERE id = 1"), values)
    assert take(world) == []
    finish(world, later)
    assert [item.id for item in take(world)] == [1]


def test_teams_are_asked_one_by_one(world: World) -> None:
    """What is owed to one team is found however much is owed to another."""
    other = world.team("T0OTHER")
    owe(world, *(f"message:{n}" for n in range(50)))
    owe(world, "message:1", team_id=other)
    with world.uow.begin() as tx:
        assert sorted(outbox.teams_due(tx, NOON)) == ["T0ACME", "T0OTHER"]
        assert outbox.teams_due(tx, NOON - SECOND) == []
        assert len(outbox.take_due(tx, {other: 20}, NOON)) == 1
        assert outbox.teams_due(tx, NOON) == ["T0ACME"]


def test_owed_means_not_taken_up_yet(world: World) -> None:
    """An update need not be owed twice while the first one waits; once it is on its way it must."""
    owe(world, "message:1")
    with world.uow.read() as tx:
        assert outbox.is_owed(tx, world.team_id, "message:1")
        assert not outbox.is_owed(tx, world.team_id, "message:2")
    take(world)
    with world.uow.read() as tx:
        assert not outbox.is_owed(tx, world.team_id, "message:1")


def test_done_work_is_forgotten_and_open_work_never(world: World) -> None:
    """Tidying up drops what was done before a moment and nothing else."""
    owe(world, "message:1", "message:2", "message:3")
    one, two, _ = take(world)
    finish(world, one)
    finish(world, two, error="channel_not_found")
    with world.uow.begin() as tx:
        assert outbox.forget_done_before(tx, NOON) == 0
        assert outbox.forget_done_before(tx, NOON + SECOND) == 1
    assert states(world) == ["failed", "sending"]


def test_many_that_are_owed_at_once_are_not_read_for_each_of_them(postgresql_url: str) -> None:
    """PostgreSQL keeps how it takes up what is due from when that was next to nothing."""
    read = text("SELECT seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 'outbox'")
    world = World(postgresql_url)
    owe(world, "a")
    finish(world, take(world)[0])
    with world.uow.begin() as tx:
        tx.execute(text("ANALYZE outbox"))
    assert take(world) == []
    owe(world, *(f"s{number}" for number in range(100)))
    with world.uow.begin() as tx:
        before = tx.execute(read).scalar_one()
        assert len(outbox.take_due(tx, {world.team_id: 20}, NOON)) == 20
        assert tx.execute(read).scalar_one() == before
    world.close()


def test_two_workers_never_take_the_same_row_nor_two_of_one_subject(postgresql_url: str) -> None:
    """Two workers on PostgreSQL, asking at the same instants, deliver everything exactly once."""
    world = World(postgresql_url)
    with world.uow.begin() as tx:
        owed = [(f"message:{n % 40}", {"n": n}, f"m{n}") for n in range(200)]
        outbox.add_many(tx, world.team_id, kind="note", owed=owed, now=NOON)
    together = Barrier(4)

    def work(_: int) -> list[OutboxItem]:
        taken: list[OutboxItem] = []
        together.wait()
        while batch := take(world, limit=7):
            assert len({item.payload["n"] for item in batch}) == len(batch)
            taken += batch
            for item in batch:
                finish(world, item)
        return taken

    with ThreadPoolExecutor(4) as threads:
        shares = list(threads.map(work, range(4)))
    world.close()
    every = [item.id for share in shares for item in share]
    assert len(every) == len(set(every))
    assert all(item.attempts == 0 for share in shares for item in share)


def test_two_workers_keep_the_order_of_a_subject(postgresql_url: str) -> None:
    """While one worker has the first of a subject in hand, no other one gets the second."""
    world = World(postgresql_url)
    owe(world, *["message:1"] * 30)
    together = Barrier(4)
    order: list[int] = []

    def work(_: int) -> None:
        together.wait()
        misses = 0
        while misses < 50 and len(order) < 30:
            batch = take(world)
            assert len(batch) <= 1
            misses = 0 if batch else misses + 1
            for item in batch:
                order.append(item.id)
                finish(world, item)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, range(4)))
    world.close()
    assert order == sorted(order)
    assert len(order) == len(set(order)) == 30

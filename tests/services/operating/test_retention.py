"""How long things outlive their use: teams that left, history, and what comes back in time."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Index, Table, UniqueConstraint, func, select, update

from bot.domain.entries.entries import StopReason
from bot.services.operating.installations import Installations
from bot.services.operating.retention import FAILED_KEPT, RUNS_KEPT, Retention
from bot.services.tracking.stopping import stop_timers
from bot.services.vault import Vault
from storage.indexes import condition
from storage.operating import team_erasing
from storage.operating.audit import AuditRow
from storage.outbox import OutboxRow
from storage.sql import table
from storage.sync.sync_runs import SyncRunRow
from storage.tables import METADATA
from tests.builders import NOON, World
from tests.isolation.planted import INSTALLED, TEAM, plant, standing

KEPT = timedelta(days=30)


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """A team with an entry, beside one with rows in every table."""
    made = World(database_url)
    plant(made.engine)
    ana = made.member("ana")
    made.entry(ana, made.project(), None, NOON - timedelta(hours=2), NOON)
    yield made
    made.close()


def removed(world: World, at: datetime = NOON) -> Installations:
    """The planted team removes Hourlink."""
    vault = Vault([Fernet.generate_key().decode()])
    installations = Installations(world.uow, vault, world.new_marker())
    installations.end(TEAM, None, at=at, now=at)
    return installations


def keeping(world: World, days: timedelta | None = KEPT) -> Retention:
    """An operator's choice."""
    return Retention(world.uow, removed=days, audit_log=None)


def rows(world: World) -> int:
    """How many the planted team has."""
    with world.uow.read() as tx:
        return sum(
            tx.execute(
                select(func.count()).select_from(one).where(one.c.team_id == TEAM)
            ).scalar_one()
            for one in team_erasing.tables()
        )


def test_a_team_that_left_is_erased_when_its_time_is_over(world: World) -> None:
    """Not a day earlier, wholly, and nothing of anybody else."""
    before = standing_of_acme(world)
    removed(world)
    assert keeping(world).erase_due(NOON + KEPT) == []
    assert rows(world) > 0
    (erased,) = keeping(world).erase_due(NOON + KEPT + timedelta(seconds=1))
    assert (erased.team_id, rows(world)) == (TEAM, 0)
    assert erased.rows > len(team_erasing.tables())
    assert standing_of_acme(world) == before
    assert keeping(world).erase_due(NOON + KEPT * 2) == []


def test_for_a_row_that_is_erased_no_whole_table_is_looked_through() -> None:
    """For each task and person both databases look whether anything still points to it.

    Without an index that begins with the column they read every team's worklogs for each task.
    """
    for name in ("audit", "time_entry", "time_entry_change", "worklog"):  # these grow for ever
        one = METADATA.tables[name]
        begin = {index.columns[0].name for index in one.indexes if _holds_all(index)}
        pointing = {
            key.parent.name
            for key in one.foreign_keys
            if key.column.table.name in {"member", "task", "time_entry"}  # of which there are many
        }
        assert pointing <= begin | _unique_first(one), name


def _holds_all(index: Index) -> bool:
    """Every row that points somewhere is in it."""
    return condition(index) in {None, f"{index.columns[0].name} IS NOT NULL"}


def _unique_first(one: Table) -> set[str]:
    return {key.columns[0].name for key in one.constraints if isinstance(key, UniqueConstraint)}


def test_installed_again_in_time_everything_is_there(world: World) -> None:
    """But for the tokens, which were destroyed at once; no timer runs that would be stopped."""
    with world.uow.begin() as tx:
        reason, new_marker = StopReason.NO_ANSWER, world.new_marker()
        stop_timers(tx, TEAM, because=reason, now=NOON, new_marker=new_marker)
    before = {
        name: digest
        for name, digest in standing(world.engine).items()
        if name not in {"installation", "team", "account_link", "api_token"}
    }
    installations = removed(world)
    installations.save(INSTALLED, NOON + KEPT)
    assert keeping(world).erase_due(NOON + KEPT * 2) == []
    after = standing(world.engine)
    assert {name: after[name] for name in before} == before


def test_kept_for_ever_unless_the_operator_says_otherwise(world: World) -> None:
    """Nobody loses their hours by a default; zero days erases with the next tidying up."""
    removed(world)
    assert keeping(world, None).erase_due(NOON + KEPT * 100) == []
    assert keeping(world, timedelta(0)).erase_due(NOON + timedelta(seconds=1))


def test_who_never_left_is_never_due(world: World) -> None:
    """Only a removal starts the time."""
    assert keeping(world, timedelta(0)).erase_due(NOON + KEPT * 100) == []


def test_history_does_not_grow_for_ever(world: World) -> None:
    """What was given up, old syncs and, where asked for, old lines of the audit log go."""
    with world.uow.begin() as tx:
        tx.execute(update(table(OutboxRow)).values(state="failed", done_at=NOON))
        tx.execute(update(table(SyncRunRow)).values(started_at=NOON))
    retention = Retention(world.uow, removed=None, audit_log=timedelta(days=10))
    retention.tidy(NOON)
    assert counted(world, OutboxRow) > 0
    assert counted(world, AuditRow) > 0
    retention.tidy(NOON + timedelta(days=10, seconds=1))
    assert counted(world, AuditRow) == 0
    retention.tidy(NOON + FAILED_KEPT + timedelta(seconds=1))
    assert counted(world, OutboxRow) == 0
    runs = counted(world, SyncRunRow)
    retention.tidy(NOON + RUNS_KEPT + timedelta(seconds=1))
    assert 0 < counted(world, SyncRunRow) <= runs, "what an announcement rests on stays"


def counted(world: World, row: type[OutboxRow | AuditRow | SyncRunRow]) -> int:
    """How many rows there are of a kind."""
    with world.uow.read() as tx:
        return tx.execute(select(func.count()).select_from(table(row))).scalar_one()


def standing_of_acme(world: World) -> int:
    """How much the other team has."""
    with world.uow.read() as tx:
        return sum(
            tx.execute(
                select(func.count()).select_from(one).where(one.c.team_id == world.team_id)
            ).scalar_one()
            for one in team_erasing.tables()
        )

"""The databases that tests are given: fresh, whole, and apart from one another."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from storage.indexes import condition
from storage.migrations import config, is_ours, task_queue, upgrade
from storage.tables import METADATA


def _tables(url: str) -> set[str]:
    engine = create_engine(url)
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def test_blank_database_has_no_table(blank_database_url: str) -> None:
    """Migration tests begin from nothing."""
    assert _tables(blank_database_url) == set()


def test_database_has_every_table(database_url: str) -> None:
    """A storage test finds the newest schema on both kinds of database."""
    assert {"team", "member", "time_entry", "outbox"} & _tables(database_url)
    assert "alembic_version" in _tables(database_url)


@pytest.mark.parametrize("_time", [1, 2])
def test_what_a_test_writes_is_gone_for_the_next(database_url: str, _time: int) -> None:
    """Two tests never see one another's rows: the same table can be made twice."""
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE mine (id INTEGER)"))
    engine.dispose()


def test_migrations_make_the_tables_that_the_code_declares(database_url: str) -> None:
    """A column or index that was added to the code alone is missing in every installation."""
    engine = create_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_ours})
        assert compare_metadata(context, METADATA) == []
    engine.dispose()


def test_indexes_hold_the_rows_that_the_code_declares(database_url: str) -> None:
    """Without its condition an index would forbid to link again what was unlinked, for example."""
    engine = create_engine(database_url)
    where = {
        index.name: where
        for table in METADATA.tables.values()
        for index in table.indexes
        if (where := condition(index))
    }
    listed = "SELECT indexname, indexdef FROM pg_indexes WHERE indexdef LIKE '% WHERE %'"
    if engine.dialect.name == "sqlite":
        listed = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'"
    with engine.connect() as connection:
        made = {row[0]: row[1] for row in connection.execute(text(listed))}
    engine.dispose()
    ours = {name: sql for name, sql in made.items() if task_queue.OWN not in name}
    assert ours.keys() == where.keys()
    columns = re.compile(r"[a-z_]+")
    for name, sql in ours.items():
        assert set(columns.findall(where[name])) <= set(columns.findall(sql.split(" WHERE ")[1]))


def test_the_task_queue_is_postgresqls_alone(postgresql_url: str, sqlite_url: str) -> None:
    """SQLite has one process and nothing to share: no queue's tables there."""
    assert "procrastinate_jobs" in _tables(postgresql_url)
    assert not {name for name in _tables(sqlite_url) if name.startswith(task_queue.OWN)}


def test_processes_that_start_together_migrate_once(blank_postgresql_url: str) -> None:
    """A web process and workers started at the same moment on a new database all come up."""
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(upgrade, [blank_postgresql_url] * 3))
    assert {"team", "procrastinate_jobs"} <= _tables(blank_postgresql_url)


def test_the_task_queue_follows_its_library(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A newer Procrastinate finds the tables it wants after the next start, made once."""
    newer = "99.00.00_01_something_new.sql"
    changes = {newer: "CREATE TABLE procrastinate_new (share text DEFAULT '100 %'); SELECT 1"}
    monkeypatch.setattr(task_queue, "_changes", lambda: changes)
    upgrade(postgresql_url)
    upgrade(postgresql_url)
    assert "procrastinate_new" in _tables(postgresql_url)


def test_a_change_of_the_task_queue_that_is_cut_off_is_made_again(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A start that dies between a change and its note leaves a database that still starts."""
    changes = {"99.00.00_01_something_new.sql": "CREATE TABLE procrastinate_new (share text)"}
    monkeypatch.setattr(task_queue, "_changes", lambda: changes)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut_off:
        cut_off.setattr(task_queue, "_note", dies)
        with pytest.raises(KeyboardInterrupt):
            upgrade(postgresql_url)
    assert "procrastinate_new" not in _tables(postgresql_url)
    upgrade(postgresql_url)
    assert "procrastinate_new" in _tables(postgresql_url)


def test_migrations_can_be_taken_back(database_url: str) -> None:
    """Nothing of ours is left behind, and everything can be made again."""
    command.downgrade(config(database_url), "base")
    assert _tables(database_url) == {"alembic_version"}
    upgrade(database_url)
    assert "outbox" in _tables(database_url)

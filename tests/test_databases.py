"""The databases that tests are given: fresh, whole, and apart from one another."""

import pytest
from sqlalchemy import create_engine, inspect, text


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

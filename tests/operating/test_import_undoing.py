"""Taking back what an import brought, from as many entries as there may be."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.services.importing.undoing import ImportUndoing
from tests.builders import World
from tests.operating.import_office import TIMES, Office, hourlink, of_mia
from tests.statements import heard, plan


@pytest.fixture
def office(database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Office]:
    """Give one; the environment names its database."""
    monkeypatch.setenv("HOURLINK_DATABASE_URL", database_url.replace("+psycopg", ""))
    world = World(database_url)
    yield Office(world, tmp_path)
    world.close()


def test_each_entry_is_looked_at_by_itself(office: Office) -> None:
    """Whether somebody changed one is not looked for among all that the team ever did.

    Twenty thousand entries took eight minutes so, and take three seconds.
    """
    hourlink(office.file(of_mia("2026-01-05", "09:00", "10:00")), "--yes")
    undoing = ImportUndoing(office.world.uow, office.world.new_marker())
    ((which, _),) = undoing.imports(office.world.team_id)
    engine = office.world.engine
    with heard(engine) as said:
        undoing.left(office.world.team_id, which)
    with engine.connect() as connection:
        if engine.name != "sqlite":  # a table of a few rows is read whole, unless that is forbidden
            connection.execute(text("SET enable_seqscan = off"))
        (found,) = [
            "\n".join(plan(connection, one)) for one in said if "time_entry_change" in one.sql
        ]
    assert "ix_time_entry_change_entry" in found
    assert "ix_time_entry_change_at" not in found


def test_more_than_fit_in_one_transaction_are_taken_back(office: Office) -> None:
    """All of them, whole ones over midnight too."""
    rows = [
        f"Mia,Website,2025-{day // 28 + 1:02}-{day % 28 + 1:02},23:30,00:30" for day in range(280)
    ]
    rows += [
        f"Mia,Website,2025-{day // 28 + 1:02}-{day % 28 + 1:02},12:00,13:00" for day in range(280)
    ]
    hourlink(office.file(*rows, head="User,Project,Date,Start,End"), "--yes")
    assert office.asked(TIMES) == [(840, 560 * 3600)]
    assert "Took 840 entries away" in hourlink("--undo", "1", "--yes")
    assert office.asked(TIMES) == [(0, 0)]

"""``hourlink db fill``: from SQLite to PostgreSQL, everything or nothing."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from storage.engine import open_engine
from storage.single_process import sole_process
from tests.builders import World
from tests.isolation.planted import FIRST, plant
from tests.operating.test_backups import standing_of
from tests.operating.test_commands import hourlink


@pytest.fixture
def file(sqlite_url: str) -> Path:
    """A SQLite file with rows in every table that belongs to a team."""
    world = World(sqlite_url)
    plant(world.engine)
    world.close()
    return Path(str(make_url(sqlite_url).database))


@pytest.fixture
def _names_postgresql(blank_postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOURLINK_DATABASE_URL", blank_postgresql_url.replace("+psycopg", ""))


@pytest.mark.usefixtures("_names_postgresql")
def test_every_row_is_there_afterwards(
    sqlite_url: str, file: Path, blank_postgresql_url: str
) -> None:
    """With its id and everything that points at it; what comes after gets ids of its own."""
    before = standing_of(sqlite_url)
    code, said = hourlink("db", "fill", str(file))
    assert code == 0, said
    assert "Start Hourlink, and at least one worker." in said
    assert standing_of(blank_postgresql_url) == before == standing_of(sqlite_url)
    world = World(blank_postgresql_url)
    assert world.project() > FIRST
    world.close()
    code, said = hourlink("db", "fill", str(file))
    assert code == 1
    assert "Name an empty database." in said


@pytest.mark.usefixtures("_names_postgresql")
def test_what_points_at_a_row_of_its_own_table_goes_on_doing_so(
    sqlite_url: str, file: Path, blank_postgresql_url: str
) -> None:
    """Also at one that comes later: a client that was merged into a newer one."""
    engine = open_engine(sqlite_url)
    with engine.begin() as connection:
        newest = connection.execute(text("SELECT max(id) FROM client")).scalar_one()
        connection.execute(
            text("UPDATE client SET merged_into = :newest WHERE id < :newest"), {"newest": newest}
        )
    engine.dispose()
    before = standing_of(sqlite_url)
    assert hourlink("db", "fill", str(file))[0] == 0
    assert standing_of(blank_postgresql_url) == before


@pytest.mark.usefixtures("_names_postgresql")
def test_nothing_is_moved_beside_a_running_server(file: Path, blank_postgresql_url: str) -> None:
    """What it saves meanwhile would be left behind."""
    with sole_process(f"sqlite:///{file}"):
        code, said = hourlink("db", "fill", str(file))
    assert code == 1
    assert "Stop it first" in said
    engine = open_engine(blank_postgresql_url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT to_regclass('team')")).scalar_one() is None
    engine.dispose()


@pytest.mark.usefixtures("_names_postgresql")
def test_half_a_move_is_none(sqlite_url: str, file: Path, blank_postgresql_url: str) -> None:
    """What PostgreSQL does not take is named, and the database is still empty for another try."""
    engine = open_engine(sqlite_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE worklog SET reason = 'a' || char(0)"))
    engine.dispose()
    code, said = hourlink("db", "fill", str(file))
    assert code == 1
    assert "PostgreSQL refused a row of worklog: " in said
    assert "Nothing was moved." in said
    engine = open_engine(blank_postgresql_url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM team")).scalar_one() == 0
    engine.dispose()


def test_sqlite_is_not_filled(sqlite_url: str, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The setting has to name the new database, not the old one."""
    monkeypatch.setenv("HOURLINK_DATABASE_URL", sqlite_url)
    code, said = hourlink("db", "fill", str(file))
    assert code == 1
    assert "names SQLite" in said


@pytest.mark.usefixtures("_names_postgresql")
def test_a_file_that_is_no_database_is_said_to_be_none(tmp_path: Path) -> None:
    """In a sentence, and not by a traceback."""
    other = tmp_path / "notes.db"
    other.write_text("What I did today, in many words. " * 200)
    code, said = hourlink("db", "fill", str(other))
    assert code == 1
    assert "cannot be read: file is not a database." in said

"""The commands of docs/deploy.md for backup and restore, as an operator pastes them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from storage.engine import open_engine
from tests.builders import World
from tests.isolation.planted import plant, standing
from tests.postgresql import Postgresql

pytestmark = pytest.mark.long

PAGE = Path(__file__).resolve().parents[2] / "docs" / "deploy.md"
BLOCK = re.compile(r"<!-- tested: (\w+) -->\n```\n(.*?)```", re.DOTALL)


def commands(kind: str) -> list[str]:
    """The page's blocks for a kind of database: to back up, and to restore."""
    found = [block for name, block in BLOCK.findall(PAGE.read_text("utf-8")) if name == kind]
    assert len(found) == 2
    return found


def pasted(block: str, folder: Path, **environment: str) -> str:
    """What a shell says to a block; ``hourlink`` is this one."""
    program = folder / "bin" / "hourlink"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m bot "$@"\n')
    program.chmod(0o755)
    path = f"{program.parent}:{environment.pop('TOOLS', '')}:{os.environ['PATH']}"
    done = subprocess.run(  # noqa: S603 - our own page
        ["/bin/sh", "-euc", block],
        env={**os.environ, "PATH": path, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def lived_in(url: str) -> dict[str, str]:
    """Rows in every table; a digest of them."""
    world = World(url)
    plant(world.engine)
    found = standing(world.engine)
    world.close()
    return found


def test_sqlite(sqlite_url: str, tmp_path: Path) -> None:
    """What was there at the backup is there again, and nothing of what came after."""
    backup, restore = commands("sqlite")
    before = lived_in(sqlite_url)
    names = {
        "HOURLINK_DATABASE_URL": sqlite_url,
        "DATABASE": str(make_url(sqlite_url).database),
        "BACKUP": str(tmp_path / "copy.db"),
    }
    pasted(backup, tmp_path, **names)
    world = World(sqlite_url)
    world.team("T0LATER")
    world.close()
    assert "up to date" in pasted(restore, tmp_path, **names)
    assert standing_of(sqlite_url) == before


def test_postgresql(postgresql_url: str, postgresql: Postgresql, tmp_path: Path) -> None:
    """Into an empty database; the task queue's tables come along."""
    backup, restore = commands("postgresql")
    before = lived_in(postgresql_url)
    file = str(tmp_path / "copy.dump")
    where = str(postgresql.programs)
    plain = postgresql_url.replace("+psycopg", "")
    pasted(backup, tmp_path, HOURLINK_DATABASE_URL=plain, BACKUP=file, TOOLS=where)
    with postgresql.database("template0") as empty:
        plain = empty.replace("+psycopg", "")
        said = pasted(restore, tmp_path, HOURLINK_DATABASE_URL=plain, BACKUP=file, TOOLS=where)
        assert "up to date" in said
        assert standing_of(empty) == before


def standing_of(url: str) -> dict[str, str]:
    """The same of a database that is only looked at."""
    engine = open_engine(url)
    try:
        return standing(engine)
    finally:
        engine.dispose()

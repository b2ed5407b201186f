"""Fresh databases, as many as a state machine wants."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.machines.fresh import Fresh
from tests.postgresql import Postgresql


@pytest.fixture
def fresh_sqlite(_sqlite_template: Path) -> Fresh:
    """Makes fresh SQLite databases."""

    @contextmanager
    def fresh() -> Iterator[str]:
        with tempfile.TemporaryDirectory(prefix="hourlink-machine-") as folder:
            path = Path(folder) / "hourlink.db"
            shutil.copyfile(_sqlite_template, path)
            yield f"sqlite:///{path}"

    return fresh


@pytest.fixture
def fresh_postgresql(postgresql: Postgresql, _postgresql_template: str) -> Fresh:
    """Makes fresh PostgreSQL databases."""
    return lambda: postgresql.database(_postgresql_template)

"""A database of each kind for a whole file of stories, because starting Hourlink takes seconds."""

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.postgresql import Postgresql


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared_database_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Give the URL of a database that all tests of a file share, once per kind of database.

    Each of them has people or projects of its own, or puts back what it changed.
    """
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("_sqlite_template")
        path = tmp_path_factory.mktemp("shared") / "hourlink.db"
        shutil.copyfile(template, path)
        yield f"sqlite:///{path}"
        return
    server: Postgresql = request.getfixturevalue("postgresql")
    with server.database(request.getfixturevalue("_postgresql_template")) as url:
        yield url

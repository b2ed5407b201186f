"""The database as a thing: its version, its upgrade, a copy of it."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, OperationalError

from bot import console
from bot.domain.errors import Busy
from bot.views import failures
from storage.engine import open_engine
from storage.migrations import STOP_FIRST, upgrade
from storage.migrations.standing import Stand, Standing, standing

PAGES = 2000
"""Copied at a time; between two of them the server gets its turn."""


def absent(url: str) -> str | None:
    """Why there is nothing to look at: SQLite would make an empty file."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").exists():
        return (
            f"{parsed.database} is not there. `hourlink serve` or `hourlink db upgrade` makes it."
        )
    return None


@contextmanager
def told(url: str) -> Iterator[None]:
    """Ends the program with a sentence where the database does not do what it is asked."""
    try:
        yield
    except Busy as error:
        console.stop(failures.sentence(error).text)
    except DatabaseError as error:
        if type(error) not in {DatabaseError, OperationalError}:  # others are faults of Hourlink
            raise
        console.stop(console.closed(error.orig, url))


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """The database for a command that needs what is in it.

    Ends the program with a sentence where there is none, where it is of another version, or where
    it does not do what it is asked.
    """
    if reason := absent(url):
        console.stop(reason)
    engine = open_engine(url, pool_size=1)
    try:
        with told(url):
            found = standing(engine)
            if found.stand is not Stand.CURRENT:
                console.stop(f"{words(found)} `hourlink doctor` says what to do.")
            yield engine
    finally:
        engine.dispose()


def words(found: Standing) -> str:
    """The same in a sentence."""
    match found.stand:
        case Stand.EMPTY:
            return "Empty: no tables yet."
        case Stand.BEHIND:
            return (
                f"At migration {found.revision}, {found.missing} behind this version.{_stop(found)}"
            )
        case Stand.NEWER:
            return newer(found.revision or "")
        case _:
            return f"At migration {found.revision}, up to date."


def newer(revision: str) -> str:
    """That a later version has been here."""
    return f"At migration {revision}, which this version does not know: it is newer."


def _stop(found: Standing) -> str:
    if not found.stop_first:
        return ""
    which = ", ".join(f"{one} ({STOP_FIRST[one]})" for one in found.stop_first)
    return f" Stop every process before the upgrade; an older one does not work beside {which}."


def upgraded(url: str) -> tuple[str | None, str | None]:
    """Brings it to the newest version; the migration before and after."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = open_engine(url, pool_size=1)
    try:
        with told(url):
            before = standing(engine).revision
            upgrade(url)
            return before, standing(engine).revision
    finally:
        engine.dispose()


def cannot_back_up(url: str, file: Path) -> str | None:
    """Why it cannot be copied to this file."""
    if make_url(url).get_backend_name() != "sqlite":
        return (
            "PostgreSQL is backed up by its own tool: "
            f'pg_dump --format=custom --file={file} "$HOURLINK_DATABASE_URL"'
        )
    return unfit(file) or absent(url)


def unfit(file: Path) -> str | None:
    """Why a new file cannot be written there."""
    if file.exists():
        return f"{file} exists. Name a new file."
    if not file.parent.is_dir():
        return f"The folder {file.parent} does not exist."
    if not os.access(file.parent, os.W_OK | os.X_OK):
        return f"The folder {file.parent} cannot be written to by this user."
    return None


def back_up(url: str, file: Path, progress: Callable[[int, int], None]) -> None:
    """Copies a SQLite file whole, whatever is written to it meanwhile.

    Ends the program with a sentence where that cannot be done, and where the copy is of a damaged
    file: it would be found out on the day on which it is needed.

    Args:
        url: The database.
        file: A file that does not exist yet; the copy is complete when it has this name.
        progress: Told the pages left and all pages.
    """
    partial = file.with_name(f"{file.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        with (
            closing(sqlite3.connect(str(make_url(url).database))) as source,
            closing(sqlite3.connect(partial)) as target,
        ):
            source.backup(
                target,
                pages=PAGES,
                progress=lambda _, left, total: progress(left, total),
                sleep=0.01,
            )
            (found,) = target.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        partial.unlink(missing_ok=True)
        console.stop(f"Not copied: {error}. `hourlink doctor` says more.")
    if found != "ok":
        how = " ".join(str(found).split())
        console.stop(
            f"The database is damaged: {how}. This copy of it is at {partial}. `hourlink doctor` "
            "says what to do."
        )
    partial.rename(file)

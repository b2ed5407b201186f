"""``hourlink db fill``: what a SQLite file holds, into the PostgreSQL that the settings name."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, DBAPIError

from bot import console
from bot.logs import mask_text
from bot.operating import database
from storage.engine import READ_ONLY, open_engine
from storage.migrations.standing import Stand, standing
from storage.moving import RowRefused, first_filled, move, rows_of
from storage.single_process import DatabaseInUse, sole_process

Progress = Callable[[int, int], None]
"""Told the rows that were moved, and all rows."""


def filled(url: str, file: Path, progress: Progress) -> int:
    """Moves everything, or nothing; how many rows.

    Ends the program with a sentence where it cannot.
    """
    if reason := _unfit(url, file):
        console.stop(reason)
    try:
        with sole_process(f"sqlite:///{file}"):
            database.upgraded(url)
            return _move(url, file, progress)
    except DatabaseInUse:
        console.stop(f"A Hourlink works on {file}. Stop it first: what it saves would be left out.")
    except RowRefused as error:
        what = f"a row of {error.table}: {_words(error.cause)}"
        console.stop(f"PostgreSQL refused {what}. Nothing was moved.")
    except DBAPIError as error:
        console.stop(f"PostgreSQL refused: {_words(error)}. Nothing was moved.")


def _words(error: DBAPIError) -> str:
    return mask_text(str(error.orig).strip().partition("\n")[0])


def _unfit(url: str, file: Path) -> str | None:
    if make_url(url).get_backend_name() == "sqlite":
        return "HOURLINK_DATABASE_URL names SQLite. Have it name the PostgreSQL to fill."
    if not file.is_file():
        return f"{file} is not there."
    engine = open_engine(f"sqlite:///{file}", pool_size=1)
    try:
        found = standing(engine)
    except DatabaseError as error:
        return f"{file} cannot be read: {error.orig}."
    finally:
        engine.dispose()
    if found.stand is Stand.CURRENT:
        return None
    return (
        f"{file}: {database.words(found)} Bring it to this version first: "
        f"HOURLINK_DATABASE_URL=sqlite:///{file.absolute()} hourlink db upgrade"
    )


def _move(url: str, file: Path, progress: Progress) -> int:
    source, target = open_engine(f"sqlite:///{file}", pool_size=1), open_engine(url, pool_size=1)
    try:
        with (
            source.connect().execution_options(**{READ_ONLY: True}) as old,
            target.begin() as new,
        ):
            if table := first_filled(new):
                console.stop(f"There are rows in {table} already. Name an empty database.")
            total, done = rows_of(old), 0

            def moved(rows: int) -> None:
                nonlocal done
                done += rows
                progress(done, total)

            move(old, new, moved)
            return total
    finally:
        source.dispose()
        target.dispose()

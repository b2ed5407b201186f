"""The database: can it be opened, does its version fit, has it room."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.console import how_to_open
from bot.logs import mask_text
from bot.operating.database import absent
from bot.operating.findings import Finding, fine, unknown, warning, wrong
from bot.views.words import counted
from storage.engine import READ_ONLY
from storage.migrations.standing import Stand, standing

SUBJECT = "Database"
VERSION = "Database version"
ROOM = "Disk"

LITTLE_ROOM = 500_000_000
"""Bytes. Below that somebody should look before writing fails."""

_MALFORMED = "malformed"
"""SQLite's word for a file of which it can make no sense in places."""

OLDEST_POSTGRESQL = 13
"""What the task queue, Procrastinate, asks for."""


def missing_file(url: str) -> Finding | None:
    """SQLite makes a file where there is none, so its absence is seen before it is opened."""
    if absent(url) is None:
        return None
    return warning(
        SUBJECT,
        f"{make_url(url).database} is not there yet.",
        "The first `hourlink serve` makes it. If there was one, look at HOURLINK_DATABASE_URL "
        "and HOURLINK_DATA_DIR.",
    )


def database(engine: Engine) -> Iterator[Finding]:
    """Everything about an open database; the rest is worth asking only if this is not wrong."""
    looking = engine.execution_options(**{READ_ONLY: True})  # whoever writes need not wait for it
    try:
        with looking.connect() as connection:
            connection.execute(text("SELECT 1"))
            broken = _damage(connection)
        if broken:
            yield _damaged(broken)
            return
        yield _software(engine)
        yield _version(engine)
    except SQLAlchemyError as error:
        reason = str(error.__cause__ or error).strip().partition("\n")[0]
        if _MALFORMED in reason:
            yield _damaged(reason)
            return
        yield wrong(
            SUBJECT,
            f"It cannot be opened: {mask_text(reason)}.",
            how_to_open(str(engine.url)),
        )
        return
    if engine.dialect.name == "sqlite":
        yield room(Path(engine.url.database or ""))


def _damage(connection: Connection) -> str:
    """Reads all of a SQLite file, which may answer for long where some page of it is broken."""
    if connection.dialect.name != "sqlite":
        return ""
    found = str(connection.execute(text("PRAGMA quick_check(1)")).scalar_one())
    return "" if found == "ok" else " ".join(found.split())


def _damaged(how: str) -> Finding:
    return wrong(
        SUBJECT,
        f"The file is damaged: {how}.",
        "Stop Hourlink, keep a copy of the file, and put the last backup back (docs/deploy.md). "
        "Look at the disk, too.",
    )


def room(path: Path) -> Finding:
    """Whether the disk that a SQLite file is on has room left."""
    left = shutil.disk_usage(path.parent).free
    if left < LITTLE_ROOM:
        return warning(
            ROOM,
            f"{left // 1_000_000} MB are left beside {path}.",
            "Make room: without any, nothing can be saved.",
        )
    return fine(ROOM, f"{left // 1_000_000_000} GB are left beside {path}.")


def _software(engine: Engine) -> Finding:
    if engine.dialect.name == "sqlite":
        return fine(SUBJECT, f"SQLite, {engine.url.database}.")
    with engine.connect() as connection:
        shown = str(connection.execute(text("SHOW server_version")).scalar_one())
        encoding = str(connection.execute(text("SHOW server_encoding")).scalar_one())
    if int(shown.partition(".")[0].partition(" ")[0]) < OLDEST_POSTGRESQL:
        return wrong(
            SUBJECT,
            f"PostgreSQL {shown} is too old.",
            f"Move it to PostgreSQL {OLDEST_POSTGRESQL} or newer.",
        )
    if encoding != "UTF8":
        return wrong(
            SUBJECT,
            f"Its encoding is {encoding}, which has no place for most names and notes.",
            "Make a new database with ENCODING 'UTF8'.",
        )
    return fine(SUBJECT, f"PostgreSQL {shown} at {engine.url.host or 'a local socket'}.")


def _version(engine: Engine) -> Finding:
    found = standing(engine)
    match found.stand:
        case Stand.EMPTY:
            return fine(VERSION, "It is empty; the first start makes the tables.")
        case Stand.BEHIND:
            return warning(
                VERSION,
                f"It is {counted(found.missing, 'migration')} behind this version of Hourlink.",
                "Back up, then start: the first process brings it up to date. "
                "`hourlink db upgrade` does it beforehand.",
            )
        case Stand.NEWER:
            return wrong(
                VERSION,
                f"A newer Hourlink has changed it (migration {found.revision}).",
                "Install that version, or restore the backup from before.",
            )
        case _:
            return fine(VERSION, f"Up to date (migration {found.revision}).")


def not_looked(reason: str) -> Finding:
    """What stands for everything that only an open database could tell."""
    return unknown("Stored secrets, tools, work", reason)

"""How commands of ``hourlink`` end early, and what they begin with."""

import os
import sys
from typing import NoReturn

from sqlalchemy.engine import make_url

from bot import settings, settings_checks
from bot.domain.errors import Refusal
from bot.logs import mask_text

_RED, _PLAIN = "\x1b[31m", "\x1b[0m"


def stop(reason: str) -> NoReturn:
    """Says why, and ends the program with 1."""
    is_shown = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
    print(f"{_RED}{reason}{_PLAIN}" if is_shown else reason, file=sys.stderr)  # noqa: T201
    raise SystemExit(1)


def how_to_open(database: str) -> str:
    """What to look at when this database, by its URL, cannot be opened."""
    if database.startswith("sqlite"):
        return "Is it Hourlink's, may this user write to its folder, is the disk full?"
    return "Is the server up, and are address, user and password in HOURLINK_DATABASE_URL right?"


def closed(error: BaseException | None, database: str) -> str:
    """That this database, by its URL, cannot be opened, in the words of its driver."""
    reason, _, _ = str(error).strip().partition("\n")
    mend = how_to_open(database)
    return f"The database cannot be opened: {mask_text(reason)}. {mend}"


POOLED = (
    "HOURLINK_DATABASE_URL leads to a pooler that gives every transaction another connection. Let "
    "it pool sessions (PgBouncer: pool_mode = session), or name PostgreSQL itself."
)


def stores_nothing(why: Refusal, database: str) -> str:
    """That this database, by its URL, was opened and takes no changes."""
    if why is Refusal.FULL:
        return "The database can save nothing: its disk is full. Make room."
    if why is Refusal.DAMAGED:
        return "The database is damaged, or its disk is. Put the last backup back (docs/deploy.md)."
    if not database.startswith("sqlite"):
        return "The database takes no changes. Does HOURLINK_DATABASE_URL name a standby?"
    path = make_url(database).database
    return f"The database takes no changes. Give {path}, and its folder, to this user (chown)."


def read() -> settings.Settings:
    """The settings, complete or not; ends the program where one cannot be read at all."""
    try:
        return settings.load()
    except settings.SettingsInvalidError as error:
        stop(str(error))


def checked(role: settings.Role) -> settings.Settings:
    """The settings; ends the program with everything that would stop this role from working."""
    options = read()
    if problems := settings_checks.problems(options, role):
        stop("\n".join(str(problem) for problem in problems))
    return options

"""Where a database stands among the migrations, without changing it."""

from enum import StrEnum

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from bot.domain.values import dataclass
from storage.engine import READ_ONLY
from storage.migrations import STOP_FIRST, config


class Stand(StrEnum):
    """Compared with what this version of Hourlink brings."""

    EMPTY = "empty"
    BEHIND = "behind"
    CURRENT = "current"
    NEWER = "newer"
    """A later version has been here."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The last migration that a database has, and how far it is from the newest."""

    stand: Stand
    revision: str | None
    missing: int = 0
    """How many migrations the next start will carry out."""
    stop_first: tuple[str, ...] = ()
    """Those among them beside which the version of before does not work."""


def standing(engine: Engine) -> Standing:
    """Looks where the database stands."""
    with engine.execution_options(**{READ_ONLY: True}).connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
    every = [
        step.revision for step in ScriptDirectory.from_config(config("")).walk_revisions()
    ]  # newest first
    if revision is None:
        return Standing(Stand.EMPTY, None, len(every))
    if revision not in every:
        return Standing(Stand.NEWER, revision)
    missing = every.index(revision)
    stop_first = tuple(one for one in reversed(every[:missing]) if one in STOP_FIRST)
    return Standing(Stand.BEHIND if missing else Stand.CURRENT, revision, missing, stop_first)

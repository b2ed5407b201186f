"""A database that cannot do it now: told as such, with whether something may be saved."""

from contextvars import ContextVar
from dataclasses import dataclass
from threading import Lock

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from bot.domain.errors import Busy, DatabaseAway

DEADLOCK = "40P01"
"""PostgreSQL ended one of two transactions that waited for each other, and rolled it back:
https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Request:
    """What somebody asked for, which may take several transactions."""

    has_saved: bool = False
    """One that writes was committed, or was being committed when the database went away."""


_REQUEST: ContextVar[Request | None] = ContextVar("hourlink_request", default=None)


def begin_request() -> None:
    """From here on, in this task and in what it begins, everything is one request."""
    _REQUEST.set(Request())


def has_saved() -> bool:
    """Whether this request saved anything so far, or may have."""
    request = _REQUEST.get()
    return request is not None and request.has_saved


def note_saving() -> None:
    """A transaction that writes is about to be committed."""
    request = _REQUEST.get()
    if request is not None:
        request.has_saved = True


class Reach:
    """Whether an engine reaches its database; logged once when it is lost, once when it is back."""

    def __init__(self, engine: Engine) -> None:
        self._is_file = engine.dialect.name == "sqlite"
        self.is_lost = False
        self._lock = Lock()

    def found(self) -> None:
        """A transaction ended well that was begun when the database was lost."""
        if self._turns(to_lost=False):
            log.info("database_back")

    def meaning(self, error: DBAPIError, *, connected: bool, saving: bool) -> Exception:
        """What a failure means to whoever asked for something.

        Args:
            error: As SQLAlchemy raised it.
            connected: There was a connection at all.
            saving: A transaction that writes was being committed.
        """
        if self._is_file:
            is_locked = "database is locked" in str(error.orig)
            return Busy() if is_locked and isinstance(error, OperationalError) else error
        if getattr(error.orig, "sqlstate", None) == DEADLOCK:
            return Busy()
        if connected and not error.connection_invalidated:
            return error
        if self._turns(to_lost=True):
            reason, _, _ = str(error.orig).strip().partition("\n")
            log.warning("database_away", reason=reason)
        request = _REQUEST.get()
        return DatabaseAway(perhaps_saved=saving or (request is not None and request.has_saved))

    def _turns(self, *, to_lost: bool) -> bool:
        """Whether this is news; many threads find it out at the same moment."""
        with self._lock:
            was, self.is_lost = self.is_lost, to_lost
        return was is not to_lost

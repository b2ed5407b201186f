"""A database that cannot do it now: told as such, with whether something may be saved."""

import time
from contextvars import ContextVar
from dataclasses import dataclass
from threading import Lock

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from bot.domain.errors import Busy, DatabaseAway, Refusal, SavingRefused
from storage.failing import Trouble, trouble

QUIET = 60.0
"""Seconds since the last refusal after which one that was saved is worth a line. What changes
nothing may be committed on a full disk, too."""

SELDOM = 60.0
"""Seconds between two lines that say that the database is away. One that is out of connections
turns some away and answers others, many times a minute."""

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
    """A transaction that writes was committed, or perhaps was."""
    request = _REQUEST.get()
    if request is not None:
        request.has_saved = True


class Reach:
    """Whether an engine reaches its database, which saves what it is given.

    Logged once when that ends, once when it is so again, and not again at once.
    """

    def __init__(self, engine: Engine) -> None:
        self._is_file = engine.dialect.name == "sqlite"
        self.is_lost = False
        self._is_told = False
        """That it is lost stands in the log, and not yet that it is back."""
        self._told_at: float | None = None
        self._refuses: Refusal | None = None
        self._refused_at = 0.0
        self._lock = Lock()

    def found(self) -> None:
        """A transaction ended well that was begun when the database was lost."""
        with self._lock:
            self.is_lost = False
            was_told, self._is_told = self._is_told, False
        if was_told:
            log.info("database_back")

    def saved(self) -> None:
        """A transaction that writes ended well."""
        if self._refuses is None or time.monotonic() - self._refused_at < QUIET:
            return
        with self._lock:
            was, self._refuses = self._refuses, None
        if was:
            log.info("database_saves")

    def meaning(self, error: DBAPIError, *, connected: bool, saving: bool) -> Exception:
        """What a failure means to whoever asked for something.

        Args:
            error: As SQLAlchemy raised it.
            connected: There was a connection at all.
            saving: A transaction that writes was being committed.
        """
        what = trouble(error.orig, is_file=self._is_file)
        if what is Trouble.BUSY:
            return Busy(perhaps_saved=has_saved())
        if isinstance(what, Refusal):
            return self._refusal(what, error, saving=saving)
        if what is None and (self._is_file or (connected and not error.connection_invalidated)):
            return error
        if self._is_news():
            log.warning("database_away", reason=_reason(error))
        return DatabaseAway(perhaps_saved=_perhaps_saved(now=saving))

    def _refusal(self, why: Refusal, error: DBAPIError, *, saving: bool) -> SavingRefused:
        with self._lock:
            was, self._refuses, self._refused_at = self._refuses, why, time.monotonic()
        if was is not why:
            log.error("database_refuses", why=why, reason=_reason(error))
        # A disk that fails may have taken it before.
        is_unsure = saving and why is Refusal.DAMAGED
        return SavingRefused(perhaps_saved=_perhaps_saved(now=is_unsure), why=why)

    def _is_news(self) -> bool:
        """Whether that it is lost belongs into the log; many threads find it out at once."""
        now = time.monotonic()
        with self._lock:
            self.is_lost = True
            is_early = self._told_at is not None and now - self._told_at < SELDOM
            if self._is_told or is_early:
                return False
            self._is_told, self._told_at = True, now
        return True


def _perhaps_saved(*, now: bool) -> bool:
    """Whether something may be: now, also where this is nobody's request, or before in this one."""
    if now:
        note_saving()
    return now or has_saved()


def _reason(error: DBAPIError) -> str:
    reason, _, _ = str(error.orig).strip().partition("\n")
    return reason

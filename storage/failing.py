"""What an error of the database means, by the codes that it gives itself."""

from enum import Enum, auto

from bot.domain.errors import Refusal

SQLSTATES_BUSY = frozenset({"40001", "40P01", "55P03", "57014"})
"""A conflict, a deadlock, a lock or an answer that was waited for too long, or somebody ended the
statement: PostgreSQL has rolled everything back.
https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

SQLSTATES_CLOSING = frozenset({"25P03", "25P04", "57P01", "57P02", "57P03", "57P04", "57P05"})
"""The last word of a server, or of a connection that was idle or a transaction open for too long.
"""

SQLSTATES_REFUSING = {
    "25006": Refusal.READ_ONLY,
    "53100": Refusal.FULL,
    "58030": Refusal.DAMAGED,
    "XX001": Refusal.DAMAGED,
    "XX002": Refusal.DAMAGED,
}

BUSY, LOCKED, CANNOT_OPEN = 5, 6, 14
"""Of SQLite: https://sqlite.org/rescode.html"""

CODES_REFUSING = {
    8: Refusal.READ_ONLY,
    10: Refusal.DAMAGED,  # an error of the disk
    11: Refusal.DAMAGED,
    13: Refusal.FULL,
    26: Refusal.DAMAGED,  # not a database at all
}


class Trouble(Enum):
    """Why the database does not do it, other than by refusing to save."""

    BUSY = auto()
    """Others are in the way; nothing of the transaction stays."""
    AWAY = auto()
    """There is no connection, or no more."""


def trouble(error: BaseException | None, *, is_file: bool) -> Trouble | Refusal | None:
    """What it is; None for a fault of Hourlink's, or one that is not told apart.

    Args:
        error: The driver's own.
        is_file: The database is SQLite's.
    """
    if is_file:
        # The lower byte is the kind, what is above says more of it.
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in {BUSY, LOCKED}:
            return Trouble.BUSY
        return Trouble.AWAY if code == CANNOT_OPEN else CODES_REFUSING.get(code)
    state = getattr(error, "sqlstate", None) or ""
    if state in SQLSTATES_BUSY:
        return Trouble.BUSY
    return Trouble.AWAY if state in SQLSTATES_CLOSING else SQLSTATES_REFUSING.get(state)

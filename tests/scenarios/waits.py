"""Waiting for what a running Hourlink does: in Slack, and in its database."""

import time
from collections.abc import Callable

from sqlalchemy import text

from playground.people import Somebody
from storage.engine import READ_ONLY, open_engine

LIMIT = 300.0
"""Seconds; a busy machine takes its time."""


def eventually(
    check: Callable[[], object], what: str, seconds: float = LIMIT, *, pause: float = 0.05
) -> None:
    """Waits until something is so; looks again after each pause."""
    limit = time.monotonic() + seconds
    while not check():
        if time.monotonic() > limit and not check():
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(pause)


def said(person: Somebody, line: str, channel: str = "general") -> str:
    """Types a command; what was answered."""
    before = len(person.messages(channel))
    person.types(line, channel=channel)

    def answered() -> bool:
        messages = person.messages(channel)
        return len(messages) > before and not messages[-1].holds("Still working on it")

    eventually(answered, f"an answer to {line}")
    return person.messages(channel)[-1].text


class Look:
    """A look into a database of either kind, which holds nothing up."""

    def __init__(self, database_url: str) -> None:
        self._engine = open_engine(database_url).execution_options(**{READ_ONLY: True})

    def close(self) -> None:
        """Lets the database go."""
        self._engine.dispose()

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """What a query gives now."""
        with self._engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    def value(self, query: str) -> object:
        """The one value that a query gives."""
        ((value,),) = self.rows(query)
        return value

    def count(self, what: str) -> int:
        """How many rows there are; ``what`` follows FROM."""
        return int(str(self.value(f"SELECT count(*) FROM {what}")))  # noqa: S608 - ours


def no_report_is_owed(database_url: str) -> None:
    """Waits until every sync that somebody asked for has ended, and its report says so.

    To ask again before a run begins is the same wish, whose report is a message that is there.
    """
    look = Look(database_url)
    waiting = "sync_wish WHERE answered_at IS NULL AND member_id IS NOT NULL"
    on_its_way = "outbox WHERE kind = 'run.report' AND state IN ('pending', 'sending')"
    eventually(
        lambda: look.count(waiting) == 0 and look.count(on_its_way) == 0, "the syncs asked for"
    )
    look.close()


def nothing_is_on_its_way(database_url: str) -> None:
    """Waits until everything that Hourlink owes to others is delivered."""
    look = Look(database_url)
    owed = "outbox WHERE state IN ('pending', 'sending')"
    eventually(lambda: look.count(owed) == 0, "everything to be delivered")
    look.close()


def rows(database_url: str, query: str) -> list[tuple[object, ...]]:
    """What a database of either kind holds."""
    look = Look(database_url)
    try:
        return look.rows(query)
    finally:
        look.close()

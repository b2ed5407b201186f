"""Processor time of ``/track start`` inside our code, beside the same transactions in raw SQL.

    make bench ARGS=inside

Ours is everything between Bolt and the database: who is asking, the grammar, the use case, the
view. The floor sends the very statements that a start sends, with the same values and in the same
transactions, through the bare driver, and fetches what comes back.
"""

import argparse
import secrets
import sqlite3
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from sqlalchemy import Engine, delete, event, select

from benchmarks import crowd as crowds
from benchmarks.crowd import Crowd
from benchmarks.figures import SMALL, WHOLE, Figure, Size, ratio, show
from benchmarks.requests import DATABASES, database
from benchmarks.task_world import TEAM
from bot.domain.ids import SlackUserId
from bot.services.members import Members
from bot.services.tracking.timer import Tracking
from bot.views.tracking.timer import started
from handlers.grammar import parse_track
from handlers.tracking.track import OFFERED
from storage.engine import SQLITE_BUSY_MS, driver_arguments, open_engine
from storage.entries.entry_history import TimeEntryChangeRow
from storage.entries.time_entries import TimeEntryRow
from storage.members import MemberRow
from storage.sql import table
from storage.unit_of_work import UnitOfWork

LIMITS = {"SQLite": (7, 4), "PostgreSQL": (4, 2.5)}
_ENTRY, _HISTORY = "INSERT INTO time_entry (", "INSERT INTO time_entry_change"

Statement = tuple[str, Any]


@dataclass(slots=True)
class Recording:
    """The transactions of some starts: their statements with values."""

    transactions: list[list[Statement]] = field(default_factory=list)
    _open: list[Statement] = field(default_factory=list)

    def listen(self, engine: Engine) -> Callable[[], None]:
        """Begins; what ends it."""

        def sent(*told: Any) -> None:  # noqa: ANN401 - SQLAlchemy's event
            self._open.append((told[2], told[3]))

        def ended(*_: object) -> None:
            self.transactions.append(self._open)
            self._open = []

        event.listen(engine, "before_cursor_execute", sent)
        event.listen(engine, "commit", ended)

        def end() -> None:
            event.remove(engine, "before_cursor_execute", sent)
            event.remove(engine, "commit", ended)

        return end


class Ours:
    """A start without Slack."""

    def __init__(self, engine: Engine, found: Crowd) -> None:
        uow = UnitOfWork(engine)
        self._members = Members(uow, _marker)
        self._tracking = Tracking(uow, _marker, str)
        self._crowd = found

    def start(self, number: int) -> None:
        """Somebody starts a timer on a task of theirs."""
        now = datetime.now(UTC)
        known = self._members.find(TEAM, SlackUserId(self._crowd.people[number]))
        if known is None:
            raise SystemExit("nobody is there")
        parsed: Any = parse_track(f"start {crowds.key_of(self._crowd.on[number][0])}", OFFERED)
        done: Any = self._tracking.start(
            who=known[0], ref=parsed.task, when=parsed.when, now=now, channel_id="C0GENERAL"
        )
        started(done)


def _marker() -> str:
    return secrets.token_hex(12)


def raw(url: str) -> Any:  # noqa: ANN401 - either driver's connection
    """The bare driver, set up as ours is."""
    if not url.startswith("sqlite"):
        # Transactions are among the statements, as they are sent.
        return psycopg.connect(**driver_arguments(url), autocommit=True)
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    for pragma in ("synchronous = FULL", "foreign_keys = ON", f"busy_timeout = {SQLITE_BUSY_MS}"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def replay(connection: Any, transactions: Sequence[Sequence[Statement]]) -> None:  # noqa: ANN401
    """Sends them again. Where the database chooses an entry's id, the history names this one's."""
    cursor = connection.cursor()
    made = 0
    for statements in transactions:
        for text, given in statements:
            values = given
            if made and text.startswith(_HISTORY):
                values = (given[0], made, *given[2:])
            cursor.execute(text, values)
            found = cursor.fetchall() if cursor.description else ()
            if text.startswith(_ENTRY) and found:
                made = found[0][0]
        connection.commit()


def _forget(engine: Engine, found: Crowd, first: int, number: int) -> None:
    """As though these people had never started."""
    people = select(table(MemberRow).c.id).where(
        table(MemberRow).c.slack_user_id.in_(found.people[first : first + number])
    )
    entries, changes = table(TimeEntryRow), table(TimeEntryChangeRow)
    with engine.begin() as connection:
        theirs = select(entries.c.id).where(entries.c.member_id.in_(people))
        connection.execute(delete(changes).where(changes.c.time_entry_id.in_(theirs)))
        connection.execute(delete(entries).where(entries.c.member_id.in_(people)))


def _spent(work: Callable[[], None], number: int) -> float:
    before = time.process_time()
    work()
    return 1e6 * (time.process_time() - before) / number


def _figure(kind: str, url: str, size: Size) -> Figure:
    number = size.of(150, 40)
    engine = open_engine(url)
    people = number * (size.rounds + 1)
    found = crowds.crowd(UnitOfWork(engine), tasks=size.of(5000, 1000), people=people)
    ours, connection = Ours(engine, found), raw(url)

    def start(first: int) -> None:
        for one in range(first, first + number):
            ours.start(one)

    mine: list[float] = []
    floor: list[float] = []
    statements = 0
    for turn in range(size.rounds + 1):
        first = turn * number
        recording = Recording()
        end = recording.listen(engine)
        start(first)
        end()
        _forget(engine, found, first, number)
        floor.append(_spent(partial(replay, connection, recording.transactions), number))
        _forget(engine, found, first, number)
        mine.append(_spent(partial(start, first), number))
        statements = sum(len(one) for one in recording.transactions) // number
    connection.close()
    engine.dispose()
    mine, floor = mine[1:], floor[1:]
    must, aim = LIMITS[kind]
    return Figure(
        f"processor per /track start, {kind}",
        f"{statistics.median(mine):,.0f} µs",
        f"{statistics.median(floor):,.0f} µs",
        ratio(mine, floor),
        must,
        aim,
        note=f"{statements} statements in two transactions",
        score=max(theirs / own for own, theirs in zip(mine, floor, strict=True)),
    )


def measure(size: Size) -> list[Figure]:
    """The row."""
    figures = []
    for kind in DATABASES:
        with (
            TemporaryDirectory(prefix="hourlink-bench-") as temporary,
            database(kind, Path(temporary)) as url,
        ):
            figures.append(_figure(kind, url, size))
    return figures


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--small", action="store_true")
    show("Inside", measure(SMALL if parser.parse_args().small else WHOLE))


if __name__ == "__main__":
    main()

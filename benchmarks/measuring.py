"""What benchmarks of screens have in common: their database, their watch, and their table."""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine

from benchmarks.postgresql import postgresql
from storage.migrations import upgrade
from tests.statements import asked

LIMIT = 300.0
"""Milliseconds that anything a click leads to may take at the service."""

CALLS = 15


def options(about: str | None) -> argparse.ArgumentParser:
    """The options that all have.

    Args:
        about: What ``--help`` says; a module's docstring.
    """
    parser = argparse.ArgumentParser(
        description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--database", metavar="URL", help="an empty database to use")
    where.add_argument(
        "--postgresql", action="store_true", help="use a fresh PostgreSQL instead of SQLite"
    )
    return parser


@contextmanager
def database(chosen: argparse.Namespace) -> Iterator[str]:
    """The database that was named, or one that is gone at the end; with every table."""
    with ExitStack() as stack:
        if chosen.database:
            url = str(chosen.database)
        elif chosen.postgresql:
            url = stack.enter_context(postgresql())("bench")
        else:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="hourlink-bench-"))
            url = f"sqlite:///{Path(folder) / 'bench.db'}"
        upgrade(url)
        yield url


@dataclass(frozen=True, slots=True)
class _Taken:
    name: str
    milliseconds: float
    questions: int
    is_limited: bool


class Watch:
    """Takes the time of what people wait for, and counts what the database is asked."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._rows: list[_Taken] = []

    def often(self, name: str, work: Callable[[], object], calls: int = CALLS) -> None:
        """What a click leads to: the median of some calls, after a first one that warms up."""
        questions = len(asked(self._engine, work))
        taken = statistics.median(_milliseconds(work) for _ in range(calls))
        self._rows.append(_Taken(name, taken, questions, is_limited=True))

    def once(self, name: str, work: Callable[[], object]) -> None:
        """What is done once for everybody, and may take its time."""
        taken: list[float] = []
        questions = len(asked(self._engine, lambda: taken.append(_milliseconds(work))))
        self._rows.append(_Taken(name, taken[0], questions, is_limited=False))

    def report(self, title: str) -> None:
        """Prints the table.

        Raises:
            SystemExit: something takes longer than it may.
        """
        table = Table(title=f"{title}, {self._engine.dialect.name}")
        table.add_column("")
        for column in ("ms", "may take", "questions"):
            table.add_column(column, justify="right")
        for row in self._rows:
            may = f"{LIMIT:.0f}" if row.is_limited else "once for all"
            table.add_row(row.name, f"{row.milliseconds:,.1f}", may, str(row.questions))
        Console().print(table)
        slow = [row.name for row in self._rows if row.is_limited and row.milliseconds > LIMIT]
        if slow:
            raise SystemExit(f"Slower than {LIMIT:.0f} ms: {'; '.join(slow)}")


def _milliseconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000

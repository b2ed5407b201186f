"""Task search over 100,000 tasks: how long a person waits, in milliseconds, and what sync pays.

    .venv/bin/python -m benchmarks.task_search [--tasks 100000] [--calls 300]

On each kind of database, a SQLite file and a PostgreSQL of its own: 200 linked projects of one
tool; Bo is on 40 of them, Ana is an admin. The services are called as the handlers call them:

- *typing*: what a searching select asks for at every letter of one to three words of a title;
- */track start words*: the whole command, which starts a timer or asks which task;
- *misspelled*: words with letters swapped, so that nothing is found but what is near.

The floor of each, in the same run: one statement that fetches the newest hundred tasks that fit the
same words, on a bare connection, without who may see them, without rank. Of the sync: the same
pages, written without the index.
"""

import argparse
import os
import platform
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, text

from benchmarks import task_world as worlds
from benchmarks.postgresql import postgresql
from benchmarks.task_world import NOW, World
from bot.domain.people.people import Member
from bot.domain.tasks.task_refs import WordsRef
from bot.domain.tasks.task_terms import search_words
from bot.domain.tracking.tracking_errors import AlreadyOn
from bot.services.tasks.reach import Reach
from bot.services.tracking.timer import Tracking
from storage.engine import READ_ONLY, open_engine
from storage.migrations import upgrade
from storage.tasks.task_index import TASK_OF
from storage.unit_of_work import UnitOfWork

Call = Callable[[str], object]

_LITE = (
    f"SELECT task.id, task.key, task.title FROM task_fts JOIN task ON task.id = {TASK_OF} "  # noqa: S608
    "WHERE task_fts MATCH :asked ORDER BY task_fts.rowid LIMIT 100"
)
_POSTGRES = (
    "SELECT id, key, title FROM task WHERE search_vector @@ CAST(:asked AS tsquery) "
    "ORDER BY id DESC LIMIT 100"
)


_WITHOUT = {
    "sqlite": ("DROP TRIGGER task_fts_deleted", "DROP TABLE task_fts"),
    "postgresql": ("ALTER TABLE task DROP COLUMN search_vector",),
}


def asked(words: str, *, lite: bool) -> str:
    """The words as the database itself is asked for them."""
    parts = [part for word in search_words(words) for part in word.parts]
    return (
        " AND ".join(f'"{one}"*' for one in parts)
        if lite
        else " & ".join(f"'{one}':*" for one in parts)
    )


def typed(titles: Sequence[str], calls: int) -> Iterator[str]:
    """What stands in the field after each letter."""
    pick, made = random.Random(4), 0  # noqa: S311 - repeatable, not secret
    while made < calls:
        words = pick.choice(titles).split()
        whole = " ".join(pick.sample(words, pick.randint(1, min(3, len(words))))).lower()
        for end in range(1, len(whole) + 1):
            if whole[end - 1] != " " and made < calls:
                made += 1
                yield whole[:end]


def whole(titles: Sequence[str], calls: int) -> Iterator[str]:
    """Two or three words of a title."""
    pick = random.Random(5)  # noqa: S311 - repeatable, not secret
    for _ in range(calls):
        words = pick.choice(titles).split()
        yield " ".join(pick.sample(words, min(len(words), pick.randint(2, 3)))).lower()


def misspelled(titles: Sequence[str], calls: int) -> Iterator[str]:
    """The same with two letters of the longest word swapped."""
    for words in whole(titles, calls):
        longest = max(words.split(), key=len)
        at = len(longest) // 2
        wrong = longest[: at - 1] + longest[at] + longest[at - 1] + longest[at + 1 :]
        yield words.replace(longest, f"{wrong}q", 1)


def timed(call: Call, texts: Sequence[str]) -> list[float]:
    """Milliseconds of each call."""
    taken = []
    for one in texts:
        begun = time.perf_counter()
        with suppress(AlreadyOn):  # the same task again: an answer too
            call(one)
        taken.append(1000 * (time.perf_counter() - begun))
    return taken


def bare(connection: Connection, *, lite: bool) -> Call:
    """The floor."""
    statement = text(_LITE if lite else _POSTGRES)

    def call(words: str) -> object:
        return connection.execute(statement, {"asked": asked(words, lite=lite)}).all()

    return call


def load(world: World, floor: World, report: Table, name: str) -> None:
    """First sync, and a tenth changed; the same in a database without the index."""
    without = worlds.load(floor, worlds.pages(floor), indexed=False)
    first = worlds.load(world, worlds.pages(world))
    less = worlds.load(floor, worlds.pages(floor, changed="again", every=10), indexed=False)
    tenth = worlds.load(world, worlds.pages(world, changed="again", every=10))
    rows = len(world.tasks)
    for kind, low, taken, count_ in (
        ("first sync", without, first, rows),
        ("a tenth changed", less, tenth, rows // 10),
    ):
        speed = f"{count_ / taken:,.0f}"
        report.add_row(name, kind, f"{low:.1f}", f"{taken:.1f}", speed)


def search(world: World, url: str, name: str, report: Table, calls: int) -> None:
    """Every kind of call by both people."""
    markers = count()
    tracking = Tracking(world.uow, lambda: f"b{next(markers)}", str.capitalize)
    engine = open_engine(url).execution_options(**{READ_ONLY: True})
    lite = engine.dialect.name == "sqlite"
    minutes = count()
    with engine.connect() as connection:
        floor = bare(connection, lite=lite)
        for who in (world.member, world.admin):
            with world.uow.read() as tx:
                seen = list(Reach(tx, who, NOW.date()).sources)
            titles = worlds.titles(world, seen)

            def start(words: str, who: Member = who) -> object:
                return tracking.start(
                    who=who, ref=WordsRef(words), now=NOW + timedelta(minutes=next(minutes))
                )

            def suggest(words: str, who: Member = who) -> object:
                return tracking.suggestions(who=who, text=words, now=NOW)

            kinds: list[tuple[str, Call, list[str]]] = [
                ("typing", suggest, list(typed(titles, calls))),
                ("/track start words", start, list(whole(titles, calls))),
                ("misspelled", suggest, list(misspelled(titles, calls // 5))),
                ("nothing typed", suggest, [""] * (calls // 10)),
            ]
            for kind, call, texts in kinds:
                timed(call, texts[:5])
                taken = timed(call, texts)
                low = timed(floor, [one for one in texts if one]) or [0.0]
                person = "admin, 200 projects" if who.is_admin else f"{len(seen)} projects"
                report.add_row(
                    name,
                    person,
                    kind,
                    *(f"{part(low, of):.1f}" for of in (50, 95)),
                    *(f"{part(taken, of):.1f}" for of in (50, 95, 100)),
                )
    engine.dispose()


def part(taken: list[float], percent: int) -> float:
    """A percentile."""
    if len(taken) < 2 or percent == 100:  # noqa: PLR2004 - all of them
        return max(taken)
    return statistics.quantiles(taken, n=100, method="inclusive")[percent - 1]


def main() -> None:
    """Measures and prints two tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--calls", type=int, default=300)
    options = parser.parse_args()
    where = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {platform.system()}"
    syncs = Table(title=f"Writing {options.tasks:,} tasks, seconds; {where}")
    for head in ("", " ", "without the index", "with it", "tasks a second"):
        syncs.add_column(head, justify="right" if head.strip() else "left")
    found = Table(title=f"Task search in {options.tasks:,} tasks, milliseconds; {where}")
    for head in ("", "who", " ", "floor p50", "floor p95", "p50", "p95", "longest"):
        found.add_column(head, justify="right" if head.strip() not in {"", "who"} else "left")
    made = worlds.tasks(options.tasks)
    with TemporaryDirectory(prefix="hourlink-bench-") as folder, postgresql() as in_postgresql:
        for kind, new in (
            ("SQLite", lambda name: f"sqlite:///{Path(folder) / name}.db"),
            ("PostgreSQL", in_postgresql),
        ):
            floor = worlds.build(opened(new("floor"), indexed=False), made)
            url = new("bench")
            world = worlds.build(opened(url, indexed=True), made)
            load(world, floor, syncs, kind)
            worlds.track(world)
            search(world, url, kind, found, options.calls)
    Console(width=120).print(syncs, found)


def opened(url: str, *, indexed: bool) -> UnitOfWork:
    """A new database, with or without what task search needs."""
    upgrade(url)
    engine = open_engine(url)
    if not indexed:
        with engine.begin() as connection:
            for statement in _WITHOUT[engine.dialect.name]:
                connection.execute(text(statement))
    return UnitOfWork(engine)


if __name__ == "__main__":
    main()

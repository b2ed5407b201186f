"""What a command costs as more teams and more people come: as much as before, if all is well.

    make bench ARGS=growth

Three worlds on each kind of database: 10 teams of one, 10,000 of one, and 10 of 1,000. People of
the first team start, look, stop, open the App Home and search. That may take the same number of
statements, none of which reads a whole table, and not much more processor time.
"""

import argparse
import re
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text

from benchmarks.figures import SMALL, WHOLE, Figure, Size, ratio, show
from benchmarks.growth_world import Crowded, fill
from benchmarks.postgresql import postgresql
from bot.domain.ids import SlackUserId, TeamId
from bot.domain.tasks.task_refs import KeyRef
from bot.services.members import Members
from bot.services.tracking.home import Homes
from bot.services.tracking.timer import Tracking
from bot.services.tracking.timesheet import Timesheet
from storage.engine import open_engine
from storage.migrations import upgrade
from storage.unit_of_work import UnitOfWork
from tests.statements import Statement, heard, plan

FEW = 500
"""Rows that PostgreSQL may well read all."""

_SCAN = re.compile(r"^SCAN (\w+)")
_SEQ = re.compile(r"Seq Scan on (\w+)")


def commands(world: Crowded) -> Callable[[int], None]:
    """What somebody does, one thing after another; the number says when, in seconds from now."""
    uow = UnitOfWork(world.engine)
    members, tracking = Members(uow, _marker), Tracking(uow, _marker, str)
    homes, sheet = Homes(uow), Timesheet(uow)

    def work(turn: int) -> None:
        one = 1 + turn % min(world.people, 50)
        now = datetime.now(UTC) + timedelta(seconds=10 * turn)
        known = members.find(TeamId("T1"), SlackUserId(f"U{one}"))
        if known is None:
            raise SystemExit("nobody is there")
        who = known[0]
        tracking.start(who=who, ref=KeyRef("WEB-1"), now=now, channel_id="C0GENERAL")
        tracking.status(who=who, now=now)
        homes.show(who=who, now=now)
        tracking.suggestions(who=who, text="task num", now=now)
        tracking.stop(who=who, now=now + timedelta(seconds=5))
        sheet.day(who=who, now=now)

    return work


def _marker() -> str:
    return secrets.token_hex(12)


def questions(world: Crowded, work: Callable[[int], None]) -> tuple[int, set[str]]:
    """How many statements one turn takes, and the tables that any of them reads as a whole."""
    with heard(world.engine) as said:
        work(0)
    return len(said), {name for one in said for name in _read_whole(world, one)}


def _read_whole(world: Crowded, statement: Statement) -> set[str]:
    if not statement.sql.lstrip().startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
        return set()
    with world.engine.connect() as connection:
        steps = plan(connection, statement)
    tables = _tables(world)
    if world.engine.dialect.name == "sqlite":
        found = (_SCAN.match(step) for step in steps if "VIRTUAL TABLE" not in step)
        return {one[1] for one in found if one} & set(tables)
    names = {name for step in steps for name in _SEQ.findall(step)}
    return {name for name in names if tables.get(name, 0) > FEW}


def _tables(world: Crowded) -> dict[str, int]:
    """Our tables, and about how many rows they have."""
    if world.engine.dialect.name == "sqlite":
        query = "SELECT name, 0 FROM sqlite_master WHERE type = 'table'"
    else:
        query = "SELECT relname, reltuples FROM pg_class WHERE relkind = 'r'"
    with world.engine.connect() as connection:
        return {row[0]: int(row[1]) for row in connection.execute(text(query))}


def _spent(work: Callable[[int], None], first: int, number: int) -> float:
    before = time.process_time()
    for turn in range(first, first + number):
        work(turn)
    return 1e6 * (time.process_time() - before) / number


def _figures(kind: str, worlds: dict[str, Crowded], size: Size) -> Iterator[Figure]:
    number = size.of(50, 15)
    works = {name: commands(world) for name, world in worlds.items()}
    asked = {name: questions(world, works[name]) for name, world in worlds.items()}
    spent: dict[str, list[float]] = {name: [] for name in worlds}
    for turn in range(size.rounds + 1):
        for name, work in works.items():
            spent[name].append(_spent(work, 1 + turn * number, number))
    least, *others = worlds
    for name in others:
        statements, whole = asked[name]
        if statements != asked[least][0] or whole:
            raise SystemExit(f"{name}, {kind}: {statements} statements, reads all of {whole}")
        mine, floor = spent[name][1:], spent[least][1:]
        yield Figure(
            f"{name}, {kind}",
            f"{min(mine):,.0f} µs",
            f"{min(floor):,.0f} µs",
            ratio(mine, floor),
            1.3,
            1.3,
            note=f"{statements} statements for six commands in both, none reads a whole table",
            score=max(theirs / own for own, theirs in zip(mine, floor, strict=True)),
        )


def measure(size: Size) -> list[Figure]:
    """The row."""
    many, large = size.of(10_000, 200), size.of(1000, 50)
    figures: list[Figure] = []
    shapes = {"10 teams of one": (10, 1), "many teams": (many, 1), "large teams": (10, large)}
    for kind in ("SQLite", "PostgreSQL"):
        with ExitStack() as stack:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="hourlink-bench-")))
            made = None if kind == "SQLite" else stack.enter_context(postgresql())
            worlds: dict[str, Crowded] = {}
            for place, (name, (teams, people)) in enumerate(shapes.items()):
                url = made(f"g{place}") if made else f"sqlite:///{folder / str(place)}.db"
                upgrade(url)
                engine = open_engine(url)
                stack.callback(engine.dispose)
                worlds[name] = fill(engine, teams, people)
            figures += _figures(kind, worlds, size)
    return figures


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--small", action="store_true")
    show("Growth", measure(SMALL if parser.parse_args().small else WHOLE))


if __name__ == "__main__":
    main()

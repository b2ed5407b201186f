"""Slack's requests over signed HTTP beside bare Bolt, requests per second and processor time.

    make bench ARGS=requests

A team of 100,000 tasks in 200 projects, and of some thousand people. Hourlink, as ``hourlink
serve`` runs it, and a bare Bolt app that says ``ok`` are served in turns from the first core; the
load, Slack's stand-in and PostgreSQL have the others. Sixteen connections send signed requests:

- *command*: ``/track start`` with a task's key, of a person whose timer does not run;
- *block action*: *Start* below a task. The answer is a call to the response URL;
- *view submission*: a form with a chosen task. So is its answer;
- *options*: what a searching select asks at every few letters, over all tasks;
- *App Home*: the tab is opened. Its view is published by a call of the Web API.

A request counts when it is answered and its call, if there is one, has arrived. Bare Bolt makes no
calls: what they take is Hourlink's own.
"""

import argparse
import statistics
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import cores
from benchmarks import crowd as crowds
from benchmarks.apart import Apart
from benchmarks.crowd import Crowd
from benchmarks.figures import SMALL, WHOLE, Figure, Size, ratio, show
from benchmarks.postgresql import postgresql
from storage.engine import open_engine
from storage.migrations import upgrade
from storage.unit_of_work import UnitOfWork

CONNECTIONS = 16
DATABASES = ("SQLite", "PostgreSQL")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of request, and what it must reach."""

    name: str
    sent: Callable[[Crowd, str], Iterator[str]]
    expect: str
    """Stands in every answer."""
    calls: int
    """That each leads to."""
    number: int
    """Of requests a round: nobody of the crowd is asked twice to start (``crowd.py``)."""
    limits: dict[str, tuple[float, float]]
    """Must and aim, by database."""


_BOTH = {"SQLite": (0.25, 0.4), "PostgreSQL": (0.25, 0.4)}
KINDS = (
    Kind(
        "command /track start",
        crowds.commands,
        "Started",
        0,
        600,
        {"SQLite": (0.25, 0.45), "PostgreSQL": (0.15, 0.3)},
    ),
    Kind("block action", crowds.clicks, "", 1, 500, _BOTH),
    Kind("view submission", crowds.submissions, "", 1, 480, _BOTH),
    Kind("options", crowds.lookups, "plain_text", 0, 300, _BOTH),
    Kind("App Home", crowds.homes, "", 1, 400, _BOTH),
)


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """An empty database of a kind, gone when the block ends."""
    with ExitStack() as stack:
        if kind == "SQLite":
            url = f"sqlite:///{folder / 'bench.db'}"
        else:
            url = stack.enter_context(postgresql())("bench")
        upgrade(url)
        yield url


class Bench:
    """Both servers and the load, on one kind of database."""

    def __init__(self, kind: str, size: Size, folder: Path) -> None:
        self._kind = kind
        self._size = size
        self._bodies = folder / "bodies"

    def run(self, url: str, kinds: tuple[Kind, ...]) -> Iterator[Figure]:
        """The figures of these kinds of requests."""
        size = self._size
        engine = open_engine(url)
        tasks, people = size.of(100_000, 1000), size.of(10_000, 1000)
        found = crowds.crowd(UnitOfWork(engine), tasks=tasks, people=people)
        engine.dispose()
        with Apart("benchmarks.load") as load:
            slack = str(load.hello["url"])
            ours = Apart("benchmarks.served", f"--database={url}", f"--slack={slack}")
            with ours, Apart("benchmarks.served") as bare:
                for kind in kinds:
                    yield self._figure(kind, found, load, (ours, bare), slack)

    def _figure(
        self, kind: Kind, found: Crowd, load: Apart, servers: tuple[Apart, Apart], slack: str
    ) -> Figure:
        size = self._size
        number = size.of(kind.number, 60)
        crowds.write(found, kind.sent, slack, number * (size.rounds + 1), self._bodies)
        rounds = [
            tuple(
                self._sent(kind, load, server, turn * number, number, is_ours=server is servers[0])
                for server in servers
            )
            for turn in range(size.rounds + 1)
        ][1:]
        (ours, bare) = zip(*rounds, strict=True)
        must, aim = kind.limits[self._kind]
        cpu = statistics.median(one["cpu"] for one in ours)
        floor = statistics.median(one["cpu"] for one in bare)
        p99 = statistics.median(one["p99"] for one in ours)
        return Figure(
            f"{kind.name}, {self._kind}",
            f"{statistics.median(one['rate'] for one in ours):,.0f} /s",
            f"{statistics.median(one['rate'] for one in bare):,.0f} /s",
            ratio([one["rate"] for one in ours], [one["rate"] for one in bare]),
            must,
            aim,
            more_is_better=True,
            note=f"99 of 100 within {p99:.1f} ms; processor {cpu:.0f} µs, bare Bolt {floor:.0f}",
            score=max(theirs["cpu"] / mine["cpu"] for mine, theirs in zip(ours, bare, strict=True)),
        )

    def _sent(
        self, kind: Kind, load: Apart, server: Apart, first: int, number: int, *, is_ours: bool
    ) -> dict[str, Any]:
        before = server.ask("cpu")["cpu"]
        took = load.ask(
            "run",
            address=server.hello["address"],
            bodies=str(self._bodies),
            first=first,
            number=number,
            # A very busy machine may answer that it is still working; a small run takes that.
            expect=kind.expect if is_ours and not self._size.small else "",
            calls=kind.calls if is_ours else 0,
            connections=CONNECTIONS,
        )
        cpu = server.ask("cpu")["cpu"] - before
        if took["bad"]:
            raise SystemExit(f"{kind.name}: {took['bad'][:2000]}")
        return took | {"rate": number / took["seconds"], "cpu": 1e6 * cpu / number}


def measure(
    size: Size,
    kinds: tuple[Kind, ...] = KINDS,
    databases: tuple[str, ...] = ("SQLite", "PostgreSQL"),
) -> list[Figure]:
    """The row."""
    figures: list[Figure] = []
    for name in databases:
        with (
            cores.for_others(),
            TemporaryDirectory(prefix="hourlink-bench-") as temporary,
            database(name, Path(temporary)) as url,
        ):
            figures += Bench(name, size, Path(temporary)).run(url, kinds)
    return figures


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--only", default="", help="kinds whose names hold this")
    parser.add_argument("--database", choices=DATABASES)
    options = parser.parse_args()
    kinds = tuple(kind for kind in KINDS if options.only in kind.name)
    names = (options.database,) if options.database else DATABASES
    show("Requests", measure(SMALL if options.small else WHOLE, kinds, names))


if __name__ == "__main__":
    main()

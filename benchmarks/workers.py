"""Workers on PostgreSQL: deliveries and syncs a second, beside Procrastinate running empty jobs.

    make bench ARGS=workers

Real ``hourlink worker`` processes, against stand-ins for Slack and the tools that answer at once.
A *delivery* is a row of the outbox: taken up, its message written from what is there now, posted to
Slack, and noted as done. A *sync* reads one tool in which nothing has changed: whom it knows, who
may see which project, and what is new. The floor is as many processes of Procrastinate, on the same
server, whose jobs do nothing: what it takes to hand out a job and to forget it. All are put into
the queue at once, in turns; jobs a second, from then until the last one is done. Processor time is
that of the workers and of the database's processes that serve them.
"""

import argparse
import statistics
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.figures import SMALL, WHOLE, Figure, Size, ratio, show
from benchmarks.postgresql import postgresql
from benchmarks.soak_stage import CONNECTIONS, end_what_was_begun
from benchmarks.worker_sides import Floor, Ours, Spent
from storage.migrations import upgrade

MUST, AIM = 0.5, 0.8
FLEETS = (1, 2, 4)
"""Workers."""


@contextmanager
def staged(size: Size) -> Iterator[tuple[Ours, Floor]]:
    """Both sides on one server, without workers yet; everything is gone when the block ends."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hourlink-bench-")))
        server = stack.enter_context(postgresql({"max_connections": str(CONNECTIONS)}))
        url = server("workers")
        upgrade(url)
        ours = Ours(url, folder, size)
        stack.callback(ours.close)
        floor = Floor(server("floor"))
        stack.callback(floor.close)
        yield ours, floor


def measure(size: Size) -> list[Figure]:
    """The rows: deliveries and syncs with one worker, two and four."""
    found: dict[tuple[str, int], list[tuple[Spent, Spent]]] = {}
    with staged(size) as (ours, floor):
        for number in FLEETS[: size.of(len(FLEETS), 1)]:
            ours.grow(number)
            floor.grow(number)
            for turn in range(size.rounds + 1):
                beside = floor.empty_jobs(size.of(2000, 400))
                for what, work in (("deliveries", ours.deliver), ("syncs", ours.sync)):
                    spent = work()
                    if turn:
                        found.setdefault((what, number), []).append((spent, beside))
    return [_figure(what, number, rounds, found) for (what, number), rounds in found.items()]


def _figure(
    what: str,
    number: int,
    rounds: Sequence[tuple[Spent, Spent]],
    all_: Mapping[tuple[str, int], Sequence[tuple[Spent, Spent]]],
) -> Figure:
    mine, theirs = ([one[side] for one in rounds] for side in (0, 1))
    rate, beside = (statistics.median(one.rate for one in side) for side in (mine, theirs))
    alone = (statistics.median(one[side].rate for one in all_[what, 1]) for side in (0, 1))
    scaled = [each / one for each, one in zip((rate, beside), alone, strict=True)]
    each = [statistics.median(one.each for one in side) for side in (mine, theirs)]
    workers = "1 worker" if number == 1 else f"{number} workers"
    scaling = f"; {scaled[0]:.1f} times one worker, the floor {scaled[1]:.1f}"
    return Figure(
        f"{what}, {workers}",
        f"{rate:,.0f} /s",
        f"{beside:,.0f} /s",
        ratio([one.rate for one in mine], [one.rate for one in theirs]),
        MUST,
        AIM,
        more_is_better=True,
        note=f"processor {each[0]:.1f} ms, an empty job {each[1]:.1f}"
        + (scaling if number > 1 else ""),
        score=max(empty.each / own.each for own, empty in rounds),
    )


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--small", action="store_true")
    end_what_was_begun()
    show("Workers", measure(SMALL if parser.parse_args().small else WHOLE))


if __name__ == "__main__":
    main()

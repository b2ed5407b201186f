"""The benchmarks, each figure beside its floor in the same run.

    make bench [ARGS='requests starting --write']

Without names all rows but ``sync``, which has a table of its own (docs/sync.md) and options: ``make
bench ARGS='sync --help'``. With ``--write`` the figures go into docs/benchmarks.md, and
what the smoke test compares with into benchmarks/recorded.json.
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from benchmarks import growth, inside, reports, requests, starting, sync, workers
from benchmarks.figures import HEADS, SMALL, WHOLE, Figure, Size, record, scores, show

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"

ROWS: Mapping[str, Callable[[Size], list[Figure]]] = {
    "requests": partial(requests.measure, databases=("SQLite",)),
    "requests-postgresql": partial(requests.measure, databases=("PostgreSQL",)),
    "inside": inside.measure,
    "growth": growth.measure,
    "reports": reports.measure,
    "starting": starting.measure,
    "workers": workers.measure,
}


def said() -> str:
    """On which machine, when, and how busy it was."""
    model = "an unknown processor"
    facts = Path("/proc/cpuinfo")
    if facts.exists():
        lines = facts.read_text(encoding="utf-8").splitlines()
        model = next((line.partition(": ")[2] for line in lines if "model name" in line), model)
    load = os.getloadavg()[0]
    return (
        f"{datetime.now(UTC):%d %B %Y}, {os.cpu_count()} cores of {model}, {platform.system()}, "
        f"Python {platform.python_version()}, load {load:.1f}."
    )


def write(name: str, figures: Iterable[Figure], about: str) -> None:
    """Puts a row's table into the page, between its marks."""
    lines = [f"{about}\n", f"| {' | '.join(HEADS)} |", f"|{' --- |' * len(HEADS)}"]
    notes = []
    for figure in figures:
        lines.append(f"| {' | '.join(figure.cells())} |")
        if figure.note:
            notes.append(f"- {figure.what}: {figure.note}")
    mark, end = f"<!-- timed: {name} -->\n", "<!-- end -->"
    before, found, rest = PAGE.read_text(encoding="utf-8").partition(mark)
    if not found:
        raise SystemExit(f"{PAGE.name} has no place for {name}")
    table = "\n".join([*lines, "", *notes, ""])
    PAGE.write_text(before + mark + table + end + rest.partition(end)[2], encoding="utf-8")


def main() -> None:
    """Measures the chosen rows."""
    if sys.argv[1:2] == ["sync"]:
        del sys.argv[1]
        sync.main()
        return
    parser = argparse.ArgumentParser(
        prog="make bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("rows", nargs="*", metavar="row", help=f"{', '.join(ROWS)} or sync")
    parser.add_argument("--small", action="store_true", help="tiny worlds, to see that it runs")
    parser.add_argument("--write", action="store_true", help="keep what is measured")
    parser.add_argument("--scores", action="store_true", help="print only these, as JSON")
    options = parser.parse_args()
    size = SMALL if options.small else WHOLE
    for name in options.rows or ROWS:
        if name not in ROWS:
            parser.error(f"no row {name}; there are {', '.join(ROWS)} and sync")
        figures = ROWS[name](size)
        if options.scores:
            print(json.dumps(scores(figures)))
            continue
        about = said()
        show(f"{name}, {about}", figures)
        if options.write:
            record(size, figures)
            if not options.small:
                write(name, figures, about)


if __name__ == "__main__":
    main()

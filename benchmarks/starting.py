"""From the start of the process until it is ready, beside importing Bolt and SQLAlchemy alone.

    make bench ARGS=starting

``hourlink serve`` on a SQLite file that has every table, until it says where it listens; and an
interpreter that imports ``slack_bolt.async_app`` and ``sqlalchemy.orm``, and ends. Processor time
of the whole process decides; both are warm, with their byte code written.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.figures import SMALL, WHOLE, Figure, Size, ratio, show
from benchmarks.served import KEY, TOKEN
from storage.migrations import upgrade

FLOOR = "import slack_bolt.async_app, sqlalchemy.orm"


def _spent(arguments: list[str], environment: dict[str, str], says: str) -> tuple[float, float]:
    """Seconds, and of them processor time, until a process says something; else until it ends."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    with subprocess.Popen(  # noqa: S603 - Python itself
        [sys.executable, *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        if says:
            line = process.stdout.readline() if process.stdout else ""
            if says not in line:
                raise SystemExit(f"{arguments}: did not start")
            taken = time.perf_counter() - begun
            process.kill()  # whatever comes after is not start-up
        process.wait()
    taken = taken if says else time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return taken, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(size: Size) -> list[Figure]:
    """The row."""
    with tempfile.TemporaryDirectory(prefix="hourlink-bench-") as temporary:
        url = f"sqlite:///{Path(temporary) / 'bench.db'}"
        upgrade(url)
        clean = {
            name: value
            for name, value in os.environ.items()
            if "HOURLINK" not in name and name != "PYTHONDONTWRITEBYTECODE"
        }
        environment = clean | {
            "SLACK_BOT_TOKEN": TOKEN,
            "SLACK_SIGNING_SECRET": "benchmark",
            "SLACK_API_URL": "http://127.0.0.1:9/",
            "HOURLINK_DATABASE_URL": url,
            "HOURLINK_SECRET_KEYS": KEY,
            "HOURLINK_PORT": "0",
        }
        rounds = [
            (
                _spent(["-m", "bot", "serve"], environment, "listens"),
                _spent(["-c", FLOOR], environment, ""),
            )
            for _ in range(size.of(7, 3) + 1)
        ][1:]
    ours, floor = ([one[side] for one in rounds] for side in (0, 1))
    cpu = [[one[1] for one in side] for side in (ours, floor)]
    return [
        Figure(
            "start until ready",
            f"{statistics.median(cpu[0]):.2f} s",
            f"{statistics.median(cpu[1]):.2f} s",
            ratio(*cpu),
            2,
            1.5,
            note=f"{statistics.median(one[0] for one in ours):.2f} s by the clock, "
            f"the floor {statistics.median(one[0] for one in floor):.2f}",
            score=max(theirs / mine for mine, theirs in zip(*cpu, strict=True)),
        )
    ]


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--small", action="store_true")
    show("Start", measure(SMALL if parser.parse_args().small else WHOLE))


if __name__ == "__main__":
    main()

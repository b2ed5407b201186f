"""From a fresh clone to the first answer of ``/track start``, in seconds.

    .venv/bin/python -m benchmarks.first_answer [--cached]

Clones the last commit into a temporary folder and runs ``make demo`` there. Counted from that
moment: until the page's address is printed, and until the first timer is started by people who
go straight there, over HTTP: Ana connects the board and links a project, Bo connects his account
and types ``/track start TASK-12``. Packages are downloaded, unless ``--cached`` lets pip use what
it has kept. After that, how long a command's answer takes, the median of some.
"""

import argparse
import os
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.demo_board import DEMO_BOARD, DEMO_KEY
from playground.driver import Slack

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 600.0
COMMANDS = 40


@contextmanager
def demo(folder: Path, *, cached: bool) -> Iterator[str]:
    """Runs ``make demo`` in a folder until the block ends; gives the page's address."""
    environment = dict(os.environ) | {"PORT": "0"} | ({} if cached else {"PIP_NO_CACHE_DIR": "1"})
    environment.pop("PYTHONPATH", None)
    environment.pop("VIRTUAL_ENV", None)
    process = subprocess.Popen(
        ["make", "demo"],  # noqa: S607 - whichever make there is
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    found: list[str] = []
    told = threading.Event()

    def read() -> None:
        for line in process.stdout or ():
            if line.startswith("Open ") and not found:
                found.append(line.removeprefix("Open ").strip().rstrip("/"))
                told.set()
        told.set()

    threading.Thread(target=read, daemon=True).start()
    try:
        told.wait(PATIENCE)
        if not found:
            sys.exit("make demo printed no address")
        yield found[0]
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(30)


def first_start(slack: Slack) -> str:
    """The shortest way to a timer; the answer to ``/track start``."""
    ana, bo = slack.person("ana"), slack.person("bo")
    ana.types("/link connect board", channel="ops")
    ana.fills("Board folder", DEMO_BOARD)
    ana.fills("Access key", DEMO_KEY)
    ana.submits()
    ana.sees("Connected:", timeout=PATIENCE)
    ana.closes()
    ana.sees("Acme Web", channel="ops", timeout=PATIENCE)
    ana.clicks("Create & link", on="Acme Web", channel="ops")
    ana.sees("in sync: 15 tasks", channel="app", timeout=PATIENCE)
    bo.types("/track connect", channel="general")
    bo.clicks("Connect", channel="general")
    bo.sees("Connected:", channel="general")
    bo.types("/track start TASK-12", channel="general")
    return bo.sees("Started TASK-12", channel="general").text


def answer_time(slack: Slack) -> float:
    """Seconds from a typed command to its answer on the person's screen, the median."""
    bo, taken = slack.person("bo"), []
    for number in range(COMMANDS):
        begun = time.perf_counter()
        bo.types(f"/track start TASK-{5 + number % 2}", channel="general")
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def main() -> None:
    """Measures once and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cached", action="store_true", help="let pip use its cache")
    cached = parser.parse_args().cached
    with tempfile.TemporaryDirectory(prefix="hourlink-fresh-") as temporary:
        folder = Path(temporary) / "hourlink"
        clone = ["git", "clone", "--quiet", str(ROOT), str(folder)]
        subprocess.run(clone, check=True)  # noqa: S603 - our own repository
        begun = time.perf_counter()
        with demo(folder, cached=cached) as page:
            to_page = time.perf_counter() - begun
            slack = Slack(page)
            first_start(slack)
            to_start = time.perf_counter() - begun
            each = answer_time(slack)
    table = Table(title=f"From a fresh clone, {os.cpu_count()} cores, {platform.system()}")
    table.add_column("")
    table.add_column("seconds", justify="right")
    table.add_row("make demo to the page's address", f"{to_page:.1f}")
    table.add_row("make demo to the first answer of /track start", f"{to_start:.1f}")
    table.add_row(f"one /track start after that, median of {COMMANDS}", f"{each:.3f}")
    Console().print(table)


if __name__ == "__main__":
    main()

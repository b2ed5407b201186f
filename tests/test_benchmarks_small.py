"""Every row of the benchmarks still runs, and nothing has become twice as slow."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import ROWS
from benchmarks.figures import recorded

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parent.parent

ALLOWED = 0.5
"""Of what was recorded. Processor time beside that of a floor in the same run, the better of two
rounds: a busy machine slows both."""

TRIES = 6
"""What is slow is slow each time; the machine's other work disturbs a round now and then."""


def measured(row: str) -> dict[str, float]:
    """The scores of a row, from a process that has nothing else in its memory."""
    command = [sys.executable, "-m", "benchmarks", row, "--small", "--scores"]
    done = subprocess.run(  # noqa: S603 - our own program
        command, cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("row", ROWS)
def test_a_row_keeps_half_of_what_was_recorded(row: str) -> None:
    """A commit that doubles what a request costs is found here, not by the people who wait."""
    kept = recorded()["small"]
    best: dict[str, float] = {}
    for _ in range(TRIES):
        for what, score in measured(row).items():
            best[what] = max(score, best.get(what, 0.0))
        assert best.keys() <= kept.keys(), "record it: make bench"
        slow = {
            what: f"{score:.2f}, recorded {kept[what]:.2f}"
            for what, score in best.items()
            if score < ALLOWED * kept[what]
        }
        if not slow:
            return
    pytest.fail(str(slow))

"""Processes that are forked for stories end with those who tell them."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.scenarios.nursery import CAN

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
TELLER = """
import os, sys
from pathlib import Path
from tests.scenarios.nursery import Nursery

folder = Path(sys.argv[1])
one = Nursery().begins(["demo", "--port", "0", "--folder", str(folder)], os.environ, folder / "log")
one.stdout.readline()  # it runs
print(one.pid, flush=True)
sys.stdin.read()
"""


@pytest.mark.long
@pytest.mark.skipif(not CAN, reason="nothing is forked here")
def test_what_was_forked_ends_when_the_tests_are_killed(tmp_path: Path) -> None:
    """Whoever kills a run finds no Hourlink of it the next morning."""
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", TELLER, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as teller:
        assert teller.stdout is not None
        forked = int(teller.stdout.readline())
        handle = os.pidfd_open(forked)
        try:
            teller.kill()
            has_ended = bool(select.select([handle], [], [], PATIENCE)[0])
            if not has_ended:
                signal.pidfd_send_signal(handle, signal.SIGKILL)
        finally:
            os.close(handle)
    assert has_ended

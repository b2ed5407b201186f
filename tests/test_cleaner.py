"""Nothing of a test run stays, however it ends."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.scenarios.waits import eventually

ROOT = Path(__file__).parents[1]

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not Path("/proc").exists(), reason="only Linux tells what is of a run"),
]

LEAVING = """
import json
import os
import subprocess
import sys
import time
from pathlib import Path


def test_that_tidies_nothing_up(postgresql):
    program = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])
    server = int((postgresql.folder / "postmaster.pid").read_text().split()[0])
    told = {"pids": [os.getpid(), program.pid, server], "folder": os.environ["SSL_CERT_FILE"]}
    Path("draft").write_text(json.dumps(told))
    Path("draft").rename("told.json")
    time.sleep(float(os.environ["LASTS"]))
"""
"""A test that says what it started, and leaves it behind."""


def started(folder: Path, *options: str, lasts: float) -> "subprocess.Popen[str]":
    """A run of one test, with the fixtures of these."""
    (folder / "test_it.py").write_text(LEAVING)
    run = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider"]
    return subprocess.Popen(  # noqa: S603 - ours
        [*run, "-c", str(ROOT / "pyproject.toml"), *options, str(folder / "test_it.py")],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "LASTS": str(lasts)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def runs(pid: int) -> bool:
    """Whether there is such a process, and it has not ended and waits to be counted."""
    asked = ["ps", "-o", "stat=", "-p", str(pid)]
    state = subprocess.run(asked, check=False, capture_output=True, text=True).stdout  # noqa: S603
    return state.strip() not in {"", "Z", "Zs"}


@pytest.mark.parametrize(("how", "workers"), [(signal.SIGTERM, "-n0"), (signal.SIGKILL, "-n1")])
def test_of_a_run_that_is_killed_nothing_stays(
    tmp_path: Path, how: signal.Signals, workers: str
) -> None:
    """Neither PostgreSQL, nor programs, nor files in memory: somebody else ended it."""
    told = tmp_path / "told.json"
    with started(tmp_path, workers, lasts=3600) as run:
        eventually(lambda: told.exists() or run.poll() is not None, "the test")
        assert told.exists(), run.communicate()[0]
        found = json.loads(told.read_text())
        folder = Path(found["folder"]).parent
        assert folder.exists()
        assert all(runs(pid) for pid in found["pids"])
        run.send_signal(how)
        eventually(lambda: not folder.exists(), "its folder to go")
    assert not [pid for pid in found["pids"] if runs(pid)]


def test_of_a_run_that_ends_nothing_stays(tmp_path: Path) -> None:
    """When the command comes back all is done, what a test forgot included."""
    with started(tmp_path, lasts=0) as run:
        said = run.communicate()[0]
    assert run.returncode == 0, said
    found = json.loads((tmp_path / "told.json").read_text())
    assert not Path(found["folder"]).parent.exists()
    assert not [pid for pid in found["pids"] if runs(pid)]

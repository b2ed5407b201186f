"""SQLite has one process a file."""

import subprocess
import sys
from pathlib import Path

import pytest

from storage.single_process import DatabaseInUse, sole_process

HOLDS = """
import sys, time
from storage.single_process import sole_process
with sole_process(sys.argv[1]):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_process_on_the_same_file_is_refused(tmp_path: Path) -> None:
    """Two processes would each do the background work: it says so, and names the file."""
    url = f"sqlite:///{tmp_path / 'new folder' / 'hourlink.db'}"
    with sole_process(url), pytest.raises(DatabaseInUse) as refused, sole_process(url):
        pass
    assert refused.value.path == tmp_path / "new folder" / "hourlink.db"
    with sole_process(url):
        pass


def test_after_a_kill_it_starts_again(tmp_path: Path) -> None:
    """A lock file that a killed process left behind locks nobody out."""
    url = f"sqlite:///{tmp_path / 'hourlink.db'}"
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", HOLDS, url], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(DatabaseInUse), sole_process(url):
            pass
        holder.kill()
        holder.wait()
    with sole_process(url):
        pass


def test_other_files_and_postgresql_are_free(tmp_path: Path) -> None:
    """Each file is its own installation; a server's database has any number of processes."""
    server = "postgresql+psycopg://hourlink@db/hourlink"
    with (
        sole_process(f"sqlite:///{tmp_path / 'one.db'}"),
        sole_process(f"sqlite:///{tmp_path / 'two.db'}"),
        sole_process(server),
        sole_process(server),
    ):
        pass

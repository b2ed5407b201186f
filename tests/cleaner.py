"""Outlives a run, however that ends, and takes away what is left of it.

Whoever starts it keeps the other end of a pipe. When that closes, because the run lets go of it or
is no more (ended, killed, out of memory), whatever runs with the run's temporary folder is killed,
its PostgreSQL is stopped, and its folder goes.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PATIENCE = 60.0
"""Seconds for a server that is asked to end; it has nothing to keep."""


@contextmanager
def cleaned(data: Path, folder: Path | None) -> Iterator[None]:
    """Cleans up after the block, even if this process does not see its end.

    Args:
        data: Where the folder of a PostgreSQL is, or may be some day.
        folder: What goes with all that is in it; nothing where it is to stay. What was started
            with its folder ``tmp`` for temporary files ends, too, where Linux tells of that.
    """
    with subprocess.Popen(  # noqa: S603 - this file
        # Alone: neither ^C nor what ends the run's whole group of processes is meant for it.
        [sys.executable, "-IS", __file__, str(data), *([str(folder)] if folder else ())],
        stdin=subprocess.PIPE,
        start_new_session=True,
        env={},
    ):
        yield


def _clean(data: Path, folder: Path | None) -> None:
    if folder is not None:
        while started := _started_with(folder / "tmp"):
            for pid in started:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
    _stop(data / "postmaster.pid")
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)


def _started_with(temporary: Path) -> list[int]:
    """The processes whose temporary folder it is, but for PostgreSQL's, which end by themselves."""
    mark = b"TMPDIR=%s\0" % os.fsencode(temporary)
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended meanwhile, or is somebody else's
            if (process / "comm").read_text(encoding="utf-8") == "postgres\n":
                continue
            if mark in (process / "environ").read_bytes():
                found.append(int(process.name))
    return found


def _stop(told: Path) -> None:
    """Asks the server to end at once, rolled back and whole; it takes away the file as it ends."""
    until = time.monotonic() + _PATIENCE
    with suppress(OSError, ValueError):  # none was started, or it is gone
        os.kill(int(told.read_text(encoding="ascii").partition("\n")[0]), signal.SIGINT)
        while told.exists() and time.monotonic() < until:
            time.sleep(0.02)


if __name__ == "__main__":
    sys.stdin.read()
    _named = [Path(name) for name in sys.argv[1:]]
    _clean(_named[0], _named[1] if len(_named) > 1 else None)

"""Where the stories' processes begin: what Hourlink is made of is imported once, and forked.

``python -m tests.scenarios.nursery FD``. Two seconds of processor time each, nearly all of them
imports, were most of what the stories took. Who a story is about still begins for itself.
"""

import atexit
import ctypes
import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import IO, Any
from unittest.mock import patch

from bot.domain import values
from tests.scenarios import patient

_PR_SET_PDEATHSIG = 1
"""Of <sys/prctl.h>: what the kernel sends when the parent is no more."""

CAN = hasattr(os, "pidfd_open")
"""Elsewhere than on Linux each process begins for itself."""


class Born:
    """A process that was forked, as :class:`subprocess.Popen` shows one."""

    def __init__(self, pid: int, stdout: IO[str]) -> None:
        self.pid = pid
        self.stdout = stdout
        self._handle = os.pidfd_open(pid)

    def __del__(self) -> None:
        os.close(self._handle)

    def send_signal(self, number: int) -> None:
        """Nothing where it has ended."""
        if self.poll() is None:
            signal.pidfd_send_signal(self._handle, number)

    def terminate(self) -> None:
        """Asks it to end."""
        self.send_signal(signal.SIGTERM)

    def poll(self) -> int | None:
        """Whether it has ended; not how."""
        return 0 if select.select([self._handle], [], [], 0)[0] else None

    def wait(self, timeout: float | None = None) -> int:
        """Waits until it has ended."""
        if not select.select([self._handle], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired("hourlink", timeout or 0)
        return 0


class Nursery:
    """The process that forks, seen from the tests."""

    def __init__(self) -> None:
        self._line, theirs = socket.socketpair()
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "tests.scenarios.nursery", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            cwd=Path(__file__).parents[2],
        )
        theirs.close()
        atexit.register(self._close)

    def begins(self, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> Born:
        """Has ``hourlink`` begin with these; what it logs goes to a file."""
        reading, writing = os.pipe()
        told = json.dumps({"arguments": [*arguments], "environment": dict(environment)})
        with log.open("a", encoding="utf-8") as said:
            socket.send_fds(self._line, [b"!"], [writing, said.fileno()])
            self._line.sendall(f"{told}\n".encode())
        os.close(writing)
        pid = int(_read_line(self._line))
        return Born(pid, os.fdopen(reading, encoding="utf-8"))

    def _close(self) -> None:
        self._line.close()  # it ends where nobody speaks to it any more
        self._process.wait()


IMPORTED = (
    "bot.app",
    "bot.processes",
    "handlers.edge",
    # What a process imports only once it serves, or asks its database.
    "apscheduler.executors.asyncio",
    "apscheduler.triggers.cron",
    "encodings.idna",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite",
    "uvicorn.lifespan.on",
    "uvicorn.protocols.http.httptools_impl",
    "uvloop",
)
"""What every process is made of."""


@cache
def nursery() -> Nursery:
    """The one of this process."""
    return Nursery()


def _read_line(line: socket.socket) -> str:
    read = bytearray()
    while not read.endswith(b"\n"):
        more = line.recv(1)
        if not more:
            raise AssertionError("the nursery is gone")
        read += more
    return read.decode()


def _serve(line: socket.socket) -> None:
    while True:
        begun, fds, _, _ = socket.recv_fds(line, 1, 2)
        if not begun:
            return
        told = json.loads(_read_line(line))
        _bury()
        nursery_pid = os.getpid()
        child = os.fork()
        if not child:
            _ends_with(nursery_pid)
            line.close()
            _live(told, fds)
        for one in fds:
            os.close(one)
        line.sendall(f"{child}\n".encode())


def _bury() -> None:
    """Not sooner: until it is asked for the next one, somebody may still look for the last."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue
    except ChildProcessError:
        return


def _ends_with(parent: int) -> None:
    """Has it killed when who forked it is no more, as after a kill of the tests."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it was gone before that
        os._exit(1)


def _live(told: dict[str, Any], fds: Sequence[int]) -> None:
    """Is ``hourlink``, and never comes back."""
    code: object = 1
    try:
        for number, one in enumerate(fds, start=1):
            os.dup2(one, number)
            os.close(one)
        os.environ.clear()
        os.environ.update(told["environment"])
        tempfile.tempdir = None
        sys.argv[1:] = told["arguments"]
        patient.sets_limits()
        import_module("bot.__main__").main()
        code = 0
    except SystemExit as ended:
        code = ended.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else int(code is not None))


@contextmanager
def _written() -> Iterator[None]:
    """Writes the methods of all values that the block declares, once for who is born later."""
    declared: dict[type, list[str]] = {}
    later = values._later  # noqa: SLF001 - only where it is called is a value known

    def notes(made: type, name: str, missing: list[str]) -> Callable[..., Any]:
        declared[made] = missing
        return later(made, name, missing)

    with patch.object(values, "_later", notes):
        yield
    for made, missing in declared.items():
        values._write(made, missing)  # noqa: SLF001 - what the first use of it does


def main() -> None:
    """Imports what the processes need, and forks them on demand."""
    gc.disable()
    with _written():
        for name in IMPORTED:
            import_module(name)
        patient.sets_limits()  # imports what it sets; who is born sets its own again
        import_module("bot.integrations.registry").Registry.load()
    gc.freeze()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who runs the tests
    with socket.socket(fileno=int(sys.argv[1])) as line:
        _serve(line)


if __name__ == "__main__":
    main()

"""Processes that a benchmark starts and asks, one line of JSON each way, and what they cost."""

import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")
_FORGET_PEAK = "5"


class TookTooLong(Exception):
    """The process was ended: it had not answered in time."""


class Apart:
    """A module run as a process of its own, so that what it costs is its own."""

    def __init__(self, module: str, *arguments: str) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - a module of ours
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.hello: dict[str, Any] = self._answer()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        self.close()

    def ask(self, command: str, *, within: float | None = None, **what: object) -> dict[str, Any]:
        """Has the process do something; what it says when that is done.

        Raises:
            TookTooLong: it is not done within so many seconds.
        """
        assert self._process.stdin is not None  # noqa: S101 - opened above
        self._process.stdin.write(json.dumps({"do": command, **what}) + "\n")
        self._process.stdin.flush()
        return self._answer(within)

    def close(self) -> None:
        """Ends it: its orders end."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _answer(self, within: float | None = None) -> dict[str, Any]:
        assert self._process.stdout is not None  # noqa: S101 - opened above
        if within is not None and not _speaks(self._process, within):
            self._process.kill()
            raise TookTooLong
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{self._process.args!r}: ended without an answer")
        found: dict[str, Any] = json.loads(line)
        return found


def _speaks(process: "subprocess.Popen[str]", within: float) -> bool:
    import select  # noqa: PLC0415 - not on every system; only a limit needs it

    assert process.stdout is not None  # noqa: S101 - opened above
    return bool(select.select([process.stdout], [], [], within)[0])


def say(**what: object) -> None:
    """Answers."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def orders() -> Iterator[dict[str, Any]]:
    """What the process is asked to do, until there is nothing more."""
    for line in sys.stdin:
        yield json.loads(line)


def obey(duties: Mapping[str, Callable[..., Mapping[str, object]]], **hello: object) -> None:
    """Does what it is asked to do, for ordinary functions."""
    say(**hello)
    for order in orders():
        say(**duties[order.pop("do")](**order))


@dataclass(slots=True)
class Cost:
    """Of one piece of work in this process."""

    seconds: float = 0
    cpu: float = 0
    """Seconds of processor time, all threads."""
    memory: float = 0
    """Megabytes at most above what the process held before; 0 where the system does not say."""

    def told(self) -> dict[str, float]:
        """For ``say``."""
        return {"seconds": self.seconds, "cpu": self.cpu, "memory": self.memory}


@contextmanager
def measured() -> Iterator[Cost]:
    """Measures what is done inside."""
    gc.collect()
    cost = Cost()
    before = _forget_peak()
    begun, worked = time.perf_counter(), time.process_time()
    yield cost
    cost.seconds = time.perf_counter() - begun
    cost.cpu = time.process_time() - worked
    cost.memory = _memory("VmHWM") - before


def _forget_peak() -> float:
    """Memory now, from which on the peak counts."""
    if _CLEAR.exists():
        _CLEAR.write_text(_FORGET_PEAK, encoding="ascii")
    return _memory("VmRSS")


def _memory(name: str) -> float:
    if not _STATUS.exists():
        return 0.0
    lines = _STATUS.read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name))

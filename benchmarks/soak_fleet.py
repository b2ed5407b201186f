"""The processes of Hourlink in the soak: real ones, which are killed and started again."""

import os
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import soak_names as names
from tests.ports import free_port
from tests.scenarios.running import Process

KEPT = ("PATH", "HOME", "LANG", "XDG_RUNTIME_DIR", "VIRTUAL_ENV")


def environment(
    *, slack: str, database_url: str, key: str, folder: Path, sync_seconds: int
) -> dict[str, str]:
    """What every process is told: teams installed over OAuth, so there is no token."""
    return {name: os.environ[name] for name in KEPT if name in os.environ} | {
        "SLACK_API_URL": f"{slack}/api/",
        "SLACK_CLIENT_ID": "1.1",
        "SLACK_CLIENT_SECRET": "soak",
        "SLACK_SIGNING_SECRET": names.SECRET,
        "HOURLINK_PUBLIC_URL": "http://127.0.0.1:9",
        "HOURLINK_DATABASE_URL": database_url,
        "HOURLINK_SECRET_KEYS": key,
        "HOURLINK_DATA_DIR": str(folder / "data"),
        "HOURLINK_SYNC_SECONDS": str(sync_seconds),
        "HOURLINK_LOG_FORMAT": "json",
    }


@dataclass(slots=True)
class Life:
    """What a process took, from a start to its end."""

    name: str
    pid: int
    began: float
    memory: list[tuple[float, float]] = field(default_factory=list)
    """Seconds since the start, and megabytes."""
    cpu: float = 0.0
    """Seconds of processor time so far."""


class Fleet:
    """Web processes at addresses that stay, and workers."""

    def __init__(self, told: Mapping[str, str], folder: Path, *, web: int, workers: int) -> None:
        (folder / "data").mkdir(exist_ok=True)
        self._folder = folder
        self._processes: dict[str, Process] = {}
        self.addresses: list[str] = []
        self.lives: list[Life] = []
        self._now: dict[str, Life] = {}
        self._lock = threading.Lock()
        for number, port in enumerate(free_port() for _ in range(web)):
            address = {"HOURLINK_PORT": str(port)}
            self.addresses.append(f"http://127.0.0.1:{port}")
            self._add(f"web{number}", ["serve"], {**told, **address})
        for number in range(workers):
            self._add(f"worker{number}", ["worker"], dict(told))

    def _add(self, name: str, arguments: list[str], told: dict[str, str]) -> None:
        self._processes[name] = Process(arguments, told, self._folder / f"{name}.log")

    @property
    def web(self) -> Sequence[str]:
        """Names of web processes."""
        return [name for name in self._processes if name.startswith("web")]

    @property
    def workers(self) -> Sequence[str]:
        """Names of workers."""
        return [name for name in self._processes if name.startswith("worker")]

    def start(self) -> None:
        """Starts one process after the other: a busy machine would start none in time."""
        for name, process in self._processes.items():
            self.launch(name)
            process.is_ready()

    def launch(self, name: str) -> None:
        """Starts one; it is ready a few seconds later."""
        process = self._processes[name]
        process.launch()
        with self._lock:
            life = Life(name, process.pid, time.monotonic())
            self._now[name] = life
            self.lives.append(life)

    def is_up(self, name: str) -> bool:
        """It said that it is ready."""
        return bool(self._processes[name].first_line)

    def kill(self, name: str) -> None:
        """SIGKILL."""
        with self._lock:
            self._now.pop(name, None)
        self._processes[name].kill()

    def stop(self) -> list[str]:
        """Ends every process politely; those that did not end in time, and were killed."""
        late = []
        with self._lock:
            self._now.clear()
        for name, process in self._processes.items():
            try:
                process.stop()
            except AssertionError:
                late.append(name)
        return late

    def look(self) -> None:
        """Notes what each process takes now."""
        with self._lock:
            for life in self._now.values():
                if (taken := memory(life.pid)) is not None:
                    life.memory.append((time.monotonic() - life.began, taken))
                    life.cpu = cpu(life.pid)

    def log(self) -> str:
        """Everything that all processes logged."""
        return "".join(path.read_text("utf-8") for path in sorted(self._folder.glob("*.log")))


def memory(pid: int) -> float | None:
    """Megabytes that a process holds; None where it is gone, or the system does not say."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), None)


def cpu(pid: int) -> float:
    """Seconds of processor time that a process has taken."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def slope(memory: Sequence[tuple[float, float]], since: float) -> float | None:
    """Megabytes a minute after so many seconds, by least squares; None for too short a life."""
    points = [(at / 60, size) for at, size in memory if at >= since]
    if len(points) < 10:  # noqa: PLR2004 - fewer are noise
        return None
    mean_at = sum(at for at, _ in points) / len(points)
    mean_size = sum(size for _, size in points) / len(points)
    spread = sum((at - mean_at) ** 2 for at, _ in points)
    return sum((at - mean_at) * (size - mean_size) for at, size in points) / spread

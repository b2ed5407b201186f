"""``hourlink worker`` and ``hourlink serve`` as processes: start, refuse, end."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx
import pytest
from cryptography.fernet import Fernet

from tests.ports import free_port

NOWHERE = "http://127.0.0.1:9/api/"
"""Nothing listens there: a start never waits for Slack."""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Give settings that are complete but for the database."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SLACK_", "HOURLINK_"))
    }
    return kept | {
        "SLACK_API_URL": NOWHERE,
        "SLACK_BOT_TOKEN": "xoxb-made-up",
        "SLACK_SIGNING_SECRET": "made up",
        "HOURLINK_SECRET_KEYS": Fernet.generate_key().decode(),
        "HOURLINK_DATA_DIR": str(tmp_path),
        "HOURLINK_PORT": "0",
    }


def hourlink(verb: str, environment: Mapping[str, str]) -> "subprocess.Popen[str]":
    """Start the program."""
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "bot", verb],
        env=dict(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_workers_say_that_they_work_and_end_when_told(
    postgresql_url: str, environment: dict[str, str]
) -> None:
    """Two of them share one database; a TERM ends each within seconds, without an error."""
    settings = environment | {"HOURLINK_DATABASE_URL": postgresql_url}
    with hourlink("worker", settings) as one, hourlink("worker", settings) as two:
        for worker in (one, two):
            assert worker.stdout is not None
            assert worker.stdout.readline() == "Hourlink works in the background\n"
        for worker in (one, two):
            worker.send_signal(signal.SIGTERM)
        for worker in (one, two):
            _, log = worker.communicate(timeout=120)
            assert worker.returncode == 0
            assert "error" not in log.replace("error=", "")
            assert "Traceback" not in log


def test_a_worker_refuses_sqlite(environment: dict[str, str], tmp_path: Path) -> None:
    """There the web process does the work; the sentence says what to do instead."""
    settings = environment | {"HOURLINK_DATABASE_URL": f"sqlite:///{tmp_path / 'hourlink.db'}"}
    with hourlink("worker", settings) as worker:
        said, reason = worker.communicate(timeout=120)
    assert worker.returncode == 1
    assert said == ""
    assert "is SQLite, where the web process does the background work." in reason
    assert "Start no worker, or use PostgreSQL." in reason


def test_a_second_web_process_on_the_same_sqlite_file_refuses(
    environment: dict[str, str], tmp_path: Path, sqlite_url: str
) -> None:
    """It names the file; after a SIGKILL of the first, the next one starts."""
    settings = environment | {"HOURLINK_DATABASE_URL": sqlite_url}
    with hourlink("serve", settings) as first:
        assert first.stdout is not None
        assert first.stdout.readline().startswith("Hourlink listens on http://127.0.0.1:")
        with hourlink("serve", settings) as second:
            _, reason = second.communicate(timeout=120)
        assert second.returncode == 1
        assert reason.startswith("Another Hourlink already works on ")
        assert str(tmp_path / "hourlink.db") in reason
        first.kill()
        first.communicate()
    with hourlink("serve", settings) as third:
        assert third.stdout is not None
        assert third.stdout.readline().startswith("Hourlink listens on ")
        third.terminate()
        third.communicate(timeout=120)
    assert third.returncode == 0


def test_a_worker_tells_a_monitor_how_it_is(
    postgresql_url: str, environment: dict[str, str]
) -> None:
    """It has no other door, so its port is its own; it closes with the worker."""
    port = free_port()
    settings = environment | {
        "HOURLINK_DATABASE_URL": postgresql_url,
        "HOURLINK_METRICS_PORT": str(port),
    }
    with hourlink("worker", settings) as worker:
        assert worker.stdout is not None
        worker.stdout.readline()
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60) as http:
            assert _soon(lambda: http.get("/healthz")).status_code == 200
            assert http.get("/readyz").json()["database"] == "ok"
            assert "hourlink_outbox_waiting 0.0" in http.get("/metrics").text
            worker.send_signal(signal.SIGTERM)
            worker.communicate(timeout=120)
            assert worker.returncode == 0
            with pytest.raises(httpx.ConnectError):
                http.get("/healthz")


def _soon(ask: Callable[[], httpx.Response]) -> httpx.Response:
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        with contextlib.suppress(httpx.ConnectError):
            return ask()
        time.sleep(0.05)
    return ask()

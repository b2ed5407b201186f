"""What ``hourlink serve`` and ``hourlink worker`` do when they are told to end, as processes."""

import asyncio
import hashlib
import hmac
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from sqlalchemy import create_engine, text
from typer.testing import CliRunner

from bot.commands import app
from tests.hourlink_process import SECRET, complete, hourlink, port_of, ready
from tests.http_server import Say, Seen, serving
from tests.wire import Wire

if TYPE_CHECKING:
    import subprocess

PATIENT = 600
"""Seconds instead of the real limits, where a test is not about these: a machine may be busy."""

LIMIT = 120
"""Seconds for what takes one or two."""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Give settings that are complete but for the database."""
    return complete(tmp_path)


def patiently(latest: float = PATIENT) -> dict[str, float]:
    """Limits to the ending of a process."""
    return {"bot.server:LATEST": latest, "bot.server:SHUTDOWN": PATIENT}


def enrolled(database_url: str) -> int:
    """How many workers the queue knows."""
    engine = create_engine(database_url)
    with engine.connect() as connection:
        count = connection.execute(text("SELECT count(*) FROM procrastinate_workers")).scalar_one()
    engine.dispose()
    return int(count)


def wait_for(check: Callable[[], bool], what: str) -> None:
    """Waits until something is so."""
    until = time.monotonic() + LIMIT
    while not check():
        assert time.monotonic() < until, f"waited in vain for {what}"
        time.sleep(0.05)


@pytest.fixture
def wire(postgresql_url: str) -> Iterator[Wire]:
    """Give a way to the database."""
    made = Wire(postgresql_url)
    yield made
    made.close()


@pytest.mark.parametrize("verb", ["worker", "serve"])
def test_a_process_without_its_database_ends_when_told(
    wire: Wire, postgresql_url: str, environment: dict[str, str], verb: str
) -> None:
    """It takes leave of a queue that is not there, and does not wait for it to come back."""
    with hourlink(verb, environment | {"HOURLINK_DATABASE_URL": wire.url}, patiently()) as process:
        ready(process)
        if verb == "worker":
            wait_for(lambda: enrolled(postgresql_url) == 2, "both its queues to know it")
        wire.cut()
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=LIMIT)
        assert process.returncode == 0, log
        assert "Traceback" not in log
        assert log.count("database_away") <= 1


def test_a_process_ends_though_its_database_is_silent(
    wire: Wire, environment: dict[str, str]
) -> None:
    """A machine that vanished answers nothing, not even a no; nobody waits for that for ever."""
    settings = environment | {"HOURLINK_DATABASE_URL": wire.url}
    with hourlink("worker", settings, patiently(1)) as process:
        ready(process)
        wire.freeze()
        assert wire.ignored.wait(LIMIT)
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=LIMIT)
        assert process.returncode == 1, log
        assert "ended_late" in log


def slack(request: Seen) -> Say:
    """What a process asks Slack while it answers."""
    if request.path.endswith("auth.test"):
        known = {"team_id": "T0ACME", "team": "Acme", "user_id": "U0BOT", "bot_id": "B1"}
        return Say(body={"ok": True} | known)
    user = {"id": "U0ANA", "team_id": "T0ACME", "name": "ana", "tz": "UTC", "profile": {}}
    return Say(body={"ok": True, "user": user})


class Line:
    """A connection to the server on which a command comes in two halves."""

    def __init__(self, port: int) -> None:
        form = {
            "command": "/track",
            "text": "status",
            "team_id": "T0ACME",
            "user_id": "U0ANA",
            "channel_id": "C0OPS",
            "trigger_id": "1.2.3",
            "response_url": "http://127.0.0.1:9/",
        }
        self._body = urlencode(form).encode()
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=LIMIT)

    def begins(self) -> None:
        """Sends all but the body, and waits until somebody wants to read that."""
        moment = str(int(time.time()))
        base = b"v0:" + moment.encode() + b":" + self._body
        signature = hmac.new(SECRET.encode(), base, hashlib.sha256).hexdigest()
        head = (
            "POST /slack/events HTTP/1.1\r\nHost: hourlink.test\r\nExpect: 100-continue\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"X-Slack-Request-Timestamp: {moment}\r\nX-Slack-Signature: v0={signature}\r\n"
            f"Content-Length: {len(self._body)}\r\n\r\n"
        )
        self._socket.sendall(head.encode())
        assert b"100 Continue" in self._socket.recv(1000)

    def ends(self) -> str:
        """Sends the rest; the whole answer, up to the end of the connection."""
        self._socket.sendall(self._body)
        with self._socket.makefile("rb") as answer:
            return answer.read().decode()


def is_refused(port: int) -> bool:
    """Whether nobody listens there any more."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=LIMIT).close()
    except ConnectionRefusedError:
        return True
    return False


async def test_who_was_being_answered_is_and_nobody_else(
    database_url: str, environment: dict[str, str]
) -> None:
    """A restart loses no command: what has begun ends, and a balancer goes elsewhere."""
    async with serving(slack) as server:
        settings = environment | {
            "HOURLINK_DATABASE_URL": database_url,
            "SLACK_API_URL": f"{server.url}/api/",
        }
        with hourlink("serve", settings, patiently()) as process:
            await asyncio.to_thread(_drains, process)


def _drains(process: "subprocess.Popen[str]") -> None:
    port = port_of(process)
    line = Line(port)
    line.begins()
    process.send_signal(signal.SIGTERM)
    wait_for(lambda: is_refused(port), "connections to be refused")
    assert process.poll() is None, "somebody is still being answered"
    answer = line.ends()
    assert answer.startswith("HTTP/1.1 200"), answer
    assert "timer" in answer
    _, log = process.communicate(timeout=LIMIT)
    assert process.returncode == 0, log
    assert "Traceback" not in log


@pytest.mark.parametrize("verb", ["worker", "serve"])
def test_a_process_does_not_start_without_its_database(
    environment: dict[str, str], verb: str
) -> None:
    """Whoever starts it gets a sentence with the reason, without the password."""
    nowhere = "postgresql+psycopg://hourlink:hunter2@127.0.0.1:9/hours"
    done = CliRunner().invoke(app, [verb], env=environment | {"HOURLINK_DATABASE_URL": nowhere})
    said = " ".join(done.output.split())
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit)
    assert "The database cannot be opened: connection" in said
    assert "HOURLINK_DATABASE_URL" in said
    assert "hunter2" not in said

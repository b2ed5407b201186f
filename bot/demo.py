"""The demo: a Slack stand-in in the browser, a sample board and Hourlink itself, all here."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

from cryptography.fernet import Fernet

from bot.demo_board import DEMO_DOMAIN, write_demo_board
from bot.demo_team import CHANNEL, write_demo_team
from bot.manifest import manifest_yaml
from storage.single_process import DatabaseInUse, sole_process

PORT = 8040
FOLDER = "demo-data"
HOST = "127.0.0.1"

START_LIMIT = 120.0
"""Seconds that a part of the demo may take to come up."""

SYNC_SECONDS = 20
"""Often, so that a change to the board's files shows while one looks."""


class DemoFailed(Exception):
    """A part of the demo did not come up; the text says why."""


def run(*, port: int, folder: str, say: Callable[[str], None]) -> None:
    """Runs the demo until it is interrupted.

    Args:
        port: Of the page; 0 picks a free one.
        folder: Holds all state, and is made when missing.
        say: Prints a line.

    Raises:
        DemoFailed: a part did not come up.
    """
    home = Path(folder).absolute()
    try:
        home.mkdir(parents=True, exist_ok=True)
        with sole_process(f"sqlite:///{home / 'demo'}"):
            _run(home, port, say)
    except DatabaseInUse as error:
        raise DemoFailed(f"Another demo is running in {home}.") from error
    except OSError as error:
        # Of a file in it: a full disk, or a folder that is somebody else's.
        if error.filename is None:
            raise
        reason = f"{error.filename} cannot be used: {error.strerror}."
        raise DemoFailed(f"{reason} HOURLINK_DEMO_DIR names another folder.") from error


def _run(home: Path, port: int, say: Callable[[str], None]) -> None:
    (home / "boards").mkdir(exist_ok=True)
    write_demo_board(home / "boards")
    write_demo_team(home / "team.yml")
    (home / "manifest.yml").write_text(
        manifest_yaml(unfurl_domains=[DEMO_DOMAIN]), encoding="utf-8"
    )
    keys = _secrets(home / "secrets.json")
    app_port = _free_port()
    with ExitStack() as stack:
        page = stack.enter_context(_playground(home, keys, port=port, app_port=app_port))
        server = stack.enter_context(_hourlink(home, keys, page=page, port=app_port))
        say(f"Open {page}/")
        say("")
        say(f"You are Ana, an admin. #{CHANNEL} says what to try, in four steps.")
        say(f"Everything is kept in {home} and can be deleted. Ctrl-C ends the demo.")
        _wait(server)


def _wait(server: "subprocess.Popen[str]") -> None:
    """Until Ctrl-C, a TERM, or the end of the server."""
    told = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: told.set())
    signal.signal(signal.SIGINT, lambda *_: told.set())
    while not told.wait(0.5):
        if server.poll() is not None:
            raise DemoFailed("Hourlink ended by itself; what it said is in server.log.")


@contextmanager
def _playground(home: Path, keys: Mapping[str, str], *, port: int, app_port: int) -> Iterator[str]:
    """Starts the stand-in for Slack; its address."""
    command = [
        *(sys.executable, "-m", "playground", "--host", HOST, "--port", str(port)),
        *("--app-url", f"http://{HOST}:{app_port}/slack/events"),
        *("--manifest", str(home / "manifest.yml"), "--team", str(home / "team.yml")),
        *("--state", str(home / "slack")),
        *("--signing-secret", keys["signing_secret"], "--bot-token", keys["bot_token"]),
        *("--app-token", keys["app_token"]),
    ]
    with _process(command, os.environ, home / "playground.log") as process:
        line = _first_line(process, "Open ")
        if line is None:
            raise DemoFailed(
                f"The page did not start; is port {port} taken? PORT=0 picks a free one. "
                f"What it said is in {home / 'playground.log'}."
            )
        yield line.removeprefix("Open ").rstrip("/")


@contextmanager
def _hourlink(
    home: Path, keys: Mapping[str, str], *, page: str, port: int
) -> Iterator["subprocess.Popen[str]"]:
    """Starts Hourlink itself against the stand-in."""
    settings = {
        "SLACK_API_URL": f"{page}/api/",
        "SLACK_BOT_TOKEN": keys["bot_token"],
        "SLACK_SIGNING_SECRET": keys["signing_secret"],
        "HOURLINK_SECRET_KEYS": keys["secret_key"],
        "HOURLINK_DATA_DIR": str(home),
        "HOURLINK_BOARDS_DIR": str(home / "boards"),
        "HOURLINK_CLOCK_URL": f"{page}/clock",
        "HOURLINK_HOST": HOST,
        "HOURLINK_PORT": str(port),
        "HOURLINK_SYNC_SECONDS": os.environ.get("HOURLINK_SYNC_SECONDS", str(SYNC_SECONDS)),
    }
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SLACK_", "HOURLINK_"))
    }
    environment = inherited | settings
    command = [sys.executable, "-m", "bot", "serve"]
    with _process(command, environment, home / "server.log") as process:
        if _first_line(process, "Hourlink listens") is None or not _healthy(port):
            raise DemoFailed(f"Hourlink did not start; what it said is in {home / 'server.log'}.")
        yield process


@contextmanager
def _process(
    command: list[str], environment: Mapping[str, str], log: Path
) -> Iterator["subprocess.Popen[str]"]:
    """A child process that ends with us; what it logs goes to a file."""
    with log.open("a", encoding="utf-8") as errors:
        process = subprocess.Popen(  # noqa: S603 - our own commands
            command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,  # so that Ctrl-C reaches us first, and we end it in order
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _first_line(process: "subprocess.Popen[str]", start: str) -> str | None:
    """Waits for a line with this start; the rest of the output is read and dropped."""
    found: list[str] = []
    ready = threading.Event()

    def read(output: IO[str]) -> None:
        for line in output:
            if line.startswith(start) and not found:
                found.append(line.strip())
                ready.set()
        ready.set()

    if process.stdout is not None:
        threading.Thread(target=read, args=(process.stdout,), daemon=True).start()
    ready.wait(START_LIMIT)
    return found[0] if found else None


def _healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=30) as answer:
            return bool(answer.status == 200)  # noqa: PLR2004 - HTTP's own number
    except (urllib.error.URLError, OSError):
        return False


def _free_port() -> int:
    """One that no connection is given until Hourlink, which takes seconds to start, listens."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind((HOST, port))
            return port


def _secrets(path: Path) -> dict[str, str]:
    """Secrets of this demo alone, made once and readable by this user only."""
    if not path.exists():
        made = {
            "signing_secret": secrets.token_hex(16),
            "bot_token": f"xoxb-demo-{secrets.token_hex(12)}",
            "app_token": f"xapp-demo-{secrets.token_hex(12)}",
            "secret_key": Fernet.generate_key().decode(),
        }
        path.touch(mode=0o600)
        path.write_text(json.dumps(made), encoding="utf-8")
    loaded: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return loaded

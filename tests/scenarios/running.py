"""Hourlink as a real process beside a playground, to be killed and started again."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from cryptography.fernet import Fernet

from bot.demo_board import DEMO_DOMAIN
from bot.manifest import manifest_yaml
from playground.testing import PATIENT, Playground
from playground.testing import running as running_playground
from tests.scenarios.noon import turn_to_noon
from tests.scenarios.nursery import CAN, Born, Nursery, nursery

ROOT = Path(__file__).parents[2]

START_LIMIT = 180.0
"""Seconds; a busy machine takes its time over the imports."""


class Process:
    """One ``hourlink`` process; its log goes to a file that a failing test can show."""

    def __init__(
        self,
        arguments: list[str],
        environment: Mapping[str, str],
        log: Path,
        module: str = "bot",
        nursery: Nursery | None = None,
    ) -> None:
        self.name = log.stem
        self._module = module
        self._arguments = arguments
        self._environment = environment
        self._log = log
        self._nursery = nursery
        self._process: subprocess.Popen[str] | Born | None = None
        self._said = threading.Event()
        self.first_line = ""

    def start(self) -> None:
        """Starts it and waits for its first line."""
        self.launch()
        self.is_ready()

    def launch(self) -> None:
        """Starts it; ``is_ready`` waits until it is."""
        self.first_line, self._said = "", threading.Event()
        self._process = self._born() if self._nursery is None else self._forked(self._nursery)
        threading.Thread(target=self._read, args=(self._process, self._said), daemon=True).start()

    def _born(self) -> "subprocess.Popen[str]":
        with self._log.open("a", encoding="utf-8") as log:
            return subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-m", self._module, *self._arguments],
                env=dict(self._environment),
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def _forked(self, nursery: Nursery) -> Born:
        return nursery.begins(self._arguments, self._environment, self._log)

    def is_ready(self) -> None:
        """Waits for its first line."""
        if not self._said.wait(START_LIMIT) or not self.first_line:
            raise AssertionError(f"hourlink did not start:\n{self._log.read_text()[-4000:]}")

    def _read(self, process: "subprocess.Popen[str] | Born", said: threading.Event) -> None:
        for line in process.stdout or ():
            if not said.is_set():
                self.first_line = line.strip()
                said.set()
        said.set()

    @property
    def pid(self) -> int:
        """Of the one that was started last."""
        if self._process is None:
            raise AssertionError("it was never started")
        return self._process.pid

    def kill(self) -> None:
        """SIGKILL: no chance to tidy up."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def stop(self) -> None:
        """Ends it politely."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=120)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError("hourlink did not end when asked") from None


class Installation:
    """A playground with Hourlink installed: one web process, and a worker on PostgreSQL."""

    def __init__(
        self,
        playground: Playground,
        processes: list[Process],
        folder: Path,
        environment: Mapping[str, str],
        *,
        is_over_socket: bool,
    ) -> None:
        self.slack = playground
        self.boards = folder / "boards"
        self.environment = environment
        """Of its processes; for an operator's command beside them."""
        self.is_over_socket = is_over_socket
        self._folder = folder
        self._processes = processes

    @property
    def address(self) -> str:
        """Where the web process takes requests."""
        return self._processes[0].first_line.rpartition(" ")[2]

    def names(self) -> list[str]:
        """Of the processes, as they name themselves to the playground's clock."""
        return [one.name for one in self._processes]

    def pids(self) -> list[int]:
        """Of the processes that run."""
        return [one.pid for one in self._processes]

    def log(self) -> str:
        """Everything that all processes have logged so far."""
        return "".join(path.read_text("utf-8") for path in sorted(self._folder.glob("*.log")))

    def start(self) -> None:
        """Starts every process and points Slack at the web one."""
        for process in self._processes:
            process.launch()
        for process in self._processes:
            process.is_ready()
        if self.is_over_socket:
            self._sees_a_connection(is_wanted=True)
        else:
            self.slack.slack.points_to(f"{self.address}/slack/events")

    def _sees_a_connection(self, *, is_wanted: bool) -> None:
        """Waits until Slack sees it so; commands without a connection fail at once, as in Slack."""
        limit = time.monotonic() + START_LIMIT
        while self.is_over_socket and self._is_connected() != is_wanted:
            if time.monotonic() > limit:
                raise AssertionError(f"the WebSocket did not {'open' if is_wanted else 'close'}")
            time.sleep(0.05)

    def _is_connected(self) -> bool:
        url = f"{self.slack.url}/healthz"
        with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 - ours
            return bool(json.load(answer)["socket"])

    def kill(self) -> None:
        """Kills every process at once; Slack has noticed when it is over."""
        for process in self._processes:
            process.kill()
        self._sees_a_connection(is_wanted=False)

    def stop(self) -> None:
        """Ends every process politely."""
        for process in self._processes:
            process.stop()


@contextmanager
def installed(
    database_url: str,
    folder: Path,
    *,
    sync_seconds: int = 1,
    socket: bool = False,
    emails: Mapping[str, str] | None = None,
    follow_clock: bool = False,
    at_noon: bool = False,
    public_url: str | None = None,
    teams: Path | None = None,
    oauth_port: int | None = None,
    settings: Mapping[str, str] | None = None,
    forked: bool = True,
) -> Iterator[Installation]:
    """Runs a playground and Hourlink on a database until the block ends.

    Args:
        database_url: A migrated or empty database.
        folder: For boards and logs.
        sync_seconds: The interval of syncs.
        socket: Use Socket Mode.
        emails: Other addresses for people of the team, by handle.
        follow_clock: Hourlink goes by the playground's clock.
        at_noon: The same, and it goes on from the next Monday's noon.
        public_url: Where Hourlink thinks that the internet reaches it.
        teams: A file with the teams of the playground.
        oauth_port: Teams install Hourlink themselves, through this port; no token is given.
        settings: Further variables of the environment.
        forked: Its processes are forked where all is imported; else each is a program of its own.
    """
    boards = folder / "boards"
    boards.mkdir(parents=True, exist_ok=True)
    manifest = folder / "manifest.yml"
    if oauth_port is not None:
        public_url = f"http://127.0.0.1:{oauth_port}"
    text = manifest_yaml(public_url, socket=socket, unfurl_domains=[DEMO_DOMAIN])
    manifest.write_text(text, encoding="utf-8")
    limits = PATIENT | {"overtaking": 30.0}
    with running_playground(None, 0, manifest=manifest, team=teams, **limits) as playground:
        if at_noon:
            turn_to_noon(playground)
        for handle, email in (emails or {}).items():
            playground.slack.changes(handle, email=email)
        clean = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("SLACK_", "HOURLINK_")) and "proxy" not in name.casefold()
        }
        environment = clean | {
            "SLACK_API_URL": playground.api_url,
            "SLACK_BOT_TOKEN": playground.bot_token,
            "SLACK_SIGNING_SECRET": playground.signing_secret,
            "SLACK_APP_TOKEN": playground.app_token,
            "HOURLINK_DATABASE_URL": database_url,
            "HOURLINK_SECRET_KEYS": Fernet.generate_key().decode(),
            "HOURLINK_DATA_DIR": str(folder / "data"),
            "HOURLINK_BOARDS_DIR": str(boards),
            "HOURLINK_PORT": "0",
            "HOURLINK_SYNC_SECONDS": str(sync_seconds),
            "PYTHONPATH": str(ROOT),
        }
        if public_url is not None:
            environment["HOURLINK_PUBLIC_URL"] = public_url
        if oauth_port is not None:
            del environment["SLACK_BOT_TOKEN"]
            environment["SLACK_CLIENT_ID"] = playground.client_id
            environment["SLACK_CLIENT_SECRET"] = playground.client_secret
            environment["HOURLINK_PORT"] = str(oauth_port)
        environment |= settings or {}

        def named(name: str) -> Mapping[str, str]:
            clock = {"HOURLINK_CLOCK_URL": f"{playground.url}/clock?who={name}"}
            return environment | (clock if follow_clock or at_noon else {})

        web = ["serve", "--socket"] if socket else ["serve"]
        works = [] if database_url.startswith("sqlite") else ["worker"]
        patient, home = "tests.scenarios.patient", nursery() if forked and CAN else None
        processes = [Process(web, named("web"), folder / "web.log", patient, home)]
        processes += [
            Process([one], named(one), folder / f"{one}.log", nursery=home) for one in works
        ]
        installation = Installation(
            playground, processes, folder, environment, is_over_socket=socket
        )
        installation.start()
        try:
            yield installation
        finally:
            installation.stop()

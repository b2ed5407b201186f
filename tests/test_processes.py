"""What ``hourlink serve`` and ``hourlink worker`` say when they start, and why they do not."""

import json
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.commands import app
from bot.domain.errors import Refusal, SavingRefused
from playground.testing import running
from tests.hourlink_process import complete, hourlink, ready

LIMIT = 120


@pytest.fixture
def environment(tmp_path: Path, sqlite_url: str) -> dict[str, str]:
    """Give settings that are complete, with SQLite, whose tables are there."""
    return complete(tmp_path) | {"HOURLINK_DATABASE_URL": sqlite_url}


@pytest.fixture
def taken() -> Iterator[str]:
    """Give a port at which another program listens."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield str(other.getsockname()[1])


@pytest.mark.parametrize("setting", ["HOURLINK_PORT", "HOURLINK_METRICS_PORT"])
def test_a_taken_port_is_named_with_its_setting(
    environment: dict[str, str], taken: str, setting: str
) -> None:
    """The operator is not sent to the other port."""
    with hourlink("serve", environment | {setting: taken}, {}) as process:
        _, said = process.communicate(timeout=LIMIT)
    assert process.returncode == 1
    assert said.splitlines()[-1] == (
        f"Cannot listen on 127.0.0.1:{taken}: Address already in use. "
        f"HOURLINK_HOST and {setting} choose where."
    )
    assert "Traceback" not in said


def test_a_worker_says_that_its_port_is_taken(
    postgresql_url: str, environment: dict[str, str], taken: str
) -> None:
    """Two workers on one machine need a port each; a traceback would not say so."""
    own = {"HOURLINK_DATABASE_URL": postgresql_url, "HOURLINK_METRICS_PORT": taken}
    with hourlink("worker", environment | own, {}) as process:
        _, said = process.communicate(timeout=LIMIT)
    assert said.splitlines()[-1].startswith(f"Cannot listen on 127.0.0.1:{taken}: Address already")
    assert "Traceback" not in said


def test_every_line_of_a_log_for_machines_is_an_object(tmp_path: Path) -> None:
    """What reads the log breaks at one line of another form: at a server's start and end, too."""
    environment = complete(tmp_path)
    chosen = {"HOURLINK_LOG_FORMAT": "json", "HOURLINK_METRICS_PORT": "0"}
    with hourlink("serve", environment | chosen, {}) as process:
        ready(process)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=LIMIT)
    with hourlink("serve", environment | chosen, {}) as process:
        ready(process)
        process.send_signal(signal.SIGTERM)
        _, again = process.communicate(timeout=LIMIT)
    assert "database_upgrading" not in again
    events = [json.loads(line)["event"] for line in said.splitlines()]
    assert {"database_upgrading", "metrics_served", "ending"} <= set(events)


def test_what_is_no_database_is_told_as_that(tmp_path: Path) -> None:
    """A file that was cut off, or is another program's, is named without a traceback."""
    (tmp_path / "hourlink.db").write_bytes(bytes(range(256)) * 40)
    with hourlink("serve", complete(tmp_path), {}) as process:
        _, said = process.communicate(timeout=LIMIT)
    assert process.returncode == 1
    assert said.startswith(
        "The database cannot be opened: file is not a database. Is it Hourlink's"
    )


@pytest.mark.parametrize(
    ("why", "mend"),
    [
        (Refusal.READ_ONLY, "Give {path}, and its folder, to this user (chown)."),
        (Refusal.FULL, "its disk is full. Make room."),
        (Refusal.DAMAGED, "Put the last backup back (docs/deploy.md)."),
    ],
)
def test_a_database_that_takes_no_changes_is_told_as_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, why: Refusal, mend: str
) -> None:
    """As where root put a backup back, and the server's user may only read it."""

    async def starts(*_: object, **__: object) -> None:
        raise SavingRefused(why=why)

    monkeypatch.setattr("bot.processes.serve_app", starts)
    done = CliRunner().invoke(app, ["serve"], env=complete(tmp_path))
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit)
    said = " ".join(done.output.split())
    assert said.endswith(mend.format(path=tmp_path / "hourlink.db"))


@pytest.mark.parametrize("typed", [["serve"], ["worker"], ["db", "upgrade"]])
def test_a_pooler_of_transactions_is_told_as_that(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: list[str]
) -> None:
    """The lock of one start would stay with the pooler, and the next one wait for it for ever."""
    monkeypatch.setattr("storage.migrations._server_of", lambda _: 7)
    env = complete(tmp_path) | {"HOURLINK_DATABASE_URL": postgresql_url}
    done = CliRunner().invoke(app, typed, env=env)
    assert done.exit_code == 1
    assert "(PgBouncer: pool_mode = session)" in " ".join(done.output.split())


def test_a_rejected_token_is_one_line(environment: dict[str, str]) -> None:
    """It says what to mend; where in the code Slack's answer was read helps nobody."""
    with running() as play:
        own = {"SLACK_API_URL": play.api_url, "HOURLINK_LOG_FORMAT": "json"}
        with hourlink("serve", environment | own, {}) as process:
            ready(process)
            assert process.stderr is not None
            lines = iter(process.stderr.readline, "")
            told = next(one for one in map(json.loads, lines) if "rejected" in one["event"])
    assert (told["event"], told["code"]) == ("slack_token_rejected", "invalid_auth")
    assert "exception" not in told


def test_a_setting_that_is_none_is_told_in_the_log(environment: dict[str, str]) -> None:
    """A slip of the pen leaves the setting at its default, which nobody would notice."""
    with hourlink("serve", environment | {"HOURLINK_RETENTION_DAY": "30"}, {}) as process:
        ready(process)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=LIMIT)
    assert "setting_unknown" in said
    assert "Is HOURLINK_RETENTION_DAYS meant?" in said

"""``hourlink`` as a process that a test talks to, with whatever limits of its own it gives."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from cryptography.fernet import Fernet

SECRET = "made up"


def complete(folder: Path) -> dict[str, str]:
    """Settings that are complete but for the database; Slack is nowhere."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SLACK_", "HOURLINK_")) and "proxy" not in name.casefold()
    }
    return kept | {
        "SLACK_API_URL": "http://127.0.0.1:9/api/",
        "SLACK_BOT_TOKEN": "xoxb-made-up",
        "SLACK_SIGNING_SECRET": SECRET,
        "HOURLINK_SECRET_KEYS": Fernet.generate_key().decode(),
        "HOURLINK_DATA_DIR": str(folder),
        "HOURLINK_PORT": "0",
    }


@contextmanager
def hourlink(
    verb: str, environment: Mapping[str, str], limits: Mapping[str, float]
) -> "Iterator[subprocess.Popen[str]]":
    """Runs the program until the block ends.

    Args:
        verb: ``serve`` or ``worker``.
        environment: Its settings.
        limits: Constants of its modules that hold other values there, as ``bot.server:LATEST``:
            a machine may be busy, and a test is seldom about them.
    """
    tweaks = "".join(
        f"import {module}; {module}.{name} = {value}\n"
        for module, name, value in ((*one.split(":"), value) for one, value in limits.items())
    )
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", f"{tweaks}from bot.__main__ import main; main()", verb],
        env=dict(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def ready(process: "subprocess.Popen[str]") -> str:
    """Waits for the first line, and gives it."""
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, process.communicate()[1]
    return line.strip()


def port_of(process: "subprocess.Popen[str]") -> int:
    """Waits until it listens; where."""
    return int(ready(process).rpartition(":")[2])

"""The environment of a run: its workers, and all that its tests start, inherit it."""

import os
import sys
import tempfile
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path

import certifi
import structlog

from bot.integrations import registry

_TRUSTED = "authority.pem"
_END = "-----END CERTIFICATE-----"


def settle(state: Path) -> None:
    """Give the run surroundings of its own.

    Args:
        state: the run's folder, which is deleted at its end.
    """
    # Every file of a test, and of what it starts, is there too.
    temporary = state / "tmp"
    temporary.mkdir()
    os.environ["TMPDIR"] = tempfile.tempdir = str(temporary)
    # aiohttp takes a proxy from the environment even for 127.0.0.1, whatever NO_PROXY says.
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        os.environ.pop(name, None)
        os.environ.pop(name.lower(), None)
    authority = Path(certifi.where()).read_text(encoding="ascii").partition(_END)
    (state / _TRUSTED).write_text("".join(authority[:2]), encoding="ascii")
    os.environ["SSL_CERT_FILE"] = str(state / _TRUSTED)
    # Where it is set, every process compiles all that it imports, and each worker every test.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def hurry(state: Path) -> None:
    """Spare this process of the run, a worker or the only one, what tests do thousands of times."""
    # Nobody outside is spoken to, and reading whom the world trusts takes 20 ms a client.
    vars(certifi)["where"] = lambda: str(state / _TRUSTED)
    # What is installed stays so; to look for it in every package takes 6 ms, for each small app.
    vars(registry)["entry_points"] = cache(entry_points)
    # Where nothing is configured, a traceback is coloured, framed and told with its variables.
    structlog.dev.ConsoleRenderer.get_active().exception_formatter = structlog.dev.plain_traceback

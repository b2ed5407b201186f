"""The environment of a run: its workers, and all that its tests start, inherit it."""

import os
import sys
import tempfile
from pathlib import Path


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
    # Nobody outside is spoken to, and reading whom the world trusts takes 20 ms a client.
    nobody = state / "trusted"
    nobody.mkdir()
    os.environ.pop("SSL_CERT_FILE", None)
    os.environ["SSL_CERT_DIR"] = str(nobody)
    # Where it is set, every process compiles all that it imports, and each worker every test.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False

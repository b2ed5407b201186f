"""The ``hourlink`` command: imports what the command needs, and calls it."""

import gc
import sys
from collections.abc import Callable
from importlib import import_module

_ADORNMENTS = ("rich", "pygments", "watchfiles")
"""What structlog, httpx and uvicorn import wherever it is installed, for tracebacks, for a command
that no server shows, and for starting anew whenever a file of it changes."""


def main() -> None:
    """Runs the command line; who serves does not wait for what the other commands need."""
    match sys.argv[1:]:
        case ["serve"]:
            _process(lambda: import_module("bot.processes").serve())
        case ["serve", "--socket"]:
            _process(lambda: import_module("bot.processes").serve(socket=True))
        case ["worker"]:
            _process(lambda: import_module("bot.processes").worker())
        case _:
            import_module("bot.commands").app()


def _process(begin: Callable[[], None]) -> None:
    """Runs it until it ends.

    Nothing that is imported is garbage. Looking for some would take a fifth of the start, and later
    a part of every request.
    """
    gc.disable()  # until it is ready
    for name in _ADORNMENTS:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type] # None: it is not to be had
    try:
        begin()
    except KeyboardInterrupt:
        sys.exit(130)  # as shells have it


if __name__ == "__main__":
    main()

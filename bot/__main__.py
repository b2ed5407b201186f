"""The ``hourlink`` command: imports what the command needs, and calls it."""

import gc
import sys
from importlib import import_module


def main() -> None:
    """Runs the command line; who serves does not wait for what the other commands need.

    Nothing that is imported is garbage. Looking for some would take a fifth of the start, and later
    a part of every request.
    """
    gc.disable()
    is_process = sys.argv[1:2] in (["serve"], ["worker"])
    commands = import_module("bot.processes" if is_process else "bot.commands")
    if not is_process:  # else once it is ready
        gc.enable()
    commands.app()


if __name__ == "__main__":
    main()

"""``python -m tests.scenarios.patient``: Hourlink where nothing is in a hurry, and nothing idles.

As ``python -m bot``, but that an answer may take its time before it is sent later: the playground
of the stories waits for it, as Slack would not. What only time brings about is looked for more
often, so that a story waits for what happens, and not for the next look.
"""

import gc
import os
import runpy
from functools import partial
from importlib import import_module

PATIENCE, BUSY_MS = "STORY_PATIENCE", "STORY_BUSY_MS"
"""Variables of the environment, for the stories that are about these limits."""


def sets_limits() -> None:
    """Gives this process its time."""
    often = {"look": 0.25, "remind": 1, "bury": 1, "heartbeat": 1, "dead_after": 10}
    pace = partial(import_module("bot.jobs.runner").Pace, **often)
    limits: dict[str, dict[str, object]] = {
        "bot.followed_clock": {"EVERY": 0.1},
        "bot.jobs.distributed": {"Pace": pace},
        "bot.jobs.embedded": {"Pace": pace},
        "handlers.linking.connect": {"PATIENCE": 60.0},
        "handlers.edge": {"PATIENCE": float(os.environ.get(PATIENCE, "60")), "ACK_TRAVELS": 0.1},
        "handlers.tracking.shortcuts": {"PATIENCE": 60.0},
        "storage.engine": {"SQLITE_BUSY_MS": int(os.environ.get(BUSY_MS, "60000"))},
    }
    for name, values in limits.items():
        module = import_module(name)
        for key, value in values.items():
            if not hasattr(module, key):
                raise AttributeError(f"{name} has no {key} any more")
            setattr(module, key, value)


def main() -> None:
    """Runs the command line."""
    gc.disable()  # as ``bot.__main__``, which switches it on again
    sets_limits()
    runpy.run_module("bot", run_name="__main__")


if __name__ == "__main__":
    main()

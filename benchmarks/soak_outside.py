"""Slack and every tool of the soak, in a process of their own.

It is told to make trouble and to stop making it, to let projects appear, and says at the end what
was posted and written.
"""

import argparse
import asyncio
import os
import random
import sys
import threading
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any

from benchmarks.apart import obey
from benchmarks.soak_slack import ManySlacks
from benchmarks.soak_tools import Tool, Weather, grow, of_team


class Outside:
    """Everything that Hourlink reaches for."""

    def __init__(self, teams: int, members: int, seed: int) -> None:
        self._rolls = random.Random(seed)  # noqa: S311 - what grows, not secrets
        self.slack = ManySlacks(seed)
        self._weather = Weather(seed)
        self.tools: list[Tool] = []
        for team in range(1, teams + 1):
            self.tools += of_team(team, members)
        self._grown: list[str] = []
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self.url = ""

    def start(self) -> None:
        """Listens in a thread of its own, until the process ends."""
        threading.Thread(target=self._run_loop, daemon=True).start()
        self._ready.wait(60)

    def _run_loop(self) -> None:
        self._loop.run_until_complete(self._run())

    async def _run(self) -> None:
        async with AsyncExitStack() as stack:
            server = await asyncio.start_server(self.slack.server.serve, "127.0.0.1", 0)
            self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            for tool in self.tools:
                await stack.enter_async_context(tool.site.running())
                self._weather.over(tool)
            self._ready.set()
            await asyncio.Event().wait()

    def described(self) -> Mapping[str, object]:
        """Where everything is."""
        return {"slack": self.url, "tools": [tool.described() for tool in self.tools]}

    def trouble(self, *, on: bool) -> Mapping[str, object]:
        """Calls go wrong from now on, or no more."""
        self._weather.is_bad = self.slack.has_trouble = on
        return {}

    def grow(self) -> Mapping[str, object]:
        """A project appears somewhere."""
        tool = self._rolls.choice(self.tools)
        name = f"Grown {len(self._grown):04}"
        self._in_loop(lambda: grow(tool, name))
        self._grown.append(name)
        return {}

    def late(self) -> Mapping[str, object]:
        """Answers that came through response URLs."""
        return {"late": dict(self.slack.late)}

    def calls(self) -> Mapping[str, object]:
        """How often a tool was called so far."""
        return {"calls": self._weather.calls}

    def told(self) -> Mapping[str, object]:
        """What came of it."""
        return {
            "grown": self._grown,
            "posts": [
                [one.team, one.channel, one.marker, one.text] for one in list(self.slack.kept)
            ],
            "strangers": self.slack.strangers,
            "calls": self._weather.calls,
            "met": self._weather.met,
            "records": [tool.records() for tool in self.tools],
        }

    def _in_loop(self, work: Any) -> None:  # noqa: ANN401 - anything that can be called
        done = threading.Event()

        def run() -> None:
            work()
            done.set()

        self._loop.call_soon_threadsafe(run)
        done.wait(30)


def main() -> None:
    """The process."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--teams", type=int, required=True)
    parser.add_argument("--members", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    chosen = parser.parse_args()
    for name in ("HOURLINK_SPECS", "HOURLINK_REQUIRE_ALL"):
        os.environ.pop(name, None)  # nobody judges here; it would take most of the time
    outside = Outside(chosen.teams, chosen.members, chosen.seed)
    outside.start()
    obey(
        {
            "trouble": outside.trouble,
            "grow": outside.grow,
            "late": outside.late,
            "calls": outside.calls,
            "told": outside.told,
        },
        **outside.described(),
    )
    sys.stdout.flush()
    os._exit(0)  # answers that are never given are not waited for


if __name__ == "__main__":
    main()

"""A stand-in that answers while lives are killed, over a way on which requests get lost."""

import asyncio
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from tests.http_server import Answering, Say, Seen
from tests.providers.stand_in import StandIn

ARRIVES = 1.0
"""Seconds that a request may be at work after its caller was killed; as long as the product waits,
at the speed of these lives."""

_LATE = 0.1
"""Seconds that some take before anything happens."""

_START = 60.0
_CUT = range(6, 24)
"""Requests that nobody answers while the link is cut."""


class Way:
    """Requests that do not arrive, or late; answers that get lost; the link cut for long.

    Half of what goes wrong goes wrong after the tool has acted.
    """

    def __init__(self, rolls: random.Random, often: float) -> None:
        self._rolls = rolls
        self._often = often
        self._cut = 0
        self._is_good = False

    def mend(self) -> None:
        """From here on everything arrives."""
        self._is_good = True

    def __call__(self, answer: Answering) -> Answering:
        """In the place of what answers."""

        async def answered(seen: Seen) -> Say:
            if self._cut and not self._is_good:
                self._cut -= 1
                return _NOTHING
            roll = 1.0 if self._is_good else self._rolls.random()
            if roll < self._often / 10:
                self._cut = self._rolls.choice(_CUT)
            if roll < self._often / 2:
                return self._rolls.choice((_NOTHING, Say(503)))
            if self._rolls.random() < self._often / 2:
                await asyncio.sleep(self._rolls.uniform(0, _LATE))
            told = answer(seen)
            say = told if isinstance(told, Say) else await told
            if roll < self._often:
                return self._rolls.choice((replace(say, cut_after=0), Say(500), Say(504)))
            return say

        return answered


_NOTHING = Say(cut_after=0)


@contextmanager
def served(stand_in: StandIn, way: Way) -> Iterator[None]:
    """Answers in a thread of its own until the block ends."""
    ready = threading.Event()
    ends: list[Callable[[], object]] = []
    failed: list[BaseException] = []

    async def answers() -> None:
        stand_in.over(way)
        async with stand_in.running():
            over, loop = asyncio.Event(), asyncio.get_running_loop()
            ends.append(lambda: loop.call_soon_threadsafe(over.set))
            ready.set()
            await over.wait()

    def run() -> None:
        try:
            asyncio.run(answers())
        except BaseException as error:  # noqa: BLE001 - it is raised where somebody sees it
            failed.append(error)
            ready.set()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        if not ready.wait(_START) or failed:
            raise AssertionError(f"the stand-in does not answer: {failed}")
        yield
    finally:
        for end in ends:
            end()
        thread.join()

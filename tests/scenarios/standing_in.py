"""A provider's stand-in beside real processes: it runs in a thread of its own."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

from tests.providers.stand_in import StandIn


class Beside:
    """A running stand-in, and a way to have it do something that takes time."""

    def __init__(self, stand_in: StandIn) -> None:
        self._stand_in = stand_in
        self._loop = asyncio.new_event_loop()
        self._listening, self._over = threading.Event(), asyncio.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Listens from here on."""
        self._thread.start()
        if not self._listening.wait(60):
            raise AssertionError("the stand-in does not listen")

    def stop(self) -> None:
        """Ends it."""
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(60)

    def does(self, work: Coroutine[Any, Any, object]) -> None:
        """Has it do something, and waits until it is done."""
        asyncio.run_coroutine_threadsafe(work, self._loop).result(120)

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        async with self._stand_in.running():
            self._listening.set()
            await self._over.wait()


@contextmanager
def beside(stand_in: StandIn) -> Iterator[Beside]:
    """Runs until the block ends."""
    made = Beside(stand_in)
    made.start()
    try:
        yield made
    finally:
        made.stop()

"""Telling people's open pages what changed, as it changes."""

import asyncio
from collections import defaultdict

from playground.shapes import Json


class Hub:
    """Who is watching, and how much has happened to each person."""

    def __init__(self) -> None:
        self._queues: dict[str, set[asyncio.Queue[Json]]] = defaultdict(set)
        self._revisions: dict[str, int] = defaultdict(int)
        self._moved: dict[str, asyncio.Event] = defaultdict(asyncio.Event)

    def publish(self, user_id: str, news: Json) -> None:
        """Tell one person's pages."""
        self._revisions[user_id] += 1
        self._moved.pop(user_id, asyncio.Event()).set()
        for queue in self._queues[user_id]:
            queue.put_nowait(news)

    def announce(self, news: Json) -> None:
        """Tell every page; no revision counts it."""
        for queues in self._queues.values():
            for queue in queues:
                queue.put_nowait(news)

    def subscribe(self, user_id: str) -> asyncio.Queue[Json]:
        """Open a stream of news for a person."""
        queue: asyncio.Queue[Json] = asyncio.Queue()
        self._queues[user_id].add(queue)
        return queue

    def unsubscribe(self, user_id: str, queue: asyncio.Queue[Json]) -> None:
        """Close a stream."""
        self._queues[user_id].discard(queue)

    def revision(self, user_id: str) -> int:
        """How many things this person has been told."""
        return self._revisions[user_id]

    async def wait(self, user_id: str, since: int, seconds: float) -> int:
        """Wait until the person has been told more than `since` things, or the time is up."""
        try:
            async with asyncio.timeout(seconds):
                while self._revisions[user_id] <= since:
                    await self._moved[user_id].wait()
        except TimeoutError:
            pass
        return self._revisions[user_id]

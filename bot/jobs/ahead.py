"""Reading ahead: pages are fetched while those before them are being saved."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Generic, TypeVar

from bot.domain.values import dataclass
from bot.integrations.api import Page
from bot.integrations.errors import ProviderUnavailable

Item = TypeVar("Item")

PAGE_LIMIT = 300.0
"""Seconds after which a page will not come any more."""

GATHERING = 0.1
"""Seconds that a page waits for those behind it: longer than a quick tool takes for the next."""


@dataclass(frozen=True, slots=True)
class Batch(Generic[Item]):
    """Pages that came meanwhile, as one."""

    items: tuple[Item, ...]
    cursor: str | None
    """Where to read on after the last of them."""
    pages: int


class Ahead(Generic[Item]):
    """The pages in order, as many at once as are there. Fetching begins right away.

    A slow tool has each page saved as it comes, or nearly so. Of a quick one as many are saved
    together as may wait, because a transaction costs the same for all.

    Iterating raises a ``ProviderError`` as the pages do, once all that came before is taken.
    """

    def __init__(self, pages: AsyncIterator[Page[Item]], provider: str, *, most: int) -> None:
        """Begins, in the running event loop; who begins closes.

        Args:
            pages: What an adapter lists.
            provider: Its slug.
            most: Items that wait; whole pages, so the last of them may go beyond. Nothing is
                fetched while so many wait, so a list of any length takes no more memory.
        """
        self._pages = pages
        self._provider = provider
        self._most = most
        self._waiting: deque[Page[Item]] = deque()
        self._news, self._room, self._enough = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._fetching = asyncio.ensure_future(self._fetch())
        self._fetching.add_done_callback(self._ended)

    def __aiter__(self) -> "Ahead[Item]":
        """Itself; there is one pass."""
        return self

    async def __anext__(self) -> Batch[Item]:
        """What came meanwhile; waits where nothing has."""
        while self._waiting or not self._fetching.done():
            await self._news.wait()
            if self._waiting:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._enough.wait(), GATHERING)
                batch = _taken(self._waiting, self._most)
                if not self._fetching.done():
                    self._enough.clear()
                self._room.set()
                return batch
            if not self._fetching.done():
                self._news.clear()
        await self._fetching
        raise StopAsyncIteration

    async def all_fetched(self) -> None:
        """Waits until nothing more is to come, be it that fetching failed."""
        await asyncio.wait([self._fetching])

    async def aclose(self) -> None:
        """Fetches no more."""
        self._fetching.cancel()
        await asyncio.gather(self._fetching, return_exceptions=True)
        close = getattr(self._pages, "aclose", None)
        if close is not None:
            await close()

    async def _fetch(self) -> None:
        while (page := await _one(self._pages, self._provider)) is not None:
            self._waiting.append(page)
            self._news.set()
            while sum(len(one.items) for one in self._waiting) >= self._most:
                self._enough.set()
                self._room.clear()
                await self._room.wait()

    def _ended(self, _: object) -> None:
        self._news.set()
        self._enough.set()


def _taken(waiting: deque[Page[Item]], most: int) -> Batch[Item]:
    """The first pages, no more items than so many; but one page at least."""
    first = waiting.popleft()
    items, cursor, pages = first.items, first.cursor, 1
    while waiting and len(items) + len(waiting[0].items) <= most:
        page = waiting.popleft()
        items, cursor, pages = items + page.items, page.cursor, pages + 1
    return Batch(items, cursor, pages)


async def _one(pages: AsyncIterator[Page[Item]], provider: str) -> Page[Item] | None:
    try:
        async with asyncio.timeout(PAGE_LIMIT):
            return await anext(pages, None)
    except TimeoutError:
        raise ProviderUnavailable(provider, f"no page within {PAGE_LIMIT:.0f} seconds") from None

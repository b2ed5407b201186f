"""Reading ahead: pages are fetched while those before them are being saved."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

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


async def ahead(
    pages: AsyncIterator[Page[Item]], provider: str, *, most: int
) -> AsyncGenerator[Batch[Item], None]:
    """The pages in order, as many at once as are there.

    A slow tool has each page saved as it comes, or nearly so. Of a quick one as many are saved
    together as may wait, because a transaction costs the same for all.

    Args:
        pages: What an adapter lists.
        provider: Its slug.
        most: Items that wait; whole pages, so the last of them may go beyond. Nothing is fetched
            while so many wait, so a list of any length takes no more memory.

    Raises:
        ProviderError: as the pages do, once all that came before is taken.
    """
    waiting: deque[Page[Item]] = deque()
    news, room, enough = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def fetch() -> None:
        while (page := await _one(pages, provider)) is not None:
            waiting.append(page)
            news.set()
            while sum(len(one.items) for one in waiting) >= most:
                enough.set()
                room.clear()
                await room.wait()

    def ended(_: object) -> None:
        news.set()
        enough.set()

    fetching = asyncio.ensure_future(fetch())
    fetching.add_done_callback(ended)
    try:
        while not (fetching.done() and not waiting):
            await news.wait()
            if waiting:
                with suppress(TimeoutError):
                    await asyncio.wait_for(enough.wait(), GATHERING)
                batch = _taken(waiting, most)
                if not fetching.done():
                    enough.clear()
                room.set()
                yield batch
            elif not fetching.done():
                news.clear()
        await fetching
    finally:
        fetching.cancel()
        await asyncio.gather(fetching, return_exceptions=True)
        close = getattr(pages, "aclose", None)
        if close is not None:
            await close()


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

"""Pages that are fetched while those before them are being saved."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.integrations.api import Page
from bot.integrations.errors import ProviderUnavailable
from bot.jobs.ahead import Ahead, Batch

MOST = 500


class Listing:
    """Pages of a hundred numbers each, and how far they were read."""

    def __init__(self, pages: int, *, fails_at: int | None = None) -> None:
        self.fetched = 0
        self.closed = False
        self._pages = pages
        self._fails_at = fails_at

    async def read(self) -> AsyncIterator[Page[int]]:
        try:
            for number in range(self._pages):
                if number == self._fails_at:
                    raise ProviderUnavailable("fake", "away")
                self.fetched += 1
                items = tuple(range(100 * number, 100 * number + 100))
                yield Page(items, str(number) if number < self._pages - 1 else None)
        finally:
            self.closed = True


async def _settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_what_came_meanwhile_is_saved_together() -> None:
    """A quick tool costs a transaction for five pages, and not one for each."""
    listing = Listing(12)
    batches: list[Batch[int]] = []
    async for batch in Ahead(listing.read(), "fake", most=MOST):
        batches.append(batch)
        await _settled()  # it is being saved
    assert [item for batch in batches for item in batch.items] == list(range(1200))
    assert sum(batch.pages for batch in batches) == 12
    assert max(len(batch.items) for batch in batches) == MOST
    assert len(batches) <= 4
    assert [batch.cursor for batch in batches][-1] is None
    assert listing.closed


async def test_a_slow_tool_has_each_page_saved_as_it_comes() -> None:
    """Nothing that is here waits for what is not."""
    more = asyncio.Event()

    async def slow() -> AsyncIterator[Page[int]]:
        for number in range(3):
            await more.wait()
            more.clear()
            yield Page((number,), None if number == 2 else str(number))

    more.set()
    seen: list[tuple[int, ...]] = []
    async for batch in Ahead(slow(), "fake", most=MOST):
        seen.append(batch.items)
        more.set()
    assert seen == [(0,), (1,), (2,)]


async def test_no_more_is_fetched_than_may_wait() -> None:
    """A million tasks take no more memory than a thousand."""
    listing = Listing(1000)
    batches = Ahead(listing.read(), "fake", most=MOST)
    async for _ in batches:
        await _settled()
        assert listing.fetched <= 10
        break
    await batches.aclose()
    assert listing.fetched <= 10
    assert listing.closed


async def test_what_came_before_trouble_is_saved_first() -> None:
    """A page that fails costs none of those before it."""
    listing = Listing(5, fails_at=3)
    seen: list[int] = []

    async def save() -> None:
        async for batch in Ahead(listing.read(), "fake", most=MOST):
            seen.extend(batch.items)
            await _settled()

    with pytest.raises(ProviderUnavailable):
        await save()
    assert seen == list(range(300))


async def test_a_page_that_never_comes_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tool that hangs ends in a wait that is told, not in silence."""
    monkeypatch.setattr("bot.jobs.ahead.PAGE_LIMIT", 0.01)

    async def hanging() -> AsyncIterator[Page[int]]:
        await asyncio.Event().wait()
        yield Page(())

    with pytest.raises(ProviderUnavailable):
        await anext(Ahead(hanging(), "fake", most=MOST))

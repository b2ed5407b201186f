"""What comes while the last handful is being handled is handled together, next."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Handfuls(Generic[Item]):
    """Turns many small pieces of work that come at the same time into few larger ones."""

    def __init__(self, handle: Callable[[Sequence[Item]], Awaitable[object]]) -> None:
        self._handle = handle
        self._next: list[tuple[Item, asyncio.Future[None]]] = []
        self._work: asyncio.Task[None] | None = None

    async def __call__(self, item: Item) -> None:
        """Returns once it is handled; raises what its handful met."""
        handled = asyncio.get_running_loop().create_future()
        self._next.append((item, handled))
        if self._work is None:
            self._work = asyncio.create_task(self._run())
        await handled

    async def _run(self) -> None:
        try:
            while self._next:
                handful, self._next = self._next, []
                met = await self._handled([item for item, _ in handful])
                for waiting in (one for _, one in handful if not one.done()):
                    if met is None:
                        waiting.set_result(None)
                    else:
                        waiting.set_exception(met)
        finally:
            self._work = None

    async def _handled(self, items: Sequence[Item]) -> Exception | None:
        """What handling them met; whoever waits is told."""
        try:
            await self._handle(items)
        except Exception as error:  # noqa: BLE001 - it is raised where somebody waits
            return error
        return None

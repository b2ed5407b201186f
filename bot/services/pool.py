"""The bounded thread pool in which services run: one hop a use case."""

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from storage.away import begin_request

__all__ = ["Pool", "begin_request"]

P = ParamSpec("P")
Result = TypeVar("Result")


class Pool:
    """Runs ordinary functions off the event loop.

    One thread for SQLite, which has one writer: a queue in front of it is fairer than its lock.
    About 16 for PostgreSQL.
    """

    def __init__(self, threads: int) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="service")
        self._calls = 0

    @property
    def is_wanted(self) -> bool:
        """Somebody waits for an answer now. Who asks this after a call of their own sees others."""
        return self._calls > 0

    async def __call__(
        self, function: Callable[P, Result], *args: P.args, **kwargs: P.kwargs
    ) -> Result:
        """Calls the function in the pool and waits for its result."""
        loop = asyncio.get_running_loop()
        work = partial(function, *args, **kwargs)
        whose = contextvars.copy_context()  # several calls may belong to one request
        self._calls += 1
        try:
            return await loop.run_in_executor(self._threads, whose.run, work)
        finally:
            self._calls -= 1

    def close(self) -> None:
        """Lets what runs finish; nothing new starts."""
        self._threads.shutdown(wait=True, cancel_futures=True)

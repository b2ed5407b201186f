"""The bounded thread pool in which services run: one hop a use case."""

import asyncio
import contextvars
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Any, ParamSpec, TypeVar

from storage.away import begin_request, has_saved
from storage.together import Together

__all__ = ["Pool", "begin_request", "has_saved"]

P = ParamSpec("P")
Result = TypeVar("Result")

Gathering = Callable[[], AbstractContextManager[Together | None]]
"""Opens a block of a thread, in which the brief transactions of its calls are committed at once."""


class Pool:
    """Runs ordinary functions off the event loop.

    One thread for SQLite, which has one writer: a queue in front of it is fairer than its lock, and
    what waits there is committed together. About 16 for PostgreSQL.
    """

    def __init__(self, threads: int, gathering: Gathering = nullcontext) -> None:
        self._most = threads
        self._gathering = gathering
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="service")
        self._lock = Lock()
        self._waiting: deque[_Call] = deque()
        self._busy = 0
        """Threads at work."""
        self._is_closed = False
        self._calls = 0
        self._answers: _Answers | None = None

    @property
    def is_wanted(self) -> bool:
        """Somebody waits for an answer now. Who asks this after a call of their own sees others."""
        return self._calls > 0

    async def __call__(
        self, function: Callable[P, Result], *args: P.args, **kwargs: P.kwargs
    ) -> Result:
        """Calls the function in the pool and waits for its result, and for what it stored."""
        loop = asyncio.get_running_loop()
        work = partial(function, *args, **kwargs)
        whose = contextvars.copy_context()  # several calls may belong to one request
        if self._answers is None or self._answers.loop is not loop:
            self._answers = _Answers(loop)
        call = _Call(self._answers, loop.create_future(), partial(whose.run, work))
        self._calls += 1
        try:
            self._begin(call)
            result: Result = await call.future
            return result
        finally:
            self._calls -= 1

    def close(self) -> None:
        """Lets what runs finish; nothing new starts."""
        with self._lock:
            self._is_closed = True
            left = list(self._waiting)
            self._waiting.clear()
        for call in left:
            call.cancel()
        self._threads.shutdown(wait=True)

    def _begin(self, call: "_Call") -> None:
        with self._lock:
            if self._is_closed:
                raise RuntimeError("the pool is closed")
            self._waiting.append(call)
            if self._busy == self._most:
                return
            self._busy += 1
        self._threads.submit(self._work)

    def _work(self) -> None:
        """Makes calls until none waits."""
        with self._gathering() as together:
            while call := self._next(together):
                call.make()
                if together is None:
                    call.answer(None)
                else:
                    together.tell(call.answer)

    def _next(self, together: Together | None) -> "_Call | None":
        """The call that has waited longest; None once nothing is left to do."""
        while True:
            held = together if together and together.is_open else None
            with self._lock:
                if self._waiting and not (held and held.is_full):
                    return self._waiting.popleft()
                if held is None:
                    self._busy -= 1
                    return None
            with suppress(Exception):  # whoever is concerned is told
                held.settle()


class _Answers:
    """What threads tell an event loop, which is woken once for all that is told meanwhile.

    What is committed together is told at the same moment.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._told: deque[Callable[[], object]] = deque()
        self._is_woken = False

    def put(self, told: Callable[[], object]) -> None:
        """Has it called in the loop; nothing where that is closed. Any thread may."""
        self._told.append(told)  # before the look: whoever empties it says so before they begin
        if not self._is_woken:
            self._is_woken = True
            with suppress(RuntimeError):  # closed: perhaps just now
                self.loop.call_soon_threadsafe(self._tell)

    def _tell(self) -> None:
        self._is_woken = False
        while self._told:
            self._told.popleft()()


@dataclass(slots=True)
class _Call:
    """One call, and who waits for it."""

    answers: "_Answers"
    future: "asyncio.Future[Any]"
    work: Callable[[], object]
    result: object = None
    error: BaseException | None = None

    def make(self) -> None:
        """Calls, unless nobody waits any more."""
        if not self.future.cancelled():
            try:
                self.result = self.work()
            except StopIteration as error:  # which no future takes
                self.error = RuntimeError(f"a call ended with {error!r}")
            except BaseException as error:  # noqa: BLE001 - whoever waits gets it
                self.error = error

    def answer(self, lost: BaseException | None) -> None:
        """Hands over what came of it, or what kept it from being stored."""
        self.answers.put(partial(self._answer, lost))

    def cancel(self) -> None:
        """It is not made any more."""
        self.answers.put(self.future.cancel)

    def _answer(self, lost: BaseException | None) -> None:
        error = self.error or lost
        if self.future.done():
            return
        if error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(error)

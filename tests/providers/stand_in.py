"""The common part of all stand-ins: a provider that keeps state, over real HTTP.

A stand-in speaks its API's own words: routes, paging, ordering, limits, errors. What is here is
what every API has: requests arrive, are counted, answered, and go wrong when a test says so.
"""

import asyncio
import json
import re
import socket
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, ClassVar, TypeAlias, TypeVar, cast

import httpx
import pytest

from bot.integrations.registry import AdapterFactory
from tests.http_server import Answering, HttpServer, Say, Seen
from tests.providers.description import Judge

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

Item = TypeVar("Item")
Handler: TypeAlias = Callable[..., object | Awaitable[object]]
Spoiling: TypeAlias = Callable[[Say], Say]
"""What becomes of a right answer on its way."""


class Refusal(Exception):
    """A route's way to say no, in the API's own form."""

    def __init__(
        self, status: int, body: object = "", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status)
        self.say = Say(status, body, headers or {})


def route(method: str, path: str) -> Callable[[Handler], Handler]:
    """Marks the method that answers these requests; named groups of the path are arguments.

    It returns JSON, or a ``Say``, or raises ``Refusal``.
    """

    def mark(handler: Handler) -> Handler:
        handler.__dict__["route"] = (method, re.compile(path))
        return handler

    return mark


@dataclass
class _Trouble:
    """One thing that goes wrong, from the how manieth request on."""

    spoil: Spoiling | None
    on: int
    lasts: int
    met: int = 0

    def meets(self) -> bool:
        """Counts a request, and says whether it is one that goes wrong."""
        self.met += 1
        return self.on <= self.met < self.on + self.lasts


@dataclass
class Row:
    """One task as every stand-in keeps it; ``more`` is the API's own."""

    id: str
    project: str
    title: str
    updated: datetime
    number: int = 0
    is_done: bool = False
    more: dict[str, Any] = field(default_factory=dict)


class StandIn(ABC):
    """A provider with projects, people and tasks. Subclasses add routes and seed it."""

    factory: ClassVar[AdapterFactory]
    enumerated: ClassVar[tuple[str, ...]] = ()
    """Fields of a task whose values the API counts up, as dotted paths from the task."""

    def __init__(self, *judges: Judge | None) -> None:
        self.judges = [judge for judge in judges if judge is not None]
        self.violations: list[str] = []
        """Where a request or an answer departs from the API's description."""
        self.unrouted: list[str] = []
        """Requests that no route answers."""
        self.now = NOON
        self.skew = timedelta()
        """How far the provider's own clock is off."""
        self.rewrite: Callable[[Seen, Any], Any] | None = None
        """Changes the decoded answers of reads, where a test wants them wrong in their content."""
        self.before: Callable[[Seen], None] | None = None
        """Called before a request is answered: where something happens between two pages.

        What it raises as ``Refusal`` is the answer, and nothing is done.
        """
        self.page_size = 100
        """The most tasks the API puts on a page; fewer make a small world have several pages."""
        self.shape_of_a_task: list[tuple[str, ...]] = []
        """Paths of the fields of the first task that was listed."""
        self.tasks: dict[str, Row] = {}
        self._troubles: list[_Trouble] = []
        self._server = HttpServer(self._answer)
        self._routes = list(_routes(self))
        self._held: socket.socket | None = None
        self._listening: asyncio.Server | None = None
        self._handlers: set[asyncio.Task[None]] = set()
        self.url = ""

    # What the tests that are the same for all adapters ask of it

    @property
    @abstractmethod
    def credentials(self) -> Mapping[str, str]:
        """What opens it; read once it runs."""

    @property
    def pinned(self) -> Mapping[str, object]:
        """What it takes the place of while it runs, by dotted name in the adapter's modules.

        For tools that have one address for everybody.
        """
        return {}

    @property
    @abstractmethod
    def project_id(self) -> str:
        """A project with tasks, which tests may change."""

    @abstractmethod
    def add_project(self, name: str) -> str:
        """One more project; tells its id."""

    @abstractmethod
    def add_task(self, title: str, project_id: str | None = None) -> str:
        """One more task, in ``project_id`` unless told otherwise; tells its id."""

    @abstractmethod
    def lists_tasks(self, seen: Seen) -> bool:
        """Whether the request asks for a page of tasks."""

    def retitle(self, task_id: str, title: str) -> None:
        """Somebody edits a task."""
        self.tasks[task_id].title = title
        self.tasks[task_id].updated = self.clock()

    def remove(self, task_id: str) -> None:
        """Somebody deletes a task."""
        del self.tasks[task_id]

    def titles(self, project_id: str | None = None) -> dict[str, str]:
        """What is in a project: the truth a sync has to end in."""
        wanted = project_id or self.project_id
        return {row.id: row.title for row in self.tasks.values() if row.project == wanted}

    # Running

    @asynccontextmanager
    async def running(self) -> AsyncIterator["StandIn"]:
        """Listens on a free port, which stays its own while nobody answers there."""
        with socket.socket() as held:
            held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            held.bind(("127.0.0.1", 0))
            self._held = held
            self.url = f"http://127.0.0.1:{held.getsockname()[1]}"
            await self._listen()
            try:
                with pytest.MonkeyPatch.context() as patch:
                    for name, value in self.pinned.items():
                        patch.setattr(name, value)
                    yield self
            finally:
                self.refuse()
                for handler in self._handlers:
                    handler.cancel()
                await asyncio.gather(*self._handlers, return_exceptions=True)

    async def _listen(self) -> None:
        assert self._held is not None
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind(self._held.getsockname())
        self._listening = await asyncio.start_server(self._serve, sock=listener)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        handler = cast("asyncio.Task[None]", asyncio.current_task())
        self._handlers.add(handler)
        try:
            await self._server.serve(reader, writer)
        except asyncio.CancelledError:
            pass  # the test is over
        finally:
            self._handlers.discard(handler)

    # Going wrong

    def spoil(self, spoil: Spoiling | None, *, on: int = 1, lasts: int = 1_000_000) -> None:
        """From the ``on``-th request from now on, so many answers go wrong.

        ``None`` refuses connections from then on.
        """
        self._troubles.append(_Trouble(spoil, on, lasts))
        if spoil is None and on == 1:
            self.refuse()

    def refuse(self) -> None:
        """Nobody answers any more; the operating system refuses connections."""
        if self._listening is not None:
            self._listening.close()
            self._listening = None

    async def mend(self) -> None:
        """Everything is right again."""
        self._troubles.clear()
        self.rewrite = self.before = None
        self.skew = timedelta()
        if self._listening is None:
            await self._listen()

    def over(self, way: Callable[[Answering], Answering]) -> None:
        """Puts something between those who ask and what answers."""
        self._server.answer = way(self._server.answer)

    # Telling

    async def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> httpx.Response:
        """Sends a webhook's request, as the provider's servers would."""
        async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
            return await client.post(address, content=body, headers=dict(headers))

    # Looking

    @property
    def seen(self) -> list[Seen]:
        """Every request, in order."""
        return self._server.seen

    def counted(self) -> Counter[str]:
        """How often each path was asked for."""
        return Counter(f"{one.method} {one.path}" for one in self.seen)

    def clock(self) -> datetime:
        """The provider's own present moment."""
        return self.now + self.skew

    # Answering

    @abstractmethod
    def authorised(self, seen: Seen) -> None:
        """Raises ``Refusal`` for a request without the right key."""

    async def _answer(self, seen: Seen) -> Say:
        meets = [trouble for trouble in self._troubles if trouble.meets()]
        say = await self._said(seen)
        say = replace(
            say, headers={"Date": format_datetime(self.clock(), usegmt=True)} | dict(say.headers)
        )
        for trouble in meets:
            if trouble.spoil is not None:
                say = trouble.spoil(say)
        for trouble in self._troubles:
            if trouble.spoil is None and trouble.met >= trouble.on - 1:
                self.refuse()
        return say

    async def _said(self, seen: Seen) -> Say:
        try:
            if self.before is not None:
                self.before(seen)
            say = await self._routed(seen)
        except Refusal as refusal:
            say = refusal.say
        for judge in self.judges:
            self.violations += judge.violations(seen, say)
        if not self.shape_of_a_task and self.lists_tasks(seen) and (rows := rows_of(say.body)):
            self.shape_of_a_task = list(paths(rows[0]))
        if self.rewrite is None or isinstance(say.body, str):
            return say
        copied = json.loads(json.dumps(say.body))  # the stand-in's own state stays as it is
        return replace(say, body=self.rewrite(seen, copied))

    async def _routed(self, seen: Seen) -> Say:
        for method, path, handler in self._routes:
            found = path.fullmatch(seen.path)
            if method == seen.method and found:
                self.authorised(seen)
                answer = handler(seen, **found.groupdict())
                body = await answer if isinstance(answer, Awaitable) else answer
                return body if isinstance(body, Say) else Say(body=body)
        self.unrouted.append(f"{seen.method} {seen.path}")
        raise Refusal(404)


def rows_of(body: Any) -> list[Any] | None:  # noqa: ANN401 - any API's answer
    """The list of objects in an answer, wherever the API keeps it."""
    if isinstance(body, list):
        return body if body and isinstance(body[0], dict) else None
    if isinstance(body, dict):
        for value in body.values():
            if (found := rows_of(value)) is not None:
                return found
    return None


def paths(row: object, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every field of an object, and of the objects in it."""
    if isinstance(row, dict):
        for name, value in row.items():
            yield (*above, name)
            yield from paths(value, (*above, name))


def window(rows: Sequence[Item], start: int, size: int) -> list[Item]:
    """A page by offset."""
    return list(rows[start : start + size])


def _routes(stand_in: StandIn) -> list[tuple[str, re.Pattern[str], Handler]]:
    found = []
    for name in dir(type(stand_in)):
        marked = getattr(getattr(type(stand_in), name), "route", None)
        if isinstance(marked, tuple):
            method, path = marked
            found.append((method, path, getattr(stand_in, name)))
    return sorted(found, key=lambda one: one[1].groups)  # a plain path before one with a hole

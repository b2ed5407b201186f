"""The web application: Slack's side, the page, and the page's API."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeAlias

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import State

from playground import consent, responses, ui_routes
from playground.errors import SlackError
from playground.site import Site
from playground.web_api import routes as web_api

PAGE = Path(__file__).parent / "page"
GONE = frozenset({State.CLOSING, State.CLOSED})
Handler: TypeAlias = Callable[[Site, Request], Awaitable[Response]]


def build(site: Site) -> Starlette:
    """Put the addresses together."""

    def bound(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            return await handler(site, request)

        return answer

    async def link(websocket: WebSocket) -> None:
        await site.sockets.serve(websocket)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        timekeeper = asyncio.create_task(web_api.keep_time(site))
        yield
        timekeeper.cancel()
        await asyncio.gather(timekeeper, return_exceptions=True)
        await site.close()

    return Starlette(
        routes=[
            Route("/", bound(_page)),
            Route("/healthz", bound(_health)),
            Route("/clock", bound(_clock)),
            Route("/oauth/v2/authorize", bound(consent.page), methods=["GET"]),
            Route("/oauth/v2/authorize", bound(consent.decide), methods=["POST"]),
            Mount("/page", StaticFiles(directory=PAGE, check_dir=False)),
            Route("/api/{method}", bound(web_api.answer), methods=["GET", "POST"]),
            Route("/upload/{key}", bound(web_api.upload), methods=["POST"]),
            Route("/files/{key}/{name}", bound(web_api.download)),
            Route("/response/{team}/{key}", bound(_response), methods=["POST"]),
            WebSocketRoute("/link", link),
            *ui_routes.routes(site),
        ],
        lifespan=lifespan,
    )


async def _page(_site: Site, _request: Request) -> Response:
    index = PAGE / "index.html"
    if not index.exists():
        return PlainTextResponse("The playground is running; its page is not installed.")
    return FileResponse(index)


async def _health(site: Site, _request: Request) -> Response:
    return JSONResponse({"ok": True, "socket": site.sockets.connected})


async def _clock(site: Site, request: Request) -> Response:
    site.clock.looks[request.query_params.get("who", "")] += 1
    return JSONResponse(site.clock.told())


async def _response(site: Site, request: Request) -> Response:
    try:
        backend = site.team(request.path_params["team"])
    except SlackError as error:
        return PlainTextResponse(error.code, status_code=404)
    status, body = responses.answer(backend, request.path_params["key"], await request.body())
    kind = "application/json" if body.startswith("{") else "text/plain"
    return Response(body, status_code=status, media_type=kind)


class Server(uvicorn.Server):
    """A server that knows its address once it listens, and leaves signals to its caller."""

    def __init__(self, site: Site, host: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        # asyncio sets TCP_NODELAY only on sockets whose protocol is spelled out; without it
        # every answer waits 40 ms for the other side's delayed acknowledgement.
        self.listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind((host, port))
        name = f"[{host}]" if ":" in host else host
        site.base_url = f"http://{name}:{self.listener.getsockname()[1]}"
        self.url = site.base_url
        site.hang_up = self._hang_up
        self.listening: Callable[[], None] = lambda: None
        self._told = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        config = uvicorn.Config(
            build(site),
            log_level=logging.WARNING,
            access_log=False,
            timeout_graceful_shutdown=1,
            ws="websockets-sansio",
        )
        super().__init__(config)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and tell whoever waits that the address answers."""
        await super().startup(sockets)
        self.listening()

    async def main_loop(self) -> None:
        """Tick as uvicorn does, but leave at once when told to stop."""
        self._loop = asyncio.get_running_loop()
        counter = 0
        while not await self.on_tick(counter):
            counter += 1
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.1):
                    await self._told.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Shut down as uvicorn does, past pages that are just closing: those make it raise."""
        for connection in tuple(self.server_state.connections):
            if isinstance(connection, WebSocketsSansIOProtocol) and connection.conn.state in GONE:
                connection.transport.abort()
        await asyncio.sleep(0)
        await super().shutdown(sockets)

    def _hang_up(self, client: object) -> None:
        """Cut the connection that comes from this address, as a bad line would."""
        for connection in tuple(self.server_state.connections):
            if getattr(connection, "client", None) == client and connection.transport is not None:
                connection.transport.abort()

    def stop(self) -> None:
        """Shut down; any thread and signal handler may call this."""
        self.should_exit = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._told.set)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the caller: uvicorn would raise them again after shutting down."""
        yield

    def run_blocking(self, listening: Callable[[], None]) -> None:
        """Serve until `should_exit` is set; call back once the address answers."""
        self.listening = listening
        asyncio.run(self.serve(sockets=[self.listener]))

"""Running a wired app as a process: HTTP, Socket Mode when asked, or background work alone."""

import asyncio
import os
import signal
import socket as sockets
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import Any

import structlog
import uvicorn
from starlette.applications import Starlette

from bot.app import build_app, build_worker
from bot.settings import Settings

log = structlog.get_logger(__name__)

SHUTDOWN = 8
"""Seconds that requests under way get to finish."""

LATEST = 12.0
"""Seconds after which a process that was told to stop ends, whatever still holds it up.

Nothing is lost by that: what was not committed is not there, and what is due is in the database.
"""


class CannotListen(Exception):
    """Nothing can be received at an address; why, and which setting chose the port."""

    def __init__(self, address: str, setting: str, reason: str) -> None:
        super().__init__(f"{address}: {reason}")
        self.address = address
        self.setting = setting
        self.reason = reason


def run(work: Coroutine[Any, Any, None]) -> None:
    """Runs it in the quickest event loop that is installed; asyncio's own takes twice as long."""
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(work)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    # Without `log_config` it brings handlers of its own again, beside those of bot/logs.py.
    return uvicorn.Config("", log_config=None).get_loop_factory()


async def serve(
    settings: Settings, *, socket: bool = False, listening: Callable[[str], None]
) -> None:
    """Serves until the process is told to stop.

    Args:
        settings: Checked beforehand.
        socket: Receive Slack's requests over Socket Mode; HTTP stays up for health.
        listening: Called with the address once requests are taken.

    Raises:
        CannotListen: a port is taken, or the address is not this machine's.
    """
    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(build_app(settings, socket=socket))
        listener = _listen(settings.host, settings.port, "HOURLINK_PORT")
        stack.callback(listener.close)
        await stack.enter_async_context(_operated(settings, app.operator_web))
        server = _Server(_config(app.web), started=lambda: listening(_address(listener)))
        if socket and settings.app_token is not None:
            # Only here, as everything that few processes need: each import is a part of the start.
            from slack_bolt.adapter.socket_mode.async_handler import (  # noqa: PLC0415
                AsyncSocketModeHandler,
            )

            handler = AsyncSocketModeHandler(app.bolt, settings.app_token.get_secret_value())
            await handler.connect_async()  # type: ignore[no-untyped-call]
            stack.push_async_callback(handler.close_async)
        introduction = asyncio.create_task(
            app.workspaces.introduce()
        )  # start-up never waits for Slack
        stack.callback(introduction.cancel)
        await server.serve(sockets=[listener])


async def work(settings: Settings, *, working: Callable[[], None]) -> None:
    """Does background work until the process is told to stop.

    Args:
        settings: Checked beforehand.
        working: Called once work is taken.

    Raises:
        CannotListen: the port of metrics is taken, or the address is not this machine's.
    """
    told_to_stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, told_to_stop.set)
    async with build_worker(settings) as worker, _operated(settings, worker.operator_web):
        introduction = asyncio.create_task(worker.workspaces.introduce())
        working()
        await told_to_stop.wait()
        log.info("ending")
        _ends_by_itself()
        introduction.cancel()


@asynccontextmanager
async def _operated(settings: Settings, web: Starlette | None) -> AsyncIterator[None]:
    """Serves the operator's tools on their own port, where they have one, until the block ends."""
    if web is None or settings.metrics_port is None:
        yield
        return
    listener = _listen(settings.host, settings.metrics_port, "HOURLINK_METRICS_PORT")
    server = _SideServer(_config(web))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    log.info("metrics_served", address=_address(listener))
    try:
        yield
    finally:
        server.should_exit = True
        await serving
        listener.close()


def _ends_by_itself() -> None:
    """Sees to it that the process ends, though a thread should wait for a database that is gone."""

    def end() -> None:
        log.warning("ended_late", seconds=LATEST)
        os._exit(1)

    limit = threading.Timer(LATEST, end)
    limit.daemon = True
    limit.start()


def _config(web: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        web,
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=SHUTDOWN,
    )


class _SideServer(uvicorn.Server):
    """Ends when it is told to by whoever began it, not by a signal."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leaves signals to the server beside it."""
        yield


class _Server(uvicorn.Server):
    """Tells when it takes requests; uvicorn itself only logs that. Its end is not the process's."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell = started

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Ends politely on TERM and Ctrl-C.

        uvicorn's own way raises the signal again when it has ended, which kills the process before
        what is being sent has arrived.
        """
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(sign, self._end, sign)
        yield

    def _end(self, sign: int) -> None:
        log.info("ending")
        _ends_by_itself()
        self.handle_exit(sign, None)

    async def startup(self, sockets: list[sockets.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._tell()


def _listen(host: str, port: int, setting: str) -> sockets.socket:
    family = sockets.AF_INET6 if ":" in host else sockets.AF_INET
    # asyncio sends small answers at once only on sockets that name their protocol.
    listener = sockets.socket(family, sockets.SOCK_STREAM, sockets.IPPROTO_TCP)
    listener.setsockopt(sockets.SOL_SOCKET, sockets.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise CannotListen(f"{host}:{port}", setting, error.strerror or str(error)) from error
    return listener


def _address(listener: sockets.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"

"""The composition root: the only place where things are constructed and wired."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import structlog
from slack_bolt.async_app import AsyncApp
from starlette.applications import Starlette

from bot.domain.ids import IntegrationId
from bot.jobs.outbox import Delivery, OutboxJob
from bot.jobs.runner import Duties
from bot.settings import Settings
from bot.web import build_web
from bot.wiring import Core, build_core, build_runner, system_clock
from bot.workspace import OneWorkspace, TokenRejected
from handlers.edge import Edge, Toolbox
from handlers.listeners import Listeners
from handlers.routes import Routes

if TYPE_CHECKING:
    from slack_bolt.authorization import AuthorizeResult

log = structlog.get_logger(__name__)

RETRY_SLACK = 5.0
"""Seconds between two tries to reach Slack at start."""


@dataclass(frozen=True, slots=True)
class App:
    """A wired Hourlink inside a running event loop."""

    web: Starlette
    bolt: AsyncApp
    workspace: OneWorkspace


@asynccontextmanager
async def build_app(settings: Settings, *, socket: bool = False) -> AsyncIterator[App]:
    """Wires a process that serves Slack, and takes it all down again on leaving.

    On SQLite it does the background work as well.

    Args:
        settings: Checked beforehand with ``bot.settings.problems``.
        socket: Receive Slack's requests over Socket Mode instead of ``POST /slack/events``.

    Raises:
        DatabaseInUse: another process works on the same SQLite file.
    """
    async with AsyncExitStack() as stack:
        core = await stack.enter_async_context(build_core(settings))
        runner = await build_runner(core, "socket" if socket else "http", _duties(core))
        routes = Routes()
        tools = Toolbox(
            slack=core.slack,
            members=core.members,
            pool=core.pool,
            clock=system_clock,
            new_reference=new_reference,
            wake=runner.wake,
        )
        edge = Edge(tools)
        bolt = AsyncApp(
            client=core.client,
            signing_secret=(
                settings.signing_secret.get_secret_value() if settings.signing_secret else None
            ),
            authorize=cast("Callable[..., Awaitable[AuthorizeResult]]", core.workspace.authorize),
            process_before_response=True,
            request_verification_enabled=not socket,
        )
        bolt.error(_unexpected)
        Listeners(
            routes=routes,
            edge=edge,
            slack=core.slack,
            members=core.members,
            pool=core.pool,
            clock=system_clock,
        ).attach(bolt)
        await runner.start()
        stack.push_async_callback(runner.stop)
        stack.push_async_callback(edge.drain)
        yield App(web=build_web(bolt, ready=core.readiness), bolt=bolt, workspace=core.workspace)


@asynccontextmanager
async def build_worker(settings: Settings) -> AsyncIterator[OneWorkspace]:
    """Wires a process that only does background work, shared with others through PostgreSQL."""
    async with AsyncExitStack() as stack:
        core = await stack.enter_async_context(build_core(settings))
        runner = await build_runner(core, "worker", _duties(core))
        await runner.start()
        stack.push_async_callback(runner.stop)
        yield core.workspace


async def introduce(workspace: OneWorkspace) -> None:
    """Learns whose token it is, trying until Slack answers; a rejected token is logged."""
    while True:
        try:
            identity = await workspace.identity()
        except TokenRejected as error:
            log.exception("slack_token_rejected", code=error.code)
            return
        except OSError as error:
            log.warning("slack_unreachable", error=str(error))
            await asyncio.sleep(RETRY_SLACK)  # noqa: TID251 - wiring, no use case
        else:
            log.info("installed", team=identity.team_id, name=identity.team_name)
            return


def _duties(core: Core) -> Duties:
    """The background work, for whichever runner does it."""
    deliveries: dict[str, Delivery] = {}

    async def tidy() -> None:
        await core.pool(core.outbox.tidy, system_clock())

    async def nothing(*_: object) -> Sequence[IntegrationId]:
        return ()

    return Duties(
        deliver=OutboxJob(core.outbox, deliveries, core.pool, system_clock).run_due,
        syncs_due=nothing,
        sync=nothing,
        remind=nothing,
        tidy=tidy,
    )


def new_reference() -> str:
    """A short id for something that broke on our side: ``7F3A-19``."""
    digits = secrets.token_hex(3).upper()
    return f"{digits[:4]}-{digits[4:]}"


def new_marker() -> str:
    """An id that never repeats, for what must be found again outside."""
    return secrets.token_hex(12)


async def _unexpected(error: Exception) -> None:
    """Bolt's last resort. It must answer None: a response after the ack dies on an assertion."""
    log.error("listener_failed", exc_info=error)

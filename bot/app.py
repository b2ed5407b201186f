"""The composition root: the only place where things are constructed and wired."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette

from bot.jobs.clock import IntervalClock
from bot.jobs.outbox import OutboxJob
from bot.jobs.runner import Duties, EmbeddedRunner
from bot.services.members import Members
from bot.services.outbox import Outbox
from bot.services.pool import Pool
from bot.settings import Settings
from bot.slack import Slack
from bot.web import Readiness, build_web
from bot.workspace import Identity, OneWorkspace, TokenRejected
from handlers.edge import Edge, Toolbox
from handlers.listeners import Listeners
from handlers.routes import Routes
from storage.engine import open_engine
from storage.migrations import upgrade
from storage.single_process import sole_process
from storage.unit_of_work import UnitOfWork

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

    async def introduce(self) -> None:
        """Learns whose token it is, trying until Slack answers; a rejected token is logged."""
        while True:
            try:
                identity = await self.workspace.identity()
            except TokenRejected as error:
                log.exception("slack_token_rejected", code=error.code)
                return
            except OSError as error:
                log.warning("slack_unreachable", error=str(error))
                await asyncio.sleep(RETRY_SLACK)  # noqa: TID251 - wiring, no use case
            else:
                log.info("installed", team=identity.team_id, name=identity.team_name)
                return


@asynccontextmanager
async def build_app(settings: Settings, *, socket: bool = False) -> AsyncIterator[App]:
    """Wires everything, begins the background work, and takes it all down again on leaving.

    Args:
        settings: Checked beforehand with ``bot.settings.problems``.
        socket: Receive Slack's requests over Socket Mode instead of ``POST /slack/events``.

    Raises:
        DatabaseInUse: another process works on the same SQLite file.
    """
    async with AsyncExitStack() as stack:
        stack.enter_context(sole_process(settings.database))
        await asyncio.to_thread(upgrade, settings.database)
        engine = open_engine(settings.database)
        stack.callback(engine.dispose)
        pool = Pool(1 if engine.dialect.name == "sqlite" else 16)
        stack.callback(pool.close)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        uow = UnitOfWork(engine)
        members = Members(uow)
        outbox = Outbox(uow)
        readiness = Readiness()
        client = AsyncWebClient(base_url=settings.slack_api_url, session=session)

        async def learned(identity: Identity) -> None:
            await pool(
                members.installed,
                identity.team_id,
                name=identity.team_name,
                bot_user_id=identity.bot_user_id,
                now=system_clock(),
            )
            readiness.slack = "ok"

        token = settings.bot_token.get_secret_value() if settings.bot_token else ""
        workspace = OneWorkspace(client, token, learned)
        slack = Slack(settings.slack_api_url, workspace.token, session)
        outbox_job = OutboxJob(outbox, {}, pool, system_clock)

        async def nothing() -> None:
            return None

        async def tidy() -> None:
            await pool(outbox.tidy, system_clock())

        runner = EmbeddedRunner(
            Duties(deliver=outbox_job.run_due, sync=nothing, remind=nothing, tidy=tidy),
            IntervalClock(),
        )
        routes = Routes()
        tools = Toolbox(
            slack=slack,
            members=members,
            pool=pool,
            clock=system_clock,
            new_reference=new_reference,
            wake=runner.wake,
        )
        edge = Edge(tools)
        bolt = AsyncApp(
            client=client,
            signing_secret=(
                settings.signing_secret.get_secret_value() if settings.signing_secret else None
            ),
            authorize=cast("Callable[..., Awaitable[AuthorizeResult]]", workspace.authorize),
            process_before_response=True,
            request_verification_enabled=not socket,
        )
        bolt.error(_unexpected)
        Listeners(
            routes=routes, edge=edge, slack=slack, members=members, pool=pool, clock=system_clock
        ).attach(bolt)
        await pool(outbox.hand_back, system_clock())
        await runner.start()
        stack.push_async_callback(runner.stop)
        stack.push_async_callback(edge.drain)
        yield App(web=build_web(bolt, ready=readiness), bolt=bolt, workspace=workspace)


def system_clock() -> datetime:
    """The present moment, by this machine."""
    return datetime.now(UTC)  # noqa: TID251 - the one place where time comes in


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

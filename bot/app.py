"""Wires a process: what it has once (``bot/wiring.py``) and its features (``bot/features/``)."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import structlog
from slack_bolt.async_app import AsyncApp
from starlette.applications import Starlette
from starlette.routing import Route

from bot.api.door import ApiDoor
from bot.domain.errors import Busy, TeamNotInstalled
from bot.domain.ids import IntegrationId
from bot.domain.operating.limits import Limits
from bot.domain.slack_errors import SlackError
from bot.domain.values import dataclass
from bot.domain.writing.worklogs import WRITE
from bot.features.all import Features, build_features
from bot.features.reports import LONG_KINDS
from bot.hook_door import HookDoor
from bot.jobs.outbox import OutboxJob
from bot.jobs.runner import Duties, Runner
from bot.operator_web import Probes, build_operator_web
from bot.services.operating.api_reading import ApiReading
from bot.services.operating.retention import Retention
from bot.services.pool import Pool
from bot.settings import Role, Settings, limits_of
from bot.slack import Slack
from bot.views import failures
from bot.web import build_web
from bot.wiring import Core, Makers, adapter_context, build_core, build_makers, build_runner
from bot.workspaces import Workspaces
from handlers.bolt import Authorize, Bolt
from handlers.edge import Edge, Toolbox
from handlers.events import Events
from handlers.listeners import Listeners
from handlers.turned_away import turned_away

if TYPE_CHECKING:
    from slack_bolt.authorization import AuthorizeResult
    from slack_bolt.response import BoltResponse

log = structlog.get_logger(__name__)

API_THREADS = 4
"""Answers of the API that are found at once."""


@dataclass(frozen=True, slots=True)
class App:
    """A wired Hourlink inside a running event loop."""

    web: Starlette
    operator_web: Starlette | None
    """What the operator's tools ask, on a port of its own; None without one."""
    bolt: AsyncApp
    workspaces: Workspaces


@dataclass(frozen=True, slots=True)
class Worker:
    """A wired process without a web for Slack."""

    operator_web: Starlette | None
    workspaces: Workspaces


@asynccontextmanager
async def build_app(settings: Settings, *, socket: bool = False) -> AsyncIterator[App]:
    """Wires a process that serves Slack, and takes it all down again on leaving.

    On SQLite it does the background work as well.

    Args:
        settings: Checked beforehand with ``bot.settings_checks.problems``.
        socket: Receive Slack's requests over Socket Mode instead of ``POST /slack/events``.

    Raises:
        DatabaseInUse: another process works on the same SQLite file.
    """
    async with AsyncExitStack() as stack:
        makers = await stack.enter_async_context(build_makers(settings, shares=True))
        core = await stack.enter_async_context(build_core(settings, makers))
        context = await stack.enter_async_context(adapter_context(settings, makers))
        features = build_features(core, makers, context)
        role: Role = "socket" if socket else "http"
        runner = await build_runner(core, makers, role, _duties(core, makers, features))
        edge = _edge(core, makers, runner)
        bolt = _bolt(core)
        _listeners(core, makers, features, runner, edge).attach(bolt)
        await runner.start()
        stack.push_async_callback(runner.stop)
        stack.push_async_callback(edge.drain)
        probes = Probes(core.operating, core.pool, core.readiness)
        api = _api_door(core, makers, features, stack)
        secret = settings.signing_secret
        web = build_web(
            bolt,
            others=(
                *probes.routes(),
                *core.install_routes,
                *api.routes(),
                *_sign_in(core, features, runner),
            ),
            signing_secret=None if socket or secret is None else secret.get_secret_value(),
            new_reference=makers.new_reference,
            hooks=_hook_door(core, makers, features, runner) if settings.public_url else None,
        )
        yield App(
            web=web, operator_web=_operator_web(core, makers), bolt=bolt, workspaces=core.workspaces
        )


@asynccontextmanager
async def build_worker(settings: Settings) -> AsyncIterator[Worker]:
    """Wires a process that only does background work, shared with others through PostgreSQL."""
    async with AsyncExitStack() as stack:
        makers = await stack.enter_async_context(build_makers(settings, shares=True))
        core = await stack.enter_async_context(build_core(settings, makers))
        context = await stack.enter_async_context(adapter_context(settings, makers))
        features = build_features(core, makers, context)
        runner = await build_runner(core, makers, "worker", _duties(core, makers, features))
        await runner.start()
        stack.push_async_callback(runner.stop)
        yield Worker(operator_web=_operator_web(core, makers), workspaces=core.workspaces)


def _edge(core: Core, makers: Makers, runner: Runner) -> Edge:
    return Edge(
        Toolbox(
            slack=core.slack,
            members=core.members,
            pool=core.pool,
            clock=makers.clock,
            new_reference=makers.new_reference,
            wake=runner.wake,
            sleep=makers.sleep,
            limits=Limits(limits_of(core.settings)),
            answered=core.counting.answered,
        )
    )


def _bolt(core: Core) -> Bolt:
    bolt = Bolt(
        name="Hourlink",  # else it looks among all modules for whoever calls it
        client=core.client,
        authorize=cast(  # Bolt's type leaves out that a team may be nobody's
            "Callable[..., Awaitable[AuthorizeResult]]", Authorize(core.workspaces.authorize)
        ),
        process_before_response=True,
        # The web looks at signatures before Bolt reads anything.
        request_verification_enabled=False,
        user_facing_authorize_error_message=failures.sentence(TeamNotInstalled()).text,
    )
    bolt.error(_failing(core.slack))
    return bolt


def _listeners(
    core: Core, makers: Makers, features: Features, runner: Runner, edge: Edge
) -> Listeners:
    events = Events(
        routes=features.routes,
        members=core.members,
        pool=core.pool,
        clock=makers.clock,
        wake=runner.wake,
        forget=core.workspaces.forget,
    )
    return Listeners(
        routes=features.routes,
        edge=edge,
        slack=core.answers,
        clock=makers.clock,
        events=events,
    )


def _operator_web(core: Core, makers: Makers) -> Starlette | None:
    if core.metrics is None:
        return None
    probes = Probes(core.operating, core.pool, core.readiness)
    return build_operator_web(probes, core.operating, core.metrics, core.pool, makers.clock)


def _sign_in(core: Core, features: Features, runner: Runner) -> list[Route]:
    """The pages of signing in at tools, where there are any."""
    settings = core.settings
    is_set_up = settings.public_url is not None and settings.clients
    return features.sign_in(runner.wake).routes() if is_set_up else []


def _hook_door(core: Core, makers: Makers, features: Features, runner: Runner) -> HookDoor:
    return HookDoor(
        hooks=features.hooks,
        pool=core.pool,
        clock=makers.clock,
        wake=runner.wake,
        new_reference=makers.new_reference,
    )


def _api_door(core: Core, makers: Makers, features: Features, stack: AsyncExitStack) -> ApiDoor:
    # Of its own: a long report must not stand in front of somebody who starts a timer.
    reading_pool = Pool(API_THREADS)
    stack.callback(reading_pool.close)
    return ApiDoor(
        tokens=features.tokens,
        reading=ApiReading(core.uow),
        pool=core.pool,
        reading_pool=reading_pool,
        clock=makers.clock,
        new_reference=makers.new_reference,
    )


def _duties(core: Core, makers: Makers, features: Features) -> Duties:
    """The background work, for whichever runner does it."""

    async def syncs_due() -> Sequence[IntegrationId]:
        return await core.pool(features.syncing.due, makers.clock())

    retention = Retention(
        core.uow,
        removed=_days(core.settings.retention_days),
        audit_log=_days(core.settings.audit_days),
    )

    async def tidy() -> None:
        await core.pool(core.outbox.tidy, makers.clock())
        await core.pool(features.syncing.tidy, makers.clock())
        await core.pool(core.installations.tidy, makers.clock())
        await core.pool(features.tokens.tidy, makers.clock())
        await core.pool(retention.tidy, makers.clock())
        for erased in await core.pool(retention.erase_due, makers.clock()):
            log.info("team_erased", team=erased.team_id, rows=erased.rows)

    deliveries = core.counting.counting_deliveries(features.deliveries)
    outbox = OutboxJob(core.outbox, deliveries, core.pool, makers.clock, LONG_KINDS, apart=WRITE)
    return Duties(
        deliver=outbox.run_due,
        syncs_due=syncs_due,
        sync=core.counting.timing_syncs(features.sync.run),
        remind=features.remind,
        renew=features.renew,
        tidy=tidy,
    )


def _days(number: int | None) -> timedelta | None:
    return None if number is None else timedelta(days=number)


def _failing(slack: Slack) -> Callable[..., Awaitable["BoltResponse | None"]]:
    """Bolt's last resort: what it could not authorise, or what nobody expected."""

    async def failing(error: Exception, body: Mapping[str, Any]) -> "BoltResponse | None":
        if isinstance(error, Busy | SlackError):
            return await turned_away(slack, failures.sentence(error), body)
        log.error("listener_failed", exc_info=error)
        return None

    return failing

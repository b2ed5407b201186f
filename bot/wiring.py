"""What every kind of process is made of, and which runner does its background work."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import aiohttp
import structlog
from slack_sdk.web.async_client import AsyncWebClient
from starlette.routing import Route

from bot.counting import Counting, Uncounted
from bot.database_clock import going_by_database
from bot.domain.clock import Clock, Sleep
from bot.domain.ids import TeamId
from bot.domain.values import dataclass
from bot.followed_clock import following
from bot.integrations.client import HttpPool
from bot.integrations.context import AdapterContext
from bot.jobs.clock import IntervalClock
from bot.jobs.embedded import EmbeddedRunner
from bot.jobs.runner import Duties, Runner
from bot.manifest import INSTALL_PATH, scopes
from bot.many_workspaces import ManyWorkspaces
from bot.one_workspace import Identity, OneWorkspace
from bot.rejections import Rejections
from bot.services.members import Members
from bot.services.operating.granted import Granted
from bot.services.operating.installations import Installations
from bot.services.operating.operating import Operating
from bot.services.outbox import Outbox
from bot.services.pool import Pool
from bot.services.vault import Vault
from bot.settings import Role, Settings
from bot.slack import Slack
from bot.slack_calls import Calls
from bot.web import Readiness
from bot.workspaces import Workspaces
from storage.engine import driver_arguments, open_engine
from storage.migrations import upgrade
from storage.server_clock import server_time
from storage.single_process import sole_process
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from bot.metrics import Metrics

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Makers:
    """Where time, waiting and ids come from."""

    clock: Clock
    sleep: Sleep
    new_marker: Callable[[], str]
    """Ids that never repeat, for what must be found again outside."""
    new_reference: Callable[[], str]
    """Short ids for something that broke on our side: ``7F3A-19``."""


@dataclass(frozen=True, slots=True)
class Core:
    """What web processes and workers have in common."""

    settings: Settings
    uow: UnitOfWork
    pool: Pool
    client: AsyncWebClient
    workspaces: Workspaces
    installations: Installations
    install_routes: Sequence[Route]
    """Empty where one workspace's token is in the environment."""
    slack: Slack
    answers: Slack
    """The same, for answers to people: it waits a moment where Slack asks for it."""
    readiness: Readiness
    operating: Operating
    metrics: "Metrics | None"
    """None where no port is set at which somebody could ask for them."""
    counting: Counting
    members: Members
    outbox: Outbox
    granted: Granted


def _upgrading(before: str | None, after: str) -> None:
    # Told beforehand: with years of entries it may take minutes, and nothing is served meanwhile.
    log.info("database_upgrading", before=before or "nothing", after=after)


@asynccontextmanager
async def build_core(settings: Settings, makers: Makers) -> AsyncIterator[Core]:
    """Opens the database and the way to Slack, and closes both on leaving.

    Raises:
        DatabaseInUse: another process works on the same SQLite file.
    """
    async with AsyncExitStack() as stack:
        stack.enter_context(sole_process(settings.database))
        await asyncio.to_thread(upgrade, settings.database, _upgrading)
        engine = open_engine(settings.database)
        stack.callback(engine.dispose)
        uow = UnitOfWork(engine)
        pool = Pool(1, uow.gathering) if engine.dialect.name == "sqlite" else Pool(16)
        stack.callback(pool.close)
        # Slack's calls need no cookies, and keeping them costs a tenth of each.
        session = await stack.enter_async_context(
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        )
        members = Members(uow, makers.new_marker)
        readiness = Readiness()
        client = AsyncWebClient(base_url=settings.slack_api_url, session=session)

        keys = [key.get_secret_value() for key in settings.secret_keys]
        installations = Installations(uow, Vault(keys), makers.new_marker)
        granted = Granted(scopes(unfurling=bool(settings.unfurl_domains)), _install_url(settings))
        workspaces: OneWorkspace | ManyWorkspaces
        routes: Sequence[Route] = ()
        if settings.client_id is None:
            workspaces = _one_workspace(
                settings,
                makers,
                client,
                pool=pool,
                members=members,
                readiness=readiness,
                granted=granted,
            )
        else:
            workspaces, routes = _many_workspaces(settings, makers, client, pool, installations)
            readiness.slack = "ok"  # there is no token whose word would have to be waited for
        reach = (settings.slack_api_url, workspaces.token, session)
        metrics = None if settings.metrics_port is None else _metrics()
        rejections = Rejections(workspaces.lose, makers.clock)
        yield Core(
            settings=settings,
            uow=uow,
            pool=pool,
            client=client,
            workspaces=workspaces,
            installations=installations,
            install_routes=routes,
            slack=Slack(Calls(*reach, rejections)),
            answers=Slack(Calls(*reach, rejections, sleep=makers.sleep)),
            readiness=readiness,
            operating=Operating(uow),
            metrics=metrics,
            counting=metrics or Uncounted(),
            members=members,
            outbox=Outbox(uow),
            granted=granted,
        )


def _metrics() -> "Metrics":
    from bot.metrics import Metrics  # noqa: PLC0415 - prometheus_client takes time to import

    return Metrics()


def _install_url(settings: Settings) -> str | None:
    """Where workspaces install it themselves; None where there is one, by its token."""
    if settings.client_id is None:
        return None
    return f"{(settings.public_url or '').rstrip('/')}{INSTALL_PATH}"


def _one_workspace(
    settings: Settings,
    makers: Makers,
    client: AsyncWebClient,
    *,
    pool: Pool,
    members: Members,
    readiness: Readiness,
    granted: Granted,
) -> OneWorkspace:
    async def learned(identity: Identity) -> None:
        granted.told(identity.scopes)
        await pool(
            members.installed,
            identity.team_id,
            name=identity.team_name,
            bot_user_id=identity.bot_user_id,
            now=makers.clock(),
        )
        readiness.slack = "ok"

    async def ended(team_id: TeamId) -> None:
        await pool(members.uninstalled, team_id, makers.clock())

    token = settings.bot_token.get_secret_value() if settings.bot_token else ""
    return OneWorkspace(
        client, token, learned=learned, ended=ended, clock=makers.clock, sleep=makers.sleep
    )


def _many_workspaces(
    settings: Settings,
    makers: Makers,
    client: AsyncWebClient,
    pool: Pool,
    installations: Installations,
) -> tuple[ManyWorkspaces, Sequence[Route]]:
    """And the pages on which workspaces install Hourlink themselves."""
    from bot.installing import install_routes, rotation  # noqa: PLC0415 - few need it

    rotate = rotation(settings, client, makers.clock)
    workspaces = ManyWorkspaces(installations, pool, rotate, makers.clock, makers.sleep)
    routes = install_routes(
        settings, installations, pool, client, makers.clock, installed=workspaces.renew
    )
    return workspaces, routes


@asynccontextmanager
async def adapter_context(settings: Settings, makers: Makers) -> AsyncIterator[AdapterContext]:
    """What adapters work with; closes the connections to providers on leaving."""
    http = HttpPool(
        clock=makers.clock,
        sleep=makers.sleep,
        ca_file=settings.provider_ca_file,
        allow_private_addresses=settings.provider_private_addresses,
        trust_env=settings.provider_private_addresses,
    )
    try:
        yield AdapterContext(http, settings.boards_dir, makers.clock, makers.sleep)
    finally:
        await http.aclose()


async def build_runner(core: Core, makers: Makers, role: Role, duties: Duties) -> Runner:
    """Who does a process's background work.

    On SQLite the one process does it itself, beginning with what its dead predecessor had in hand.
    On PostgreSQL workers do it, and web processes wake them.
    """
    database = core.settings.database
    if database.startswith("sqlite"):
        await core.pool(core.outbox.hand_back, makers.clock())
        return EmbeddedRunner(duties, IntervalClock())
    # Only here: Procrastinate takes time to import, and SQLite has no use for it.
    from bot.jobs.distributed import DistributedRunner, Doorbell  # noqa: PLC0415

    if role == "worker":
        return DistributedRunner(
            driver_arguments(database),
            duties,
            IntervalClock(),
            makers.sleep,
            syncs_at_once=core.settings.syncs_at_once,
        )
    return Doorbell(driver_arguments(database))


@asynccontextmanager
async def build_makers(settings: Settings, *, shares: bool = False) -> AsyncIterator[Makers]:
    """This machine's clock and randomness, or the clock that the settings name.

    Args:
        settings: Checked beforehand.
        shares: What is due is shared with processes of other machines: on PostgreSQL they all go by
            the server's clock.
    """
    makers = system_makers()
    async with AsyncExitStack() as stack:
        if settings.clock_url is not None:
            followed = following(settings.clock_url, makers.clock, makers.sleep)
        elif shares and not settings.database.startswith("sqlite"):
            ask = partial(server_time, settings.database)
            followed = going_by_database(ask, makers.clock, makers.sleep)
        else:
            yield makers
            return
        yield replace(makers, clock=await stack.enter_async_context(followed))


def system_makers() -> Makers:
    """The one place where time and randomness come in."""
    return Makers(
        clock=lambda: datetime.now(UTC),  # noqa: TID251
        sleep=asyncio.sleep,  # noqa: TID251
        new_marker=lambda: secrets.token_hex(12),
        new_reference=_new_reference,
    )


def _new_reference() -> str:
    digits = secrets.token_hex(3).upper()
    return f"{digits[:4]}-{digits[4:]}"

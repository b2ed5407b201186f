"""``hourlink doctor``: looks at everything that has to be right, and says how to mend the rest."""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence

import aiohttp
from sqlalchemy import Engine

from bot.integrations.registry import Registry
from bot.integrations.tool_clients import misplaced
from bot.jobs.adapters import Adapters
from bot.operating import database_checks, slack_checks, work_checks
from bot.operating.findings import Finding, Verdict, fine, warning, wrong
from bot.operating.tool_checks import tools
from bot.services.operating.operating import Operating
from bot.services.vault import Vault
from bot.settings import Problem, Role, Settings
from bot.settings_checks import problems, unknown_names
from bot.wiring import Makers, adapter_context
from storage.engine import open_engine
from storage.migrations.standing import Stand, standing
from storage.unit_of_work import UnitOfWork

SETTINGS = "Settings"
SIGNING_IN = "Signing in at tools"


def role_of(settings: Settings) -> Role:
    """What the settings look made for: Socket Mode where only its token is there."""
    return "socket" if settings.app_token and not settings.signing_secret else "http"


async def examine(
    settings: Settings, makers: Makers, names: Iterable[str] = ()
) -> AsyncIterator[Finding]:
    """Looks at one thing after another, the most basic first; changes nothing.

    Args:
        settings: What was read.
        makers: Of moments and ids.
        names: Of the environment's variables.
    """
    found = problems(settings, role_of(settings))
    for finding in _chosen(settings, found, names):
        yield finding
    broken = {problem.setting for problem in found}
    if "HOURLINK_DATABASE_URL" not in broken:
        async for finding in _stored(
            settings, makers, can_open="HOURLINK_SECRET_KEYS" not in broken
        ):
            yield finding
    async with aiohttp.ClientSession(trust_env=True) as session:
        if settings.bot_token is not None or settings.client_id is not None:
            for finding in await slack_checks.slack(settings, session, makers.clock()):
                yield finding
        if "HOURLINK_PUBLIC_URL" not in broken:
            for finding in await slack_checks.public_address(settings, session):
                yield finding


def _chosen(
    settings: Settings, found: Sequence[Problem], names: Iterable[str]
) -> Iterator[Finding]:
    for problem in found:
        yield wrong(SETTINGS, f"{problem.setting} {problem.wrong}", problem.mend)
    for slip in unknown_names(names):
        yield warning(SETTINGS, f"{slip.setting} {slip.wrong}", slip.mend)
    for place in misplaced(Registry.load().descriptors(), settings.clients):
        yield warning(SIGNING_IN, f"HOURLINK_TOOL_CLIENTS {place.wrong}", place.mend)
    if not found:
        yield fine(SETTINGS, "Complete, and they fit together.")


async def _stored(settings: Settings, makers: Makers, *, can_open: bool) -> AsyncIterator[Finding]:
    missing = database_checks.missing_file(settings.database)
    if missing is not None:
        yield missing
        return
    engine = open_engine(settings.database, pool_size=1)
    try:
        looked = list(database_checks.database(engine))
        for finding in looked:
            yield finding
        if not _is_ready(engine, looked):
            yield database_checks.not_looked("They are looked at once the database is in order.")
            return
        operating, now = Operating(UnitOfWork(engine)), makers.clock()
        if settings.client_id is not None:
            yield slack_checks.workspaces(operating, settings)
        for finding in work_checks.work(operating, now):
            yield finding
        if not can_open:
            yield database_checks.not_looked("They cannot be opened without HOURLINK_SECRET_KEYS.")
            return
        vault = Vault([key.get_secret_value() for key in settings.secret_keys])
        yield work_checks.secrets(operating, vault)
        if settings.client_id is not None:
            async with aiohttp.ClientSession(trust_env=True) as session:
                for finding in await slack_checks.tokens(operating, vault, settings, session):
                    yield finding
        async with adapter_context(settings, makers) as context:
            adapters = Adapters(Registry.load(), vault, context)
            for finding in await tools(operating, adapters, now):
                yield finding
    finally:
        engine.dispose()


def _is_ready(engine: Engine, looked: Sequence[Finding]) -> bool:
    if any(finding.verdict is Verdict.WRONG for finding in looked):
        return False
    return standing(engine).stand is Stand.CURRENT

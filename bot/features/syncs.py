"""Syncing and webhooks, constructed and joined."""

import random
from datetime import timedelta

from bot.domain.values import dataclass
from bot.integrations.context import AdapterContext
from bot.integrations.registry import Registry
from bot.jobs.hook_work import HookTools
from bot.jobs.saving import Tools
from bot.jobs.sync import SyncJob
from bot.services.people.missing_accounts import MissingAccounts
from bot.services.sync.heard import HeardTasks
from bot.services.sync.hook_addresses import HookAddresses
from bot.services.sync.hook_setup import HookSetup
from bot.services.sync.hooks import Hooks
from bot.services.sync.mirroring import Announces, Mirroring
from bot.services.sync.mirroring_access import AccessMirroring
from bot.services.sync.mirroring_tasks import TaskMirroring
from bot.services.sync.quiet import QuietProjects
from bot.services.sync.syncing import Syncing
from bot.services.vault import Vault
from bot.wiring import Core, Makers


@dataclass(frozen=True, slots=True)
class SyncFeatures:
    """What the runners and the web need of it."""

    job: SyncJob
    syncing: Syncing
    hooks: Hooks
    hook_setup: HookSetup


def build_syncs(
    core: Core,
    makers: Makers,
    registry: Registry,
    vault: Vault,
    context: AdapterContext,
    *,
    announce: Announces,
) -> SyncFeatures:
    """Joins what reads the providers.

    Args:
        core: What every process has.
        makers: Time and ids.
        registry: The adapters.
        vault: Opens credentials.
        context: What adapters get.
        announce: What becomes of unlinked projects.
    """
    settings, uow, pool, new_marker = core.settings, core.uow, core.pool, makers.new_marker
    keys = [key.get_secret_value() for key in settings.secret_keys]
    addresses = HookAddresses(settings.public_url, keys)
    hooks = Hooks(uow, registry, vault, addresses, new_marker)
    hook_setup = HookSetup(uow, registry, vault, addresses, new_marker)
    interval = timedelta(seconds=settings.sync_seconds)
    syncing = Syncing(uow, interval=interval, jitter=random.random)
    tasks = TaskMirroring(uow, new_marker)
    tools = Tools(
        syncing=syncing,
        mirroring=Mirroring(uow, announce, new_marker),
        missing_accounts=MissingAccounts(uow, new_marker),
        access=AccessMirroring(uow, new_marker),
        tasks=tasks,
        quiet=QuietProjects(uow),
        pool=pool,
        clock=makers.clock,
        sleep=makers.sleep,
        hooks=HookTools(hooks, HeardTasks(uow), tasks, pool),
    )
    return SyncFeatures(SyncJob(tools, registry, vault, context), syncing, hooks, hook_setup)

"""Syncing and webhooks, constructed and joined."""

import random
from datetime import timedelta

from bot.domain.values import dataclass
from bot.features.ground import Ground
from bot.features.offered import Offered
from bot.jobs.deliveries.syncs import SyncDeliveries
from bot.jobs.hook_work import HookTools
from bot.jobs.saving import Tools
from bot.jobs.sync import SyncJob
from bot.services.linking.connecting import Connecting
from bot.services.people.missing_accounts import MissingAccounts
from bot.services.sync.asking import SyncAsking
from bot.services.sync.heard import HeardTasks
from bot.services.sync.hook_addresses import HookAddresses
from bot.services.sync.hook_setup import HookSetup
from bot.services.sync.hooks import Hooks
from bot.services.sync.mirroring import Announces, Mirroring
from bot.services.sync.mirroring_access import AccessMirroring
from bot.services.sync.mirroring_tasks import TaskMirroring
from bot.services.sync.quiet import QuietProjects
from bot.services.sync.syncing import Syncing
from bot.services.sync.telling import SyncReports
from handlers.sync.hooks import HookHandlers


@dataclass(frozen=True, slots=True)
class SyncFeatures:
    """What the others, the runners and the web need of it."""

    job: SyncJob
    syncing: Syncing
    asking: SyncAsking
    hooks: Hooks
    offered: Offered


def build_syncs(ground: Ground, connecting: Connecting, *, announce: Announces) -> SyncFeatures:
    """Joins what reads the tools; ``announce`` says what becomes of unlinked projects."""
    settings, uow, pool = ground.core.settings, ground.core.uow, ground.pool
    registry, vault, new_marker = ground.registry, ground.vault, ground.new_marker
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
        clock=ground.clock,
        sleep=ground.makers.sleep,
        hooks=HookTools(hooks, HeardTasks(uow), tasks, pool),
    )
    offered = Offered(
        handlers=(HookHandlers(hook_setup, ground.faces),),
        deliveries=SyncDeliveries(ground.slack, pool, SyncReports(uow), ground.faces).kinds(),
    )
    return SyncFeatures(
        job=SyncJob(tools, registry, vault, ground.context),
        syncing=syncing,
        asking=SyncAsking(uow, connecting),
        hooks=hooks,
        offered=offered,
    )

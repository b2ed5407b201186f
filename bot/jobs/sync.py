"""Syncing an integration; a runner says which and when."""

import structlog

from bot.domain.errors import DatabaseAway
from bot.domain.ids import IntegrationId
from bot.domain.sync.sync import RunTakenOver, SyncPlan
from bot.integrations.context import AdapterContext
from bot.integrations.errors import ProviderError
from bot.integrations.registry import Registry
from bot.jobs.adapters import Adapters
from bot.jobs.saving import Tools
from bot.jobs.sync_worker import SyncWorker
from bot.services.vault import Vault

log = structlog.get_logger(__name__)


class SyncJob:
    """Every integration for itself: one that fails or is slow delays no other."""

    def __init__(
        self, tools: Tools, registry: Registry, vault: Vault, context: AdapterContext
    ) -> None:
        self._tools = tools
        self._adapters = Adapters(registry, vault, context)
        self._at_work: set[IntegrationId] = set()

    async def run(self, integration_id: IntegrationId) -> None:
        """Syncs one integration if it is due; never raises for what a provider did.

        Where several processes work, the caller holds a lock with the integration's id.
        """
        if integration_id in self._at_work:
            return
        self._at_work.add(integration_id)
        try:
            await self._run(integration_id)
        except DatabaseAway:
            # Its run is as it was after the last page that was saved, and goes on from there.
            log.warning("sync_cut_off", integration_id=integration_id)
        except Exception:
            log.exception("sync_not_recorded", integration_id=integration_id)
        finally:
            self._at_work.discard(integration_id)

    async def _run(self, integration_id: IntegrationId) -> None:
        now = self._tools.clock()
        plan = await self._tools.pool(self._tools.syncing.begin, integration_id, now)
        if plan is None:
            return
        worker: SyncWorker | None = None
        try:
            worker = self._worker(plan)
            await worker.work()
        except RunTakenOver:
            log.info("sync_taken_over", integration_id=integration_id, run_id=plan.run_id)
        except ProviderError as error:
            log.warning("sync_failed", integration_id=integration_id, error=str(error))
            await self._failed(plan, worker, error)
        except DatabaseAway:
            raise
        except Exception as error:
            log.exception("sync_broke", integration_id=integration_id, run_id=plan.run_id)
            await self._failed(plan, worker, error)

    def _worker(self, plan: SyncPlan) -> SyncWorker:
        adapter = self._adapters.open(plan.provider, plan.sealed_credentials)
        return SyncWorker(self._tools, plan, adapter, self._tools.clock())

    async def _failed(self, plan: SyncPlan, worker: SyncWorker | None, error: Exception) -> None:
        try:
            await self._tools.pool(
                self._tools.syncing.fail,
                plan,
                error,
                requests=worker.requests() if worker else 0,
                now=self._tools.clock(),
            )
        except RunTakenOver:
            log.info("sync_taken_over", integration_id=plan.integration_id, run_id=plan.run_id)

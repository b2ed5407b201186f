"""What a sync does about webhooks: asks for them, and reads what they told of."""

from collections.abc import Awaitable, Callable

import structlog

from bot.domain.sync.sync import Heard, SyncPlan
from bot.domain.values import dataclass
from bot.integrations.api import Adapter, ProviderTask
from bot.integrations.errors import ProviderError, ProviderRefused
from bot.integrations.hooks import SetsUpHooks
from bot.services.pool import Pool
from bot.services.sync.heard import HeardTasks
from bot.services.sync.hooks import Hooks
from bot.services.sync.mirroring_tasks import TaskMirroring
from bot.services.sync.run_pages import Footing

log = structlog.get_logger(__name__)

AT_A_TIME = 20
"""Tasks that are read one by one between two savings."""


@dataclass(frozen=True, slots=True)
class HookTools:
    """What this work is done with."""

    hooks: Hooks
    heard: HeardTasks
    tasks: TaskMirroring
    pool: Pool


class HookWork:
    """The webhooks' part of one run."""

    def __init__(
        self,
        tools: HookTools,
        plan: SyncPlan,
        adapter: Adapter,
        *,
        cost: Callable[[], Footing],
        prove: Callable[[], Awaitable[None]],
    ) -> None:
        self._tools = tools
        self._plan = plan
        self._adapter = adapter
        self._cost = cost
        self._prove = prove

    async def read(self, heard: Heard) -> None:
        """Reads each task that was told of: moved, deleted, or somewhere no list of changes shows.

        Raises:
            ProviderError: the provider does not let it go on.
        """
        for first in range(0, len(heard.tasks), AT_A_TIME):
            await self._read_some(heard.tasks[first : first + AT_A_TIME])

    async def keep_up(self) -> None:
        """Asks for webhooks where they are missing, old, or watch other projects than are linked.

        No run fails for them: what they would tell is read by the next run all the same.
        """
        adapter = self._adapter
        if not isinstance(adapter, SetsUpHooks):
            return
        pool, hooks, plan = self._tools.pool, self._tools.hooks, self._plan
        now = self._cost().now
        wish = await pool(hooks.wish, plan, now)
        if wish is None:
            return
        try:
            watch = await adapter.watch(wish.address, wish.secret, wish.projects)
        except ProviderRefused as refused:
            await pool(hooks.refused, plan, wish, refused.reason or str(refused), now)
        except ProviderError as error:
            log.warning("webhooks_not_set_up", integration_id=plan.integration_id, error=str(error))
        else:
            await pool(hooks.watched, plan, wish, watch)

    async def _read_some(self, external_ids: tuple[str, ...]) -> None:
        pool, plan = self._tools.pool, self._plan
        known = await pool(self._tools.heard.known, plan, external_ids)
        found: list[ProviderTask] = []
        gone: list[str] = []
        for external_id in external_ids:
            task = await self._adapter.task(external_id)
            if task is not None:
                found.append(task)
            elif external_id in known:
                gone.append(external_id)
        if gone:
            await self._prove()
        sources = await pool(self._tools.heard.sources, plan, found)
        for source, tasks in sources:
            await pool(
                self._tools.tasks.confirm_tasks,
                plan,
                source,
                found=tasks,
                met=(),
                gone=(),
                footing=self._cost(),
            )
        await pool(
            self._tools.heard.done,
            plan,
            external_ids,
            [known[one] for one in gone],
            self._cost(),
        )

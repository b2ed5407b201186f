"""Single tasks that webhooks told of: deleted, moved, or in a tool that lists no changes."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.domain.ids import TaskId
from bot.domain.sync.sync import Bookmark, Counts, SyncPlan, TaskSource
from bot.integrations.api import ProviderTask
from bot.services.sync.gone_tasks import lose
from bot.services.sync.run_pages import Footing, advance, hold
from bot.services.sync.task_places import settled
from storage.sync import provider_project_sync, task_sync
from storage.unit_of_work import UnitOfWork


class HeardTasks:
    """What a run that reads what was heard of needs to know of ours."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def known(self, plan: SyncPlan, external_ids: Collection[str]) -> dict[str, TaskId]:
        """Those of these tasks that are here and not gone."""
        with self._uow.read() as tx:
            stored = task_sync.stored(tx, plan.team_id, plan.integration_id, external_ids)
        return {name: one.id for name, one in stored.items() if one.gone_at is None}

    def sources(
        self, plan: SyncPlan, found: Sequence[ProviderTask]
    ) -> list[tuple[TaskSource, list[ProviderTask]]]:
        """The tasks by the provider project they are in now; those in an unknown one are left."""
        with self._uow.read() as tx:
            ids = {task.external_id for task in found}
            known = task_sync.stored(tx, plan.team_id, plan.integration_id, ids)
            found = settled(tx, plan, found, known)
            places = provider_project_sync.stored(
                tx, plan.team_id, plan.integration_id, {task.project_id for task in found}
            )
        return [
            (
                TaskSource(
                    id=place.id,
                    external_id=name,
                    name="",
                    since=None,
                    page=None,
                    is_first=False,
                    pages_read=True,
                ),
                [task for task in found if task.project_id == name],
            )
            for name, place in places.items()
        ]

    def done(
        self,
        plan: SyncPlan,
        external_ids: Collection[str],
        gone: Collection[TaskId],
        footing: Footing,
    ) -> None:
        """These are read, and some of them are gone; after a kill they are not read once more."""

        def without(mark: Bookmark) -> Bookmark:
            if mark.heard is None:
                return mark
            left = tuple(one for one in mark.heard.tasks if one not in external_ids)
            return replace(mark, heard=replace(mark.heard, tasks=left))

        with self._uow.begin() as tx:
            run = hold(tx, plan)
            gone_now = lose(tx, plan, gone, footing.now) if gone else 0
            advance(tx, run, without, footing, Counts(gone=gone_now))

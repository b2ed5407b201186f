"""Linked projects in which nothing has changed, where one question tells so for all of them."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.sync.sync import SyncPlan, TaskSource
from bot.services.sync.mirroring_tasks import OVERLAP
from bot.services.sync.run_pages import Footing, advance, hold
from storage.sync import provider_project_sync
from storage.unit_of_work import UnitOfWork


class QuietProjects:
    """What is to be asked about, and what follows from the answer."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def known(self, plan: SyncPlan) -> tuple[list[str], datetime | None]:
        """Provider ids of linked projects that were read before.

        With the moment from which on changes are asked for: that of the one read longest ago.
        """
        with self._uow.read() as tx:
            found = provider_project_sync.read_before(tx, plan.team_id, plan.integration_id)
        moments = [moment for _, moment in found]
        return [name for name, _ in found], min(moments) - OVERLAP if moments else None

    def unchanged(
        self, plan: SyncPlan, sources: Sequence[TaskSource], as_of: datetime, footing: Footing
    ) -> None:
        """The provider said, at that moment, that nothing has changed in these."""
        with self._uow.begin() as tx:
            run = hold(tx, plan)
            ids = [source.id for source in sources]
            provider_project_sync.tasks_read(tx, plan.team_id, ids, as_of)
            advance(tx, run, lambda mark: mark.finished_project(ids[-1]), footing)

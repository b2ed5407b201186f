"""Mirroring here who may see a provider project."""

from collections.abc import Callable, Collection

from bot.domain.entries.entries import StopReason
from bot.domain.ids import ProviderAccountId
from bot.domain.sync.sync import SyncPlan, TaskSource
from bot.services.people import membership
from bot.services.sync.run_pages import Footing, advance, hold
from bot.services.tracking.stopping import stop_timers
from storage.sync import provider_account_sync, task_sync
from storage.unit_of_work import Tx, UnitOfWork


class AccessMirroring:
    """Compared first, because it seldom changes; written together with the run's bookmark."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._new_marker = new_marker

    def is_news(self, plan: SyncPlan, source: TaskSource, accounts: Collection[str] | None) -> bool:
        """Whether others may see the project than is known."""
        with self._uow.read() as tx:
            was_open, listed = provider_account_sync.with_access(tx, plan.team_id, source.id)
            return was_open != (accounts is None) or listed != _known(tx, plan, accounts)

    def save(
        self,
        plan: SyncPlan,
        source: TaskSource,
        accounts: frozenset[str] | None,
        footing: Footing,
    ) -> None:
        """Saves who may see a project: who may now joins by policy, who may not any more stops.

        Args:
            plan: The run.
            source: The provider project.
            accounts: Provider ids of accounts; None when everyone may.
            footing: What it cost.
        """
        team_id = plan.team_id
        with self._uow.begin() as tx:
            run = hold(tx, plan)
            was_open, listed = provider_account_sync.with_access(tx, team_id, source.id)
            wanted = _known(tx, plan, accounts)
            is_open = accounts is None
            if is_open != was_open:
                provider_account_sync.open_to_everyone(tx, team_id, source.id, is_open=is_open)
            if wanted - listed:
                provider_account_sync.grant(tx, team_id, source.id, wanted - listed)
            if listed - wanted:
                provider_account_sync.revoke(tx, team_id, source.id, listed - wanted)
            if wanted - listed or (is_open and not was_open):
                project = task_sync.project_of(tx, team_id, source.id)
                if project is not None:
                    membership.join_project(tx, team_id, project[0], footing.now)
            if not is_open and (was_open or listed - wanted):
                stop_timers(
                    tx,
                    team_id,
                    because=StopReason.ACCESS_LOST,
                    now=footing.now,
                    members=provider_account_sync.shut_out(
                        tx, team_id, plan.integration_id, source.id
                    ),
                    provider_projects=[source.id],
                    new_marker=self._new_marker,
                )
            advance(tx, run, lambda mark: mark.at(source), footing)


def _known(tx: Tx, plan: SyncPlan, accounts: Collection[str] | None) -> set[ProviderAccountId]:
    names = accounts or ()
    found = provider_account_sync.ids_of(tx, plan.team_id, plan.integration_id, names)
    return set(found.values())

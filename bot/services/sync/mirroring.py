"""Mirroring a provider's projects and people here."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from bot.domain.entries.entries import StopReason
from bot.domain.ids import IntegrationId, ProviderProjectId, TeamId
from bot.domain.linking.link_rules import LetsIn
from bot.domain.sync.sync import Bookmark, Counts, SyncPhase, SyncPlan, SyncRun
from bot.integrations.api import ProviderAccount, ProviderProject
from bot.services.linking.redrawing import draw_announcements
from bot.services.sync import mirror_rows
from bot.services.sync.mirroring_accounts import take_in
from bot.services.sync.run_pages import Footing, advance, hold
from bot.services.tracking.stopping import stop_timers
from storage.linking import integration_rules, link_targets
from storage.sync import provider_project_sync
from storage.unit_of_work import Tx, UnitOfWork


class Announces(Protocol):
    """What happens to unlinked projects at the end of the project phase."""

    def __call__(self, tx: Tx, run: SyncRun, now: datetime) -> None:
        """Announces them, or links them, in this transaction."""
        ...


class Mirroring:
    """One page a transaction, saved together with the run's bookmark."""

    def __init__(self, uow: UnitOfWork, announce: Announces, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._announce = announce
        self._new_marker = new_marker

    def save_projects(
        self,
        plan: SyncPlan,
        projects: Sequence[ProviderProject],
        *,
        cursor: str | None,
        footing: Footing,
    ) -> None:
        """Saves a page; renames reach projects, and timers on what is archived now stop.

        Args:
            plan: The run.
            projects: The page, or a part of it.
            cursor: Where to read on after it.
            footing: What it cost.
        """
        with self._uow.begin() as tx:
            decide = integration_rules.held(tx, plan.team_id, plan.integration_id)
            run = hold(tx, plan)
            counts = self._save_projects(tx, plan, projects, decide, footing.now)
            advance(tx, run, lambda mark: replace(mark, page=cursor), footing, counts)

    def missing_projects(
        self, plan: SyncPlan, seen: Collection[str]
    ) -> dict[str, ProviderProjectId]:
        """Known ones that a complete list did not hold, by provider id: re-read each of them.

        Absence from a list is not deletion (S4).
        """
        with self._uow.read() as tx:
            present = provider_project_sync.present(tx, plan.team_id, plan.integration_id)
        return {name: known for name, known in present.items() if name not in seen}

    def confirm_projects(
        self,
        plan: SyncPlan,
        *,
        found: Sequence[ProviderProject],
        gone: Collection[ProviderProjectId],
        footing: Footing,
    ) -> None:
        """Saves what single re-reads said: there after all, or deleted or hidden."""
        with self._uow.begin() as tx:
            decide = integration_rules.held(tx, plan.team_id, plan.integration_id)
            run = hold(tx, plan)
            counts = self._save_projects(tx, plan, found, decide, footing.now)
            gone_now = 0
            if gone:
                gone_now = provider_project_sync.mark_gone(tx, plan.team_id, gone, footing.now)
                self._stop(tx, plan, gone, StopReason.PROJECT_GONE, footing.now)
                self._redraw(tx, plan, gone, footing.now)
            advance(tx, run, _same, footing, replace(counts, gone=gone_now))

    def finish_projects(self, plan: SyncPlan, footing: Footing) -> None:
        """Every project is known now: the unlinked ones are announced, once ever."""
        with self._uow.begin() as tx:
            # A policy may link: who links holds the team first, and who changes a code the runs.
            link_targets.lock(tx, plan.team_id)
            run = hold(tx, plan)
            self._announce(tx, run, footing.now)
            advance(tx, run, lambda mark: mark.entering(SyncPhase.ACCOUNTS), footing)

    def save_accounts(
        self,
        plan: SyncPlan,
        accounts: Sequence[ProviderAccount],
        *,
        cursor: str | None,
        footing: Footing,
    ) -> None:
        """Saves a page of people; who is switched off there tracks there no more (A2)."""
        with self._uow.begin() as tx:
            run = hold(tx, plan)
            counts = take_in(tx, plan, accounts, now=footing.now, new_marker=self._new_marker)
            advance(tx, run, lambda mark: replace(mark, page=cursor), footing, counts)

    def finish_accounts(self, plan: SyncPlan, footing: Footing) -> None:
        """Every account is known now; tasks come next."""
        with self._uow.begin() as tx:
            run = hold(tx, plan)
            advance(tx, run, lambda mark: mark.entering(SyncPhase.TASKS), footing)

    def _save_projects(
        self,
        tx: Tx,
        plan: SyncPlan,
        projects: Sequence[ProviderProject],
        decide: LetsIn,
        now: datetime,
    ) -> Counts:
        fresh = {project.external_id: project for project in projects}
        known = provider_project_sync.stored(tx, plan.team_id, plan.integration_id, fresh.keys())
        rows = {name: mirror_rows.project_row(project) for name, project in fresh.items()}
        new = [name for name in rows if name not in known]
        changed = [
            name
            for name, row in rows.items()
            if name in known and (known[name].is_gone or known[name].row_hash != row["row_hash"])
        ]
        birth = {"gone_at": None, "everyone_has_access": True, "first_seen_at": now}
        provider_project_sync.write(
            tx,
            [
                row | birth | mirror_rows.project_marks(row, decide)
                for row in _owned(rows, [*new, *changed], plan.team_id, plan.integration_id)
            ],
        )
        if changed:
            ids = [known[name].id for name in changed]
            provider_project_sync.follow_names(tx, plan.team_id, ids)
            archived = [
                known[name].id
                for name in changed
                if fresh[name].is_archived and not known[name].is_archived
            ]
            self._stop(tx, plan, archived, StopReason.PROJECT_ARCHIVED, now)
            turned = [
                known[name].id
                for name in changed
                if known[name].is_gone or fresh[name].is_archived != known[name].is_archived
            ]
            self._redraw(tx, plan, turned, now)
        return Counts(len(new), len(changed), len(rows) - len(new) - len(changed))

    def _redraw(
        self, tx: Tx, plan: SyncPlan, ids: Collection[ProviderProjectId], now: datetime
    ) -> None:
        """Their rows in the channel get other buttons, or none."""
        if ids:
            draw_announcements(tx, plan.team_id, list(ids), now=now, new_marker=self._new_marker)

    def _stop(
        self,
        tx: Tx,
        plan: SyncPlan,
        provider_projects: Collection[ProviderProjectId],
        because: StopReason,
        now: datetime,
    ) -> None:
        if provider_projects:
            stop_timers(
                tx,
                plan.team_id,
                because=because,
                now=now,
                provider_projects=provider_projects,
                new_marker=self._new_marker,
            )


def _same(bookmark: Bookmark) -> Bookmark:
    return bookmark


def _owned(
    rows: dict[str, dict[str, object]],
    names: Iterable[str],
    team_id: TeamId,
    integration_id: IntegrationId,
) -> list[dict[str, object]]:
    return [mirror_rows.owned(rows[name], team_id, integration_id, name) for name in names]

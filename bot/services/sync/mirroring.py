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
from storage.people import missing_accounts
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

    def save_last_projects(
        self,
        plan: SyncPlan,
        projects: Sequence[ProviderProject],
        *,
        seen: Collection[str] | None,
        footing: Footing,
    ) -> dict[str, ProviderProjectId]:
        """Saves what the list ends with; known ones that it did not hold, by provider id.

        Re-read each of these: absence from a list is not deletion (S4). Without any the projects
        are finished with this.

        Args:
            plan: The run.
            projects: The last page, or the last part of it.
            seen: Everything that the list held; None where this worker has not read all of it.
            footing: What it cost.
        """
        with self._uow.begin() as tx:
            link_targets.lock(tx, plan.team_id)  # as in finish_projects
            decide = integration_rules.held(tx, plan.team_id, plan.integration_id)
            run = hold(tx, plan)
            counts = self._save_projects(tx, plan, projects, decide, footing.now)
            missing = _missing_projects(tx, plan, seen)
            if missing:
                advance(tx, run, _list_read, footing, counts)
            else:
                self._announce(tx, run, footing.now)
                advance(tx, run, _projects_known, footing, counts)
            return missing

    def missing_projects(
        self, plan: SyncPlan, seen: Collection[str] | None
    ) -> dict[str, ProviderProjectId]:
        """What ``save_last_projects`` tells, after a list that had no last page."""
        with self._uow.read() as tx:
            return _missing_projects(tx, plan, seen)

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
            advance(tx, run, _projects_known, footing)

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

    def save_last_accounts(
        self,
        plan: SyncPlan,
        accounts: Sequence[ProviderAccount],
        *,
        seen: Collection[str] | None,
        footing: Footing,
    ) -> bool:
        """Saves what the list ends with; whether somebody is missing in it, to be read again.

        Without anybody the accounts are finished with this. ``save_last_projects`` otherwise.
        """
        with self._uow.begin() as tx:
            run = hold(tx, plan)
            counts = take_in(tx, plan, accounts, now=footing.now, new_marker=self._new_marker)
            is_missing = False
            if seen is not None:
                known = missing_accounts.rested_on(
                    tx, plan.team_id, plan.integration_id, afresh=plan.is_full
                )
                is_missing = any(name not in seen for name in known)
            advance(tx, run, _list_read if is_missing else _accounts_known, footing, counts)
            return is_missing

    def finish_accounts(self, plan: SyncPlan, footing: Footing) -> None:
        """Every account is known now; tasks come next."""
        with self._uow.begin() as tx:
            run = hold(tx, plan)
            advance(tx, run, _accounts_known, footing)

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


def _missing_projects(
    tx: Tx, plan: SyncPlan, seen: Collection[str] | None
) -> dict[str, ProviderProjectId]:
    if seen is None:
        return {}
    known = provider_project_sync.present(tx, plan.team_id, plan.integration_id)
    return {name: one for name, one in known.items() if name not in seen}


def _same(bookmark: Bookmark) -> Bookmark:
    return bookmark


def _list_read(bookmark: Bookmark) -> Bookmark:
    return replace(bookmark, page=None)


def _projects_known(bookmark: Bookmark) -> Bookmark:
    return bookmark.entering(SyncPhase.ACCOUNTS)


def _accounts_known(bookmark: Bookmark) -> Bookmark:
    return bookmark.entering(SyncPhase.TASKS)


def _owned(
    rows: dict[str, dict[str, object]],
    names: Iterable[str],
    team_id: TeamId,
    integration_id: IntegrationId,
) -> list[dict[str, object]]:
    return [mirror_rows.owned(rows[name], team_id, integration_id, name) for name in names]

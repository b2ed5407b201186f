"""Which run an integration needs now: of everything, of what somebody asked for, or of news."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.states import IntegrationState
from bot.domain.sync.sync import Bookmark, Heard, SyncPhase, SyncRun
from storage.sync import hooks, provider_project_sync, sync_runs, sync_wishes
from storage.sync.integration_sync import SyncedIntegration
from storage.sync.sync_wishes import SyncWish
from storage.unit_of_work import Tx

SWEEP_EVERY = timedelta(hours=24)
"""How old the last full sweep may be."""

MOST_NEWS = 200
"""Things that webhooks told of and one run reads again."""


def opened(tx: Tx, found: SyncedIntegration, now: datetime) -> SyncRun | None:
    """A new run for whatever is due, with the wishes it fulfils.

    Projects that were asked for are read first, because an ordinary run reads no more than their
    changes; a sweep reads them from end to end anyway. News wait for either.

    Args:
        tx: The open transaction, which holds the integration.
        found: The integration, of which no run is under way.
        now: The present moment.

    Returns:
        None when nothing is due.
    """
    wishes = sync_wishes.waiting(tx, found.team_id, found.id, lock=True)
    is_due = found.next_sync_at is not None and found.next_sync_at <= now
    is_old = found.swept_at is None or found.swept_at + SWEEP_EVERY <= now
    is_sweep = is_old or any(wish.is_full and wish.projects is None for wish in wishes)
    may_read_parts = (
        found.state is IntegrationState.ACTIVE
        and found.next_sync_at is not None
        and not (is_due and is_sweep)
    )
    parts = [wish for wish in wishes if wish.projects is not None] if may_read_parts else []
    if parts:
        return _of_parts(tx, found, parts, now)
    if is_due:
        is_full = is_old or any(wish.is_full for wish in wishes)
        return _run(tx, found, wishes, now, is_full=is_full)
    return _of_news(tx, found, now)


def _of_parts(
    tx: Tx, found: SyncedIntegration, wishes: Sequence[SyncWish], now: datetime
) -> SyncRun:
    """What a person asks for is read from end to end, what a policy linked as far as it is new."""
    ids = {one for wish in wishes for one in wish.projects or ()}
    names = provider_project_sync.external_ids(tx, found.team_id, found.id, ids)
    heard = Heard(tuple(names), usual=found.next_sync_at, is_asked=True)
    is_full = any(wish.is_full or wish.member_id is not None for wish in wishes)
    bookmark = Bookmark(phase=SyncPhase.TASKS, heard=heard)
    return _run(tx, found, wishes, now, is_full=is_full, bookmark=bookmark)


def _of_news(tx: Tx, found: SyncedIntegration, now: datetime) -> SyncRun | None:
    """Of what webhooks have told of; None where they have told of nothing."""
    if found.next_sync_at is None or found.state is not IntegrationState.ACTIVE:
        return None
    projects, tasks = hooks.take_news(tx, found.team_id, found.id, most=MOST_NEWS)
    if not projects and not tasks:
        return None
    heard = Heard(projects, tasks, usual=found.next_sync_at)
    bookmark = Bookmark(phase=SyncPhase.TASKS, heard=heard)
    return _run(tx, found, (), now, is_full=False, bookmark=bookmark)


def _run(
    tx: Tx,
    found: SyncedIntegration,
    wishes: Sequence[SyncWish],
    now: datetime,
    *,
    is_full: bool,
    bookmark: Bookmark | None = None,
) -> SyncRun:
    people = [wish.member_id for wish in wishes if wish.member_id is not None]
    run = sync_runs.open_one(
        tx,
        found.team_id,
        found.id,
        is_full=is_full,
        asked_by=people[0] if people else None,
        now=now,
        bookmark=bookmark,
    )
    if wishes:
        sync_wishes.take_on(tx, found.team_id, [wish.id for wish in wishes], run.id)
    return run

"""One page of a run, one transaction: only its newest worker may write."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.domain.ids import SyncRunId, TeamId
from bot.domain.states import SyncRunState
from bot.domain.sync.sync import Bookmark, Counts, RunTakenOver, SyncPlan, SyncRun
from bot.domain.values import dataclass
from storage import outbox
from storage.sync import sync_runs, sync_wishes
from storage.unit_of_work import Tx

REPORT = "run.report"
"""Outbox kind of what those who asked for a run are told of it."""


@dataclass(frozen=True, slots=True)
class Footing:
    """What a page cost."""

    now: datetime
    requests: int = 0
    """Calls made to the provider since the page before."""
    pages: int = 0


def hold(tx: Tx, plan: SyncPlan, *, lock: bool = True) -> SyncRun:
    """The run, locked for this worker unless it only looks.

    Raises:
        RunTakenOver: it has ended, or a newer worker has it in hand.
    """
    run = sync_runs.by_id(tx, plan.team_id, plan.run_id, lock=lock)
    if run is None or run.state is not SyncRunState.RUNNING or run.bookmark.epoch != plan.epoch:
        raise RunTakenOver
    return run


def advance(
    tx: Tx,
    run: SyncRun,
    move: Callable[[Bookmark], Bookmark],
    footing: Footing,
    counts: Counts | None = None,
) -> None:
    """Saves where the run is now, in the transaction of the page it follows."""
    bookmark = replace(move(run.bookmark), attempts=0)
    sync_runs.advance(
        tx,
        run.team_id,
        run.id,
        bookmark,
        pages=footing.pages,
        requests=footing.requests,
        counts=counts,
    )


def owe_reports(
    tx: Tx, team_id: TeamId, run_id: SyncRunId, now: datetime, *, is_last: bool
) -> None:
    """Those who asked for this run hear how it stands.

    One that still waits to be sent says it for both, because it is written when it is sent. The
    last is owed in any case: the waiting one may be on its way at this very moment.
    """
    step = "end" if is_last else str(int(now.timestamp() * 1000))
    wishes = sync_wishes.of_run(tx, team_id, run_id)
    if wishes and is_last:
        sync_wishes.answered(tx, team_id, run_id, now)
    for wish in wishes:
        subject = f"sync_wish:{wish.id}"
        if wish.member_id is not None and (is_last or not outbox.is_owed(tx, team_id, subject)):
            outbox.add_once(
                tx,
                team_id,
                kind=REPORT,
                subject=subject,
                payload={"sync_wish_id": wish.id},
                marker=f"{REPORT}:{wish.id}:{step}",
                now=now,
            )

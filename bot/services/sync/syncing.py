"""Keeping integrations in step with their providers: when, by whose wish, and how it went."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.errors import Vanished
from bot.domain.ids import IntegrationId, MemberId, ProviderProjectId, TeamId
from bot.domain.states import IntegrationState, SyncRunState
from bot.domain.sync.problems import told
from bot.domain.sync.sync import Heard, SyncPlan, SyncRun
from bot.integrations.errors import (
    ProviderAuthFailed,
    ProviderError,
    ProviderRateLimited,
    ProviderRefused,
    ProviderUnavailable,
)
from bot.services.sync.opening import opened
from bot.services.sync.run_pages import REPORT, hold, owe_reports
from storage import members, outbox
from storage.people import token_renewals
from storage.sync import integration_sync, sync_runs, sync_wishes
from storage.sync.integration_sync import SyncedIntegration
from storage.unit_of_work import Tx, UnitOfWork
from storage.writing import worklog_again

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)

MOST_ATTEMPTS = 8
"""Failures in a row after which a run is given up and the next one begins anew."""

LONGEST_ERROR = 1000

HEARD_KEPT = timedelta(days=7)
"""How long the record of a run is kept that read only what a webhook had told of."""

QUIET_KEPT = timedelta(days=1)
"""The same for a run by the clock that found nothing new: of each tool there are 288 a day."""

MOST_PARTS = 200
"""Projects that can be asked for by themselves; of more than that everything is read."""

BROKEN = "integration.broken"
RECOVERED = "integration.recovered"
"""Outbox kinds of what admins are told about an integration, once each."""


def ask(
    tx: Tx,
    team_id: TeamId,
    integration_id: IntegrationId,
    *,
    asked_by: MemberId | None,
    now: datetime,
    full: bool = False,
    projects: Collection[ProviderProjectId] | None = None,
) -> None:
    """Makes the integration due now, or some of its projects, in the caller's transaction.

    Who asks gets one direct message that is edited as the run goes and ends with the result.
    Asking twice before the run begins is one wish; asking while a run is under way is a wish for
    the next one, which follows at once. What is asked for adds up. A sign-in that could not be
    renewed is tried again, too, where somebody asks.

    Args:
        tx: The open transaction.
        team_id: The fence.
        integration_id: What to refresh.
        asked_by: Who gets the report; None when nobody waits for one.
        now: The moment of asking.
        full: Read everything again, deletions included, as ``/link sync`` promises. Without it
            only changes and what was never read are fetched.
        projects: Only these are read, which leaves the next sync of everything where it is; None
            for everything.

    Raises:
        Vanished: there is no such integration, or it is disconnected.
    """
    if projects is not None and len(projects) > MOST_PARTS:
        projects = None
    is_part = projects is not None and integration_sync.reads_parts(tx, team_id, integration_id)
    if not is_part and not integration_sync.make_due(tx, team_id, integration_id, now):
        raise Vanished("integration")
    if asked_by is not None:
        token_renewals.hasten(tx, team_id, integration_id, now)
    wish_id = sync_wishes.add(
        tx,
        team_id,
        integration_id,
        member_id=asked_by,
        is_full=full,
        projects=projects,
        now=now,
    )
    if wish_id is not None and asked_by is not None:
        outbox.add(
            tx,
            team_id,
            kind=REPORT,
            subject=f"sync_wish:{wish_id}",
            payload={"sync_wish_id": wish_id},
            marker=f"{REPORT}:{wish_id}:0",
            now=now,
        )


def tell_admins(
    tx: Tx,
    team_id: TeamId,
    integration_id: IntegrationId,
    kind: str,
    *,
    why: str,
    now: datetime,
) -> None:
    """Owes every admin a message that the integration broke, or works again.

    Args:
        tx: The open transaction.
        team_id: The fence.
        integration_id: Which one.
        kind: ``BROKEN`` or ``RECOVERED``.
        why: What brought it about, told apart from whatever does later.
        now: The moment.
    """
    for admin in members.admins(tx, team_id):
        outbox.add(
            tx,
            team_id,
            kind=kind,
            subject=f"integration:{integration_id}:{admin.id}",
            payload={"integration_id": integration_id, "member_id": admin.id},
            marker=f"{kind}:{why}:{admin.id}",
            now=now,
        )


class Syncing:
    """The life of sync runs. What they read is saved by ``Mirroring`` and ``TaskMirroring``."""

    def __init__(
        self, uow: UnitOfWork, *, interval: timedelta, jitter: Callable[[], float]
    ) -> None:
        """Takes the pace of syncing.

        Args:
            uow: Transactions.
            interval: From the end of one run to the start of the next, where no admin chose.
            jitter: Answers a number from 0 up to, not including, 1.
        """
        self._uow = uow
        self._interval = interval
        self._jitter = jitter

    def due(self, now: datetime) -> list[IntegrationId]:
        """What to work on now, of every team; also runs that a dead worker left."""
        with self._uow.read(brief=True) as tx:
            return integration_sync.due(tx, now)

    def begin(self, integration_id: IntegrationId, now: datetime) -> SyncPlan | None:
        """Takes up the run that was left, from its bookmark, or opens a new one.

        The caller holds the integration's lock. Should two workers come here all the same, the
        one that came last has the run, and the other may write no more.

        Returns:
            None when there is nothing to do: it is not due, or disconnected, or waits.
        """
        with self._uow.begin() as tx:
            found = integration_sync.lock(tx, integration_id)
            if found is None or found.state is IntegrationState.DISCONNECTED:
                return None
            run = sync_runs.running(tx, found.team_id, found.id)
            is_due = found.next_sync_at is not None and found.next_sync_at <= now
            is_left = run is not None and found.next_sync_at is None
            if found.sealed_credentials is None:
                return None
            if run is not None:
                run = _taken_over(tx, run) if is_due or is_left else None
            else:
                run = opened(tx, found, now)
            if run is None:
                return None
            integration_sync.set_next_sync(tx, found.team_id, found.id, None)
            wishes = sync_wishes.of_run(tx, found.team_id, run.id)
            return SyncPlan(
                run_id=run.id,
                team_id=found.team_id,
                integration_id=found.id,
                provider=found.provider,
                sealed_credentials=found.sealed_credentials,
                is_full=run.is_full,
                is_awaited=any(wish.member_id is not None for wish in wishes),
                bookmark=run.bookmark,
            )

    def progress(self, plan: SyncPlan, now: datetime) -> None:
        """Those who watch the run hear how far it is."""
        with self._uow.begin() as tx:
            hold(tx, plan)
            owe_reports(tx, plan.team_id, plan.run_id, now, is_last=False)

    def finish(self, plan: SyncPlan, *, requests: int, now: datetime) -> None:
        """Everything is read. What could not be read makes the run a failed one."""
        with self._uow.begin() as tx:
            found = integration_sync.lock(tx, plan.integration_id)
            run = hold(tx, plan)
            if found is None:
                return
            problems = run.bookmark.problems
            sync_runs.advance(tx, plan.team_id, plan.run_id, run.bookmark, requests=requests)
            self._end(
                tx,
                plan,
                SyncRunState.FAILED if problems else SyncRunState.DONE,
                now,
                error=told(problems) or None,
            )
            if found.state is IntegrationState.DISCONNECTED:
                return
            if problems or run.bookmark.heard is not None:
                self._schedule(tx, found, now, run.bookmark.heard)
            if problems and run.is_full and run.bookmark.heard is None:
                # What is refused for good must not make a sweep of every run to come.
                integration_sync.mark_swept(tx, plan.team_id, plan.integration_id, now)
            if not problems and run.bookmark.heard is None:
                integration_sync.mark_synced(
                    tx,
                    plan.team_id,
                    plan.integration_id,
                    now,
                    is_full=run.is_full,
                    next_sync_at=self._next(tx, found, now, None),
                )
                if found.state is IntegrationState.BROKEN:
                    _tell(tx, plan, RECOVERED, now)
                    here, call = (plan.team_id, plan.integration_id), f"run{plan.run_id}"
                    worklog_again.after_new_credentials(tx, *here, call=call, now=now)

    def fail(self, plan: SyncPlan, error: Exception, *, requests: int = 0, now: datetime) -> None:
        """The run met trouble. Nothing that was saved is undone.

        Refused credentials stop the integration until a person mends it. What passes by itself
        is waited for, longer each time, and the run goes on from its bookmark. A refusal ends
        the run; the next one comes at its usual time.
        """
        with self._uow.begin() as tx:
            found = integration_sync.lock(tx, plan.integration_id)
            run = hold(tx, plan)
            if found is None:
                return
            bookmark = replace(run.bookmark, attempts=run.bookmark.attempts + 1)
            reason = reason_of(error)
            sync_runs.advance(
                tx, plan.team_id, plan.run_id, bookmark, requests=requests, error=reason
            )
            is_over = isinstance(error, ProviderRefused) or bookmark.attempts >= MOST_ATTEMPTS
            if found.state is IntegrationState.DISCONNECTED:
                self._end(tx, plan, SyncRunState.FAILED, now, error=reason)
            elif isinstance(error, ProviderAuthFailed) and not _reconnected(found, plan):
                self._end(tx, plan, SyncRunState.FAILED, now, error=reason)
                self._break(tx, plan, found, now, reason)
            elif is_over:
                self._end(tx, plan, SyncRunState.FAILED, now, error=reason)
                self._schedule(tx, found, now, bookmark.heard)
            else:
                wait = self._wait(error, bookmark.attempts)
                integration_sync.set_next_sync(tx, plan.team_id, plan.integration_id, now + wait)
                owe_reports(tx, plan.team_id, plan.run_id, now, is_last=False)

    def tidy(self, now: datetime) -> None:
        """Drops the records of what webhooks brought about, and of nothing new, after a while."""
        with self._uow.begin() as tx:
            sync_runs.forget_heard_before(tx, now - HEARD_KEPT)
            sync_runs.forget_quiet_before(tx, now - QUIET_KEPT)

    def _end(
        self,
        tx: Tx,
        plan: SyncPlan,
        state: SyncRunState,
        now: datetime,
        *,
        error: str | None,
    ) -> None:
        sync_runs.end(tx, plan.team_id, plan.run_id, state, now, error=error)
        owe_reports(tx, plan.team_id, plan.run_id, now, is_last=True)

    def _schedule(
        self, tx: Tx, found: SyncedIntegration, now: datetime, heard: Heard | None
    ) -> None:
        next_sync_at = self._next(tx, found, now, heard)
        integration_sync.set_next_sync(tx, found.team_id, found.id, next_sync_at)

    def _next(
        self, tx: Tx, found: SyncedIntegration, now: datetime, heard: Heard | None
    ) -> datetime:
        """At the usual pace; at once when somebody asked while this run was under way."""
        minutes = found.sync_minutes
        interval = self._interval if minutes is None else timedelta(minutes=minutes)
        usual = now + interval * (0.9 + 0.2 * self._jitter())
        if heard is not None and heard.usual is not None:
            usual = heard.usual  # reading a part does not put the ordinary sync off
        waiting = sync_wishes.waiting(tx, found.team_id, found.id)
        return now if any(wish.projects is None for wish in waiting) else usual

    def _break(
        self, tx: Tx, plan: SyncPlan, found: SyncedIntegration, now: datetime, reason: str
    ) -> None:
        if found.state is IntegrationState.BROKEN:
            integration_sync.set_next_sync(tx, plan.team_id, plan.integration_id, None)
            return
        integration_sync.mark_broken(tx, plan.team_id, plan.integration_id, now, reason=reason)
        _tell(tx, plan, BROKEN, now)

    def _wait(self, error: Exception, attempts: int) -> timedelta:
        usual: timedelta = min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)
        jittered = usual * (0.5 + self._jitter())
        if isinstance(error, ProviderRateLimited):
            return max(timedelta(seconds=error.retry_after), jittered)
        return jittered


def _tell(tx: Tx, plan: SyncPlan, kind: str, now: datetime) -> None:
    tell_admins(tx, plan.team_id, plan.integration_id, kind, why=str(plan.run_id), now=now)


def _taken_over(tx: Tx, run: SyncRun) -> SyncRun:
    """The same run in a new worker's hands; the one before may write no more."""
    bookmark = replace(run.bookmark, epoch=run.bookmark.epoch + 1)
    sync_runs.advance(tx, run.team_id, run.id, bookmark, error=run.error)
    return replace(run, bookmark=bookmark)


def _reconnected(found: SyncedIntegration, plan: SyncPlan) -> bool:
    """Somebody typed new credentials while the old ones were being tried."""
    return found.sealed_credentials != plan.sealed_credentials


def reason_of(error: Exception) -> str:
    """For the run's history; what is not a provider's doing is only named, the log has the rest."""
    match error:
        case ProviderRefused(reason=reason, detail=detail):
            said, detail = reason or detail or "refused without a reason", ""
        case ProviderAuthFailed(reason=reason) if reason:
            said, detail = reason, ""
        case ProviderAuthFailed(detail=detail):
            said = "the credentials were not accepted"
        case ProviderRateLimited(detail=detail):
            said = "too many requests"
        case ProviderUnavailable(detail=detail):
            said = "no answer, or a broken one"
        case ProviderError(detail=detail):
            said = "an answer of another kind than this tool gives"
        case _:
            said, detail = f"unexpected: {type(error).__name__}", ""
    return (f"{said} ({detail})" if detail else said)[:LONGEST_ERROR]

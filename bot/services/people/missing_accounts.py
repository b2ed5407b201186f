"""People's accounts that a provider's list no longer holds: deleted, merged, or only hidden."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.entries.entries import StopReason
from bot.domain.ids import ProviderAccountId
from bot.domain.people.account_links import AccountLink
from bot.domain.states import AccountLinkEvent, AccountLinkState
from bot.domain.sync.sync import SyncPlan
from bot.integrations.api import ProviderAccount
from bot.services.people.account_endings import end_tracking
from bot.services.people.account_moves import GONE, Moves, told
from bot.services.sync.mirroring_accounts import take_in
from bot.services.sync.run_pages import Footing, advance, hold
from storage.operating import audit
from storage.people import account_links, missing_accounts
from storage.unit_of_work import Tx, UnitOfWork

AT_ONCE = 100
"""How many are read again in one run at most; the next run goes on."""

_ENDS = {
    AccountLinkState.CONNECTED: AccountLinkEvent.END,
    AccountLinkState.AWAITING_APPROVAL: AccountLinkEvent.WITHDRAW,
}


class MissingAccounts:
    """Absence from a list is not deletion (S4): each is read again before anything ends."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._new_marker = new_marker

    def missing(self, plan: SyncPlan, seen: Collection[str]) -> dict[str, ProviderAccountId]:
        """Accounts to read again: somebody has them, and a complete list did not hold them.

        One that turned out to be there, or that may only be hidden, is asked about again by the
        next complete run.
        """
        with self._uow.read() as tx:
            found = missing_accounts.rested_on(
                tx, plan.team_id, plan.integration_id, afresh=plan.is_full
            )
        missing = [(name, known) for name, known in found.items() if name not in seen]
        return dict(missing[:AT_ONCE])

    def confirm(
        self,
        plan: SyncPlan,
        *,
        found: Sequence[ProviderAccount],
        gone: Collection[ProviderAccountId],
        unlisted: Collection[ProviderAccountId],
        footing: Footing,
    ) -> None:
        """Saves what single re-reads said.

        The connections of who is gone end as if somebody had ended them: own keys are destroyed,
        a timer there is stopped and kept, the person is told.

        Args:
            plan: The run.
            found: Who is there after all, as re-read.
            gone: Who is no longer there.
            unlisted: Who is there after all, or may only be hidden.
            footing: What it cost.
        """
        now = footing.now
        with self._uow.begin() as tx:
            run = hold(tx, plan)
            counts = take_in(tx, plan, found, now=now, new_marker=self._new_marker)
            missing_accounts.mark_unlisted(tx, plan.team_id, unlisted, now)
            missing_accounts.mark_gone(tx, plan.team_id, gone, now)
            if gone:
                self._end(tx, plan, gone, now)
            advance(tx, run, lambda mark: mark, footing, replace(counts, gone=len(gone)))

    def _end(
        self, tx: Tx, plan: SyncPlan, gone: Collection[ProviderAccountId], now: datetime
    ) -> None:
        team_id, moves = plan.team_id, Moves(self._new_marker)
        ids = missing_accounts.resting_links(tx, team_id, gone)
        ended: list[AccountLink] = []
        for link in account_links.by_ids(tx, team_id, ids):
            values = {"sealed_token": None, "decided_by": None, "decided_at": now}
            if moves.move(tx, link, _ENDS[link.state], now, **values):
                ended.append(link)
                self._record(tx, moves.fresh(tx, team_id, link.id), link, now)
        end_tracking(
            tx,
            team_id,
            [link.person.id for link in ended if link.state is AccountLinkState.CONNECTED],
            plan.integration_id,
            because=StopReason.ACCOUNT_LINK_ENDED,
            now=now,
            new_marker=self._new_marker,
        )
        moves.owe_all(tx, GONE, ended, now)

    def _record(self, tx: Tx, link: AccountLink, before: AccountLink, now: datetime) -> None:
        audit.record(
            tx,
            link.team_id,
            actor=None,
            action="account_link.end",
            subject=f"account_link:{link.id}",
            before=told(before),
            after={**told(link), "because": "the account is gone in the tool"},
            now=now,
        )

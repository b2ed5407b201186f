"""What time alone does to requests: they expire, and are reminded of once."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.ids import AccountLinkId, TeamId
from bot.domain.people.account_links import REMINDED_AFTER
from bot.domain.states import AccountLinkState
from bot.services.people.account_moves import REMINDER
from storage import outbox
from storage.people import account_link_changes, account_links
from storage.unit_of_work import Tx, UnitOfWork

_S = AccountLinkState

BATCH = 200
"""How many requests one look at the clock expires or reminds of."""


class Deadlines:
    """Looked at every now and then."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._new_marker = new_marker

    def expire_due(self, now: datetime) -> int:
        """Expires requests that nobody answered in time, at most ``BATCH``; how many."""
        with self._uow.read() as tx:
            if not account_links.overdue(tx, now, 1):
                return 0
        with self._uow.begin() as tx:
            due = account_links.overdue(tx, now, BATCH)
            return sum(
                account_link_changes.move(
                    tx, team_id, link_id, was=(_S.INVITED, request), becomes=_S.EXPIRED
                )
                for team_id, link_id, request in due
            )

    def remind_due(self, now: datetime) -> int:
        """Owes the one reminder of requests that wait for two days, at most ``BATCH``; how many."""
        before = now - REMINDED_AFTER
        with self._uow.read() as tx:
            if not account_links.unreminded(tx, before, now, 1):
                return 0
        with self._uow.begin() as tx:
            due = account_links.unreminded(tx, before, now, BATCH)
            reminded = [one for one in due if self._remind(tx, *one, now)]
            return len(reminded)

    def _remind(
        self, tx: Tx, team_id: TeamId, link_id: AccountLinkId, request: int, now: datetime
    ) -> bool:
        was = (_S.INVITED, request)
        marked = account_link_changes.move(
            tx, team_id, link_id, was=was, becomes=_S.INVITED, reminded_at=now
        )
        if marked:
            outbox.add(
                tx,
                team_id,
                kind=REMINDER,
                subject=f"account_link:{link_id}",
                payload={"account_link_id": link_id, "request": request},
                marker=self._new_marker(),
                now=now,
            )
        return marked

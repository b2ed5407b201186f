"""What was refused because an account is not connected, kept until it is."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.entries.entries import PendingEntry, Target
from bot.domain.errors import HourlinkError
from bot.domain.people.people import Member
from bot.domain.tracking.tracking import KeptOffer
from bot.domain.tracking.tracking_errors import AccountNotConnected
from bot.services.tasks.typed import ProviderName
from bot.services.tracking.desk import Desk
from storage.tracking import pending_entries
from storage.unit_of_work import UnitOfWork


def keep_refused(
    uow: UnitOfWork, who: Member, refused: AccountNotConnected, kept: PendingEntry, now: datetime
) -> AccountNotConnected:
    """The same refusal, naming what is kept; after the transaction that it ended."""
    with uow.begin(brief=True) as tx:
        refused.pending_id = pending_entries.keep(tx, who.team_id, who.id, kept, now)
    return refused


class KeptEntries:
    """What can be done once an account is connected."""

    def __init__(
        self, uow: UnitOfWork, new_marker: Callable[[], str], provider_name: ProviderName
    ) -> None:
        self._uow = uow
        self._new_marker = new_marker
        self._provider_name = provider_name

    def offer(
        self, *, who: Member, pending_id: int, target: Target | None, now: datetime
    ) -> KeptOffer | None:
        """What was refused, if it can be done by now; None where it is gone, old, or still not."""
        with self._uow.read() as tx:
            kept = pending_entries.find(tx, who.team_id, who.id, pending_id, now)
            if kept is None or target is None:
                return KeptOffer(pending_id, is_log=kept.is_log) if kept else None
            desk = Desk(
                tx, who, now, new_marker=self._new_marker, provider_name=self._provider_name
            )
            try:
                on = desk.finder.by_target(target, may_log=kept.is_log).on
            except HourlinkError:
                return None
            return KeptOffer(pending_id, on, is_log=kept.is_log)

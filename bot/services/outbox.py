"""The outbox as use cases: take what is due, and say how it went."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain.ids import TeamId
from bot.domain.outbox import OutboxItem
from storage import outbox, requests
from storage.reports import report_runs
from storage.tasks import unfurls
from storage.unit_of_work import UnitOfWork

KEPT = timedelta(days=7)
"""How long done work stays to be looked at."""

REPEATABLE = timedelta(days=1)
"""How long Slack may repeat a request; it gives up after hours."""


class Outbox:
    """Work owed to the outside."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def teams_due(self, now: datetime, *, kind: str | None = None) -> list[TeamId]:
        """Teams to whom something is owed now, or something of a kind."""
        with self._uow.read(brief=True) as tx:
            return outbox.teams_due(tx, now, kind=kind)

    def take(
        self,
        slots: Mapping[TeamId, int],
        now: datetime,
        *,
        only: tuple[str, Collection[TeamId]] = ("", ()),
    ) -> list[OutboxItem]:
        """What is due to these teams, so much to each, in order within each subject.

        It now counts as being sent.

        Args:
            slots: How much at most, for each team.
            now: The present moment.
            only: A kind, and the teams of which nothing else is taken.
        """
        with self._uow.begin() as tx:
            return outbox.take_due(tx, slots, now, only=only)

    def hand_back(self, now: datetime) -> None:
        """Takes over what an earlier, dead process was sending; only for the sole process."""
        with self._uow.begin() as tx:
            outbox.hand_back(tx, now)

    def hold(self, item: OutboxItem, now: datetime) -> bool:
        """It is still being worked on; False where somebody else has taken it up."""
        with self._uow.begin() as tx:
            return outbox.hold(tx, item, now)

    def done(self, items: Sequence[OutboxItem], now: datetime) -> None:
        """They reached the outside."""
        with self._uow.begin() as tx:
            outbox.finish(tx, items, now)

    def give_up(self, item: OutboxItem, now: datetime, *, error: str) -> None:
        """It never will; the reason is kept."""
        with self._uow.begin() as tx:
            outbox.give_up(tx, item, now, error=error)

    def retry(
        self, item: OutboxItem, due_at: datetime, *, error: str, may_have_happened: bool
    ) -> None:
        """It did not work out now, or nobody knows."""
        with self._uow.begin() as tx:
            outbox.retry(tx, item, due_at, error=error, may_have_happened=may_have_happened)

    def tidy(self, now: datetime) -> None:
        """Drops what nobody will ask for again."""
        with self._uow.begin() as tx:
            outbox.forget_done_before(tx, now - KEPT)
            report_runs.forget_before(tx, now - KEPT)
            requests.forget_before(tx, now - REPEATABLE)
            unfurls.forget_before(tx, now - REPEATABLE)

"""How long things are kept that nobody uses any more (O4)."""

from datetime import datetime, timedelta

from bot.domain.ids import TeamId
from bot.domain.values import dataclass
from storage import asked_messages, outbox
from storage.operating import audit, team_erasing
from storage.sync import sync_runs
from storage.unit_of_work import UnitOfWork

FAILED_KEPT = timedelta(days=30)
"""How long what was given up stays to be looked at."""

QUESTIONS_KEPT = timedelta(days=90)
"""How long a question that nobody answers is found again, to show its answer."""

RUNS_KEPT = timedelta(days=90)
"""How long the history of syncs goes back."""


@dataclass(frozen=True, slots=True)
class Erased:
    """A team that was taken away."""

    team_id: TeamId
    rows: int


class Retention:
    """Drops what is too old, and teams that left."""

    def __init__(
        self, uow: UnitOfWork, *, removed: timedelta | None, audit_log: timedelta | None
    ) -> None:
        """Begins to keep.

        Args:
            uow: The database.
            removed: How long a team's data outlives its removal of Hourlink; None for ever.
            audit_log: How long a line of the audit log is kept; None for ever.
        """
        self._uow = uow
        self._removed = removed
        self._audit_log = audit_log

    def erase_due(self, now: datetime) -> list[Erased]:
        """Takes away teams whose time is over, each in a transaction of its own."""
        if self._removed is None:
            return []
        before = now - self._removed
        with self._uow.read() as tx:
            due = team_erasing.due(tx, before)
        done = []
        for team_id in due:
            with self._uow.begin() as tx:
                if team_erasing.hold(tx, team_id, before):
                    done.append(Erased(team_id, team_erasing.erase(tx, team_id)))
        return done

    def tidy(self, now: datetime) -> None:
        """Drops old history."""
        with self._uow.begin() as tx:
            outbox.forget_failed_before(tx, now - FAILED_KEPT)
            sync_runs.forget_before(tx, now - RUNS_KEPT)
            asked_messages.forget_before(tx, now - QUESTIONS_KEPT)
            if self._audit_log is not None:
                audit.forget_before(tx, now - self._audit_log)

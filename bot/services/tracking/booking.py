"""Writing changes of time entries down: the one place through which all of them go.

What is recorded here is also owed to the tools that the entries belong to, in the transaction that
changed them.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.entries.entries import Entry, EntryChange
from bot.domain.ids import MemberId, TeamId
from storage.entries import entry_history
from storage.unit_of_work import Tx
from storage.writing import worklogs


def book(
    tx: Tx,
    team_id: TeamId,
    changes: Sequence[EntryChange],
    *,
    step: str,
    actor: MemberId | None,
    now: datetime,
    reason: str = "",
) -> None:
    """Writes down what one use case changed, after the entries themselves were saved.

    Args:
        tx: The open transaction.
        team_id: The fence.
        changes: What was changed; no entry twice.
        step: Names it as a whole.
        actor: Who did it; None where Hourlink itself acted.
        now: The present moment.
        reason: What is said of it, for its history.
    """
    entry_history.record(tx, team_id, changes, step=step, actor=actor, now=now, reason=reason)
    worklogs.owe(
        tx,
        team_id,
        # A timer that runs has nothing in any tool yet.
        stored=[one.after.id for one in changes if one.before and one.before.seconds is not None],
        wanted=[one.after.id for one in changes if _is_finished_work(one.after)],
        call=step,
        now=now,
    )


def _is_finished_work(entry: Entry) -> bool:
    return entry.seconds is not None and entry.deleted_at is None and entry.task_id is not None

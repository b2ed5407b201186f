"""Tasks that the provider does not know or show any more, or shows again."""

from collections.abc import Collection
from datetime import datetime

from bot.domain.ids import TaskId
from bot.domain.sync.sync import SyncPlan
from storage.sync import task_sync
from storage.unit_of_work import Tx
from storage.writing import worklog_again


def lose(tx: Tx, plan: SyncPlan, gone: Collection[TaskId], now: datetime) -> int:
    """Notes that these are gone; how many that is news of.

    Time that could not be written because one was not there is looked at once more: by now it is
    known to have nowhere to go, and nobody need be told that it failed.
    """
    number = task_sync.mark_gone(tx, plan.team_id, gone, now)
    call = f"gone{plan.run_id}.{min(gone)}"  # a task that is gone is not found gone again
    worklog_again.after_gone(tx, plan.team_id, gone, call=call, now=now)
    return number


def find_again(tx: Tx, plan: SyncPlan, back: Collection[TaskId], now: datetime) -> None:
    """These were gone and are there again, as those are that were archived or hidden for a while.

    Time that had nowhere to go is written now, though nobody changed it meanwhile.
    """
    call = f"back{plan.run_id}.{min(back)}"
    worklog_again.after_return(tx, plan.team_id, back, call=call, now=now)

"""Telling owners what a manager or an admin did to their time."""

from datetime import datetime

from bot.domain.entries.editing import HistoryLine, Shown
from bot.domain.entries.entries import Action, TaskLabel
from bot.domain.ids import MemberId, SlackUserId, TeamId
from bot.domain.values import dataclass
from bot.services.entries.access import shown
from bot.services.entries.history import lines_of_step
from bot.services.tracking.desk import Desk, to_read
from storage import labels, members, outbox
from storage.entries import continued_entries, entry_history
from storage.unit_of_work import UnitOfWork

ENTRY_CHANGED = "entry.changed"
"""Outbox kind; its payload names the owner, who did it, and the step."""


@dataclass(frozen=True, slots=True)
class OwnerNote:
    """What an owner is told."""

    to: SlackUserId
    who: str
    """Who did it."""
    found: Shown | None
    """The entry as it is now; None where it is gone."""
    line: HistoryLine
    """What was done."""
    on: TaskLabel


def tell_owner(desk: Desk, step: str) -> None:
    """Owes the owner a message about a step, where somebody else took it."""
    if desk.is_own or not desk.who.is_active:
        return
    outbox.add(
        desk.tx,
        desk.team_id,
        kind=ENTRY_CHANGED,
        subject=f"member:{desk.who.id}",
        payload={"member_id": desk.who.id, "actor_id": desk.actor, "step": step},
        marker=desk.new_marker(),
        now=desk.now,
    )


class OwnerNotes:
    """What those messages say."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def note(
        self, team_id: TeamId, *, owner_id: MemberId, actor_id: MemberId, step: str, now: datetime
    ) -> OwnerNote | None:
        """Whom to tell what; None when the owner has left, or there is nothing to tell."""
        with self._uow.read() as tx:
            people = members.by_ids(tx, team_id, [owner_id, actor_id])
            owner = people.get(owner_id)
            rows = entry_history.of_step_whole(tx, team_id, step)
            if owner is None or not owner.is_active or not rows:
                return None
            desk = to_read(tx, owner, now)
            first = rows[-1].change.after
            parts = continued_entries.chain(tx, team_id, first.id)
            before = rows[-1].change.before or first
            on = labels.of(tx, team_id, before.project_id, before.task_id)
            (line,) = lines_of_step(tx, desk, rows)
            if not parts and line.action is Action.EDITED:
                return None  # it was deleted since, which is told by itself
            return OwnerNote(
                owner.slack_user_id,
                people[actor_id].name,
                shown(desk, tuple(parts), 0) if parts else None,
                line,
                on,
            )

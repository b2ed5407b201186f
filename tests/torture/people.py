"""Five people who track time without rest: they start, stop, log, edit, move, delete and undo."""

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import select
from sqlmodel import col

from bot.domain.entries.editing import Edit, Kind
from bot.domain.entries.entries import OnTask
from bot.domain.errors import HourlinkError
from bot.domain.ids import TaskId, TimeEntryId
from bot.domain.input_errors import BadInput
from bot.domain.people.people import Member
from bot.domain.tasks.task_refs import KeyRef
from bot.services.entries.editing import Entries
from bot.services.tracking.time_log import TimeLog
from bot.services.tracking.timer import Tracking
from bot.services.tracking.undoing import Undoing
from storage.entries.time_entries import TimeEntryRow
from storage.unit_of_work import UnitOfWork

LATELY = 8
"""Of the newest entries, these are changed."""


class Crowd:
    """What they do, one thing after another."""

    def __init__(
        self,
        uow: UnitOfWork,
        people: Sequence[Member],
        tasks: Sequence[tuple[TaskId, str]],
        rolls: random.Random,
    ) -> None:
        parts = (uow, lambda: uuid4().hex, str)
        self._uow = uow
        self._people = people
        self._tasks = tasks
        self._rolls = rolls
        self._tracking, self._log = Tracking(*parts), TimeLog(*parts)
        self._entries, self._undoing = Entries(*parts), Undoing(*parts)

    def act(self, now: datetime) -> None:
        """Somebody does something; what is refused is refused."""
        who = self._rolls.choice(self._people)
        deeds: list[tuple[int, Callable[[Member, datetime], object]]] = [
            (5, self._start),
            (4, self._stop),
            (4, self._logs),
            (5, self._edit),
            (2, self._delete),
            (1, self._undo),
        ]
        weights = [weight for weight, _ in deeds]
        ((_, deed),) = self._rolls.choices(deeds, weights)
        try:
            deed(who, now)
        except (HourlinkError, BadInput):
            return

    def _key(self) -> KeyRef:
        return KeyRef(self._rolls.choice(self._tasks)[1])

    def _start(self, who: Member, now: datetime) -> None:
        self._tracking.start(who=who, ref=self._key(), now=now)

    def _stop(self, who: Member, now: datetime) -> None:
        self._tracking.stop(who=who, now=now)

    def _logs(self, who: Member, now: datetime) -> None:
        self._log.log(
            who=who,
            ref=self._key(),
            amount=self._rolls.randrange(1, 5400),
            day=None,
            note=self._rolls.choice(["", "Header", "Ärger | 100 % 任务"]),
            now=now,
            request_id=uuid4().hex,
        )

    def _edit(self, who: Member, now: datetime) -> None:
        entry_id = self._lately(who)
        if entry_id is None:
            return
        found = self._entries.form(who=who, entry_id=entry_id, now=now)
        edit = Edit(
            note=self._rolls.choice([found.note, "Changed"]),
            day=found.day,
            target=OnTask(self._rolls.choice(self._tasks)[0]),
            start=None if found.start is None else found.start.time().replace(second=0, fold=0),
            end=None if found.end is None else found.end.time().replace(second=0, fold=0),
            end_day=None if found.end is None or len(found.days) == 1 else found.end.date(),
            seconds=None,
        )
        if found.kind is Kind.LENGTH:
            back = timedelta(days=self._rolls.randrange(2))
            length = self._rolls.randrange(60, 7200)
            edit = Edit(note=edit.note, day=found.day - back, target=edit.target, seconds=length)
        self._entries.save(who=who, entry_id=entry_id, version=found.version, edit=edit, now=now)

    def _delete(self, who: Member, now: datetime) -> None:
        entry_id = self._lately(who)
        if entry_id is not None:
            self._entries.delete(who=who, entry_id=entry_id, now=now)

    def _undo(self, who: Member, now: datetime) -> None:
        self._undoing.undo_last(who=who, now=now)

    def _lately(self, who: Member) -> TimeEntryId | None:
        query = (
            select(col(TimeEntryRow.id))
            .where(
                col(TimeEntryRow.member_id) == who.id,
                col(TimeEntryRow.deleted_at).is_(None),
                col(TimeEntryRow.seconds).is_not(None),
            )
            .order_by(col(TimeEntryRow.id).desc())
            .limit(LATELY)
        )
        with self._uow.read() as tx:
            found = list(tx.execute(query).scalars())
        return TimeEntryId(int(self._rolls.choice(found) or 0)) if found else None

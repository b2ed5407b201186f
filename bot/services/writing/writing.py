"""Writing time back (W1 to W4): what a delivery needs to know, and what it found out."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.domain.ids import WorklogId
from bot.domain.outbox import DeliveryTakenOver, OutboxItem
from bot.domain.writing.worklog_work import WorklogWork, keys_of
from bot.domain.writing.worklogs import (
    Author,
    Record,
    Said,
    StoredWorklog,
    Try,
    Unwanted,
    WorklogState,
)
from storage import outbox
from storage.unit_of_work import Tx, UnitOfWork
from storage.writing import worklog_notices, worklog_work

ASK = "worklog.ask"
"""Outbox kind of asking an entry's owner which version counts."""


TELL = "worklog.tell"
"""Outbox kind of telling somebody what of their time could not be written."""


class Writing:
    """The worklogs that are under way."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._new_marker = new_marker

    def work(self, item: OutboxItem, worklog_id: WorklogId, call: str) -> WorklogWork | None:
        """What is to be brought up to its entry; None where this piece of work is over."""
        with self._uow.read() as tx:
            found = worklog_work.work(tx, item.team_id, worklog_id)
        if found is None or found.stored.owed_in != call:
            return None
        return replace(found, item=item)

    def was_rekeyed(self, work: WorklogWork) -> bool:
        """By now other keys are stored than those with which it was called."""
        with self._uow.read() as tx:
            found = worklog_work.work(tx, work.stored.team_id, work.stored.id)
        return found is not None and keys_of(found) != keys_of(work)

    def begins(
        self,
        work: WorklogWork,
        said: Said,
        author: Author,
        *,
        found: Record | None = None,
        now: datetime,
    ) -> None:
        """The provider is about to be called: until an answer is saved, it may have arrived.

        Args:
            work: What is to be done.
            said: What the record is to say.
            author: With whose credentials.
            found: The record that was found, and is ours.
            now: The present moment.

        Raises:
            DeliveryTakenOver: another worker may be calling it by now.
        """
        tried = Try(said.task, said.seconds, said.day, said.digest, now)
        with self._uow.begin() as tx:
            _require_held(tx, work)
            worklog_work.begin_try(tx, work, tried, author, found)

    def removes(self, work: WorklogWork, known: Record, author: Author, now: datetime) -> None:
        """The same for a record that is to go."""
        tried = Try(work.stored.task, known.seconds, known.day, "", now)
        with self._uow.begin() as tx:
            _require_held(tx, work)
            worklog_work.begin_try(tx, work, tried, author, known)

    def refused(self, work: WorklogWork) -> None:
        """It was answered, with a refusal."""
        with self._uow.begin() as tx:
            worklog_work.answered(tx, work.stored)

    def wrote(self, work: WorklogWork, said: Said, record: Record, now: datetime) -> None:
        """The provider has what the entry says."""
        known = worklog_work.wrote(work, record, said.task, said.digest)
        with self._uow.begin() as tx:
            worklog_work.settle(
                tx,
                work.stored,
                WorklogState.WRITTEN,
                values=known,
                again=self._new_marker(),
                now=now,
            )
            self._mends(tx, work, now)

    def stands(self, work: WorklogWork, now: datetime) -> None:
        """It had it before."""
        with self._uow.begin() as tx:
            worklog_work.settle(
                tx, work.stored, WorklogState.WRITTEN, again=self._new_marker(), now=now
            )
            self._mends(tx, work, now)

    def left(self, work: WorklogWork, wish: Unwanted, *, removed: bool, now: datetime) -> None:
        """Nothing is to be there, or nothing may be written."""
        state = WorklogState.PENDING if wish.waits else WorklogState.OFF
        with self._uow.begin() as tx:
            worklog_work.settle(
                tx,
                work.stored,
                state,
                reason=wish.reason,
                values=worklog_work.removed() if removed else None,
                again=self._new_marker(),
                now=now,
            )
            self._mends(tx, work, now)

    def failed(self, work: WorklogWork, reason: str, now: datetime) -> None:
        """It is given up, until the entry changes or somebody wants it tried again.

        Its person is told.
        """
        with self._uow.begin() as tx:
            worklog_work.settle(
                tx,
                work.stored,
                WorklogState.FAILED,
                reason=reason,
                again=self._new_marker(),
                now=now,
            )
            self._tell(tx, work, now)

    def differs(self, work: WorklogWork, theirs: Record | None, now: datetime) -> None:
        """Somebody changed or removed it in the provider; its person is asked."""
        with self._uow.begin() as tx:
            worklog_work.differs(tx, work.stored, theirs, again=self._new_marker(), now=now)
            outbox.add(
                tx,
                work.stored.team_id,
                kind=ASK,
                subject=f"worklog:{work.stored.id}",
                payload={"worklog_id": work.stored.id},
                marker=self._new_marker(),
                now=now,
            )

    def waits(self, stored: StoredWorklog, reason: str) -> None:
        """The provider does not answer now."""
        if stored.reason != reason:
            with self._uow.begin() as tx:
                worklog_work.waits(tx, stored, reason)

    def _mends(self, tx: Tx, work: WorklogWork, now: datetime) -> None:
        """A message that says that something is not written may have to say less now."""
        stored = work.stored
        if worklog_notices.of(tx, stored.team_id, work.member_id, stored.integration_id):
            self._tell(tx, work, now)

    def _tell(self, tx: Tx, work: WorklogWork, now: datetime) -> None:
        stored = work.stored
        subject = f"worklogs-of:{work.member_id}:{stored.integration_id}"
        if outbox.is_owed(tx, stored.team_id, subject):
            return
        outbox.add(
            tx,
            stored.team_id,
            kind=TELL,
            subject=subject,
            payload={"member_id": work.member_id, "integration_id": stored.integration_id},
            marker=self._new_marker(),
            now=now,
        )


def _require_held(tx: Tx, work: WorklogWork) -> None:
    """A worker that overslept its lease stops here, before it calls the tool.

    Raises:
        DeliveryTakenOver: it has been taken up again.
    """
    if work.item is not None and not outbox.holds(tx, work.item):
        raise DeliveryTakenOver

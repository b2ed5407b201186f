"""The history of an entry, step by step, as its owner's clock shows it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from bot.domain.entries.editing import Change, History, HistoryLine
from bot.domain.entries.entries import Action, Entry, TaskLabel
from bot.domain.ids import MemberId, ProjectId, TaskId, TimeEntryId
from bot.domain.people.people import Member
from bot.services.entries.access import AtFiles, Case
from bot.services.tracking.desk import Desk
from storage import labels, members
from storage.entries import entry_history
from storage.entries.entry_history import Step
from storage.importing import imports
from storage.unit_of_work import Tx

PAGE = 40
"""Rows that one look takes; a step that changed two linked parts has two."""

_MOST_SINCE = 4

Pair = tuple[ProjectId, TaskId | None]
Labels = dict[Pair, TaskLabel]


class EntryHistory(AtFiles):
    """Who changed what about an entry, and when."""

    def of(self, *, who: Member, entry_id: TimeEntryId, page: int, now: datetime) -> History:
        """The steps of an entry, newest first, and where it is written by now.

        Raises:
            HourlinkError: it is gone, or not who asks' to see.
        """
        with self._uow.read() as tx:
            case = self._files(tx, who, now).open(entry_id)
            rows = entry_history.of_entries(
                tx, case.desk.team_id, case.ids, limit=PAGE + 1, offset=page * PAGE
            )
            lines = _lines(tx, case.desk, rows[:PAGE])
            return History(case.with_worklogs(), lines, len(rows) > PAGE)


def lines_since(tx: Tx, case: Case, version: int) -> tuple[HistoryLine, ...]:
    """What happened to an entry after a version of it, newest first."""
    rows = entry_history.of_entries(
        tx, case.desk.team_id, case.ids, after=version, limit=_MOST_SINCE
    )
    return _lines(tx, case.desk, rows)


def lines_of_step(tx: Tx, desk: Desk, rows: Sequence[Step]) -> tuple[HistoryLine, ...]:
    """What one step did."""
    return _lines(tx, desk, rows)


def _lines(tx: Tx, desk: Desk, rows: Sequence[Step]) -> tuple[HistoryLine, ...]:
    known = [entry for row in rows for entry in (row.change.before, row.change.after) if entry]
    known_as = labels.of_all(tx, desk.team_id, {_pair(entry) for entry in known})
    people = members.by_ids(tx, desk.team_id, {row.actor for row in rows if row.actor is not None})
    steps = (list(same) for _, same in groupby(rows, key=lambda row: row.step))
    lines = [_line(desk, same, people, known_as) for same in steps]
    brought = {row.step for row in rows if row.change.action is Action.IMPORTED}
    if not brought:
        return tuple(lines)
    files = imports.file_names(tx, desk.team_id, brought)
    names = [files.get(step, "") for step, _ in groupby(rows, key=lambda row: row.step)]
    return tuple(replace(one, file_name=name) for one, name in zip(lines, names, strict=True))


def _line(
    desk: Desk, rows: Sequence[Step], people: dict[MemberId, Member], labels: Labels
) -> HistoryLine:
    first = rows[-1]  # of the step, as the newest row comes first
    before = [row.change.before for row in rows if row.change.before is not None]
    after = [row.change.after for row in rows]
    return HistoryLine(
        desk.local(first.at),
        first.change.action,
        people[first.actor].name if first.actor is not None else "",
        first.actor == desk.actor,
        tuple(_changes(desk, _there(before), _there(after), labels)) if before else (),
        sum(entry.seconds or 0 for entry in _there(after)),
        reason=first.reason,
    )


def _there(entries: Iterable[Entry]) -> list[Entry]:
    kept = [entry for entry in entries if entry.deleted_at is None]
    return sorted(kept, key=lambda entry: (entry.work_date, entry.id))


def _changes(
    desk: Desk, before: Sequence[Entry], after: Sequence[Entry], labels: Labels
) -> Iterable[Change]:
    if not before or not after:
        return
    old, new = before[0], after[0]
    if _pair(old) != _pair(new):
        yield Change("task", labels[_pair(old)], labels[_pair(new)])
    if old.started_at is None and old.work_date != new.work_date:
        yield Change("day", old.work_date, new.work_date)
    if old.started_at != new.started_at:
        yield Change("start", _local(desk, old.started_at), _local(desk, new.started_at))
    if before[-1].ended_at != after[-1].ended_at:
        last = after[-1].ended_at
        yield Change("end", _local(desk, before[-1].ended_at), _local(desk, last))
    lengths = [_seconds(entries) for entries in (before, after)]
    if lengths[0] != lengths[1]:
        yield Change("length", *lengths)
    if old.note != new.note:
        yield Change("note", old.note, new.note)


def _seconds(entries: Sequence[Entry]) -> int | None:
    """The length of all parts; None while one of them runs."""
    if any(entry.seconds is None for entry in entries):
        return None
    return sum(entry.seconds or 0 for entry in entries)


def _local(desk: Desk, moment: datetime | None) -> datetime | None:
    return None if moment is None else desk.local(moment)


def _pair(entry: Entry) -> Pair:
    return entry.project_id, entry.task_id

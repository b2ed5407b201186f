"""Changing and deleting time entries, one's own and, for managers and admins, other people's."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from bot.domain.approval.locks import TimeLocked
from bot.domain.entries.editing import Deleted, Edit, Edited, Opened, Preview, Shown
from bot.domain.entries.editing_errors import EntryChanged, EntryOutOfReach, NothingToEdit
from bot.domain.entries.entries import Action, Entry, EntryChange, LabelledEntry, TaskLabel
from bot.domain.errors import NotAllowed
from bot.domain.ids import TimeEntryId
from bot.domain.people.people import Member
from bot.domain.tasks.finding import Offer
from bot.domain.tracking.tracking_errors import AccountNotConnected
from bot.services.approval.locks import require_open
from bot.services.entries.access import AtFiles, Case, Files, check_reach, shown
from bot.services.entries.history import lines_since
from bot.services.entries.plan import Plan, changes, plan, touched
from bot.services.entries.telling import tell_owner
from bot.services.tracking.desk import fitting
from bot.services.tracking.overlaps import overlaps, shared
from storage.entries import time_entries


class Entries(AtFiles):
    """Entries that are there."""

    def form(self, *, who: Member, entry_id: TimeEntryId, now: datetime) -> Shown:
        """An entry as it is now, for a form that is open already.

        Raises:
            TargetUnknown: there is no such entry.
            EntryDeleted: it was deleted.
            NotAllowed: it is not who asks' to change, and why.
            NotPossible: nobody like them may change it as things stand.
        """
        with self._opening(who, now) as files:
            case = files.open(entry_id)
            check_reach(case.desk, case.actor, case.head)
            return case.with_worklogs()

    def opened(self, *, who: Member, entry_id: TimeEntryId, now: datetime) -> Opened:
        """An entry, for the form that is opened to change it.

        Raises:
            HourlinkError: as ``form``.
        """
        with self._opening(who, now) as files:
            return _opened(files.open(entry_id))

    def last(self, *, who: Member, now: datetime) -> Opened:
        """What the member tracked last, the running timer before anything else.

        Raises:
            NothingToEdit: nothing was tracked yet.
            HourlinkError: as ``form``.
        """
        with self._opening(who, now) as files:
            desk = files.desk_of(files.actor.id)
            found = desk.running() or time_entries.last(files.tx, desk.team_id, desk.who.id)
            if found is None:
                raise NothingToEdit("")
            return _opened(files.open(found.entry.id))

    def targets(self, *, who: Member, entry_id: TimeEntryId, text: str, now: datetime) -> Offer:
        """What an entry may be moved to that fits the words, likeliest first."""
        with self._opening(who, now) as files:
            case = files.open(entry_id)
            found = case.desk.finder.offer(text)
            if case.desk.is_own or case.actor.is_admin:
                return found
            own = files.managed()
            return Offer(
                tuple(one for one in found.tasks if one.on.project_id in own),
                tuple(one for one in found.projects if one.on.project_id in own),
            )

    def preview(self, *, who: Member, entry_id: TimeEntryId, edit: Edit, now: datetime) -> Preview:
        """What a form as it stands would save.

        Raises:
            BadInput: it could not be saved.
            HourlinkError: the same.
        """
        with self._opening(who, now) as files:
            case = files.open(entry_id)
            on, planned = self._planned(files, case, edit)
            desk, rows = case.desk, [part.entry for part in case.parts]
            require_open(files.tx, case.actor, touched(rows, planned), desk.now)
            start, end = planned.start, planned.end
            taken, refused = shared(desk, start, end, leaving_out=case.ids)
            parts = tuple(LabelledEntry(part, on) for part in planned.parts)
            would = shown(desk, parts, case.version)
            return Preview(
                would.start,
                would.end,
                would.seconds,
                would.days,
                taken,
                refused=refused,
                now=would.now,
            )

    def save(
        self, *, who: Member, entry_id: TimeEntryId, version: int, edit: Edit, now: datetime
    ) -> Edited:
        """Changes an entry to what a form says.

        Args:
            who: Who asks.
            entry_id: Any of its parts.
            version: Of the entry that the form showed.
            edit: What the form says.
            now: When it was sent.

        Raises:
            EntryChanged: it is not what the form showed any more; nothing was changed.
            EntryOverlaps: other entries have the same time, and the team does not allow that.
            TimeLocked: a day that it was or would be on can no longer be changed.
            BadInput: the day, the clock times, the length or the note are not possible ones.
            HourlinkError: as ``form``, or it cannot be moved to that task.
        """
        with self._opening(who, now, write=True) as files:
            case = files.open(entry_id, lock=True)
            check_reach(case.desk, case.actor, case.head)
            if case.version != version:
                lines = lines_since(files.tx, case, version)
                raise EntryChanged(case.shown(), lines)
            on, planned = self._planned(files, case, edit)
            desk, rows = case.desk, [part.entry for part in case.parts]
            require_open(files.tx, case.actor, touched(rows, planned), desk.now)
            start, end = planned.start, planned.end
            shared = () if start is None else overlaps(desk, start, end, leaving_out=case.ids)
            before = case.shown()
            saved = _write(case, planned)
            made = changes(rows, saved, case.desk.now)
            step = self._record(case, made) if made else ""
            parts = tuple(LabelledEntry(part, on) for part in saved.parts)
            after = shown(case.desk, parts, case.version)
            total = case.desk.total(after.day, case.desk.running())
            return Edited(before, after, total, shared, step)

    def delete(
        self, *, who: Member, entry_id: TimeEntryId, version: int | None = None, now: datetime
    ) -> Deleted:
        """Deletes an entry with all its parts.

        Raises:
            EntryChanged: a form asked, and it is not what that showed any more.
            TimeLocked: its day can no longer be changed.
            HourlinkError: as ``form``.
        """
        with self._opening(who, now, write=True) as files:
            case = files.open(entry_id, lock=True)
            check_reach(case.desk, case.actor, case.head)
            if version is not None and case.version != version:
                raise EntryChanged(case.shown(), lines_since(files.tx, case, version))
            gone = case.shown()
            desk = case.desk
            rows = [part.entry for part in case.parts]
            require_open(files.tx, case.actor, (r for r in rows if not r.is_running), desk.now)
            after = [replace(row, deleted_at=desk.now) for row in rows]
            time_entries.rewrite(files.tx, desk.team_id, after)
            made = [
                EntryChange(Action.DELETED, old, new) for old, new in zip(rows, after, strict=True)
            ]
            step = self._record(case, made)
            return Deleted(gone, desk.total(gone.day, desk.running()), step)

    def _planned(self, files: Files, case: Case, edit: Edit) -> tuple[TaskLabel, Plan]:
        desk = case.desk
        on = self._moved_to(files, case, edit)
        planned = plan(
            [part.entry for part in case.parts],
            replace(edit, note=fitting(edit.note)),
            on,
            now=desk.now,
            today=desk.today,
            zone=desk.zone,
        )
        return on, planned

    def _moved_to(self, files: Files, case: Case, edit: Edit) -> TaskLabel:
        head, desk = case.head, case.desk
        if edit.target is None or edit.target == head.on.target:
            return head.on
        try:
            on = desk.finder.by_target(edit.target, may_log=not case.parts[-1].entry.is_running).on
        except NotAllowed as error:
            if desk.is_own:
                raise
            name = error.project_name if isinstance(error, AccountNotConnected) else ""
            raise EntryOutOfReach(name, owner=desk.who.name) from error
        if not desk.is_own:
            files.check_manages(on.project_id)
        return on

    def _record(self, case: Case, made: list[EntryChange]) -> str:
        desk, step = case.desk, self._new_marker()
        desk.record(step, made)
        tell_owner(desk, step)
        return step

    @contextmanager
    def _opening(self, who: Member, now: datetime, *, write: bool = False) -> Iterator[Files]:
        with self._uow.begin() if write else self._uow.read() as tx:
            yield self._files(tx, who, now)


def _opened(case: Case) -> Opened:
    check_reach(case.desk, case.actor, case.head)
    ended = [part.entry for part in case.parts if not part.entry.is_running]
    locked = None
    try:
        require_open(case.desk.tx, case.actor, ended, case.desk.now)
    except TimeLocked as error:
        locked = error
    return Opened(case.with_worklogs(), locked)


def _write(case: Case, planned: Plan) -> Plan:
    """Saves the parts; the same plan with the ids of new rows."""
    desk, known = case.desk, len(case.parts)
    gone = [replace(row, deleted_at=desk.now) for row in planned.dropped]
    time_entries.rewrite(desk.tx, desk.team_id, [*planned.parts[:known], *gone])
    parts: list[Entry] = list(planned.parts[:known])
    for part in planned.parts[known:]:
        new = replace(part, continues_id=parts[-1].id)
        (entry_id,) = time_entries.add(desk.tx, desk.team_id, [new], [desk.new_marker()], desk.now)
        parts.append(replace(new, id=entry_id))
    return Plan(tuple(parts), planned.dropped)

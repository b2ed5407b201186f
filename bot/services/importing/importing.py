"""Writing what a plan says, and taking it back; an operator's deed, of whom no member is known."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.entries.entries import Entry
from bot.domain.ids import MemberId, ProjectId, TeamId, TimeEntryId
from bot.domain.importing.plan import Import, Ready, Summary
from bot.domain.linking.link_plan import folded
from bot.domain.projects.codes import Codes
from storage import teams
from storage.importing import imports, reading, writing
from storage.linking import link_targets
from storage.operating import audit
from storage.unit_of_work import Tx, UnitOfWork


class Importing:
    """One team's imports."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._new_marker = new_marker

    def teams(self) -> list[tuple[TeamId, str]]:
        """Workspaces that have Hourlink."""
        with self._uow.read() as tx:
            return reading.teams(tx)

    def begin(
        self, team_id: TeamId, file_name: str, digest: str, planned: Summary, now: datetime
    ) -> Import:
        """A new import, or the one of the same file that was broken off.

        Projects that are missing are made at once, with whoever has hours on them; the audit log
        gets its line.
        """
        with self._uow.begin() as tx:
            teams.lock(tx, team_id)
            self._make_projects(tx, team_id, planned, now)
            if found := imports.unfinished(tx, team_id, digest):
                return found
            made = imports.begin(
                tx, team_id, file_name, digest=digest, step=self._new_marker(), now=now
            )
            told = {
                "file": made.file_name,
                "rows": planned.entries,
                "hours": round(planned.seconds / 3600, 2),
                "people": len(planned.people),
            }
            audit.record(
                tx,
                team_id,
                actor=None,
                action="time.import",
                subject=f"import:{made.id}",
                before=None,
                after=told,
                now=now,
            )
            return made

    def save(
        self, team_id: TeamId, brought_by: Import, rows: Sequence[Ready], now: datetime
    ) -> int:
        """Makes the entries of some rows, unless somebody imported them meanwhile; of how many."""
        with self._uow.begin() as tx:
            teams.lock(tx, team_id)
            known = reading.known(tx, team_id, [row.mark for row in rows])
            fresh = [row for row in rows if row.mark not in known and row.project_id is not None]
            ids = iter(writing.take_ids(tx, sum(len(row.worked.parts) for row in fresh)))
            entries: list[tuple[Entry, str]] = []
            marks: list[tuple[str, TimeEntryId]] = []
            for row in fresh:
                parts = _entries(team_id, brought_by, row)
                before = None
                for part in parts:
                    entry = replace(part, id=next(ids), continues_id=before)
                    if before is None:
                        marks.append((row.mark, entry.id))
                    before = entry.id
                    entries.append((entry, self._new_marker()))
            writing.add(tx, team_id, brought_by, entries, marks=marks, now=now)
            return len(fresh)

    def end(self, team_id: TeamId, brought_by: Import, now: datetime) -> None:
        """All of it is there."""
        with self._uow.begin() as tx:
            imports.end(tx, team_id, brought_by.id, now)

    def end_broken_off(self, team_id: TeamId, digest: str, now: datetime) -> None:
        """The same for an import of this file that was broken off when all of it was there."""
        with self._uow.begin() as tx:
            if found := imports.unfinished(tx, team_id, digest):
                imports.end(tx, team_id, found.id, now)

    def _make_projects(self, tx: Tx, team_id: TeamId, planned: Summary, now: datetime) -> None:
        here = {folded(one.name) for one in link_targets.every(tx, team_id)}
        codes = Codes(link_targets.codes(tx, team_id))
        called: dict[str, str] = {}
        people: dict[str, set[MemberId]] = {}
        for name, members in planned.new_projects.items():
            if folded(name) not in here:
                called.setdefault(folded(name), name)
                people.setdefault(folded(name), set()).update(members)
        new = [(name, codes.take(name)) for name in called.values()]
        made = link_targets.create_many(tx, team_id, new, follows_name=False, by=None, now=now)
        after: list[tuple[str, dict[str, object]]] = []
        for name, code in new:
            project_id: ProjectId = made[code]
            for member in sorted(people[folded(name)]):
                link_targets.add_person(tx, team_id, project_id, member, now)
            after.append((f"project:{project_id}", {"name": name, "code": code}))
        if after:
            audit.record_many(
                tx, team_id, actor=None, action="project.create", now=now, before=None, after=after
            )


def _entries(team_id: TeamId, brought_by: Import, row: Ready) -> list[Entry]:
    is_span = row.worked.by_clock
    return [
        Entry(
            id=TimeEntryId(0),
            team_id=team_id,
            member_id=row.member_id,
            project_id=row.project_id or ProjectId(0),
            task_id=row.task_id,
            started_at=part.start if is_span else None,
            ended_at=part.end if is_span else None,
            seconds=part.seconds,
            work_date=part.work_date,
            note=row.note,
            import_id=brought_by.id,
        )
        for part in row.worked.parts
        if part.seconds
    ]

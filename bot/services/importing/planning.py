"""What becomes of each row of a file, given what is here; nothing is written."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from bot.domain.entries.entries import LONGEST_NOTE, zone_of
from bot.domain.ids import MemberId, ProjectId, TaskId, TeamId
from bot.domain.importing.names import People, Projects, Unknown, key_in
from bot.domain.importing.plan import Known, Outcome, Person, Ready
from bot.domain.importing.problems import Flaw, Refused
from bot.domain.importing.rows import Marks, Row, Worked, worked
from bot.domain.linking.linking import Target
from bot.domain.preferences import Overlaps
from bot.domain.tracking.spans import share_time
from bot.domain.values import dataclass
from storage import teams
from storage.importing import reading
from storage.linking import link_targets
from storage.unit_of_work import Tx, UnitOfWork

AT_A_TIME = 500
"""Rows; sync saves as many tasks at once, and commands get their turn in between."""

_FOREVER = datetime.max.replace(tzinfo=ZoneInfo("UTC"))
_ONE_DAY = timedelta(days=1)

Reading = Iterable[Row | Refused]


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said about a file."""

    people: Mapping[str, str]
    """A name or e-mail of the file, and who that is here."""
    projects: Mapping[str, str]
    zone: ZoneInfo | None
    """Of its clock times; None for each person's own."""
    whose: str | None
    """Who it all belongs to, where it has no column for people."""


class Planning:
    """One reading of a file, row by row; it remembers what it met before."""

    def __init__(self, uow: UnitOfWork, team_id: TeamId, said: Said, now: datetime) -> None:
        self._uow = uow
        self._team_id = team_id
        self._said = said
        self._now = now
        with uow.read() as tx:
            self._people = People(reading.people(tx, team_id), said.people)
            self._projects = Projects(link_targets.every(tx, team_id), said.projects)
            self._refuses = teams.settings(tx, team_id).overlaps is Overlaps.REFUSE
        self._marks = Marks()
        self._taken = _Taken(team_id, now)

    def whose(self) -> Person | Unknown | None:
        """Who everything belongs to, if that was said."""
        return None if self._said.whose is None else self._people.called(self._said.whose)

    def outcomes(self, rows: Reading) -> Iterator[list[Outcome]]:
        """What becomes of them, in order, some at a time."""
        left = iter(rows)
        while some := list(islice(left, AT_A_TIME)):
            with self._uow.read() as tx:
                found = self._batch(tx, some)
            yield found

    def _batch(self, tx: Tx, rows: Sequence[Row | Refused]) -> list[Outcome]:
        begun = [self._begin(row) for row in rows]
        marks = [one.mark for one in begun if isinstance(one, _Begun)]
        known = reading.known(tx, self._team_id, marks)
        fresh = [one.row for one in begun if isinstance(one, _Begun) and one.mark not in known]
        tasks = _Tasks(tx, self._team_id, fresh)
        return [self._outcome(tx, one, known, tasks) for one in begun]

    def _begin(self, row: Row | Refused) -> "_Begun | Refused":
        if isinstance(row, Refused):
            return row
        who = self.whose() or self._people.find(email=row.email, name=row.person)
        if isinstance(who, Unknown):
            return Refused(row.line, who.flaw, who.detail)
        zone = zone_of(who.zone)
        clocks = self._said.zone or zone
        if row.zone and self._said.zone is None:
            clocks = zone_of(row.zone)
            if row.zone not in {clocks.key, "UTC"}:
                return Refused(row.line, Flaw.ZONE, row.zone)
        done = worked(row, zone, clocks, self._now)
        if isinstance(done, Refused):
            return done
        mark = self._marks.mark(who.id, row)
        return mark if isinstance(mark, Refused) else _Begun(row, who, done, mark)

    def _outcome(
        self, tx: Tx, one: "_Begun | Refused", known: set[str], tasks: "_Tasks"
    ) -> Outcome:
        if isinstance(one, Refused):
            return one
        row, line = one.row, one.row.line
        if one.mark in known:
            return Known(line)
        project, task = self._place(row, tasks)
        if isinstance(project, Unknown):
            return Refused(line, project.flaw, project.detail)
        taken = self._taken.book(tx, one) if one.worked.by_clock and self._refuses else None
        if taken is not None:
            return Refused(line, Flaw.OVERLAP, taken)
        note = _note(row, has_task=task is not None)
        return Ready(
            line,
            one.mark,
            one.who.id,
            one.who.name,
            project.name if project else self._projects.wanted(row.project),
            project.id if project else None,
            task,
            note[:LONGEST_NOTE],
            one.worked,
            is_shortened=len(note) > LONGEST_NOTE,
        )

    def _place(self, row: Row, tasks: "_Tasks") -> tuple[Target | Unknown | None, TaskId | None]:
        """Its project, as ``Projects.find`` tells it, and its task if that is here."""
        project = self._projects.find(row.project)
        named = row.project and isinstance(project, Target)
        if not named and (on := tasks.find(row, None)):
            return self._projects.by_id.get(on[0]), on[1]
        on = tasks.find(row, project.id) if isinstance(project, Target) else None
        return project, on[1] if on else None


def _note(row: Row, *, has_task: bool) -> str:
    """What was noted; a task that is not here stands before it, so that it is not lost."""
    if has_task:
        return row.note
    task = " ".join(dict.fromkeys(filter(None, (row.task, row.title))))
    return "; ".join(dict.fromkeys(filter(None, (task, row.note))))


@dataclass(frozen=True, slots=True)
class _Begun:
    """A row whose person and time are known."""

    row: Row
    who: Person
    worked: Worked
    mark: str


class _Tasks:
    """The tasks that some rows may be about."""

    def __init__(self, tx: Tx, team_id: TeamId, rows: Sequence[Row]) -> None:
        keys = {key_in(text) for row in rows for text in (row.task, row.note)} - {""}
        titles = {text for row in rows for text in (row.task, row.title)} - {""}
        self._keys: defaultdict[str, set[tuple[ProjectId, TaskId]]] = defaultdict(set)
        self._titles: defaultdict[str, set[tuple[ProjectId, TaskId]]] = defaultdict(set)
        for key, project, task in reading.tasks_by_key(tx, team_id, keys):
            self._keys[key].add((project, task))
        for title, project, task in reading.tasks_by_title(tx, team_id, titles):
            self._titles[title].add((project, task))

    def find(self, row: Row, project: ProjectId | None) -> tuple[ProjectId, TaskId] | None:
        """Its task, on the row's project; by the key in the task's column on any, if there is none.

        Several are none: nothing is guessed.
        """
        found = self._keys.get(key_in(row.task), set()) if key_in(row.task) else set()
        if project is None:
            return next(iter(found)) if len(found) == 1 else None
        in_note = self._keys.get(key_in(row.note), set()) if key_in(row.note) else set()
        by_title = self._titles.get(row.task, set()) | self._titles.get(row.title, set())
        for some in (found, by_title, in_note):
            here = [one for one in some if one[0] == project]
            if len(here) == 1:
                return here[0]
        return None


class _Taken:
    """When somebody tracked already, here and in the rows before; read month by month."""

    def __init__(self, team_id: TeamId, now: datetime) -> None:
        self._team_id = team_id
        self._now = now
        self._months: set[tuple[MemberId, int, int]] = set()
        self._days: defaultdict[tuple[MemberId, date], list[tuple[datetime, datetime, int]]] = (
            defaultdict(list)
        )

    def book(self, tx: Tx, one: _Begun) -> str | None:
        """Takes a row's time; in words what has it already."""
        start, end = one.worked.parts[0].start, one.worked.parts[-1].end
        for part in one.worked.parts:
            self._read(tx, one.who.id, part.work_date)
        days = _days(start, end)
        for day in days:
            for other, until, line in self._days[one.who.id, day]:
                if share_time(start, end, other, None if until is _FOREVER else until):
                    return f"line {line}" if line else _words(other, until, zone_of(one.who.zone))
        for day in days:
            self._days[one.who.id, day].append((start, end, one.row.line))
        return None

    def _read(self, tx: Tx, member: MemberId, day: date) -> None:
        if (member, day.year, day.month) in self._months:
            return
        self._months.add((member, day.year, day.month))
        first = day.replace(day=1)
        last = (first + timedelta(days=32)).replace(day=1) - _ONE_DAY
        for start, end in reading.spans(tx, self._team_id, member, first, last):
            for one in _days(start, end or max(start, self._now)):
                self._days[member, one].append((start, end or _FOREVER, 0))


def _days(start: datetime, end: datetime) -> list[date]:
    first, last = start.date(), end.date()
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _words(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    until = "now" if end is _FOREVER else f"{end.astimezone(zone):%H:%M}"
    return f"{start.astimezone(zone):%Y-%m-%d %H:%M}-{until}"

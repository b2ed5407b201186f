"""What an import would do, or does, with each row of a file."""

from collections import Counter
from dataclasses import dataclass as mutable
from dataclasses import field
from datetime import datetime

from bot.domain.ids import ImportId, MemberId, ProjectId, TaskId
from bot.domain.importing.problems import Refused
from bot.domain.importing.rows import Worked
from bot.domain.values import dataclass

MOST_TOLD = 30
"""Refused rows that are told one by one for each reason."""


@dataclass(frozen=True, slots=True)
class Import:
    """One file that was taken in."""

    id: ImportId
    file_name: str
    step: str
    begun_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Left:
    """What is there of an import, counted in entries; a part behind midnight is one of its own."""

    untouched: int
    """As it brought them: what goes when it is taken back."""
    seconds: int
    """Of those."""
    changed: int
    """By somebody, since; they stay."""
    deleted: int
    """By somebody, before."""


@dataclass(frozen=True, slots=True)
class Person:
    """Whom hours can belong to: everybody who is or was here."""

    id: MemberId
    name: str
    email: str | None
    slack_user_id: str
    zone: str


@dataclass(frozen=True, slots=True)
class Ready:
    """A row that becomes an entry; over midnight, linked ones."""

    line: int
    mark: str
    member_id: MemberId
    person: str
    project: str
    """As it is called here, or will be."""
    project_id: ProjectId | None
    """None where it is to be made."""
    task_id: TaskId | None
    note: str
    worked: Worked
    is_shortened: bool
    """The note was longer than is kept."""


@dataclass(frozen=True, slots=True)
class Known:
    """A row that an import brought before."""

    line: int


Outcome = Ready | Known | Refused


@mutable
class Summary:
    """What becomes of a file, counted row by row."""

    rows: int = 0
    entries: int = 0
    seconds: int = 0
    known: int = 0
    on_tasks: int = 0
    shortened: int = 0
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By flaw and detail."""
    lines: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    """Some of the lines of each."""
    people: Counter[str] = field(default_factory=Counter)
    """Seconds."""
    projects: Counter[str] = field(default_factory=Counter)
    """Seconds, of those that are there."""
    new_projects: dict[str, set[MemberId]] = field(default_factory=dict)
    """To be made, and who has hours on each."""
    new_seconds: Counter[str] = field(default_factory=Counter)

    def count(self, one: Outcome) -> None:
        """One more row."""
        self.rows += 1
        match one:
            case Known():
                self.known += 1
            case Refused(line, flaw, detail):
                why = (flaw.value, detail)
                self.refused[why] += 1
                told = self.lines.setdefault(why, [])
                if len(told) < MOST_TOLD:
                    told.append(line)
            case Ready():
                self._ready(one)

    def _ready(self, one: Ready) -> None:
        seconds = one.worked.seconds
        self.entries += 1
        self.seconds += seconds
        self.on_tasks += one.task_id is not None
        self.shortened += one.is_shortened
        self.people[one.person] += seconds
        if one.project_id is None:
            self.new_projects.setdefault(one.project, set()).add(one.member_id)
            self.new_seconds[one.project] += seconds
        else:
            self.projects[one.project] += seconds

"""A member's own entries, by what they were tracked on."""

from sqlalchemy import ColumnElement, and_, func, literal, or_, select
from sqlmodel import col

from bot.domain.entries.entries import LabelledEntry
from bot.domain.ids import MemberId, TeamId
from bot.domain.tasks.task_terms import search_words
from bot.domain.values import dataclass
from storage.entries import time_entries
from storage.entries.time_entries import TimeEntryRow
from storage.projects.projects import ProjectRow
from storage.sql import table
from storage.tasks.tasks import TaskAliasRow, TaskRow
from storage.unit_of_work import Tx


@dataclass(frozen=True, slots=True)
class Wanted:
    """What they are on: everything that is given fits."""

    key: str | None = None
    """Folded; a former key too."""
    number: int | None = None
    url: str | None = None
    words: tuple[str, ...] = ()
    """Folded; each begins words of the key or title, or is in the project's name."""


def matching(
    tx: Tx, team_id: TeamId, member_id: MemberId, wanted: Wanted, limit: int
) -> list[LabelledEntry]:
    """The member's entries on it, newest first, without parts that continue others."""
    return time_entries.of_member(
        tx,
        team_id,
        member_id,
        col(TimeEntryRow.continues_id).is_(None),
        *_conditions(team_id, wanted),
        limit=limit,
    )


def _conditions(team_id: TeamId, wanted: Wanted) -> list[ColumnElement[bool]]:
    task, alias, project = table(TaskRow).c, table(TaskAliasRow).c, table(ProjectRow).c
    found: list[ColumnElement[bool]] = []
    if wanted.key is not None:
        former = select(alias.task_id).where(
            alias.team_id == team_id, alias.key_folded == wanted.key
        )
        found.append(or_(task.key_folded == wanted.key, task.id.in_(former)))
    if wanted.number is not None:
        found.append(task.number == wanted.number)
    if wanted.url is not None:
        bare = wanted.url.rstrip("/")
        found.append(task.url.in_([wanted.url, bare, f"{bare}/"]))
    for word in wanted.words:
        begun = [
            literal(" ").concat(task.terms).contains(f" {part}", autoescape=True)
            for typed in search_words(word)
            for part in typed.parts
        ]
        called = func.lower(project.name).contains(word, autoescape=True)
        found.append(or_(and_(*begun), called) if begun else called)
    return found

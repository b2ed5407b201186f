"""Finished entries by places in lists, for tests that make up many of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import insert

from bot.domain.ids import MemberId, ProjectId, TaskId, TeamId
from storage.entries.time_entries import TimeEntryRow
from storage.sql import table
from storage.unit_of_work import Tx
from tests.builders import NOON

FIRST = date(2026, 11, 1)


@dataclass(frozen=True)
class Length:
    """A finished entry, by the places of its project, person and task."""

    project: int
    person: int
    task: int
    day: int
    """Days after ``FIRST``."""
    seconds: int


def track(
    tx: Tx,
    team_id: TeamId,
    lengths: Sequence[Length],
    *,
    projects: Sequence[ProjectId],
    people: Sequence[MemberId],
    tasks: Sequence[TaskId | None],
) -> None:
    """Saves them."""
    rows = [
        {
            "team_id": team_id,
            "project_id": projects[one.project],
            "member_id": people[one.person],
            "task_id": tasks[one.task],
            "work_date": FIRST + timedelta(days=one.day),
            "seconds": one.seconds,
            "note": "",
            "permalink": "",
            "marker": f"m{at}",
            "created_at": NOON,
        }
        for at, one in enumerate(lengths)
    ]
    if rows:
        tx.execute(insert(table(TimeEntryRow)), rows)

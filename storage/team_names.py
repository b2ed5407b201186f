"""What the rows of a report of many people's time are called (M4)."""

from collections.abc import Sequence
from typing import TypeAlias

from sqlalchemy import select

from bot.domain.entries import TaskLabel
from bot.domain.ids import ClientId, MemberId, ProjectId, TaskId, TeamId
from bot.domain.reports import Group, RowName
from storage import clients, members
from storage.projects import ProjectRow
from storage.sql import AnyRow, among, fenced, table
from storage.tasks import TaskRow
from storage.unit_of_work import Tx

_PROJECT, _TASK = table(ProjectRow).c, table(TaskRow).c
_AT_ONCE = 5000
"""Ids in one statement; databases take a few ten thousand."""

Key: TypeAlias = tuple[int, int]
"""What a row is about: an id, or a project's and a task's; 0 for none."""


def names(tx: Tx, team_id: TeamId, group: Group, keys: Sequence[Key]) -> dict[Key, RowName]:
    """What the rows are called; empty for no client and what is not billable."""
    found: dict[Key, RowName] = {}
    for at in range(0, len(keys), _AT_ONCE):
        found |= _names(tx, team_id, group, keys[at : at + _AT_ONCE])
    return found


def _names(tx: Tx, team_id: TeamId, group: Group, keys: Sequence[Key]) -> dict[Key, RowName]:
    ids = [key for key, _ in keys]
    match group:
        case Group.BILLABLE:
            return {(1, 0): "billable", (0, 0): ""}
        case Group.PERSON:
            people = members.by_ids(tx, team_id, map(MemberId, ids))
            return {(id_, 0): one.name for id_, one in people.items()}
        case Group.CLIENT:
            called = clients.names(tx, team_id, list(map(ClientId, ids)))
            return {(0, 0): "", **{(id_, 0): name for id_, name in called.items()}}
        case _:
            return _work(tx, team_id, keys)


def _work(tx: Tx, team_id: TeamId, keys: Sequence[Key]) -> dict[Key, RowName]:
    query = select(_PROJECT.id, _PROJECT.name).where(
        _PROJECT.team_id == team_id,
        among(_PROJECT.id, list({project for project, _ in keys})),
    )
    projects = {row.id: row.name for row in tx.execute(query)}
    task_ids = [task for _, task in keys if task]
    tasks: dict[int, AnyRow] = {}
    if task_ids:
        of_task = select(_TASK.id, _TASK.key, _TASK.title, _TASK.url).where(
            fenced(_TASK.team_id, team_id), among(_TASK.id, task_ids)
        )
        tasks = {row.id: row for row in tx.execute(of_task)}
    found: dict[Key, RowName] = {}
    for project, task in keys:
        label = TaskLabel(ProjectId(project), projects.get(project, ""))
        if one := tasks.get(task):
            label = TaskLabel(
                label.project_id, label.project_name, TaskId(task), one.key, one.title, one.url
            )
        found[project, task] = label
    return found

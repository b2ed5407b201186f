"""What the rows of a report of many people's time are called (M4)."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from sqlalchemy import BindParameter, bindparam, select

from bot.domain.entries.entries import TaskLabel
from bot.domain.ids import ClientId, ProjectId, TaskId, TeamId
from bot.domain.reports.reports import Group, RowName
from storage.members import MemberRow
from storage.money import clients
from storage.prepared import Prepared
from storage.projects.projects import ProjectRow
from storage.sql import AnyRow, Ids, among, fenced, table
from storage.tasks.tasks import TaskRow
from storage.unit_of_work import Tx

_PROJECT, _TASK = table(ProjectRow).c, table(TaskRow).c
_MEMBER = table(MemberRow).c
_TEAM: BindParameter[Any] = bindparam("team")
_THESE: BindParameter[Any] = bindparam("ids", type_=Ids())
_PEOPLE = Prepared(
    select(_MEMBER.id, _MEMBER.name).where(_MEMBER.team_id == _TEAM, among(_MEMBER.id, _THESE))
)
_PROJECTS = Prepared(
    select(_PROJECT.id, _PROJECT.name).where(_PROJECT.team_id == _TEAM, among(_PROJECT.id, _THESE))
)
_TASKS = Prepared(
    select(_TASK.id, _TASK.key, _TASK.title, _TASK.url).where(
        fenced(_TASK.team_id, _TEAM), among(_TASK.id, _THESE)
    )
)
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
            people = _PEOPLE.all(tx, {"team": team_id, "ids": ids})
            return {(row.id, 0): row.name for row in people}
        case Group.CLIENT:
            called = clients.names(tx, team_id, list(map(ClientId, ids)))
            return {(0, 0): "", **{(id_, 0): name for id_, name in called.items()}}
        case _:
            return _work(tx, team_id, keys)


def _work(tx: Tx, team_id: TeamId, keys: Sequence[Key]) -> dict[Key, RowName]:
    those = {"team": team_id, "ids": {project for project, _ in keys}}
    projects = {row.id: row.name for row in _PROJECTS.all(tx, those)}
    tasks: dict[int, AnyRow] = {}
    if task_ids := [task for _, task in keys if task]:
        of_task = _TASKS.all(tx, {"team": team_id, "ids": task_ids})
        tasks = {row.id: row for row in of_task}
    found: dict[Key, RowName] = {}
    for project, task in keys:
        label = TaskLabel(ProjectId(project), projects.get(project, ""))
        if one := tasks.get(task):
            label = TaskLabel(
                label.project_id, label.project_name, TaskId(task), one.key, one.title, one.url
            )
        found[project, task] = label
    return found

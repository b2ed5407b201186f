"""What the ids in one person's rows stand for, so that a person can read them too (O4)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, select

from bot.domain.ids import ProjectId, TeamId
from bot.domain.money.billing import Terms, terms_on
from bot.domain.operating.person_data import Row
from storage.chunks import CHUNK
from storage.linking.integrations import IntegrationRow
from storage.money import billing
from storage.money.clients import ClientRow
from storage.projects.projects import ProjectRow
from storage.sql import table
from storage.tasks.tasks import TaskRow
from storage.unit_of_work import Tx

_STATES = ("before", "after")
"""Columns of histories that hold a whole row each."""

_Names = Mapping[int, Mapping[str, Any]]


def named(
    tx: Tx, team_id: TeamId, rows: Iterable[tuple[str, Row]]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rows with names beside the ids of projects, tasks and integrations.

    Args:
        tx: The open transaction.
        team_id: The fence: nothing of another team is looked up.
        rows: Tables and rows; looked up some hundred at a time, so that years need no memory.
    """
    rest = iter(rows)
    while some := list(islice(rest, CHUNK)):
        found = _Found(tx, team_id, [row for _, row in some])
        for name, row in some:
            yield name, found.beside(row)


class _Found:
    """What is known of the ids in some rows."""

    def __init__(self, tx: Tx, team_id: TeamId, rows: list[Row]) -> None:
        states = [*rows, *(row[one] for row in rows for one in _STATES if _is_state(row.get(one)))]
        ids = {
            key: {row[key] for row in states if isinstance(row.get(key), int)}
            for key in ("project_id", "task_id", "integration_id")
        }
        project, task, site = (table(one).c for one in (ProjectRow, TaskRow, IntegrationRow))
        client = table(ClientRow).c
        self._terms: Mapping[ProjectId, list[Terms]] = billing.terms(
            tx, team_id, [ProjectId(one) for one in ids["project_id"]]
        )
        clients = {one.client_id for terms in self._terms.values() for one in terms}

        def names(of: Any, wanted: set[Any], **columns: ColumnElement[Any]) -> _Names:  # noqa: ANN401 - a table's columns
            query = select(of.id, *(column.label(name) for name, column in columns.items()))
            here = query.where(of.team_id == team_id, of.id.in_(wanted))
            return {
                row["id"]: {name: row[name] for name in columns}
                for row in tx.execute(here).mappings()
            }

        tasks = names(
            task,
            ids["task_id"],
            task=task.key,
            task_title=task.title,
            integration_id=task.integration_id,
        )
        of_tasks = {one["integration_id"] for one in tasks.values()}
        sites = names(
            site, ids["integration_id"] | of_tasks, provider=site.provider, site=site.site_name
        )
        self._clients = names(client, clients - {None}, client=client.name)
        self._by_key: dict[str, _Names] = {
            "project_id": names(
                project, ids["project_id"], project=project.name, project_code=project.code
            ),
            "integration_id": sites,
            "task_id": {
                key: {
                    "task": one["task"],
                    "task_title": one["task_title"],
                    **sites.get(one["integration_id"], {}),
                }
                for key, one in tasks.items()
            },
        }

    def beside(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row with what its ids are called behind each; a column of that name stays itself."""
        seen: dict[str, Any] = {}
        for key, value in row.items():
            is_state = key in _STATES and _is_state(value)
            seen[key] = self.beside(value) if is_state else value
            if value is None:
                continue
            more = {**self._by_key.get(key, {}).get(value, {})} if key in self._by_key else {}
            if key == "project_id":
                more |= self._client(value, row.get("work_date"))
            seen |= {name: one for name, one in more.items() if name not in row}
        return seen

    def _client(self, project_id: ProjectId, day: date | str | None) -> Mapping[str, Any]:
        """For whom the project was worked on that day; nothing where the row is of no day."""
        if not day:
            return {}
        on = date.fromisoformat(day) if isinstance(day, str) else day
        terms = terms_on(self._terms.get(project_id, []), on)
        client_id = None if terms is None else terms.client_id
        return {} if client_id is None else self._clients.get(client_id, {})


def _is_state(value: object) -> bool:
    return isinstance(value, Mapping)

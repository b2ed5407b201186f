"""Adding many rows that are new."""

import psycopg
import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bot.domain.ids import IntegrationId, ProviderProjectId
from storage.additions import add_all
from storage.sql import table
from storage.tasks.tasks import TaskRow
from tests.builders import NOON, World

COUNT = 123
"""Two statements of fifty rows on SQLite, and the rest."""


def rows(here: IntegrationId, place: ProviderProjectId) -> list[dict[str, object]]:
    """Tasks that tell every kind of column apart."""
    return [
        {
            "team_id": "T0ACME",
            "integration_id": here,
            "provider_project_id": place,
            "external_id": str(number),
            "key": f"WEB-{number}",
            "key_folded": f"web-{number}",
            "key_is_ours": number % 2 == 0,
            "number": None if number % 3 == 0 else number,
            "title": f"Tab\there, line\nthere, \\N and \\. and Ünïcödé {number} \U0001f600",
            "terms": "",
            "url": "",
            "is_done": False,
            "status": "",
            "section": "",
            "labels": [f"a, b {number}", 'quote "here"', "\U0001f600"] if number % 2 else [],
            "assignee_ids": [],
            "estimate_seconds": None,
            "changed_at": NOON if number % 2 else None,
            "gone_at": None,
            "seen_in_run": None,
            "row_hash": "0" * 32,
        }
        for number in range(COUNT)
    ]


@pytest.fixture
def world(database_url: str) -> World:
    """A team."""
    return World(database_url)


def test_what_is_added_reads_as_it_was_written(world: World) -> None:
    """Dates, lists, missing values, tabs and emoji of a first sync are all there."""
    here = world.integration(world.member())
    written = rows(here, world.provider_project(here))
    with world.uow.begin() as tx:
        add_all(tx, table(TaskRow), written)
    columns = [table(TaskRow).c[name] for name in written[0]]
    with world.uow.read() as tx:
        found = tx.execute(select(*columns).order_by(table(TaskRow).c.id))
        assert [dict(row) for row in found.mappings()] == written


def test_a_row_that_is_there_already_fails_all(world: World) -> None:
    """A page is saved whole or not at all: half of one would never be read again."""
    here = world.integration(world.member())
    written = rows(here, world.provider_project(here))
    with world.uow.begin() as tx:
        add_all(tx, table(TaskRow), written[60:61])
    with pytest.raises((IntegrityError, psycopg.IntegrityError)), world.uow.begin() as tx:
        add_all(tx, table(TaskRow), written)
    with world.uow.read() as tx:
        assert len(tx.execute(select(table(TaskRow).c.id)).all()) == 1

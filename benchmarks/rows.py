"""Rows that the worlds of several benchmarks are filled with."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import islice

from sqlalchemy import insert
from sqlmodel import SQLModel

from bot.domain.ids import IntegrationId, MemberId, TeamId
from storage.linking.integrations import IntegrationRow
from storage.sql import create, table
from storage.unit_of_work import Tx

_BATCH = 20_000


def add(tx: Tx, model: type[SQLModel], rows: Iterable[Mapping[str, object]]) -> None:
    """Inserts any number of rows, some at a time."""
    left = iter(rows)
    while batch := list(islice(left, _BATCH)):
        tx.execute(insert(table(model)), batch)


def add_site(tx: Tx, team_id: TeamId, name: str, by: MemberId, now: datetime) -> IntegrationId:
    """Connects a Redmine."""
    made = create(
        tx,
        IntegrationRow,
        team_id=team_id,
        provider="redmine",
        site_id=name,
        site_name=f"{name}.acme.test",
        site_url="",
        channel_id="C0OPS",
        state="active",
        link_policy="announce",
        members_policy="provider_access",
        personal_projects=False,
        connected_by=by,
        connected_at=now,
    )
    return IntegrationId(made)


def project_row(team_id: str, name: str, number: int, now: datetime) -> dict[str, object]:
    """A project of ours, with a code that no other number has."""
    return {
        "team_id": team_id,
        "name": f"{name} {number}",
        "name_folded": f"{name} {number}".casefold(),
        "code": "".join(chr(65 + number // 26**place % 26) for place in range(5)),
        "follows_name": True,
        "next_number": 1,
        "created_at": now,
    }

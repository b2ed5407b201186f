"""Rows that the worlds of several benchmarks are filled with."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import insert
from sqlmodel import SQLModel

from bot.domain.ids import IntegrationId, MemberId, TeamId
from bot.domain.linking.link_search import search_text
from bot.domain.tasks.task_terms import index_terms
from storage.linking.integrations import IntegrationRow
from storage.sql import create, table
from storage.unit_of_work import Tx

_BATCH = 20_000
_WORDS = ("Acme", "Web", "Shop", "Mobile", "Campaign", "Relaunch", "Intranet", "Data", "Ops")


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


def source_row(team_id: str, site: IntegrationId, number: int, now: datetime) -> dict[str, object]:
    """A provider project; one in 50 is archived, one in 33 personal."""
    some = [_WORDS[number // len(_WORDS) ** place % len(_WORDS)] for place in range(4)]
    name, key, workspace = f"{' '.join(some)} {number}", f"P{number}", f"Space {number % 40}"
    return {
        "team_id": team_id,
        "integration_id": site,
        "external_id": f"p{number}",
        "name": name,
        "key": key,
        "url": f"https://acme.test/p/{number}",
        "workspace_id": str(number % 40),
        "workspace_name": workspace,
        "search_text": search_text(name, key, workspace),
        "left_out": False,
        "is_archived": number % 50 == 0,
        "is_personal": number % 33 == 0,
        "everyone_has_access": True,
        "first_seen_at": now,
        "row_hash": "",
    }


def task_row(
    team_id: str,
    site: int,
    source: int,
    number: int,
    *,
    key: str,
    title: str,
    assignees: Sequence[str] = (),
) -> dict[str, Any]:
    """An open task of a provider project, as a sync would save it."""
    return {
        "team_id": team_id,
        "integration_id": site,
        "provider_project_id": source,
        "external_id": f"t{number}",
        "key": key,
        "key_folded": key.casefold(),
        "key_is_ours": False,
        "number": number,
        "title": title,
        "terms": index_terms(
            key=key,
            title=title,
            provider_project_id=source,
            integration_id=site,
            assignee_ids=assignees,
        ),
        "url": f"https://acme.test/t/{key}",
        "is_done": False,
        "status": "",
        "section": "",
        "labels": [],
        "assignee_ids": list(assignees),
        "row_hash": "",
    }

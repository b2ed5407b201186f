"""What the subjects of the audit log were called when something was done to them."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, case, literal, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from bot.domain.ids import TeamId
from storage.chunks import chunked
from storage.linking.announcements import AnnouncementRow
from storage.linking.integrations import IntegrationRow
from storage.linking.project_links import ProjectLinkRow
from storage.linking.provider_projects import ProviderProjectRow
from storage.members import MemberRow
from storage.money.clients import ClientRow
from storage.people.account_links import AccountLinkRow
from storage.projects.projects import ProjectRow
from storage.sql import table
from storage.teams import TeamRow
from storage.unit_of_work import Tx

_AND = literal(", ")
_THERE = aliased(IntegrationRow)


def _named(model: Any, name: Any) -> Select[Any]:  # noqa: ANN401 - a table class, a column
    return select(table(model).c.id, name).select_from(model)


_QUERIES: dict[str, tuple[Any, Select[Any]]] = {
    "account_link": (
        AccountLinkRow,
        _named(AccountLinkRow, col(MemberRow.name) + _AND + col(_THERE.site_name))
        .join(MemberRow, col(MemberRow.id) == col(AccountLinkRow.member_id))
        .join(_THERE, col(_THERE.id) == col(AccountLinkRow.integration_id)),
    ),
    "announcement": (
        AnnouncementRow,
        _named(AnnouncementRow, col(_THERE.site_name)).join(
            _THERE, col(_THERE.id) == col(AnnouncementRow.integration_id)
        ),
    ),
    "client": (ClientRow, _named(ClientRow, col(ClientRow.name))),
    "integration": (IntegrationRow, _named(IntegrationRow, col(IntegrationRow.site_name))),
    "member": (MemberRow, _named(MemberRow, col(MemberRow.name))),
    "project": (ProjectRow, _named(ProjectRow, col(ProjectRow.name))),
    "project_link": (
        ProjectLinkRow,
        _named(
            ProjectLinkRow,
            case(
                (col(ProviderProjectRow.name) == col(ProjectRow.name), col(ProjectRow.name)),
                else_=col(ProviderProjectRow.name) + _AND + col(ProjectRow.name),
            ),
        )
        .join(
            ProviderProjectRow,
            col(ProviderProjectRow.id) == col(ProjectLinkRow.provider_project_id),
        )
        .join(ProjectRow, col(ProjectRow.id) == col(ProjectLinkRow.project_id)),
    ),
    "provider_project": (
        ProviderProjectRow,
        _named(ProviderProjectRow, col(ProviderProjectRow.name)),
    ),
}


def labels(tx: Tx, team_id: TeamId, subjects: Iterable[str]) -> dict[str, str]:
    """What each is called now, as far as its kind has names: one question a kind."""
    wanted: defaultdict[str, list[int]] = defaultdict(list)
    found: dict[str, str] = {}
    for subject in subjects:
        kind, _, row = subject.partition(":")
        if kind in _QUERIES and row.isdigit():
            wanted[kind].append(int(row))
        elif kind == "team":
            team = select(col(TeamRow.name)).where(col(TeamRow.id) == team_id)
            found[subject] = str(tx.execute(team).scalar() or "")
    for kind, ids in wanted.items():
        model, query = _QUERIES[kind]
        for some in chunked(ids):
            these = query.where(table(model).c.team_id == team_id, table(model).c.id.in_(some))
            found |= {f"{kind}:{row[0]}": str(row[1]) for row in tx.execute(these)}
    return found

"""Which provider projects an integration's rules let in, and the mark that says so on each."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import and_, exists, func, select, update
from sqlmodel import col

from bot.domain.ids import IntegrationId, ProviderProjectId, TeamId
from bot.domain.linking.integration_settings import IntegrationSettings
from bot.domain.linking.link_rules import LetsIn, lets_in
from bot.domain.states import ProjectLinkState
from storage.chunks import chunked
from storage.linking.integrations import (
    IntegrationRow,
    read_rules,
    stored_rules,
    write_back_columns,
)
from storage.linking.project_links import ProjectLinkRow
from storage.linking.provider_projects import ProviderProjectRow
from storage.sql import change, spelled_out, table
from storage.unit_of_work import Tx

_I = table(IntegrationRow).c
_P = table(ProviderProjectRow).c


_LINKED = exists().where(
    col(ProjectLinkRow.provider_project_id) == _P.id,
    col(ProjectLinkRow.state) == spelled_out(ProjectLinkState.ACTIVE),
)


class Named(NamedTuple):
    """A provider project as rules see it; a tuple, because there are many."""

    id: ProviderProjectId
    name: str
    workspace: str
    is_personal: bool
    waits: bool
    """It is neither linked nor ignored."""


def held(tx: Tx, team_id: TeamId, integration_id: IntegrationId) -> LetsIn:
    """The integration's rules; nobody changes them until the transaction ends."""
    query = select(_I.rules).where(_I.team_id == team_id, _I.id == integration_id)
    return lets_in(read_rules(tx.execute(query.with_for_update(read=True)).scalar() or ()))


def names(tx: Tx, team_id: TeamId, integration_id: IntegrationId) -> list[Named]:
    """Every provider project that is neither gone nor archived, by name."""
    query = (
        select(
            _P.id,
            _P.name,
            _P.workspace_name,
            _P.is_personal,
            and_(_P.ignored_at.is_(None), ~_LINKED),
        )
        .where(
            _P.team_id == team_id,
            _P.integration_id == integration_id,
            _P.gone_at.is_(None),
            _P.is_archived.is_(False),
        )
        .order_by(_P.search_text)
    )
    return [Named._make(row) for row in tx.execute(query)]


def save(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId, chosen: IntegrationSettings
) -> None:
    """Keeps what an admin chose."""
    query = update(table(IntegrationRow)).where(_I.team_id == team_id, _I.id == integration_id)
    values = {
        "channel_id": chosen.channel_id,
        "link_policy": chosen.link_policy,
        "members_policy": chosen.members_policy,
        "personal_projects": chosen.personal_projects,
        "rules": stored_rules(chosen.rules),
        "sync_minutes": chosen.sync_minutes,
        **write_back_columns(chosen.write_back),
    }
    change(tx, query.values(values))


def apply(tx: Tx, team_id: TeamId, integration_id: IntegrationId, decide: LetsIn) -> None:
    """Marks every provider project by the rules; writes only where the mark changes."""
    query = select(_P.id, _P.name, _P.workspace_name, _P.left_out).where(
        _P.team_id == team_id, _P.integration_id == integration_id
    )
    changed: dict[bool, list[int]] = {True: [], False: []}
    for row in tx.execute(query):
        left_out = not decide(row[1], row[2])
        if left_out != row[3]:
            changed[left_out].append(row[0])
    for left_out, ids in changed.items():
        _mark(tx, team_id, ids, left_out=left_out)


def _mark(tx: Tx, team_id: TeamId, ids: Sequence[int], *, left_out: bool) -> None:
    for some in chunked(ids):
        these = (_P.team_id == team_id, _P.id.in_(some))
        change(tx, update(table(ProviderProjectRow)).where(*these).values(left_out=left_out))


def workspaces(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId, text: str = "", *, limit: int
) -> list[str]:
    """Names of the provider's containers that hold these words, in any case."""
    query = (
        select(_P.workspace_name)
        .where(
            _P.team_id == team_id,
            _P.integration_id == integration_id,
            _P.gone_at.is_(None),
            _P.workspace_name != "",
        )
        .group_by(_P.workspace_name)
        .order_by(func.lower(_P.workspace_name), _P.workspace_name)
    )
    for word in text.split():
        query = query.where(_P.workspace_name.icontains(word, autoescape=True))
    return list(tx.execute(query.limit(limit)).scalars())

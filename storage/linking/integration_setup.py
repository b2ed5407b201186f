"""Integrations as they are connected, mended and disconnected."""

from dataclasses import asdict, field
from datetime import datetime
from typing import Any

from sqlalchemy import case, select, update
from sqlmodel import col

from bot.domain.ids import IntegrationId, MemberId, TeamId
from bot.domain.linking.write_back import WriteBack, WriteMode
from bot.domain.states import IntegrationState, LinkPolicy, MembersPolicy
from bot.domain.values import dataclass
from storage.linking.integrations import IntegrationRow, write_back_columns
from storage.sql import change, create_if_free, table
from storage.unit_of_work import Tx

_T = IntegrationRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What a person set up; the fields are the table's."""

    provider: str
    site_id: str
    site_name: str
    site_url: str
    sealed_credentials: str = field(repr=False)
    channel_id: str
    write_back: WriteBack
    connected_by: MemberId
    connected_at: datetime


def create(tx: Tx, team_id: TeamId, setup: Setup) -> IntegrationId | None:
    """A new integration, due at once; None where this site has ever been connected."""
    if _of_site(tx, team_id, setup) is not None:
        return None
    made = create_if_free(
        tx,
        IntegrationRow,
        team_id=team_id,
        link_policy=LinkPolicy.ANNOUNCE,
        members_policy=MembersPolicy.PROVIDER_ACCESS,
        personal_projects=False,
        state=IntegrationState.ACTIVE,
        next_sync_at=setup.connected_at,
        **_given(setup),
        **write_back_columns(setup.write_back),
    )
    return None if made is None else IntegrationId(made)


def of_site(tx: Tx, team_id: TeamId, setup: Setup) -> tuple[IntegrationId, IntegrationState]:
    """The site's integration, held until the commit: the live one, else the last disconnected.

    Raises:
        LookupError: the site was never connected.
    """
    found = _of_site(tx, team_id, setup)
    if found is None:
        raise LookupError(setup.site_id)
    return found


def _of_site(
    tx: Tx, team_id: TeamId, setup: Setup
) -> tuple[IntegrationId, IntegrationState] | None:
    query = (
        select(table(_T).c.id, col(_T.state))
        .where(
            col(_T.team_id) == team_id,
            col(_T.provider) == setup.provider,
            col(_T.site_id) == setup.site_id,
        )
        .order_by(
            case((col(_T.state) == IntegrationState.DISCONNECTED, 1), else_=0),
            col(_T.id).desc(),
        )
        .limit(1)
    )
    row = tx.execute(query.with_for_update(key_share=True)).first()
    return None if row is None else (IntegrationId(row.id), IntegrationState(row.state))


def set_up_again(tx: Tx, team_id: TeamId, integration_id: IntegrationId, setup: Setup) -> None:
    """New credentials for what is there; whether time is written back stays as it was chosen.

    Its next run is a full sweep.
    """
    query = update(_T).where(col(_T.team_id) == team_id, col(_T.id) == integration_id)
    fresh = {
        "state": IntegrationState.ACTIVE,
        "broken_since": None,
        "broken_reason": None,
        "next_sync_at": setup.connected_at,
        "swept_at": None,
    }
    change(tx, query.values(_given(setup) | fresh))


def choose_mode(tx: Tx, team_id: TeamId, integration_id: IntegrationId, mode: WriteMode) -> None:
    """Whether time is written there; the rest of that choice stays."""
    query = update(_T).where(col(_T.team_id) == team_id, col(_T.id) == integration_id)
    change(tx, query.values(write_mode=mode))


def _given(setup: Setup) -> dict[str, Any]:
    """The columns of the same names."""
    given = asdict(setup)
    del given["write_back"]
    return given


def disconnect(tx: Tx, team_id: TeamId, integration_id: IntegrationId, now: datetime) -> bool:
    """Stops the sync; False when that was done before. Its credentials are destroyed apart."""
    query = update(_T).where(
        col(_T.team_id) == team_id,
        col(_T.id) == integration_id,
        col(_T.state) != IntegrationState.DISCONNECTED,
    )
    values = {
        "state": IntegrationState.DISCONNECTED,
        "next_sync_at": None,
        "disconnected_at": now,
        "broken_since": None,
        "broken_reason": None,
    }
    return change(tx, query.values(values)) == 1


def destroy_credentials(tx: Tx, team_id: TeamId, integration_id: IntegrationId) -> None:
    """Of an integration that is disconnected; one that is back keeps its own."""
    query = update(_T).where(
        col(_T.team_id) == team_id,
        col(_T.id) == integration_id,
        col(_T.state) == IntegrationState.DISCONNECTED,
    )
    change(tx, query.values(sealed_credentials=None))


def sealed(tx: Tx, team_id: TeamId, integration_id: IntegrationId) -> str | None:
    """Its credentials, encrypted."""
    query = select(col(_T.sealed_credentials)).where(
        col(_T.team_id) == team_id, col(_T.id) == integration_id
    )
    return tx.execute(query).scalar()

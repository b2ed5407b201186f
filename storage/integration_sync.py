"""Integrations as the sync sees them: when each is due, and how it fares."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import col

from bot.domain.ids import IntegrationId, TeamId
from bot.domain.states import IntegrationState
from storage.integrations import IntegrationRow
from storage.sql import change
from storage.unit_of_work import Tx

_T = IntegrationRow


def make_due(tx: Tx, team_id: TeamId, integration_id: IntegrationId, now: datetime) -> bool:
    """Its next sync is due now; False when there is no such live integration."""
    live = (
        col(_T.team_id) == team_id,
        col(_T.id) == integration_id,
        col(_T.state) != IntegrationState.DISCONNECTED,
    )
    return change(tx, update(_T).where(*live).values(next_sync_at=now)) == 1

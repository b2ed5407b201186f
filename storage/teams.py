"""Teams: Slack workspaces that installed Hourlink."""

from datetime import datetime

from sqlalchemy import JSON, bindparam, select, update
from sqlmodel import Field, SQLModel, col

from bot.domain.ids import TeamId
from bot.domain.people.people import Team
from bot.domain.preferences import TeamSettings
from storage.prepared import Look, Prepared
from storage.sql import change, create_or_change
from storage.types import UtcDateTime
from storage.unit_of_work import Tx


class TeamRow(SQLModel, table=True):
    """One Slack workspace."""

    __tablename__ = "team"

    id: str = Field(primary_key=True, max_length=32)
    name: str = Field(max_length=255)
    bot_user_id: str = Field(max_length=32)
    enterprise_id: str | None = Field(default=None, max_length=32)
    """The organisation that it belongs to, where Hourlink knows of one."""
    settings: dict[str, object] = Field(default_factory=dict, sa_type=JSON)
    installed_at: datetime = Field(sa_type=UtcDateTime)
    uninstalled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


_T = TeamRow
_BY_ID = select(col(_T.name), col(_T.uninstalled_at))
_SETTINGS = Prepared(select(col(_T.settings)).where(col(_T.id) == bindparam("team")))


def find(tx: Tx, team_id: TeamId) -> Team | None:
    """The team, installed or not."""
    row = tx.execute(_BY_ID.where(col(_T.id) == team_id)).first()
    return None if row is None else Team(row[0], is_installed=row[1] is None)


def lock(tx: Tx, team_id: TeamId) -> None:
    """Holds the team's row: on PostgreSQL what two admins do to it comes one after another."""
    query = select(col(_T.id)).where(col(_T.id) == team_id)
    tx.execute(query.with_for_update(key_share=True))


def save_installed(
    tx: Tx,
    team_id: TeamId,
    *,
    name: str,
    bot_user_id: str,
    now: datetime,
    enterprise_id: str | None = None,
) -> None:
    """Creates the team or marks it installed again under its present name."""
    row: dict[str, object] = {
        "id": team_id,
        "name": name,
        "bot_user_id": bot_user_id,
        "enterprise_id": enterprise_id,
        "settings": {},
        "installed_at": now,
        "uninstalled_at": None,
    }
    create_or_change(tx, _T, row, key=["id"], keeps=["settings", "installed_at"])


def enterprise(tx: Tx, team_id: TeamId) -> str | None:
    """The organisation that the team belongs to; None for none, and for a stranger."""
    return tx.execute(select(col(_T.enterprise_id)).where(col(_T.id) == team_id)).scalar()


def mark_uninstalled(tx: Tx, team_id: TeamId, now: datetime) -> None:
    """Stops all work for the team; one that is stopped already keeps that moment."""
    still = col(_T.uninstalled_at).is_(None)
    tx.execute(update(_T).where(col(_T.id) == team_id, still).values(uninstalled_at=now))


def settings(tx: Tx, team_id: TeamId) -> TeamSettings:
    """What the team chose, and the defaults for the rest."""
    asked, names = look_for_settings(team_id)
    return TeamSettings.read(asked.value(tx, names) or {})


def look_for_settings(team_id: TeamId) -> Look:
    """What ``settings`` asks."""
    return _SETTINGS, {"team": team_id}


def save_settings(tx: Tx, team_id: TeamId, chosen: TeamSettings) -> None:
    """Keeps what the team chose."""
    change(tx, update(_T).where(col(_T.id) == team_id).values(settings=chosen.stored()))

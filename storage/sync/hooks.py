"""Webhooks of integrations, and what they have told that nobody has read again yet."""

from collections.abc import Iterable
from dataclasses import field
from datetime import datetime

from sqlalchemy import Index, Text, delete, select, update
from sqlmodel import Field, SQLModel, col

from bot.domain.ids import IntegrationId, TeamId
from bot.domain.values import dataclass
from storage.sql import change, insert_into, table
from storage.types import BigId, UtcDateTime
from storage.unit_of_work import Tx


class HookRow(SQLModel, table=True):
    """The webhooks of one integration, as far as we know of them."""

    __tablename__ = "hook"

    integration_id: int = Field(primary_key=True, foreign_key="integration.id", sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    sealed_secrets: str = Field(sa_type=Text)
    """Encrypted: what signs the requests, by what stands behind the address."""
    asked_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """The provider is being asked for webhooks: until then a handshake is believed."""
    watched: str = Field(default="", max_length=64)
    """Changes when other projects, or another address, are to be watched; empty before the first
    time."""
    renew_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    problem: str | None = Field(default=None, sa_type=Text)
    """Why the provider would not set them up; then a person has to."""
    heard_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When the last proved request came."""


class HookNewsRow(SQLModel, table=True):
    """One thing to read again."""

    __tablename__ = "hook_news"
    __table_args__ = (
        Index(
            "uq_hook_news_integration_id_project_task",
            "integration_id",
            "project",
            "task",
            unique=True,
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    integration_id: int = Field(foreign_key="integration.id", sa_type=BigId)
    project: str = Field(default="", max_length=255)
    """Provider's id of a project whose changes are read; empty where it is one task."""
    task: str = Field(default="", max_length=255)
    """Provider's id of a task that is read by itself; empty where it is a project."""
    heard_at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Hook:
    """What is stored of an integration's webhooks."""

    sealed_secrets: str = field(repr=False)
    asked_until: datetime | None
    watched: str
    renew_at: datetime | None
    problem: str | None
    heard_at: datetime | None


_T, _N = HookRow, HookNewsRow


def of(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId, *, lock: bool = False
) -> Hook | None:
    """The webhooks of an integration; None before anybody thought of them."""
    query = select(*table(_T).columns).where(
        col(_T.team_id) == team_id, col(_T.integration_id) == integration_id
    )
    row = tx.execute(query.with_for_update() if lock else query).first()
    if row is None:
        return None
    return Hook(
        sealed_secrets=row.sealed_secrets,
        asked_until=row.asked_until,
        watched=row.watched,
        renew_at=row.renew_at,
        problem=row.problem,
        heard_at=row.heard_at,
    )


def begin(tx: Tx, team_id: TeamId, integration_id: IntegrationId, sealed_secrets: str) -> None:
    """From now on there may be webhooks; nothing changes where there were."""
    row = {
        "integration_id": integration_id,
        "team_id": team_id,
        "sealed_secrets": sealed_secrets,
        "watched": "",
    }
    change(tx, insert_into(table(_T), tx.core.dialect.name).values(row).on_conflict_do_nothing())


def save(tx: Tx, team_id: TeamId, integration_id: IntegrationId, **values: object) -> None:
    """Changes some of its columns."""
    same = (col(_T.team_id) == team_id, col(_T.integration_id) == integration_id)
    change(tx, update(_T).where(*same).values(**values))


def add_news(
    tx: Tx,
    team_id: TeamId,
    integration_id: IntegrationId,
    *,
    projects: Iterable[str],
    tasks: Iterable[str],
    now: datetime,
) -> None:
    """Things to read again; what waits already is not added twice."""
    common = {"team_id": team_id, "integration_id": integration_id, "heard_at": now}
    rows = [{**common, "project": one, "task": ""} for one in projects]
    rows += [{**common, "project": "", "task": one} for one in tasks]
    if rows:
        change(tx, insert_into(table(_N), tx.core.dialect.name).on_conflict_do_nothing(), rows)


def take_news(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId, *, most: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Projects and tasks to read again, the oldest first; they wait no longer."""
    query = (
        select(col(_N.id), col(_N.project), col(_N.task))
        .where(col(_N.team_id) == team_id, col(_N.integration_id) == integration_id)
        .order_by(col(_N.id))
        .limit(most)
    )
    rows = tx.execute(query).all()
    if rows:
        taken = col(_N.id).in_([row.id for row in rows])
        change(tx, delete(_N).where(col(_N.team_id) == team_id, taken))
    return (
        tuple(row.project for row in rows if row.project),
        tuple(row.task for row in rows if row.task),
    )

"""Integrations: one provider account or site set up for a team."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import JSON, Index, Text, select
from sqlmodel import Field, SQLModel, col

from bot.domain.ids import IntegrationId, MemberId, TeamId
from bot.domain.linking.integrations import Integration
from bot.domain.linking.link_rules import LinkRule, RuleBy
from bot.domain.linking.write_back import LONGEST_TEXT, WriteBack, WriteMode
from bot.domain.states import IntegrationState, LinkPolicy, MembersPolicy
from storage.indexes import partial_index
from storage.sql import AnyRow, table
from storage.types import BigId, UtcDateTime, one_of
from storage.unit_of_work import Tx


class IntegrationRow(SQLModel, table=True):
    """One connected site with its credentials and policies."""

    __tablename__ = "integration"
    __table_args__ = (
        one_of("state", IntegrationState),
        one_of("link_policy", LinkPolicy),
        one_of("members_policy", MembersPolicy),
        # A site is connected once; after a disconnect it may come back.
        partial_index(
            "uq_integration_live_site",
            "team_id",
            "provider",
            "site_id",
            unique=True,
            where="state <> 'disconnected'",
        ),
        Index("ix_integration_due", "next_sync_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    provider: str = Field(max_length=32)
    """The adapter's slug."""
    site_id: str = Field(max_length=255)
    site_name: str = Field(max_length=255)
    site_url: str = Field(max_length=1000)
    sealed_credentials: str | None = Field(default=None, sa_type=Text)
    """Encrypted; None once disconnected."""
    channel_id: str = Field(max_length=32)
    """Where new unlinked projects are announced."""
    link_policy: str = Field(default=LinkPolicy.ANNOUNCE, max_length=16)
    members_policy: str = Field(default=MembersPolicy.PROVIDER_ACCESS, max_length=32)
    personal_projects: bool = False
    rules: list[dict[str, object]] = Field(default_factory=list, sa_type=JSON)
    """Which provider projects are let in by themselves (``bot/domain/linking/link_rules.py``)."""
    write_mode: str = Field(default=WriteMode.OFF, max_length=16)
    """Whether finished time is written there (``bot/domain/linking/write_back.py``)."""
    write_shortest: int = 0
    write_text: str = Field(default="", max_length=LONGEST_TEXT)
    write_reduces_estimate: bool = False
    sync_minutes: int | None = None
    """From one sync to the next; None as the operator chose for every tool."""
    state: str = Field(default=IntegrationState.ACTIVE, max_length=16)
    broken_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    broken_reason: str | None = Field(default=None, sa_type=Text)
    next_sync_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When the next sync is due; None while there must be none."""
    synced_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """End of the last successful run."""
    swept_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """End of the last full sweep that got to its end; sweeps alone see deletions."""
    connected_by: int = Field(foreign_key="member.id", sa_type=BigId)
    connected_at: datetime = Field(sa_type=UtcDateTime)
    disconnected_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """The last time it was; what ended at that very moment can be resumed together."""


_T = IntegrationRow
_SELECT = select(*(column for column in table(_T).c if column.name != "sealed_credentials"))


def _integration(row: AnyRow) -> Integration:
    return Integration(
        id=IntegrationId(row.id),
        team_id=TeamId(row.team_id),
        provider=row.provider,
        site_id=row.site_id,
        site_name=row.site_name,
        channel_id=row.channel_id,
        link_policy=LinkPolicy(row.link_policy),
        members_policy=MembersPolicy(row.members_policy),
        personal_projects=row.personal_projects,
        rules=read_rules(row.rules),
        write_back=write_back_of(row),
        sync_minutes=row.sync_minutes,
        state=IntegrationState(row.state),
        broken_since=row.broken_since,
        broken_reason=row.broken_reason,
        next_sync_at=row.next_sync_at,
        synced_at=row.synced_at,
        connected_by=MemberId(row.connected_by),
        connected_at=row.connected_at,
    )


def write_back_of(row: AnyRow) -> WriteBack:
    """What is chosen about writing time back."""
    return WriteBack(
        WriteMode(row.write_mode), row.write_shortest, row.write_text, row.write_reduces_estimate
    )


def write_back_columns(chosen: WriteBack) -> dict[str, object]:
    """The same as it is stored."""
    return {
        "write_mode": chosen.mode,
        "write_shortest": chosen.shortest,
        "write_text": chosen.text,
        "write_reduces_estimate": chosen.reduces_estimate,
    }


def read_rules(stored: Iterable[Mapping[str, object]]) -> tuple[LinkRule, ...]:
    """Rules as they are stored."""
    return tuple(
        LinkRule(bool(one["include"]), str(one["pattern"]), RuleBy(str(one["by"])))
        for one in stored
    )


def stored_rules(rules: Iterable[LinkRule]) -> list[dict[str, object]]:
    """Rules as they are stored."""
    return [{"include": one.include, "pattern": one.pattern, "by": one.by.value} for one in rules]


def by_id(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId, *, lock: bool = False
) -> Integration | None:
    """The integration with this id, disconnected ones too; held until the commit if asked."""
    query = _SELECT.where(col(_T.team_id) == team_id, col(_T.id) == integration_id)
    if lock:
        query = query.with_for_update(key_share=True)
    row = tx.execute(query).first()
    return None if row is None else _integration(row)


def sealed_credentials(tx: Tx, team_id: TeamId, integration_id: IntegrationId) -> str | None:
    """Its credentials, encrypted; None once disconnected."""
    query = select(col(_T.sealed_credentials)).where(
        col(_T.team_id) == team_id, col(_T.id) == integration_id
    )
    return tx.execute(query).scalar()


def live(tx: Tx, team_id: TeamId) -> list[Integration]:
    """Every integration that is not disconnected, oldest first."""
    query = _SELECT.where(
        col(_T.team_id) == team_id, col(_T.state) != IntegrationState.DISCONNECTED
    )
    return [_integration(row) for row in tx.execute(query.order_by(col(_T.id)))]

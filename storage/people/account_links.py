"""Account links: which provider account is whose."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Index, Select, Text, UniqueConstraint, and_, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Field, SQLModel, col

from bot.domain.ids import (
    AccountLinkId,
    IntegrationId,
    MemberId,
    ProviderAccountId,
    SlackUserId,
    TeamId,
)
from bot.domain.linking.write_back import WriteMode
from bot.domain.people.account_links import Account, AccountLink, Person, Site
from bot.domain.states import AccountLinkState, IntegrationState, Proof
from storage.chunks import chunked
from storage.indexes import partial_index
from storage.linking.integrations import IntegrationRow
from storage.members import MemberRow
from storage.people.provider_accounts import ProviderAccountRow
from storage.sql import AnyRow, table
from storage.types import BigId, UtcDateTime, one_of
from storage.unit_of_work import Tx


class AccountLinkRow(SQLModel, table=True):
    """A member and the provider account that is, or may be, theirs.

    One row for each member and integration lives through every state (U5); ``slot`` leaves room
    for the further accounts that only an admin may add.
    """

    __tablename__ = "account_link"
    __table_args__ = (
        one_of("state", AccountLinkState),
        UniqueConstraint("member_id", "integration_id", "slot"),
        partial_index(
            "uq_account_link_holder",
            "provider_account_id",
            unique=True,
            where="state = 'connected'",
        ),
        Index("ix_account_link_integration", "integration_id"),
        partial_index(
            "ix_account_link_expiring",
            "expires_at",
            where="state = 'invited'",
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    member_id: int = Field(foreign_key="member.id", sa_type=BigId)
    integration_id: int = Field(foreign_key="integration.id", sa_type=BigId)
    slot: int = 0
    provider_account_id: int | None = Field(
        default=None, foreign_key="provider_account.id", sa_type=BigId
    )
    state: str = Field(max_length=24)
    proof: str | None = Field(default=None, max_length=16)
    """A ``Proof``; of the account named now, None while unproven."""
    chosen_by_admin: bool = False
    """The admin who invited chose this very account for this very person."""
    request: int = 1
    """Counts the requests sent; a button carries its number, so an old one is known as old."""
    asked_by: int | None = Field(default=None, foreign_key="member.id", sa_type=BigId)
    """The admin who asked; None when the member began alone."""
    asked_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reminded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_by: int | None = Field(default=None, foreign_key="member.id", sa_type=BigId)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    unreachable: str | None = Field(default=None, max_length=100)
    """Slack's reason why the last message could not be delivered."""
    sealed_token: str | None = Field(default=None, sa_type=Text)
    """The member's own token at the provider, encrypted."""


_T = AccountLinkRow
_ASKER = aliased(MemberRow)
_DECIDER = aliased(MemberRow)
FIRST = 0
"""The slot of the account that a member connects themselves."""

ADDRESS_CHANGED = and_(
    col(_T.state) == AccountLinkState.CONNECTED,
    col(_T.proof) == Proof.EMAIL,
    func.coalesce(func.lower(col(MemberRow.email)), "")
    != func.coalesce(col(ProviderAccountRow.email), ""),
)
"""The two addresses that proved the account are not equal any more."""

COLUMNS: tuple[Any, ...] = (
    *(column for column in table(_T).c if column.name != "sealed_token"),
    col(_T.sealed_token).is_not(None).label("has_own_key"),
    ADDRESS_CHANGED.label("address_changed"),
    col(MemberRow.slack_user_id),
    col(MemberRow.name).label("person_name"),
    col(MemberRow.zone),
    col(MemberRow.is_guest),
    col(MemberRow.deactivated_at),
    col(IntegrationRow.provider),
    col(IntegrationRow.site_name),
    (col(IntegrationRow.write_mode) != WriteMode.OFF).label("writes_time"),
    col(IntegrationRow.state).label("integration_state"),
    col(ProviderAccountRow.name).label("account_name"),
    col(ProviderAccountRow.external_id),
    col(ProviderAccountRow.email),
    col(ProviderAccountRow.email_is_verified),
    col(ProviderAccountRow.is_active),
    col(ProviderAccountRow.gone_at),
    col(_ASKER.name).label("asker"),
    col(_DECIDER.name).label("decider"),
)
"""What ``link_of`` reads."""


def naming(query: Select[Any]) -> Select[Any]:
    """Joins to account links the account, and the people who asked and decided."""
    return (
        query.outerjoin(
            ProviderAccountRow, col(ProviderAccountRow.id) == col(_T.provider_account_id)
        )
        .outerjoin(_ASKER, col(_ASKER.id) == col(_T.asked_by))
        .outerjoin(_DECIDER, col(_DECIDER.id) == col(_T.decided_by))
    )


SELECT = naming(
    select(*COLUMNS)
    .select_from(_T)
    .join(MemberRow, col(MemberRow.id) == col(_T.member_id))
    .join(IntegrationRow, col(IntegrationRow.id) == col(_T.integration_id))
)


def link_of(row: AnyRow) -> AccountLink:
    """The value of a row with ``COLUMNS``."""
    account = row.provider_account_id
    return AccountLink(
        id=AccountLinkId(row.id),
        team_id=TeamId(row.team_id),
        person=Person(
            id=MemberId(row.member_id),
            slack_user_id=SlackUserId(row.slack_user_id),
            name=row.person_name,
            zone=row.zone,
            is_guest=row.is_guest,
            is_active=row.deactivated_at is None,
        ),
        site=Site(
            id=IntegrationId(row.integration_id),
            provider=row.provider,
            name=row.site_name,
            writes_time=bool(row.writes_time),
            is_connected=row.integration_state != IntegrationState.DISCONNECTED,
        ),
        account=None
        if account is None
        else Account(
            id=ProviderAccountId(account),
            name=row.account_name,
            email=row.email,
            email_is_verified=row.email_is_verified,
            is_active=row.is_active,
            is_gone=row.gone_at is not None,
            external_id=row.external_id,
        ),
        state=AccountLinkState(row.state),
        proof=None if row.proof is None else Proof(row.proof),
        chosen_by_admin=row.chosen_by_admin,
        request=row.request,
        asked_by=row.asker,
        asked_at=row.asked_at,
        expires_at=row.expires_at,
        decided_by=row.decider,
        decided_at=row.decided_at,
        unreachable=row.unreachable,
        slot=row.slot,
        has_own_key=bool(row.has_own_key),
        address_changed=bool(row.address_changed),
    )


def by_id(
    tx: Tx, team_id: TeamId, link_id: AccountLinkId, *, lock: bool = False
) -> AccountLink | None:
    """The account link with this id; with ``lock`` its row is held until the transaction ends."""
    query = SELECT.where(col(_T.team_id) == team_id, col(_T.id) == link_id)
    row = tx.execute(query.with_for_update(of=_T) if lock else query).first()
    return None if row is None else link_of(row)


def by_ids(tx: Tx, team_id: TeamId, link_ids: Sequence[AccountLinkId]) -> list[AccountLink]:
    """Those of the links that exist."""
    found: list[AccountLink] = []
    for some in chunked(link_ids):
        query = SELECT.where(col(_T.team_id) == team_id, col(_T.id).in_(some))
        found += [link_of(row) for row in tx.execute(query)]
    return found


def between(
    tx: Tx, team_id: TeamId, member_id: MemberId, integration_id: IntegrationId
) -> AccountLink | None:
    """The member's link to an integration."""
    row = tx.execute(
        SELECT.where(
            col(_T.team_id) == team_id,
            col(_T.member_id) == member_id,
            col(_T.integration_id) == integration_id,
            col(_T.slot) == FIRST,
        )
    ).first()
    return None if row is None else link_of(row)


def firsts(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId, member_ids: Sequence[MemberId]
) -> dict[MemberId, AccountLink]:
    """These people's first links to an integration."""
    same = (col(_T.team_id) == team_id, col(_T.integration_id) == integration_id)
    found: dict[MemberId, AccountLink] = {}
    for some in chunked(member_ids):
        query = SELECT.where(*same, col(_T.slot) == FIRST, col(_T.member_id).in_(some))
        found |= {MemberId(row.member_id): link_of(row) for row in tx.execute(query)}
    return found


def further(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId, member_ids: Sequence[MemberId]
) -> list[AccountLink]:
    """These people's links to an integration beyond the first."""
    same = (col(_T.team_id) == team_id, col(_T.integration_id) == integration_id)
    return [
        link
        for some in chunked(member_ids)
        for link in _all(
            tx,
            SELECT.where(*same, col(_T.slot) != FIRST, col(_T.member_id).in_(some)).order_by(
                col(_T.member_id), col(_T.slot)
            ),
        )
    ]


def _all(tx: Tx, query: Select[*tuple[object, ...]]) -> list[AccountLink]:
    return [link_of(row) for row in tx.execute(query)]


def hold(tx: Tx, team_id: TeamId, integration_id: IntegrationId) -> None:
    """Keeps the integration's links as they are until the transaction ends."""
    same = (col(_T.team_id) == team_id, col(_T.integration_id) == integration_id)
    tx.execute(select(col(_T.id)).where(*same).order_by(col(_T.id)).with_for_update())


def holder(tx: Tx, team_id: TeamId, account_id: ProviderAccountId) -> tuple[MemberId, str] | None:
    """Who is connected with an account: the member and their name."""
    row = tx.execute(
        select(col(_T.member_id), col(MemberRow.name))
        .join(MemberRow, col(MemberRow.id) == col(_T.member_id))
        .where(
            col(_T.team_id) == team_id,
            col(_T.provider_account_id) == account_id,
            col(_T.state) == AccountLinkState.CONNECTED,
        )
    ).first()
    return None if row is None else (MemberId(row[0]), row[1])


def claims(tx: Tx, team_id: TeamId, account_id: ProviderAccountId) -> list[AccountLink]:
    """Who waits to be given an account."""
    query = SELECT.where(
        col(_T.team_id) == team_id,
        col(_T.provider_account_id) == account_id,
        col(_T.state) == AccountLinkState.AWAITING_APPROVAL,
    )
    return _all(tx, query.order_by(table(_T).c.id))


def overdue(tx: Tx, now: datetime, limit: int) -> list[tuple[TeamId, AccountLinkId, int]]:
    """Requests of every team that nobody answered in time: link and request."""
    query = select(col(_T.team_id), table(_T).c.id, col(_T.request)).where(
        col(_T.state) == AccountLinkState.INVITED, col(_T.expires_at) <= now
    )
    rows = tx.execute(query.order_by(col(_T.expires_at)).limit(limit))
    return [(TeamId(row[0]), AccountLinkId(row[1]), row[2]) for row in rows]


def unreminded(
    tx: Tx, asked_before: datetime, now: datetime, limit: int
) -> list[tuple[TeamId, AccountLinkId, int]]:
    """Requests of every team that an admin sent before a moment and nobody was reminded of."""
    query = (
        select(col(_T.team_id), table(_T).c.id, col(_T.request))
        .select_from(_T)
        .join(MemberRow, col(MemberRow.id) == col(_T.member_id))
        .join(IntegrationRow, col(IntegrationRow.id) == col(_T.integration_id))
        .where(
            col(_T.state) == AccountLinkState.INVITED,
            col(_T.asked_by).is_not(None),
            col(_T.asked_at) <= asked_before,
            col(_T.expires_at) > now,
            col(_T.reminded_at).is_(None),
            col(_T.unreachable).is_(None),
            col(MemberRow.deactivated_at).is_(None),
            col(IntegrationRow.state) != IntegrationState.DISCONNECTED,
        )
    )
    rows = tx.execute(query.order_by(col(_T.asked_at)).limit(limit))
    return [(TeamId(row[0]), AccountLinkId(row[1]), row[2]) for row in rows]


def with_account(
    tx: Tx, team_id: TeamId, member_id: MemberId, account_id: ProviderAccountId
) -> AccountLink | None:
    """The link by which the member is connected with this very account."""
    query = SELECT.where(
        col(_T.team_id) == team_id,
        col(_T.member_id) == member_id,
        col(_T.provider_account_id) == account_id,
        col(_T.state) == AccountLinkState.CONNECTED,
    )
    row = tx.execute(query).first()
    return None if row is None else link_of(row)


def held_accounts(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId
) -> dict[ProviderAccountId, MemberId]:
    """Who is connected with which of an integration's accounts."""
    query = select(table(_T).c.provider_account_id, col(_T.member_id)).where(
        col(_T.team_id) == team_id,
        col(_T.integration_id) == integration_id,
        col(_T.state) == AccountLinkState.CONNECTED,
        col(_T.provider_account_id).is_not(None),
    )
    return {ProviderAccountId(row[0]): MemberId(row[1]) for row in tx.execute(query)}

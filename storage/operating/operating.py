"""Questions of whoever runs the server, over all teams: the only ones that no team fences."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import Table, and_, func, inspect, select, text, update
from sqlmodel import col

from bot.domain.states import IntegrationState, OutboxState
from bot.domain.values import dataclass
from storage.entries.time_entries import TimeEntryRow
from storage.linking.integrations import IntegrationRow
from storage.operating.api_tokens import ApiTokenRow
from storage.operating.installations import InstallationRow
from storage.outbox import OutboxRow
from storage.people.account_links import AccountLinkRow
from storage.sql import change, spelled_out, table
from storage.sync.hooks import HookRow
from storage.teams import TeamRow
from storage.unit_of_work import Tx

SEALED: Mapping[str, tuple[Table, str]] = {
    "tools' credentials": (table(IntegrationRow), "sealed_credentials"),
    "members' own keys": (table(AccountLinkRow), "sealed_token"),
    "webhooks' secrets": (table(HookRow), "sealed_secrets"),
    "Slack tokens": (table(InstallationRow), "sealed_tokens"),
    "API tokens": (table(ApiTokenRow), "sealed_digest"),
}
"""Every column with something encrypted in it; a test looks that none is missing."""


@dataclass(frozen=True, slots=True)
class Owed:
    """The outbox of all teams together."""

    waiting: int
    oldest_due: datetime | None
    """Since when the longest waiting one could have been sent."""
    given_up: int
    """Among those that are still kept."""


@dataclass(frozen=True, slots=True)
class Tool:
    """One integration that should work."""

    provider: str
    site_name: str
    state: IntegrationState
    next_sync_at: datetime | None
    sealed_credentials: str | None


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is."""

    teams: int
    integrations: Mapping[IntegrationState, int]
    """Those that are not disconnected, by how they are."""
    running_timers: int


def ping(tx: Tx) -> None:
    """The least that can be asked."""
    tx.execute(text("SELECT 1"))


def owed(tx: Tx) -> Owed:
    """What waits to be sent, and what never was; nothing is sent to teams that left."""
    row = OutboxRow
    states = {
        state: spelled_out(state)
        for state in (OutboxState.PENDING, OutboxState.SENDING, OutboxState.FAILED)
    }
    open_ = col(row.state).in_([states[OutboxState.PENDING], states[OutboxState.SENDING]])
    left = select(col(TeamRow.id)).where(col(TeamRow.uninstalled_at).is_not(None))
    query = select(func.count(), func.min(col(row.due_at)))
    waiting, oldest = tx.execute(query.where(open_, col(row.team_id).not_in(left))).one()
    failed = select(func.count()).where(col(row.state) == states[OutboxState.FAILED])
    return Owed(waiting, oldest, tx.execute(failed).scalar_one())


def tools(tx: Tx) -> list[Tool]:
    """Every integration that is not disconnected, of teams that have Hourlink installed."""
    one, team = IntegrationRow, TeamRow
    query = (
        select(
            col(one.provider),
            col(one.site_name),
            col(one.state),
            col(one.next_sync_at),
            col(one.sealed_credentials),
        )
        .join(team, and_(col(team.id) == col(one.team_id), col(team.uninstalled_at).is_(None)))
        .where(col(one.state) != IntegrationState.DISCONNECTED)
        .order_by(col(one.team_id), col(one.id))
    )
    return [
        Tool(
            row.provider,
            row.site_name,
            IntegrationState(row.state),
            row.next_sync_at,
            row.sealed_credentials,
        )
        for row in tx.execute(query)
    ]


def size(tx: Tx) -> Size:
    """How much there is, as far as an index tells it."""
    entry, one, team = TimeEntryRow, IntegrationRow, TeamRow
    installed = select(func.count()).where(col(team.uninstalled_at).is_(None))
    live = select(col(one.state), func.count()).group_by(col(one.state))
    running = select(func.count()).where(
        col(entry.seconds).is_(None), col(entry.deleted_at).is_(None)
    )
    by_state = {IntegrationState(state): number for state, number in tx.execute(live)}
    return Size(
        teams=tx.execute(installed).scalar_one(),
        integrations={
            state: by_state.get(state, 0)
            for state in IntegrationState
            if state is not IntegrationState.DISCONNECTED
        },
        running_timers=tx.execute(running).scalar_one(),
    )


def time_entries(tx: Tx) -> int:
    """All of them, counted one by one; deleted ones too, which keep their history."""
    return tx.execute(select(func.count(col(TimeEntryRow.id)))).scalar_one()


def sealed(tx: Tx, kind: str) -> Iterator[tuple[object, str]]:
    """Everything encrypted of one kind of ``SEALED``, with the id of its row."""
    where, column = SEALED[kind]
    (key,) = where.primary_key.columns
    query = select(key, where.c[column]).where(where.c[column].is_not(None))
    for row in tx.execute(query.execution_options(yield_per=500)):
        yield row[0], row[1]


def seal(tx: Tx, kind: str, row_id: object, *, was: str, now: str) -> bool:
    """Writes it back encrypted anew, unless somebody changed it meanwhile."""
    where, column = SEALED[kind]
    (key,) = where.primary_key.columns
    query = update(where).where(key == row_id, where.c[column] == was)
    return change(tx, query.values({column: now})) == 1


def granted_scopes(tx: Tx) -> Iterator[tuple[str, frozenset[str]]]:
    """The name of every workspace and organisation that installed Hourlink, and its scopes."""
    query = select(col(InstallationRow.name), col(InstallationRow.scopes))
    for row in tx.execute(query.order_by(col(InstallationRow.name), col(InstallationRow.id))):
        yield row.name, frozenset(row.scopes.split(","))


def slack_tokens(tx: Tx) -> Iterator[tuple[str, str]]:
    """Each workspace and organisation by name, with its sealed tokens."""
    query = select(col(InstallationRow.name), col(InstallationRow.sealed_tokens))
    for row in tx.execute(query.order_by(col(InstallationRow.name), col(InstallationRow.id))):
        yield row.name, row.sealed_tokens


def workers_alive(tx: Tx, seconds: int) -> int | None:
    """Workers that gave a sign of life in the last seconds; None where there is no queue."""
    if tx.core.dialect.name != "postgresql":
        return None
    if not inspect(tx.core).has_table("procrastinate_workers"):
        return None
    query = text(
        "SELECT count(*) FROM procrastinate_workers "
        "WHERE last_heartbeat > now() - make_interval(secs => :seconds)"
    )
    return int(tx.execute(query, {"seconds": seconds}).scalar_one())

"""Integrations as the sync sees them: when each is due, and how it fares."""

from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, exists, or_, select, update
from sqlmodel import col

from bot.domain.ids import IntegrationId, TeamId
from bot.domain.states import IntegrationState, LinkPolicy, SyncRunState
from bot.domain.values import dataclass
from storage.linking.integrations import IntegrationRow
from storage.prepared import Prepared
from storage.sql import AnyRow, change, table
from storage.sync.hooks import HookNewsRow
from storage.sync.sync_runs import SyncRunRow
from storage.sync.sync_wishes import SyncWishRow
from storage.teams import TeamRow
from storage.unit_of_work import Tx

_T = IntegrationRow


@dataclass(frozen=True, slots=True)
class SyncedIntegration:
    """What the sync needs to know of an integration."""

    id: IntegrationId
    team_id: TeamId
    provider: str
    site_name: str
    sealed_credentials: str | None
    channel_id: str
    link_policy: LinkPolicy
    personal_projects: bool
    sync_minutes: int | None
    state: IntegrationState
    broken_reason: str | None
    next_sync_at: datetime | None
    synced_at: datetime | None
    swept_at: datetime | None


_SELECT = select(
    col(_T.id),
    col(_T.team_id),
    col(_T.provider),
    col(_T.site_name),
    col(_T.sealed_credentials),
    col(_T.channel_id),
    col(_T.link_policy),
    col(_T.personal_projects),
    col(_T.sync_minutes),
    col(_T.state),
    col(_T.broken_reason),
    col(_T.next_sync_at),
    col(_T.synced_at),
    col(_T.swept_at),
)
_RUN_UNDER_WAY = exists().where(
    col(SyncRunRow.integration_id) == col(_T.id), col(SyncRunRow.state) == SyncRunState.RUNNING
)


_MAY_BE_SYNCED = and_(col(_T.next_sync_at).is_not(None), col(_T.state) == IntegrationState.ACTIVE)
"""What webhooks tell, or somebody asks for, is read at once, unless it waits for a person."""

NEWS_SETTLES = timedelta(seconds=2)
"""Changes come in bursts; what follows the first one so soon is read with it."""

_HAS_NEWS = exists().where(
    col(HookNewsRow.integration_id) == col(_T.id),
    col(HookNewsRow.heard_at) <= bindparam("settled"),
)
_HAS_PARTS = exists().where(
    col(SyncWishRow.integration_id) == col(_T.id),
    col(SyncWishRow.sync_run_id).is_(None),
    col(SyncWishRow.projects).is_not(None),
)
_DUE = Prepared(
    select(table(_T).c.id)
    .join(TeamRow, col(TeamRow.id) == col(_T.team_id))
    .where(
        col(TeamRow.uninstalled_at).is_(None),
        col(_T.state) != IntegrationState.DISCONNECTED,
        or_(
            col(_T.next_sync_at) <= bindparam("now"),
            and_(col(_T.next_sync_at).is_(None), _RUN_UNDER_WAY),
            and_(_MAY_BE_SYNCED, ~_RUN_UNDER_WAY, or_(_HAS_NEWS, _HAS_PARTS)),
        ),
    )
    .order_by(col(_T.next_sync_at), col(_T.id))
)


def _integration(row: AnyRow) -> SyncedIntegration:
    return SyncedIntegration(
        id=IntegrationId(row.id),
        team_id=TeamId(row.team_id),
        provider=row.provider,
        site_name=row.site_name,
        sealed_credentials=row.sealed_credentials,
        channel_id=row.channel_id,
        link_policy=LinkPolicy(row.link_policy),
        personal_projects=row.personal_projects,
        sync_minutes=row.sync_minutes,
        state=IntegrationState(row.state),
        broken_reason=row.broken_reason,
        next_sync_at=row.next_sync_at,
        synced_at=row.synced_at,
        swept_at=row.swept_at,
    )


def make_due(tx: Tx, team_id: TeamId, integration_id: IntegrationId, now: datetime) -> bool:
    """Its next sync is due now; False when there is no such live integration."""
    live = (
        col(_T.team_id) == team_id,
        col(_T.id) == integration_id,
        col(_T.state) != IntegrationState.DISCONNECTED,
    )
    return change(tx, update(_T).where(*live).values(next_sync_at=now)) == 1


def reads_parts(tx: Tx, team_id: TeamId, integration_id: IntegrationId) -> bool:
    """Whether some of its projects can be read at once, with its next sync left where it is.

    Not while a run is under way, nor while it waits for a person.
    """
    now = (_MAY_BE_SYNCED, ~_RUN_UNDER_WAY)
    query = select(table(_T).c.id).where(
        col(_T.team_id) == team_id, col(_T.id) == integration_id, *now
    )
    return tx.execute(query).first() is not None


def hasten(tx: Tx, team_id: TeamId, integration_id: IntegrationId, moment: datetime) -> None:
    """Its next sync is no later than this; one that waits for a person goes on waiting."""
    later = (
        col(_T.team_id) == team_id,
        col(_T.id) == integration_id,
        col(_T.next_sync_at) > moment,
    )
    change(tx, update(_T).where(*later, ~_RUN_UNDER_WAY).values(next_sync_at=moment))


def due(tx: Tx, now: datetime) -> list[IntegrationId]:
    """Of every team: those whose time has come, and those with a run that nobody ended.

    While a run is under way its integration has no next moment. So a worker that died leaves it
    here, and so does one that is at work: its lock keeps a second one away.
    """
    found = _DUE.all(tx, {"now": now, "settled": now - NEWS_SETTLES})
    return [IntegrationId(row.id) for row in found]


def lock(tx: Tx, integration_id: IntegrationId) -> SyncedIntegration | None:
    """The integration of an installed team, held until the transaction ends.

    The scheduler alone asks without a team: it serves them all.
    """
    query = _SELECT.where(
        col(_T.id) == integration_id,
        exists().where(col(TeamRow.id) == col(_T.team_id), col(TeamRow.uninstalled_at).is_(None)),
    )
    row = tx.execute(query.with_for_update(of=_T, key_share=True)).first()
    return None if row is None else _integration(row)


def of_installed(tx: Tx, integration_id: IntegrationId) -> SyncedIntegration | None:
    """The integration of an installed team, as somebody outside asks who knows no team."""
    query = _SELECT.where(
        col(_T.id) == integration_id,
        exists().where(col(TeamRow.id) == col(_T.team_id), col(TeamRow.uninstalled_at).is_(None)),
    )
    row = tx.execute(query).first()
    return None if row is None else _integration(row)


def find(tx: Tx, team_id: TeamId, integration_id: IntegrationId) -> SyncedIntegration | None:
    """The integration with this id."""
    row = tx.execute(
        _SELECT.where(col(_T.team_id) == team_id, col(_T.id) == integration_id)
    ).first()
    return None if row is None else _integration(row)


def set_next_sync(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId, moment: datetime | None
) -> None:
    """When it is due next; None while a run is under way, or until somebody mends it."""
    _set(tx, team_id, integration_id, next_sync_at=moment)


def mark_synced(
    tx: Tx,
    team_id: TeamId,
    integration_id: IntegrationId,
    now: datetime,
    *,
    is_full: bool,
    next_sync_at: datetime,
) -> None:
    """A run ended well: whatever was broken works again."""
    values: dict[str, object] = {
        "next_sync_at": next_sync_at,
        "synced_at": now,
        "state": IntegrationState.ACTIVE,
        "broken_since": None,
        "broken_reason": None,
    }
    if is_full:
        values["swept_at"] = now
    _set(tx, team_id, integration_id, **values)


def mark_swept(tx: Tx, team_id: TeamId, integration_id: IntegrationId, now: datetime) -> None:
    """A full sweep read all that could be read."""
    _set(tx, team_id, integration_id, swept_at=now)


def mark_broken(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId, now: datetime, *, reason: str
) -> None:
    """Its credentials no longer open the door; it waits for a person."""
    _set(
        tx,
        team_id,
        integration_id,
        state=IntegrationState.BROKEN,
        broken_since=now,
        broken_reason=reason,
        next_sync_at=None,
    )


def _set(tx: Tx, team_id: TeamId, integration_id: IntegrationId, **values: object) -> None:
    same = (col(_T.team_id) == team_id, col(_T.id) == integration_id)
    change(tx, update(_T).where(*same).values(**values))

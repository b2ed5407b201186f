"""Mirroring a provider's people here, and what follows for members when one is switched off."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.domain.entries.entries import StopReason
from bot.domain.sync.sync import Counts, SyncPlan
from bot.integrations.api import ProviderAccount
from bot.services.people.account_moves import SWITCHED_OFF, Moves
from bot.services.sync import mirror_rows
from bot.services.tracking.stopping import stop_timers
from storage.people import account_links
from storage.sync import provider_account_sync
from storage.unit_of_work import Tx


def take_in(
    tx: Tx,
    plan: SyncPlan,
    accounts: Sequence[ProviderAccount],
    *,
    now: datetime,
    new_marker: Callable[[], str],
) -> Counts:
    """Saves people; who is switched off there tracks there no more, and is told once (A2)."""
    fresh = {account.external_id: account for account in accounts}
    here = (plan.team_id, plan.integration_id)
    known = provider_account_sync.hashes(tx, *here, fresh.keys())
    rows = {name: mirror_rows.account_row(account) for name, account in fresh.items()}
    new = [name for name in rows if name not in known]
    changed = [n for n, row in rows.items() if known.get(n, "") not in ("", row["row_hash"])]
    off = [name for name in changed if not fresh[name].is_active]
    newly_off = provider_account_sync.working(tx, *here, off) if off else []
    provider_account_sync.write(
        tx, [mirror_rows.owned(rows[name], *here, name) for name in (*new, *changed)]
    )
    if off:
        _ends(tx, plan, off, newly_off, now=now, new_marker=new_marker)
    return Counts(len(new), len(changed), len(rows) - len(new) - len(changed))


def _ends(
    tx: Tx,
    plan: SyncPlan,
    off: Sequence[str],
    newly_off: Sequence[str],
    *,
    now: datetime,
    new_marker: Callable[[], str],
) -> None:
    here = (plan.team_id, plan.integration_id)
    stop_timers(
        tx,
        plan.team_id,
        because=StopReason.ACCESS_LOST,
        now=now,
        members=provider_account_sync.switched_off(tx, *here, off),
        integrations=[plan.integration_id],
        new_marker=new_marker,
    )
    without = set(provider_account_sync.switched_off(tx, *here, newly_off))
    links = account_links.by_ids(
        tx, plan.team_id, provider_account_sync.connected_with(tx, *here, newly_off)
    )
    told = [link for link in links if link.person.id in without]
    Moves(new_marker).owe_all(tx, SWITCHED_OFF, told, now)

"""The tokens that signing in at a tool brings, exchanged by one process at a time."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.people.token_renewals import Renewal
from bot.domain.states import IntegrationState
from bot.integrations.errors import ProviderError, ProviderRateLimited, ProviderUnavailable
from bot.integrations.oauth import RENEWS, is_over
from bot.services.sync.syncing import BROKEN, reason_of, tell_admins
from bot.services.vault import SealBroken, Vault
from storage.people import token_renewals
from storage.sync import integration_sync
from storage.sync.integration_sync import SyncedIntegration
from storage.unit_of_work import Tx, UnitOfWork

CLAIM = timedelta(minutes=2)
"""How long a process that was killed at it keeps the others from trying."""

BATCH = 50

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)

OUTAGE = timedelta(days=1)
"""How long after its end a token is waited for that a tool does not answer about at all."""


class TokenRenewals:
    """What is to be exchanged, and what became of it."""

    def __init__(self, uow: UnitOfWork, vault: Vault) -> None:
        self._uow = uow
        self._vault = vault

    def due(self, now: datetime) -> list[Renewal]:
        """Those whose time has come."""
        with self._uow.read() as tx:
            return token_renewals.due(tx, now, BATCH)

    def claim(self, one: Renewal, now: datetime) -> dict[str, str] | None:
        """The credentials, for this process to exchange; None where it may not, or cannot."""
        with self._uow.begin() as tx:
            if not token_renewals.claim(tx, one, now=now, until=now + CLAIM):
                return None
            try:
                return self._vault.open(one.sealed or "")
            except SealBroken:
                token_renewals.drop(tx, one)
                return None

    def done(
        self, one: Renewal, anew: Mapping[str, str], due: datetime | None, now: datetime
    ) -> bool:
        """Keeps what came in exchange, and when that is due; False where nobody needs it now.

        Where admins were told that it did not work, the sync that follows tells that it does.
        """
        sealed = self._vault.seal(anew)
        with self._uow.begin() as tx:
            is_kept = token_renewals.replace(tx, self._as_sealed_now(tx, one), sealed)
            if due is None:
                token_renewals.drop(tx, one)
            elif is_kept:
                token_renewals.again(tx, one, due)
                found = _site(tx, one)
                if found is not None and found.state is IntegrationState.BROKEN:
                    integration_sync.make_due(tx, one.team_id, found.id, now)
            return is_kept

    def put_off(
        self, one: Renewal, kept: Mapping[str, str], error: ProviderError, now: datetime
    ) -> None:
        """It could not be exchanged now: it is tried again, less often each time.

        Once the token has ended nothing works with it. Where the tool refuses, or has not answered
        for a day since then, people are told: admins once that somebody has to sign in again, a
        member as of a key that is not taken any more.
        """
        wait = min(FIRST_WAIT * 2 ** min(one.attempts, 10), LONGEST_WAIT)
        if isinstance(error, ProviderRateLimited):
            wait = max(wait, timedelta(seconds=error.retry_after))
        passes = isinstance(error, ProviderUnavailable | ProviderRateLimited)
        is_hopeless = is_over(kept, now - OUTAGE if passes else now)
        with self._uow.begin() as tx:
            # First whose token it is, then the renewal: as whoever signs in again takes them.
            if is_hopeless and one.integration_id is not None:
                _break(tx, one, error, now)
            elif is_hopeless:
                self._leave(tx, one, kept)
            token_renewals.again(tx, one, now + wait, attempts=one.attempts + 1)

    def leave(self, one: Renewal, kept: Mapping[str, str]) -> None:
        """Leaves it to its end, which is told as that of any other credentials."""
        with self._uow.begin() as tx:
            self._leave(tx, one, kept)

    def _leave(self, tx: Tx, one: Renewal, kept: Mapping[str, str]) -> None:
        left = {name: value for name, value in kept.items() if name != RENEWS}
        token_renewals.replace(tx, self._as_sealed_now(tx, one), self._vault.seal(left))
        token_renewals.drop(tx, one)

    def _as_sealed_now(self, tx: Tx, one: Renewal) -> Renewal:
        """The same, where an operator had keys exchanged meanwhile.

        What came for the credentials is no other because of that, and comes once.
        """
        sealed = token_renewals.held(tx, one)
        if sealed is None or sealed == one.sealed:
            return one
        try:
            is_same = self._vault.open(sealed) == self._vault.open(one.sealed or "")
        except SealBroken:
            return one
        return replace(one, sealed=sealed) if is_same else one


def _site(tx: Tx, one: Renewal) -> SyncedIntegration | None:
    """The integration whose token it is, held; None for a member's own."""
    if one.integration_id is None:
        return None
    return integration_sync.lock(tx, one.integration_id)


def _break(tx: Tx, one: Renewal, error: ProviderError, now: datetime) -> None:
    found = _site(tx, one)
    if found is None or found.state is not IntegrationState.ACTIVE:
        return
    if found.sealed_credentials != one.sealed:
        return  # somebody signed in meanwhile
    reason = f"the sign-in could not be renewed: {reason_of(error)}"
    integration_sync.mark_broken(tx, one.team_id, found.id, now, reason=reason)
    why = f"renewal:{one.id}:{int(now.timestamp())}"
    tell_admins(tx, one.team_id, found.id, BROKEN, why=why, now=now)

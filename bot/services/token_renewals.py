"""The tokens that signing in at a tool brings, exchanged by one process at a time."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.domain.token_renewals import Renewal
from bot.services.vault import SealBroken, Vault
from storage import token_renewals
from storage.unit_of_work import UnitOfWork

CLAIM = timedelta(minutes=2)
"""How long a process that was killed at it keeps the others from trying."""

BATCH = 50


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

    def done(self, one: Renewal, anew: Mapping[str, str], due: datetime | None) -> bool:
        """Keeps what came in exchange, and when that is due; False where nobody needs it now."""
        sealed = self._vault.seal(anew)
        with self._uow.begin() as tx:
            is_kept = token_renewals.replace(tx, one, sealed)
            if due is None:
                token_renewals.drop(tx, one)
            elif is_kept:
                token_renewals.again(tx, one, due)
            return is_kept

    def later(self, one: Renewal, due: datetime) -> None:
        """It could not be exchanged now."""
        with self._uow.begin() as tx:
            token_renewals.again(tx, one, due)

"""Opening an integration's adapter with what is kept encrypted."""

from bot.integrations.api import Adapter
from bot.integrations.context import AdapterContext
from bot.integrations.errors import ProviderAuthFailed, ProviderUnavailable
from bot.integrations.oauth import is_over
from bot.integrations.registry import Registry
from bot.services.vault import SealBroken, Vault

REKEYED = "its keys were exchanged while the old ones were being used"
"""Why a refusal of keys means nothing: a token may end when another one is given for it."""


class Adapters:
    """The adapters of stored integrations."""

    def __init__(self, registry: Registry, vault: Vault, context: AdapterContext) -> None:
        self._registry = registry
        self._vault = vault
        self._context = context

    def open(self, provider: str, sealed: str | None, own: str | None = None) -> Adapter:
        """The adapter; with a member's own key it acts in their name.

        Raises:
            ProviderAuthFailed: there are no credentials, or nothing opens them.
            ProviderUnavailable: they have ended and wait for being exchanged.
            ProviderUnknown: its adapter is not installed.
        """
        try:
            credentials = self._opened(provider, sealed or "")
            if own is not None:
                credentials |= self._opened(provider, own)
        except SealBroken:
            detail = "the stored credentials cannot be opened with the configured keys"
            raise ProviderAuthFailed(provider, detail) from None
        return self._registry.open(provider, credentials, self._context)

    def _opened(self, provider: str, sealed: str) -> dict[str, str]:
        credentials = self._vault.open(sealed)
        if is_over(credentials, self._context.clock()):
            raise ProviderUnavailable(provider, "its token has ended and is being exchanged")
        return credentials

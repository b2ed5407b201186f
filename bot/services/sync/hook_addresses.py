"""The addresses that providers are told: one an integration, proved without asking anybody."""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Sequence

from bot.domain.ids import IntegrationId

PATH = "/hooks"

_LONGEST = 80
_PURPOSE = b"hourlink webhook address "


class HookAddresses:
    """Makes addresses and reads them again.

    An address holds the integration's id and a proof that we made it. Whoever guesses is turned
    away before the database is asked anything. It is not what proves a request: that is its
    signature.
    """

    def __init__(self, public_url: str | None, keys: Sequence[str]) -> None:
        """Takes what the operator set.

        Args:
            public_url: Where the internet reaches this server; None where it does not.
            keys: The keys that seal credentials; the first one makes addresses, all read them.
        """
        self._base = None if public_url is None else public_url.rstrip("/") + PATH
        self._keys = [key.encode() for key in keys]

    def of(self, integration_id: IntegrationId) -> str | None:
        """The address of an integration; None where nobody could reach it."""
        if self._base is None:
            return None
        return f"{self._base}/{integration_id}-{_proof(self._keys[0], integration_id)}"

    def integration_of(self, token: str) -> IntegrationId | None:
        """Whose address ends with this; None where we never made it."""
        number, _, proof = token.partition("-")
        if len(token) > _LONGEST or not number.isdecimal() or not proof.isascii():
            return None
        found = IntegrationId(int(number))
        is_ours = any(hmac.compare_digest(_proof(key, found), proof) for key in self._keys)
        return found if is_ours else None


def _proof(key: bytes, integration_id: IntegrationId) -> str:
    digest = hmac.digest(key, _PURPOSE + str(integration_id).encode(), "sha256")
    return urlsafe_b64encode(digest).decode().rstrip("=")

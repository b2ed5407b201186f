"""Credentials at rest: sealed with the operator's keys, opened only to be used."""

import json
from collections.abc import Mapping, Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class SealBroken(Exception):
    """None of the configured keys opens this, or it was changed."""


class Vault:
    """Seals with the first key and opens with any, so that keys can be rotated.

    Put a new key in front, and take the old one away when everything was sealed again.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        """Takes Fernet keys.

        Raises:
            ValueError: there is no key, or one is not a Fernet key.
        """
        self._fernet = MultiFernet([Fernet(key) for key in keys])
        self._first = Fernet(keys[0])

    def seal(self, secrets: Mapping[str, str]) -> str:
        """Encrypts named secrets into one text."""
        return self._fernet.encrypt(json.dumps(dict(secrets)).encode()).decode("ascii")

    def open(self, sealed: str) -> dict[str, str]:
        """The secrets again.

        Raises:
            SealBroken: the keys were changed, or the text was.
        """
        try:
            opened = self._fernet.decrypt(sealed.encode())
        except InvalidToken:
            raise SealBroken from None
        return {str(name): str(value) for name, value in json.loads(opened).items()}

    def seal_again(self, sealed: str) -> str:
        """The same secrets under the first key.

        Raises:
            SealBroken: the keys were changed, or the text was.
        """
        try:
            return self._fernet.rotate(sealed.encode()).decode("ascii")
        except InvalidToken:
            raise SealBroken from None

    def is_under_first_key(self, sealed: str) -> bool:
        """Whether the other keys can be taken away as far as this is concerned."""
        try:
            self._first.decrypt(sealed.encode())
        except InvalidToken:
            return False
        return True

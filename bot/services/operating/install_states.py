"""Who set out from here for Slack's consent page: proved by what they bring back.

A state holds when it ends, and a proof that we made it. So opening the first page writes nothing,
however often strangers open it, and a forged state is refused without a question.
"""

import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

STATE_LIVES = timedelta(minutes=10)
"""How long somebody may take on Slack's consent page."""

_PURPOSE = b"hourlink install state "
_FORM = re.compile(r"([0-9]{10})\.([A-Za-z0-9]{1,64})\.([A-Za-z0-9_-]{43})", re.ASCII)


class InstallStates:
    """Makes states and reads them again."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Takes the keys that seal credentials: the first one makes, all read."""
        self._keys = [key.encode() for key in keys]

    def make(self, chance: str, now: datetime) -> str:
        """A state that nobody guesses; ``chance`` is letters and digits."""
        said = f"{int((now + STATE_LIVES).timestamp())}.{chance}"
        return f"{said}.{_proof(self._keys[0], said)}"

    def ends(self, state: str, now: datetime) -> datetime | None:
        """When it ends; None where we did not make it, and where it is over."""
        found = _FORM.fullmatch(state)
        if found is None:
            return None
        said, proof = f"{found[1]}.{found[2]}", found[3]
        is_ours = any(hmac.compare_digest(_proof(key, said), proof) for key in self._keys)
        ends = datetime.fromtimestamp(int(found[1]), UTC)
        return ends if is_ours and now < ends else None


def _proof(key: bytes, said: str) -> str:
    digest = hmac.digest(key, _PURPOSE + said.encode(), "sha256")
    return urlsafe_b64encode(digest).decode().rstrip("=")

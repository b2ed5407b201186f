"""What Slack and the app said to each other, without the secrets."""

import json
import re
import time
from collections import deque
from collections.abc import Sequence

from playground.shapes import Json

TOKEN = re.compile(r"xox[a-z]-[\w-]+|xapp-[\w-]+")


class Log:
    """The latest requests in both directions."""

    def __init__(self, secrets: Sequence[str], size: int = 500) -> None:
        self._secrets = [secret for secret in secrets if secret]
        self._entries: deque[Json] = deque(maxlen=size)

    def add(
        self,
        direction: str,
        what: str,
        *,
        started: float,
        status: str,
        request: Json,
        answer: object,
    ) -> None:
        """Note one exchange; `started` is a reading of `time.monotonic`."""
        entry: Json = {
            "at": time.time(),
            "direction": direction,
            "what": what,
            "status": status,
            "ms": round((time.monotonic() - started) * 1000, 1),
            "request": request,
            "response": answer,
        }
        self._entries.append(json.loads(self._masked(json.dumps(entry, default=str))))

    def latest(self, limit: int) -> list[Json]:
        """The newest entries, newest first."""
        return list(reversed(self._entries))[:limit]

    def _masked(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return TOKEN.sub("***", text)

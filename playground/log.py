"""What Slack and the app said to each other, without the secrets."""

import itertools
import json
import re
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence

from playground.shapes import Json

TOKEN = re.compile(r"xox[a-z]-[\w-]+|xapp-[\w-]+")
HIDDEN = frozenset({"authorization", "x-slack-signature", "cookie"})


class Log:
    """The latest requests in both directions."""

    def __init__(self, secrets: Sequence[str], now: Callable[[], float], size: int = 500) -> None:
        self._secrets = [secret for secret in secrets if secret]
        self._now = now
        self._entries: deque[Json] = deque(maxlen=size)
        self._ids = itertools.count(1)
        self.noted: Callable[[Json], None] = lambda _entry: None
        """Hears of each new entry."""

    def add(
        self,
        direction: str,
        what: str,
        *,
        started: float,
        status: str,
        request: Json,
        answer: object,
        headers: Mapping[str, str] | None = None,
        failed: bool = False,
        **more: str,
    ) -> int:
        """Note one exchange and give its id; `started` is a reading of `time.monotonic`."""
        entry: Json = {
            "id": next(self._ids),
            "at": self._now(),
            "direction": direction,
            "what": what,
            "status": status,
            "failed": failed,
            "ms": round((time.monotonic() - started) * 1000, 1),
            **more,
            "headers": {
                name: "***" if name.lower() in HIDDEN else value
                for name, value in (headers or {}).items()
            },
            "request": request,
            "response": answer,
        }
        masked: Json = json.loads(self._masked(json.dumps(entry, default=str)))
        self._entries.append(masked)
        self.noted(masked)
        return int(masked["id"])

    def latest(self, limit: int, wanted: Mapping[str, str] | None = None) -> list[Json]:
        """The newest entries that fit, newest first.

        `wanted` may name `direction`, `team`, `failed` ("1"), `after` (an id) and `text`.
        """
        given = wanted or {}
        rows = [entry for entry in reversed(self._entries) if _fits(entry, given)]
        return rows[:limit]

    def _masked(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return TOKEN.sub("***", text)


def _fits(entry: Json, wanted: Mapping[str, str]) -> bool:
    exact = all(
        not wanted.get(key) or entry.get(key) == wanted[key] for key in ("direction", "team")
    )
    words = wanted.get("text", "").casefold()
    return (
        exact
        and entry["id"] > int(wanted.get("after") or 0)
        and (wanted.get("failed") != "1" or bool(entry["failed"]))
        and (not words or words in json.dumps(entry, ensure_ascii=False).casefold())
    )

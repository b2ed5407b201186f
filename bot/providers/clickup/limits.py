"""How ClickUp says "too many": with a moment in ``X-RateLimit-Reset``, and no ``Retry-After``.

The moment, in seconds of Unix time, is compared with the answer's own ``Date``, so the two clocks
need not agree.
"""

from email.utils import parsedate_to_datetime
from http import HTTPStatus

from bot.integrations.answers import Answer
from bot.integrations.pace import Pace

PACE = Pace(100, 60.0)
"""Of every plan up to Business, for one token; larger plans allow more."""

_LONGEST = 120.0


def seconds_to_wait(answer: Answer) -> float | None:
    """Seconds to wait; None where the usual reading of a 429 says it all."""
    if answer.status != HTTPStatus.TOO_MANY_REQUESTS or "retry-after" in answer.headers:
        return None
    try:
        reset = float(answer.headers.get("x-ratelimit-reset", ""))
        now = parsedate_to_datetime(answer.headers.get("date", "")).timestamp()
    except (TypeError, ValueError):
        return None
    return min(max(0.0, reset - now), _LONGEST)

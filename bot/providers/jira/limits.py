"""How Jira says "too many", beyond a plain ``Retry-After``.

Cloud names the limit in ``RateLimit-Reason``. A spent quota comes back at the next full hour, UTC,
so asking again before is in vain. Where ``Retry-After`` is missing, ``X-RateLimit-Reset`` tells the
moment. Moments are compared with the answer's own ``Date``, so the two clocks need not agree.
"""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from bot.integrations.answers import Answer

_QUOTA = "jira-quota"
_LONGEST = 3600.0


def seconds_to_wait(answer: Answer) -> float | None:
    """Seconds to wait; None where the usual reading of a 429 says it all."""
    if answer.status != HTTPStatus.TOO_MANY_REQUESTS or "retry-after" in answer.headers:
        return None
    now = answer.sent_at()
    if now is None:
        return None
    reset = _moment(answer.headers.get("x-ratelimit-reset", ""))
    if reset is not None:
        return min(max(0.0, (reset - now).total_seconds()), _LONGEST)
    if answer.headers.get("ratelimit-reason", "").startswith(_QUOTA):
        hour = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        return (hour - now).total_seconds()
    return None


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)

"""How GitHub says "too many": by 403 as well as 429, and in GraphQL within an answer of 200.

A spent quota comes back at ``x-ratelimit-reset``, which is compared with the answer's own ``Date``,
so the two clocks need not agree. Without a moment, GitHub asks to wait a minute at least.
"""

from datetime import UTC, datetime
from http import HTTPStatus

from bot.integrations.answers import Answer

_MINUTE = 60.0
_LONGEST = 3600.0
_TOO_MANY = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS})
_IN_GRAPHQL = b"RATE_LIMIT"
_SECONDARY = b"secondary rate limit"


def seconds_to_wait(answer: Answer) -> float | None:
    """Seconds to wait; None where the answer is none of these."""
    is_spent = answer.headers.get("x-ratelimit-remaining") == "0"
    if answer.status == HTTPStatus.OK:
        return _until_reset(answer) if is_spent and _is_refused_in_graphql(answer) else None
    if answer.status not in _TOO_MANY:
        return None
    asked = answer.headers.get("retry-after", "")
    if asked.isdecimal():
        return min(float(asked), _LONGEST)
    if is_spent:
        return _until_reset(answer)
    is_secondary = _SECONDARY in answer.content.lower()
    return _MINUTE if is_secondary or answer.status == HTTPStatus.TOO_MANY_REQUESTS else None


def _is_refused_in_graphql(answer: Answer) -> bool:
    if _IN_GRAPHQL not in answer.content:
        return False  # nearly every answer, and those are long
    body = answer.decoded()
    errors = body.get("errors") if isinstance(body, dict) else None
    kinds = [one.get("type") for one in errors or () if isinstance(one, dict)]
    return any(str(kind).startswith(_IN_GRAPHQL.decode()) for kind in kinds)


def _until_reset(answer: Answer) -> float:
    now = answer.sent_at()
    try:
        reset = datetime.fromtimestamp(int(answer.headers.get("x-ratelimit-reset", "")), UTC)
    except (ValueError, OverflowError, OSError):
        return _MINUTE
    if now is None:
        return _MINUTE
    return min(max(1.0, (reset - now).total_seconds()), _LONGEST)

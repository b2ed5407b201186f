"""How GitHub says "too many": by 403 as well as 429, and in GraphQL within an answer of 200.

A spent quota comes back at ``x-ratelimit-reset``, which is compared with the answer's own ``Date``,
so the two clocks need not agree. Without a moment, GitHub asks to wait a minute at least.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus

from bot.integrations.answers import Answer

_MINUTE = 60.0
_LONGEST = 3600.0
_TOO_MANY = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS})
_IN_GRAPHQL = "RATE_LIMIT"
_SECONDARY = (b"secondary rate limit", b"abuse detection mechanism")
"""The latter is what it was called before, and still is by older servers."""


def seconds_to_wait(answer: Answer) -> float | None:
    """Seconds to wait; None where the answer is none of these."""
    if answer.status == HTTPStatus.OK:
        if not _is_refused_in_graphql(answer):
            return None
    elif answer.status not in _TOO_MANY:
        return None
    asked = answer.headers.get("retry-after", "")
    if asked.isdecimal():
        return min(float(asked), _LONGEST)
    if answer.headers.get("x-ratelimit-remaining") == "0":
        return _until_reset(answer)
    is_told = answer.status != HTTPStatus.FORBIDDEN or _is_secondary(answer.content)
    return _MINUTE if is_told else None


def _is_refused_in_graphql(answer: Answer) -> bool:
    """Whether an answer of 200 is about a limit: a quota's by its type, others' by their words."""
    if b'"errors"' not in answer.content:
        return False  # nearly every answer, and those are long
    body = answer.decoded()
    errors = body.get("errors") if isinstance(body, dict) else None
    return any(_is_about_a_limit(one) for one in errors or () if isinstance(one, dict))


def _is_about_a_limit(error: Mapping[str, object]) -> bool:
    is_of_quota = str(error.get("type")).startswith(_IN_GRAPHQL)
    return is_of_quota or _is_secondary(str(error.get("message")).encode())


def _is_secondary(content: bytes) -> bool:
    return any(words in content.lower() for words in _SECONDARY)


def _until_reset(answer: Answer) -> float:
    now = answer.sent_at()
    try:
        reset = datetime.fromtimestamp(int(answer.headers.get("x-ratelimit-reset", "")), UTC)
    except (ValueError, OverflowError, OSError):
        return _MINUTE
    if now is None:
        return _MINUTE
    return min(max(1.0, (reset - now).total_seconds()), _LONGEST)

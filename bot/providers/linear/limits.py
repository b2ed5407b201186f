"""Linear's errors, and how it says "too many": by 400 as well as 429, with the code in the body.

The moment at which it answers again is in milliseconds, and is compared with the answer's own
``Date``, so the two clocks need not agree. Requests and what is asked for in them are counted each
for itself; whichever is spent has nothing left.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus

from bot.integrations.answers import Answer

_THROTTLED = b"RATELIMITED"
_STATUSES = frozenset({HTTPStatus.OK, HTTPStatus.BAD_REQUEST, HTTPStatus.TOO_MANY_REQUESTS})
_BUCKETS = ("requests", "complexity", "endpoint-requests")
_MINUTE = 60.0
_LONGEST = 3600.0


def errors_of(body: object) -> list[tuple[str, str]]:
    """Kind and words of each error in an answer, for people where Linear has such words."""
    errors = body.get("errors") if isinstance(body, Mapping) else None
    found = []
    for error in errors if isinstance(errors, list) else ():
        if isinstance(error, Mapping):
            more = error.get("extensions")
            more = more if isinstance(more, Mapping) else {}
            words = more.get("userPresentableMessage") or error.get("message") or ""
            found.append((str(more.get("type") or "").lower(), str(words)))
    return found


def seconds_to_wait(answer: Answer) -> float | None:
    """Seconds to wait; None where the answer is none of these."""
    if answer.status not in _STATUSES or "retry-after" in answer.headers:
        return None
    if answer.status != HTTPStatus.TOO_MANY_REQUESTS and not _says_so(answer):
        return None
    now = answer.sent_at()
    if now is None:
        return _MINUTE
    try:
        resets = [_moment(answer, bucket) for bucket in _BUCKETS if _is_spent(answer, bucket)]
    except (ValueError, OverflowError, OSError):
        return _MINUTE
    waits = [(reset - now).total_seconds() for reset in resets]
    return min(max(1.0, *waits), _LONGEST) if waits else _MINUTE


def _says_so(answer: Answer) -> bool:
    if _THROTTLED not in answer.content:
        return False  # nearly every answer, and those are long
    body = answer.decoded()
    errors = body.get("errors") if isinstance(body, dict) else None
    return any(
        isinstance(error, dict) and _code(error) == _THROTTLED.decode() for error in errors or ()
    )


def _code(error: Mapping[str, object]) -> object:
    more = error.get("extensions")
    return more.get("code") if isinstance(more, Mapping) else None


def _is_spent(answer: Answer, bucket: str) -> bool:
    return answer.headers.get(f"x-ratelimit-{bucket}-remaining", "").partition(".")[0] == "0"


def _moment(answer: Answer, bucket: str) -> datetime:
    told = answer.headers.get(f"x-ratelimit-{bucket}-reset", "")
    return datetime.fromtimestamp(float(told) / 1000, UTC)

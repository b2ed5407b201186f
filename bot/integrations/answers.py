"""What an answer means: which statuses are good, which are errors, and which pass with time."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, TypeAlias

import orjson

from bot.domain.slack_text import visible
from bot.domain.values import dataclass
from bot.integrations.errors import (
    ProviderAuthFailed,
    ProviderError,
    ProviderRateLimited,
    ProviderRefused,
    ProviderSurprised,
    ProviderUnavailable,
)
from bot.integrations.pace import Pace
from bot.integrations.retry import retry_after

Params: TypeAlias = Mapping[str, str | int | Sequence[str]]
"""Query parameters; several values repeat the name."""

_TRY_LATER = frozenset({408, 425})
_SHORTEST_SECRET = 4
_LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Form:
    """A body that is sent as a form instead of JSON."""

    fields: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back with a 2xx or 4xx status."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    content: bytes = field(repr=False)

    def decoded(self) -> Any:  # noqa: ANN401 - JSON is of any shape until it is read
        """The JSON in the body; None where there is none."""
        try:
            return orjson.loads(self.content)
        except orjson.JSONDecodeError:
            pass  # it takes neither NaN nor half a character; tools have sent both
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError):
            return None

    def sent_at(self) -> datetime | None:
        """When it was sent, by the other side's own clock; None where it does not say."""
        try:
            return parsedate_to_datetime(self.headers.get("date", "")).astimezone(UTC)
        except (OverflowError, TypeError, ValueError):
            return None


def _no_reason(_body: object) -> str:
    return ""


def _not_throttled(_answer: Answer) -> float | None:
    return None


def _not_unauthorised(_answer: Answer) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class ClientConfig:
    """What an adapter tells about its provider's API."""

    provider: str
    """The adapter's slug, for errors."""
    base_url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Sent with every request; their values are secrets and are kept out of every error."""
    params: Params = field(default_factory=dict, repr=False)
    """The same for providers that want their keys in the query."""
    reason: Callable[[object], str] = _no_reason
    """Finds the provider's own words in the body of a refusal: decoded JSON, plain text as it is,
    None where it is something else."""
    throttled: Callable[[Answer], float | None] = _not_throttled
    """Seconds to wait, for providers that say "too many" with another status than 429."""
    unauthorised: Callable[[Answer], bool] = _not_unauthorised
    """Whether the credentials are wrong, for providers that say so with another status than 401."""
    concurrency: int = 4
    """Requests under way at a time, counted over all clients of the same host."""
    pace: Pace | None = None
    """The provider's limit on one account, where it states one in requests and time."""


class Later(Exception):
    """A failure that may pass; carries what to raise when patience ends."""

    def __init__(self, error: ProviderError, asked: float | None = None) -> None:
        super().__init__()
        self.error = error
        self.asked = asked
        """Seconds the provider asked us to wait; None when it did not say."""


def accepted(config: ClientConfig, answer: Answer, what: str, now: datetime) -> Answer:
    """The answer itself when it is a good one.

    Args:
        config: whose answer it is.
        answer: any answer.
        what: method and path, for ``detail``.
        now: the present moment, for a ``Retry-After`` that is a date.

    Raises:
        Later: 429, 5xx and their like.
        ProviderAuthFailed: 401, or what the provider says in its place.
        ProviderRefused: any other 4xx, with the provider's reason.
        ProviderSurprised: a status that makes no sense here.
    """
    provider, status = config.provider, answer.status
    detail = f"{what}: {status}"
    asked = retry_after(answer.headers, now)
    throttled = config.throttled(answer)
    if throttled is not None:
        raise _limited(provider, detail, throttled)
    if status == HTTPStatus.UNAUTHORIZED or config.unauthorised(answer):
        raise ProviderAuthFailed(provider, detail)
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return answer
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise _limited(provider, detail, asked)
    if status == HTTPStatus.SERVICE_UNAVAILABLE and asked is not None:
        raise _limited(provider, detail, asked)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _TRY_LATER:
        raise Later(ProviderUnavailable(provider, detail, status=status))
    if status < HTTPStatus.BAD_REQUEST:
        raise ProviderSurprised(provider, detail)
    reason = _reason(config, answer)
    raise ProviderRefused(provider, f"{detail} {reason}".strip(), status=status, reason=reason)


def json_object(provider: str, what: str, answer: Answer) -> dict[str, Any]:
    """The JSON object in a good answer.

    Args:
        provider: whose answer it is.
        what: method and path; of a query nothing is repeated.
        answer: any good one.

    Raises:
        ProviderSurprised: it holds something else.
    """
    found = answer.decoded()
    if not isinstance(found, dict):
        raise _surprised(provider, what, answer, "a JSON object")
    return found


def json_list(provider: str, what: str, answer: Answer) -> list[Any]:
    """The JSON array in a good answer; otherwise as ``json_object``."""
    found = answer.decoded()
    if not isinstance(found, list):
        raise _surprised(provider, what, answer, "a JSON array")
    return found


def _surprised(provider: str, what: str, answer: Answer, expected: str) -> ProviderSurprised:
    kind = answer.headers.get("content-type", "no content type").partition(";")[0]
    return ProviderSurprised(provider, f"{what.partition('?')[0]}: {kind} instead of {expected}")


def _limited(provider: str, detail: str, asked: float | None) -> Later:
    error = ProviderRateLimited(provider, detail)
    if asked is not None:
        error.retry_after = asked
    return Later(error, asked)


def _reason(config: ClientConfig, answer: Answer) -> str:
    """The provider's words, or the status in words; without anything secret in it."""
    try:
        found = config.reason(_said(answer))
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        found = ""  # an error body of another shape must not hide the refusal itself
    for secret in secrets_of(config):
        found = found.replace(secret, "***")
    return " ".join(visible(found).split())[:_LONGEST_REASON] or _phrase(answer.status)


def _said(answer: Answer) -> object:
    is_text = answer.headers.get("content-type", "").startswith("text/plain")
    body = answer.decoded()
    return answer.content.decode(errors="replace") if body is None and is_text else body


def secrets_of(config: ClientConfig) -> tuple[str, ...]:
    """Every header and query value an error must not repeat, the longest first."""
    values = [*config.headers.values(), *(str(value) for value in config.params.values())]
    words = {word for value in values for word in (value, *value.split())}
    return tuple(sorted((w for w in words if len(w) >= _SHORTEST_SECRET), key=len, reverse=True))


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"Status {status}"

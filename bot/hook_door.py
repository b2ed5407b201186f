"""The door for providers' webhooks: ``POST /hooks/<whose>``, answered at once.

Strangers cost nothing: an address that we never made is refused before the database is asked, and
a body that is too large is not read to its end.
"""

from collections.abc import Callable, Mapping

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from bot.domain.clock import Clock
from bot.domain.errors import Busy
from bot.domain.sync.hooks import HookGone, HookUnknown
from bot.domain.values import dataclass
from bot.integrations.hooks import HookForged
from bot.services.pool import Pool
from bot.services.sync.hooks import Hooks

log = structlog.get_logger(__name__)

LARGEST_HOOK = 5_000_000
"""Bytes. GitHub alone sends more, of pushes, which nobody asks it for."""

_REFUSALS: Mapping[type[Exception], tuple[int, str]] = {
    HookUnknown: (404, "unknown address"),
    HookGone: (410, "no longer wanted"),
    HookForged: (401, "invalid signature"),
    Busy: (503, "busy, send it again"),
}


@dataclass(frozen=True, slots=True)
class HookDoor:
    """Takes what providers send."""

    hooks: Hooks
    pool: Pool
    clock: Clock
    wake: Callable[[], None]
    """There may be something to read."""
    new_reference: Callable[[], str]

    async def take(self, request: Request) -> Response:
        """Answers one request; HEAD asks only whether somebody is there."""
        whose = str(request.path_params["whose"])
        if not self.hooks.is_address(whose.partition("/")[0]):
            return _refusal(HookUnknown())
        if request.method == "HEAD":
            return Response()
        body = await _whole(request)
        if body is None:
            return PlainTextResponse("request too large", status_code=413)
        try:
            return await self._heard(whose, request, body)
        except (HookUnknown, HookGone, HookForged, Busy) as refused:
            return _refusal(refused)
        except Exception:
            reference = self.new_reference()
            log.exception("hook_failed", reference=reference)
            return PlainTextResponse(f"reference {reference}", status_code=500)

    async def _heard(self, whose: str, request: Request, body: bytes) -> Response:
        token, slash, behind = whose.partition("/")
        answer = await self.pool(
            self.hooks.hear,
            token=token,
            behind=slash + behind,
            headers={name.lower(): value for name, value in request.headers.items()},
            body=body,
            now=self.clock(),
        )
        if answer.is_news:
            self.wake()
        return Response(headers=dict(answer.headers))


def _refusal(refused: HookUnknown | HookGone | HookForged | Busy) -> Response:
    status, said = next(how for kind, how in _REFUSALS.items() if isinstance(refused, kind))
    return PlainTextResponse(said, status_code=status)


async def _whole(request: Request) -> bytes | None:
    """The body; None where it is too large, or its sender has gone."""
    told = request.headers.get("content-length", "0")
    if not told.isdecimal() or int(told) > LARGEST_HOOK:
        return None
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_HOOK:
                return None
    except ClientDisconnect:
        return None
    return bytes(body)

"""The door for providers' webhooks: ``POST /hooks/<whose>``, answered at once.

Strangers cost nothing: an address that we never made is refused before the database is asked, and
a body that is too large is not read to its end.
"""

import asyncio
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

SLOWEST_HOOK = 30.0
"""Seconds in which a body has to be there."""

HANGS_UP = {"connection": "close"}
"""With an answer before the whole request is there: what is left of it is not waited for."""


class _TooLarge(Exception):
    """Nobody reads it to its end."""


class _TooSlow(Exception):
    """Nobody waits for the rest of it."""


_REFUSALS: Mapping[type[Exception], tuple[int, str]] = {
    _TooLarge: (413, "request too large"),
    _TooSlow: (408, "too slow"),
    ClientDisconnect: (400, "incomplete request"),
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
        try:
            return await self._heard(whose, request, await _whole(request))
        except tuple(_REFUSALS) as refused:
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


def _refusal(refused: Exception) -> Response:
    status, said = next(how for kind, how in _REFUSALS.items() if isinstance(refused, kind))
    left = HANGS_UP if isinstance(refused, _TooSlow) else None
    return PlainTextResponse(said, status_code=status, headers=left)


async def _whole(request: Request) -> bytes:
    """The body.

    Raises:
        ClientDisconnect: its sender has gone.
        _TooLarge: it is.
        _TooSlow: it is not there in time.
    """
    told = request.headers.get("content-length", "0")
    if not told.isdecimal() or int(told) > LARGEST_HOOK:
        raise _TooLarge
    body = bytearray()
    try:
        async with asyncio.timeout(SLOWEST_HOOK):
            async for chunk in request.stream():
                body += chunk
                if len(body) > LARGEST_HOOK:
                    raise _TooLarge
    except TimeoutError as error:
        raise _TooSlow from error
    return bytes(body)

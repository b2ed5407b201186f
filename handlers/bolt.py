"""Slack's own framework, as far as we change it."""

from collections.abc import Awaitable, Callable, Mapping
from copy import copy
from typing import Any, TypeAlias

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.response import BoltResponse

Listener: TypeAlias = Callable[[AsyncAck, Mapping[str, Any]], Awaitable[None]]
"""Hears a request, and acknowledges it."""


class Bolt(AsyncApp):
    """Bolt without a client made anew for each request, which nothing here uses."""

    def _init_context(self, req: AsyncBoltRequest) -> None:
        # There is no public way to have it made otherwise, or later.
        req.context["logger"] = self.logger
        req.context["client"] = copy(self.client)  # Bolt writes a team's token into it
        req.context["listener_runner"] = self.listener_runner


class Authorize(AsyncAuthorize):
    """Asks whether a request's team is ours, and nothing else.

    For a function Bolt gathers all that one may want to know of a request.
    """

    def __init__(
        self, ask: Callable[[str | None, str | None], Awaitable[AuthorizeResult | None]]
    ) -> None:
        """Takes who knows it, by the ids of team and organisation."""
        self._ask = ask

    async def __call__(
        self, *, team_id: str | None, enterprise_id: str | None, **_: object
    ) -> AuthorizeResult | None:
        """Who we are there; None refuses the request."""
        return await self._ask(team_id, enterprise_id)


class Switch(AsyncMiddleware):
    """Leads a request to its listener, after all else that Bolt does with it.

    Bolt itself asks one listener after another whether a request is theirs, and gathers everything
    that each may want to know of it: 10 µs apiece.
    """

    def __init__(self, find: Callable[[dict[str, Any]], Listener | None]) -> None:
        """Takes who finds it; what nobody listens to is left to Bolt, which refuses it."""
        self._find = find

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - Bolt's name for it
    ) -> BoltResponse | None:
        """Has the listener answer."""
        del resp
        listener = self._find(req.body)
        if listener is None:
            return await next()
        ack = req.context.ack
        await listener(ack, req.body)
        return ack.response

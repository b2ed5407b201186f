"""Asks providers: reads, writes, and repeats what may be repeated.

An adapter gets a ``Client`` from the shared ``HttpPool``. A client knows one address and the
headers that open it, and sends them nowhere else. What HTTP itself takes is in
``bot/integrations/exchange.py``.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from bot.domain.clock import Clock, Sleep
from bot.integrations.answers import (
    Answer,
    ClientConfig,
    Form,
    Later,
    Params,
    json_list,
    json_object,
)
from bot.integrations.errors import ProviderAuthFailed
from bot.integrations.pace import Limits
from bot.integrations.retry import RetryPolicy

if TYPE_CHECKING:
    from bot.integrations.exchange import Connections, Exchange

JsonObject: TypeAlias = dict[str, Any]
"""A decoded JSON object; read it inside ``bot.integrations.shape.reading``."""


class HttpPool:
    """The connections of this process to providers. Made once, closed at exit."""

    def __init__(
        self,
        *,
        clock: Clock,
        sleep: Sleep,
        policy: RetryPolicy | None = None,
        allow_private_addresses: bool = True,
        ca_file: Path | None = None,
        trust_env: bool = True,
    ) -> None:
        """Opens nothing yet.

        Args:
            clock: for a ``Retry-After`` that is a date.
            sleep: waits between tries.
            policy: how reads are repeated.
            allow_private_addresses: False for a server whose users are strangers.
            ca_file: PEM file of certificate authorities to trust besides the usual ones.
            trust_env: obey ``HTTPS_PROXY`` and its kin. Never together with refused private
                addresses, because behind a proxy they cannot be seen.

        Raises:
            ValueError: ``ca_file`` cannot be read as certificates.
        """
        self.clock = clock
        self.sleep = sleep
        self.policy = policy or RetryPolicy()
        self.limits = Limits(clock, sleep)
        self._ca_file = ca_file
        self._private_allowed = allow_private_addresses
        self._trust_env = trust_env
        self._opened: Connections | None = None
        if ca_file is not None:
            self._http()  # who cannot be trusted is told at the start

    async def aclose(self) -> None:
        """Closes every connection."""
        if self._opened is not None:
            await self._opened.aclose()

    def client(self, config: ClientConfig) -> "Client":
        """A client for one provider account.

        Raises:
            ProviderRefused: the address is unusable.
            ProviderAuthFailed: a header value cannot be sent, so it cannot be a right key.
        """
        from bot.integrations.exchange import Exchange  # noqa: PLC0415 - see there

        return Client(self, Exchange(self._http(), config, self.limits, self.clock), config)

    def _http(self) -> "Connections":
        from bot.integrations.exchange import connections  # noqa: PLC0415 - see there

        if self._opened is None:
            self._opened = connections(
                ca_file=self._ca_file,
                private_allowed=self._private_allowed,
                trust_env=self._trust_env,
            )
        return self._opened


class Client:
    """Sends requests to one provider account."""

    def __init__(self, pool: HttpPool, exchange: "Exchange", config: ClientConfig) -> None:
        """Made by ``HttpPool.client``."""
        self.base_url = exchange.base_url
        self._pool = pool
        self._exchange = exchange
        self._config = config
        if not all(value.isascii() and value.isprintable() for value in config.headers.values()):
            raise ProviderAuthFailed(config.provider, "the key holds impossible characters")

    @property
    def requests(self) -> int:
        """Requests sent so far, repeated ones included."""
        return self._exchange.requests

    def __repr__(self) -> str:
        return f"Client({self._config.provider!r}, {self.base_url!r})"

    def theirs(self, moment: datetime) -> datetime:
        """The same moment on the provider's clock, as far as its last answer told the time.

        For filters such as "changed since": a clock that is minutes off would hide what changed.
        """
        return moment + self._exchange.skew

    async def get(self, path: str, params: Params | None = None) -> Answer:
        """Reads; repeats itself on 429, 5xx and broken connections.

        Args:
            path: below ``base_url``; or a whole address on the same host, as in a ``Link`` header.
            params: query parameters.

        Raises:
            ProviderError: in all its kinds.
        """
        return await self._send("GET", path, params=params, repeatable=True)

    async def get_json(self, path: str, params: Params | None = None) -> JsonObject:
        """Reads a JSON object.

        Raises:
            ProviderError: in all its kinds; ProviderSurprised when it is no JSON object.
        """
        return json_object(self._config.provider, f"GET {path}", await self.get(path, params))

    async def get_json_list(self, path: str, params: Params | None = None) -> list[Any]:
        """Reads a JSON array.

        Raises:
            ProviderError: in all its kinds; ProviderSurprised when it is no JSON array.
        """
        return json_list(self._config.provider, f"GET {path}", await self.get(path, params))

    async def post_json(
        self, path: str, body: object, params: Params | None = None, *, is_read: bool = False
    ) -> JsonObject:
        """Posts JSON and reads a JSON object; an empty body is an empty object.

        Args:
            path: below ``base_url``.
            body: what to send.
            params: query parameters.
            is_read: the provider reads by POST (a search, GraphQL), so it may be repeated.

        Raises:
            ProviderError: in all its kinds. After ProviderUnavailable, and ProviderSurprised, it
                is not known whether a write took place.
        """
        return await self._written("POST", path, body, params, repeatable=is_read)

    async def post_json_list(
        self, path: str, body: object, params: Params | None = None
    ) -> list[Any]:
        """Reads a JSON array by POST.

        Raises:
            ProviderError: in all its kinds; ProviderSurprised when it is no JSON array.
        """
        answer = await self._send("POST", path, params=params, body=body, repeatable=True)
        return json_list(self._config.provider, f"POST {path}", answer)

    async def post_form(self, path: str, form: Mapping[str, str]) -> JsonObject:
        """Posts a form and reads a JSON object; ``post_json`` otherwise."""
        answer = await self._send("POST", path, body=Form(form))
        return json_object(self._config.provider, f"POST {path}", answer)

    async def put(self, path: str, body: object, params: Params | None = None) -> JsonObject:
        """Puts JSON; an empty body is an empty object.

        Raises:
            ProviderError: in all its kinds.
        """
        return await self._written("PUT", path, body, params)

    async def patch(self, path: str, body: object) -> JsonObject:
        """Patches with JSON; an empty body is an empty object.

        Raises:
            ProviderError: in all its kinds.
        """
        return await self._written("PATCH", path, body, None)

    async def delete(self, path: str, params: Params | None = None) -> None:
        """Deletes; the answer's body is of no interest.

        Raises:
            ProviderError: in all its kinds.
        """
        await self._send("DELETE", path, params=params)

    async def _written(
        self,
        method: str,
        path: str,
        body: object,
        params: Params | None,
        *,
        repeatable: bool = False,
    ) -> JsonObject:
        answer = await self._send(method, path, params=params, body=body, repeatable=repeatable)
        if not answer.content.strip():
            return {}
        return json_object(self._config.provider, f"{method} {path}", answer)

    async def _send(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        body: object = None,
        repeatable: bool = False,
    ) -> Answer:
        request = self._exchange.request(method, path, params, body)
        attempt = 1
        while True:
            try:
                return await self._exchange.attempt(request, path)
            except Later as later:
                wait = self._pool.policy.wait(attempt, later.asked) if repeatable else None
                if wait is None:
                    raise later.error from None
            attempt += 1
            await self._pool.sleep(wait)

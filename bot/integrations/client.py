"""The one place where aiohttp's client is used, and where its errors become ours.

An adapter gets a ``Client`` from the shared ``HttpPool``. A client knows one address and the
headers that open it, and sends them nowhere else.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

from aiohttp import ClientError, ClientResponse
from yarl import URL

from bot.domain.clock import Clock, Sleep
from bot.domain.values import dataclass
from bot.integrations.addresses import AddressRefused, normalised_url
from bot.integrations.answers import (
    Answer,
    ClientConfig,
    Form,
    Later,
    Params,
    accepted,
    secrets_of,
)
from bot.integrations.connections import Connections
from bot.integrations.errors import (
    ProviderAuthFailed,
    ProviderError,
    ProviderRefused,
    ProviderSurprised,
    ProviderUnavailable,
)
from bot.integrations.pace import Limits
from bot.integrations.retry import RetryPolicy, skew
from bot.integrations.trust import certificate_problem

JsonObject: TypeAlias = dict[str, Any]
"""A decoded JSON object; read it inside ``bot.integrations.shape.reading``."""

_TOTAL_SECONDS = 60.0
_MAX_BYTES = 16 * 1024 * 1024
_MAX_REDIRECTS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class _Request:
    """What is sent, as often as it has to be."""

    method: str
    url: URL
    body: object

    def redirected(self, response: ClientResponse) -> "_Request | None":
        """What a redirect asks for; None where this is the answer.

        Raises:
            ValueError: it asks for no address.
        """
        target = response.headers.get("Location")
        if target is None or response.status not in _REDIRECTS:
            return None
        return _Request(self.method, self.url.join(URL(target)), self.body)


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
            ValueError: ``ca_file`` cannot be read as certificates, or a proxy cannot be used.
        """
        self.clock = clock
        self.sleep = sleep
        self.policy = policy or RetryPolicy()
        self.limits = Limits(clock, sleep)
        self._connections = Connections(
            ca_file=ca_file,
            private_allowed=allow_private_addresses,
            proxies_allowed=trust_env and allow_private_addresses,
        )

    async def aclose(self) -> None:
        """Closes every connection."""
        await self._connections.aclose()

    def client(self, config: ClientConfig) -> "Client":
        """A client for one provider account.

        Raises:
            ProviderRefused: the address is unusable.
            ProviderAuthFailed: a header value cannot be sent, so it cannot be a right key.
        """
        return Client(self, self._connections, config)


class Client:
    """Sends requests to one provider account."""

    def __init__(self, pool: HttpPool, connections: Connections, config: ClientConfig) -> None:
        """Made by ``HttpPool.client``."""
        self.base_url = normalised_url(config.provider, config.base_url)
        self.requests = 0
        """Requests sent so far, repeated ones included."""
        self._skew = timedelta()
        self._pool = pool
        self._connections = connections
        self._config = config
        self._origin = _usable_origin(config.provider, self.base_url)
        self._proxy = connections.proxy_to(URL(self.base_url))
        self._gate = pool.limits.gate(self._origin, config.concurrency)
        self._turns = pool.limits.turns(self._origin, secrets_of(config), config.pace)
        if not all(value.isascii() and value.isprintable() for value in config.headers.values()):
            raise ProviderAuthFailed(config.provider, "the key holds impossible characters")

    def __repr__(self) -> str:
        return f"Client({self._config.provider!r}, {self.base_url!r})"

    def theirs(self, moment: datetime) -> datetime:
        """The same moment on the provider's clock, as far as its last answer told the time.

        For filters such as "changed since": a clock that is minutes off would hide what changed.
        """
        return moment + self._skew

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
        return self._object("GET", path, await self.get(path, params))

    async def get_json_list(self, path: str, params: Params | None = None) -> list[Any]:
        """Reads a JSON array.

        Raises:
            ProviderError: in all its kinds; ProviderSurprised when it is no JSON array.
        """
        return self._list("GET", path, await self.get(path, params))

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
        answer = await self._send("POST", path, params=params, body=body, repeatable=is_read)
        return self._object("POST", path, answer) if answer.content.strip() else {}

    async def post_json_list(
        self, path: str, body: object, params: Params | None = None
    ) -> list[Any]:
        """Reads a JSON array by POST.

        Raises:
            ProviderError: in all its kinds; ProviderSurprised when it is no JSON array.
        """
        answer = await self._send("POST", path, params=params, body=body, repeatable=True)
        return self._list("POST", path, answer)

    async def post_form(self, path: str, form: Mapping[str, str]) -> JsonObject:
        """Posts a form and reads a JSON object; ``post_json`` otherwise."""
        return self._object("POST", path, await self._send("POST", path, body=Form(form)))

    async def put(self, path: str, body: object, params: Params | None = None) -> JsonObject:
        """Puts JSON; an empty body is an empty object.

        Raises:
            ProviderError: in all its kinds.
        """
        answer = await self._send("PUT", path, params=params, body=body)
        return self._object("PUT", path, answer) if answer.content.strip() else {}

    async def patch(self, path: str, body: object, params: Params | None = None) -> JsonObject:
        """Patches with JSON; an empty body is an empty object.

        Raises:
            ProviderError: in all its kinds.
        """
        answer = await self._send("PATCH", path, params=params, body=body)
        return self._object("PATCH", path, answer) if answer.content.strip() else {}

    async def delete(self, path: str, params: Params | None = None) -> None:
        """Deletes; the answer's body is of no interest.

        Raises:
            ProviderError: in all its kinds.
        """
        await self._send("DELETE", path, params=params)

    async def _send(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        body: object = None,
        repeatable: bool = False,
    ) -> Answer:
        request = self._request(method, path, params, body)
        attempt = 1
        while True:
            try:
                return await self._attempt(request, path)
            except Later as later:
                wait = self._pool.policy.wait(attempt, later.asked) if repeatable else None
                if wait is None:
                    raise later.error from None
            attempt += 1
            await self._pool.sleep(wait)

    def _request(self, method: str, path: str, params: Params | None, body: object) -> _Request:
        address = path if "://" in path else f"{self.base_url}/{path.lstrip('/')}"
        query = {**self._config.params, **(params or {})}
        try:
            url = URL(address)
            url = url.update_query(query) if query else url
        except ValueError:
            raise ProviderSurprised(self._config.provider, "it pointed to no address") from None
        if _origin(url) != self._origin or url.raw_user is not None:
            raise ProviderSurprised(self._config.provider, "it pointed to another host")
        return _Request(method, url, body)

    async def _attempt(self, request: _Request, path: str) -> Answer:
        what = f"{request.method} {path.partition('?')[0]}"
        if self._turns is not None:
            await self._turns.turn()
        async with self._gate:
            try:
                async with asyncio.timeout(_TOTAL_SECONDS):
                    answer = await self._exchange(request, what)
            except (AddressRefused, ClientError, OSError, ValueError) as error:
                raise self._translated(error, what) from None
        return accepted(self._config, answer, what, self._pool.clock())

    async def _exchange(self, request: _Request, what: str) -> Answer:
        """Sends, and follows redirects of reads as long as they stay on the same host."""
        session = self._connections.session(self._proxy)
        for _ in range(_MAX_REDIRECTS + 1):
            self.requests += 1
            async with session.request(
                request.method,
                request.url,
                headers=self._config.headers,
                json=None if isinstance(request.body, Form) else request.body,
                data=dict(request.body.fields) if isinstance(request.body, Form) else None,
                proxy=self._proxy,
                allow_redirects=False,
            ) as response:
                target = request.redirected(response)
                if target is None:
                    headers = _headers_of(response)
                    told = skew(headers, self._pool.clock())
                    self._skew = self._skew if told is None else told
                    return Answer(response.status, headers, await self._body(response, what))
            if _origin(target.url) != self._origin or request.method != "GET":
                raise self._redirected(what, _origin(target.url))
            request = target
        raise ProviderSurprised(self._config.provider, f"{what}: too many redirects")

    async def _body(self, response: ClientResponse, what: str) -> bytes:
        chunks: list[bytes] = []
        size = 0
        async for chunk in response.content.iter_any():
            size += len(chunk)
            if size > _MAX_BYTES:
                detail = f"{what}: an answer of more than {_MAX_BYTES} bytes"
                raise ProviderSurprised(self._config.provider, detail)
            chunks.append(chunk)
        return b"".join(chunks)

    def _translated(self, error: Exception, what: str) -> "ProviderError | Later":
        provider = self._config.provider
        if isinstance(error, AddressRefused):
            reason = "The address leads to a private network, which this server does not allow."
            return ProviderRefused(provider, f"{what}: private address", reason=reason)
        distrust = certificate_problem(error)
        if distrust is not None:
            reason = f"Its certificate is not trusted: {distrust}."
            return ProviderRefused(provider, f"{what}: {reason}", reason=reason)
        if isinstance(error, ValueError):
            return ProviderSurprised(provider, f"{what}: {type(error).__name__}")
        kind = "no answer in time" if isinstance(error, TimeoutError) else type(error).__name__
        return Later(ProviderUnavailable(provider, f"{what}: {kind}"))

    def _redirected(self, what: str, origin: str) -> ProviderRefused:
        """Names only the host: the rest of a redirect may hold a token."""
        reason = f"The address redirects to {origin}. Use that address if you trust it."
        return ProviderRefused(self._config.provider, f"{what}: {reason}", reason=reason)

    def _object(self, method: str, path: str, answer: Answer) -> JsonObject:
        found = answer.decoded()
        if not isinstance(found, dict):
            raise self._surprised(method, path, answer, "a JSON object")
        return found

    def _list(self, method: str, path: str, answer: Answer) -> list[Any]:
        found = answer.decoded()
        if not isinstance(found, list):
            raise self._surprised(method, path, answer, "a JSON array")
        return found

    def _surprised(
        self, method: str, path: str, answer: Answer, expected: str
    ) -> ProviderSurprised:
        kind = answer.headers.get("content-type", "no content type").partition(";")[0]
        detail = f"{method} {path.partition('?')[0]}: {kind} instead of {expected}"
        return ProviderSurprised(self._config.provider, detail)


def _usable_origin(provider: str, base_url: str) -> str:
    """Scheme, host and port as they are sent: international names in their ASCII form."""
    try:
        return _origin(URL(base_url))
    except ValueError:  # UnicodeError is one
        reason = "The address is not a web address."
        raise ProviderRefused(provider, "unusable address", reason=reason) from None


def _origin(url: URL) -> str:
    return f"{url.scheme}://{url.host_port_subcomponent}"


def _headers_of(response: ClientResponse) -> dict[str, str]:
    """Names in lower case; what came twice is joined, as HTTP has it."""
    headers: dict[str, str] = {}
    for name, value in response.headers.items():
        lower = name.lower()
        headers[lower] = f"{headers[lower]}, {value}" if lower in headers else value
    return headers

"""The one place where httpx is used, and where its errors become ours.

An adapter gets a ``Client`` from the shared ``HttpPool``. A client knows one address and the
headers that open it, and sends them nowhere else.
"""

import asyncio
import logging
import ssl
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import httpcore
import httpx

from bot.domain.clock import Clock, Sleep
from bot.integrations.addresses import AddressRefused, GuardedBackend, normalised_url, origin_of
from bot.integrations.answers import (
    Answer,
    ClientConfig,
    Form,
    Later,
    Params,
    accepted,
    json_list,
    json_object,
    secrets_of,
)
from bot.integrations.errors import (
    ProviderAuthFailed,
    ProviderError,
    ProviderRefused,
    ProviderSurprised,
    ProviderUnavailable,
)
from bot.integrations.pace import Limits
from bot.integrations.proxies import proxies_of_environment
from bot.integrations.retry import RetryPolicy, skew
from bot.integrations.trust import certificate_problem, no_cookies, trust_also

JsonObject: TypeAlias = dict[str, Any]
"""A decoded JSON object; read it inside ``bot.integrations.shape.reading``."""

_TIMEOUT = httpx.Timeout(connect=5.0, read=30.0, write=30.0, pool=30.0)
_TOTAL_SECONDS = 60.0
_MAX_BYTES = 16 * 1024 * 1024
_MAX_REDIRECTS = 3


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
        trusted = _trusted(ca_file)
        direct = _Transport(trusted, private_allowed=allow_private_addresses)
        self._http = httpx.AsyncClient(
            transport=direct,
            mounts=_proxies(trusted, direct) if trust_env and allow_private_addresses else None,
            timeout=_TIMEOUT,
            follow_redirects=False,
            trust_env=False,
            cookies=no_cookies(),
            headers={"User-Agent": "Hourlink", "Accept": "application/json"},
        )
        # httpx logs whole addresses at INFO, and some providers take their keys in the query.
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)

    async def aclose(self) -> None:
        """Closes every connection."""
        await self._http.aclose()

    def client(self, config: ClientConfig) -> "Client":
        """A client for one provider account.

        Raises:
            ProviderRefused: the address is unusable.
            ProviderAuthFailed: a header value cannot be sent, so it cannot be a right key.
        """
        return Client(self, self._http, config)


class Client:
    """Sends requests to one provider account."""

    def __init__(self, pool: HttpPool, http: httpx.AsyncClient, config: ClientConfig) -> None:
        """Made by ``HttpPool.client``."""
        self.base_url = normalised_url(config.provider, config.base_url)
        self.requests = 0
        """Requests sent so far, repeated ones included."""
        self._skew = timedelta()
        self._pool = pool
        self._http = http
        self._config = config
        self._origin = _usable_origin(config.provider, self.base_url)
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

    def _request(
        self, method: str, path: str, params: Params | None, body: object
    ) -> httpx.Request:
        address = path if "://" in path else f"{self.base_url}/{path.lstrip('/')}"
        query = {**self._config.params, **(params or {})}
        try:
            # Taken apart once where nothing is asked for yet, as for nearly every page.
            has_query = "?" in address
            url = httpx.URL(address) if has_query else httpx.URL(address, params=query)
        except httpx.InvalidURL:
            raise ProviderSurprised(self._config.provider, "it pointed to no address") from None
        if _origin(url) != self._origin:
            raise ProviderSurprised(self._config.provider, "it pointed to another host")
        return self._http.build_request(
            method,
            url.copy_merge_params(query) if has_query and query else url,
            headers=dict(self._config.headers),
            json=None if isinstance(body, Form) else body,
            data=body.fields if isinstance(body, Form) else None,
        )

    async def _attempt(self, request: httpx.Request, path: str) -> Answer:
        what = f"{request.method} {path.partition('?')[0]}"
        if self._turns is not None:
            await self._turns.turn()
        async with self._gate:
            try:
                async with asyncio.timeout(_TOTAL_SECONDS):
                    answer = await self._exchange(request, what)
            except (TimeoutError, AddressRefused, httpx.HTTPError, httpx.InvalidURL) as error:
                raise self._translated(error, what) from None
        return accepted(self._config, answer, what, self._pool.clock())

    async def _exchange(self, request: httpx.Request, what: str) -> Answer:
        """Sends, and follows redirects of reads as long as they stay on the same host."""
        for _ in range(_MAX_REDIRECTS + 1):
            self.requests += 1
            response = await self._http.send(request, stream=True)
            try:
                if response.next_request is None:
                    headers = {name.lower(): value for name, value in response.headers.items()}
                    told = skew(headers, self._pool.clock())
                    self._skew = self._skew if told is None else told
                    return Answer(response.status_code, headers, await self._body(response, what))
                target = response.next_request
            finally:
                await response.aclose()
            if _origin(target.url) != self._origin or request.method != "GET":
                raise self._redirected(what, _origin(target.url))
            request = target
        raise ProviderSurprised(self._config.provider, f"{what}: too many redirects")

    async def _body(self, response: httpx.Response, what: str) -> bytes:
        packed = response.headers.get_list("content-encoding", split_commas=True)
        if len(packed) > 1:  # each layer is unpacked whole: 3 kB would be gigabytes
            raise ProviderSurprised(self._config.provider, f"{what}: packed more than once")
        chunks: list[bytes] = []
        size = 0
        async for chunk in response.aiter_bytes():
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
        if isinstance(error, (httpx.DecodingError, httpx.InvalidURL, httpx.UnsupportedProtocol)):
            return ProviderSurprised(provider, f"{what}: {type(error).__name__}")
        kind = "no answer in time" if isinstance(error, TimeoutError) else type(error).__name__
        return Later(ProviderUnavailable(provider, f"{what}: {kind}"))

    def _redirected(self, what: str, origin: str) -> ProviderRefused:
        """Names only the host: the rest of a redirect may hold a token."""
        reason = f"The address redirects to {origin}. Use that address if you trust it."
        return ProviderRefused(self._config.provider, f"{what}: {reason}", reason=reason)


class _Transport(httpx.AsyncHTTPTransport):
    """httpx's own transport over connections that look where they lead."""

    def __init__(self, trusted: ssl.SSLContext, *, private_allowed: bool) -> None:
        super().__init__(verify=trusted, trust_env=False)
        # httpx takes no network backend, and sends by the pool of this name.
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=trusted,
            max_connections=100,
            max_keepalive_connections=20,
            keepalive_expiry=15.0,
            network_backend=GuardedBackend(private_allowed=private_allowed),
        )


def _trusted(ca_file: Path | None) -> ssl.SSLContext:
    context = httpx.create_ssl_context(trust_env=True)
    if ca_file is not None:
        trust_also(context, ca_file)
    return context


def _proxies(
    trusted: ssl.SSLContext, direct: httpx.AsyncBaseTransport
) -> dict[str, httpx.AsyncBaseTransport]:
    """By httpx's patterns of addresses."""
    proxies, excepted = proxies_of_environment()
    mounts: dict[str, httpx.AsyncBaseTransport] = {
        f"{scheme}://": httpx.AsyncHTTPTransport(verify=trusted, proxy=proxy)
        for scheme, proxy in proxies.items()
    }
    return mounts | dict.fromkeys(excepted, direct) if mounts else {}


def _usable_origin(provider: str, base_url: str) -> str:
    """Scheme, host and port as httpx will send them: international names in their ASCII form."""
    try:
        return _origin(httpx.URL(base_url))
    except (httpx.InvalidURL, UnicodeError):
        reason = "The address is not a web address."
        raise ProviderRefused(provider, "unusable address", reason=reason) from None


def _origin(url: httpx.URL) -> str:
    return origin_of(f"{url.scheme}://{url.netloc.decode('ascii')}")

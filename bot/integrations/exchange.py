"""The one place where httpx is used, and where its errors become ours.

It is imported when a tool is first called (``bot/integrations/client.py``): importing it, and
reading the certificates that this machine trusts, is a thirtieth of the start of a process.
"""

import asyncio
import logging
import ssl
from datetime import timedelta
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import TypeAlias

import httpcore
import httpx

from bot.domain.clock import Clock
from bot.integrations.addresses import normalised_url, origin_of
from bot.integrations.answers import (
    Answer,
    ClientConfig,
    Form,
    Later,
    Params,
    accepted,
    secrets_of,
)
from bot.integrations.errors import (
    ProviderError,
    ProviderRefused,
    ProviderSurprised,
    ProviderUnavailable,
)
from bot.integrations.guarded import AddressRefused, GuardedBackend
from bot.integrations.pace import Limits
from bot.integrations.proxies import proxies_of_environment
from bot.integrations.retry import skew
from bot.integrations.trust import certificate_problem, trust_also

Connections: TypeAlias = httpx.AsyncClient
"""Those of a process to all providers."""

_TIMEOUT = httpx.Timeout(connect=5.0, read=30.0, write=30.0, pool=30.0)
_TOTAL_SECONDS = 60.0
_MAX_BYTES = 16 * 1024 * 1024
_MAX_REDIRECTS = 3


def connections(*, ca_file: Path | None, private_allowed: bool, trust_env: bool) -> Connections:
    """None of them is open yet. Its arguments are ``HttpPool``'s.

    Raises:
        ValueError: ``ca_file`` cannot be read as certificates.
    """
    trusted = _trusted(ca_file)
    direct = _Transport(trusted, private_allowed=private_allowed)
    # httpx logs whole addresses at INFO, and some providers take their keys in the query.
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    return Connections(
        transport=direct,
        mounts=_proxies(trusted, direct) if trust_env and private_allowed else None,
        timeout=_TIMEOUT,
        follow_redirects=False,
        trust_env=False,
        cookies=_no_cookies(),
        headers={"User-Agent": "Hourlink", "Accept": "application/json"},
    )


class Exchange:
    """Sends the requests of one client, each once, and reads their answers."""

    def __init__(
        self, http: Connections, config: ClientConfig, limits: Limits, clock: Clock
    ) -> None:
        """Sends nothing yet.

        Raises:
            ProviderRefused: the address is unusable.
        """
        self.base_url = normalised_url(config.provider, config.base_url)
        self.requests = 0
        """Sent so far, repeated ones included."""
        self.skew = timedelta()
        """How far the provider's clock is ahead, as far as its last answer told."""
        self._http = http
        self._config = config
        self._clock = clock
        self._origin = _usable_origin(config.provider, self.base_url)
        self._gate = limits.gate(self._origin, config.concurrency)
        self._turns = limits.turns(self._origin, secrets_of(config), config.pace)

    def request(self, method: str, path: str, params: Params | None, body: object) -> httpx.Request:
        """What is going to be sent.

        Raises:
            ProviderSurprised: the path is an address of another host, or none.
        """
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

    async def attempt(self, request: httpx.Request, path: str) -> Answer:
        """Sends it once, when it is its turn.

        Raises:
            Later: it may go well another time.
            ProviderError: in all its kinds.
        """
        what = f"{request.method} {path.partition('?')[0]}"
        if self._turns is not None:
            await self._turns.turn()
        async with self._gate:
            try:
                async with asyncio.timeout(_TOTAL_SECONDS):
                    answer = await self._exchange(request, what)
            except (TimeoutError, AddressRefused, httpx.HTTPError, httpx.InvalidURL) as error:
                raise self._translated(error, what) from None
        return accepted(self._config, answer, what, self._clock())

    async def _exchange(self, request: httpx.Request, what: str) -> Answer:
        """Sends, and follows redirects of reads as long as they stay on the same host."""
        for _ in range(_MAX_REDIRECTS + 1):
            self.requests += 1
            response = await self._http.send(request, stream=True)
            try:
                if response.next_request is None:
                    headers = {name.lower(): value for name, value in response.headers.items()}
                    told = skew(headers, self._clock())
                    self.skew = self.skew if told is None else told
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


def _no_cookies() -> CookieJar:
    """Keeps nothing: two integrations on one host must not share a login session."""
    return CookieJar(DefaultCookiePolicy(allowed_domains=[]))


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

"""Connections to providers: where they may lead, whom they believe, and which proxy they take.

The one place where requests are sent. They go through aiohttp, which Slack's client uses as well:
why not httpx says ``docs/decisions/0031-requests-through-aiohttp.md``.
"""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import field
from pathlib import Path
from urllib.request import getproxies

import aiohttp
from yarl import URL

from bot.domain.values import dataclass
from bot.integrations.addresses import guarded
from bot.integrations.trust import trusted

_TIMEOUT = aiohttp.ClientTimeout(total=None, connect=30.0, sock_connect=5.0, sock_read=30.0)
_MOST = 100
_KEPT_SECONDS = 15.0
_LONGEST_HEADER = 64 * 1024
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent."""

    method: str
    url: URL
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(default=None, repr=False)


class Connections:
    """Opens nothing before the first request, which says in which event loop they live."""

    def __init__(self, *, private_allowed: bool, ca_file: Path | None, trust_env: bool) -> None:
        """Takes in certificates and the proxies that the environment names.

        Raises:
            ValueError: ``ca_file`` cannot be read as certificates.
        """
        self._trusted = trusted(ca_file)
        self._private_allowed = private_allowed
        self._proxies = getproxies() if trust_env else {}
        self._session: aiohttp.ClientSession | None = None

    def send(self, request: Request) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        """Sends once; inside is the answer, whose body has yet to come. Follows no redirect."""
        if self._session is None:
            self._session = self._opened()
        return self._session.request(
            request.method,
            request.url,
            headers=request.headers,
            data=request.body,
            allow_redirects=False,
            proxy=self.proxy(request.url),
        )

    async def aclose(self) -> None:
        """Closes every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def proxy(self, url: URL) -> str | None:
        """The proxy the environment names for it, unless it is excepted; loopback always is."""
        if not self._proxies or url.raw_host in _LOOPBACK or self._is_excepted(url):
            return None
        address = self._proxies.get(url.scheme) or self._proxies.get("all")
        return address if not address or "://" in address else f"http://{address}"

    def _opened(self) -> aiohttp.ClientSession:
        session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                ssl=self._trusted,
                resolver=aiohttp.ThreadedResolver(),
                use_dns_cache=False,
                limit=_MOST,
                keepalive_timeout=_KEPT_SECONDS,
                socket_factory=guarded(private_allowed=self._private_allowed),
            ),
            # Two integrations on one host must not share a login session.
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=_TIMEOUT,
            headers={"User-Agent": "Hourlink", "Accept": "application/json"},
            skip_auto_headers=["Content-Type"],
            max_line_size=_LONGEST_HEADER,
            max_field_size=_LONGEST_HEADER,
        )
        # It would send a PUT or a DELETE again when a connection ends without an answer; whether
        # something may be repeated is not its to say (``docs/decisions/0003-no-blind-repeats.md``).
        session._retry_connection = False  # noqa: SLF001 - there is no option for it
        return session

    def _is_excepted(self, url: URL) -> bool:
        """``no_proxy`` names hosts, with all below them, or ``*`` for every one."""
        names = {f".{url.raw_host}", f".{url.raw_host}:{url.port}"}
        excepted = [one.strip().lstrip(".") for one in self._proxies.get("no", "").split(",")]
        return any(
            one == "*" or name.endswith(f".{one}") for one in excepted if one for name in names
        )

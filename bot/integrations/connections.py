"""Connections to providers: whom they believe, where they may lead, and which take a proxy."""

from functools import partial
from pathlib import Path
from urllib.request import getproxies, proxy_bypass

from aiohttp import (
    ClientConnectionError,
    ClientConnectorError,
    ClientHandlerType,
    ClientOSError,
    ClientRequest,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    ServerDisconnectedError,
    TCPConnector,
)
from yarl import URL

from bot.integrations.addresses import GuardedResolver, guarded_socket, is_loopback
from bot.integrations.trust import trusted

_TIMEOUT = ClientTimeout(total=None, connect=30.0, sock_connect=5.0, sock_read=30.0)
_LONGEST_HEADER = 64 * 1024


class ConnectionLost(ClientConnectionError):
    """It ended before an answer came."""


class Connections:
    """The connections of this process. They open with the first request, in its event loop."""

    def __init__(
        self, *, ca_file: Path | None, private_allowed: bool, proxies_allowed: bool
    ) -> None:
        """Opens nothing yet.

        Args:
            ca_file: PEM file of certificate authorities to trust besides the usual ones.
            private_allowed: Also to addresses of private networks.
            proxies_allowed: Through those that the environment names.

        Raises:
            ValueError: the file cannot be read as certificates, or a proxy cannot be used.
        """
        self._trusted = trusted(ca_file)
        self._private_allowed = private_allowed
        self._proxies = _proxies() if proxies_allowed else {}
        self._direct: ClientSession | None = None
        self._proxied: ClientSession | None = None

    def proxy_to(self, url: URL) -> URL | None:
        """The proxy on the way to a host; none to this machine, and to what is excepted."""
        host = url.raw_host or ""
        proxy = self._proxies.get(url.scheme) or self._proxies.get("all")
        return None if proxy is None or is_loopback(host) or proxy_bypass(host) else proxy

    def session(self, proxy: URL | None) -> ClientSession:
        """Where requests are sent; where a proxy leads is the proxy's to judge."""
        if proxy is not None:
            if self._proxied is None:
                self._proxied = _session(TCPConnector(ssl=self._trusted))
            return self._proxied
        if self._direct is None:
            allowed = self._private_allowed
            self._direct = _session(
                TCPConnector(
                    ssl=self._trusted,
                    resolver=GuardedResolver(private_allowed=allowed),
                    socket_factory=partial(guarded_socket, private_allowed=allowed),
                )
            )
        return self._direct

    async def aclose(self) -> None:
        """Closes every one."""
        for session in (self._direct, self._proxied):
            if session is not None:
                await session.close()


def _session(connector: TCPConnector) -> ClientSession:
    return ClientSession(
        connector=connector,
        # Nothing is kept: two integrations on one host must not share a login session.
        cookie_jar=DummyCookieJar(),
        headers={"User-Agent": "Hourlink", "Accept": "application/json"},
        timeout=_TIMEOUT,
        middlewares=(_once,),
        max_line_size=_LONGEST_HEADER,
        max_field_size=_LONGEST_HEADER,
    )


async def _once(request: ClientRequest, send: ClientHandlerType) -> ClientResponse:
    """Keeps aiohttp from sending a PUT or DELETE again by itself when its connection is lost."""
    try:
        return await send(request)
    except ClientConnectorError:
        raise  # nothing was sent
    except (ClientOSError, ServerDisconnectedError) as error:
        raise ConnectionLost from error


def _proxies() -> dict[str, URL]:
    """By scheme, or for ``all``; as the environment names them."""
    named = {scheme: getproxies().get(scheme) for scheme in ("http", "https", "all")}
    found = {
        scheme: URL(address if "://" in address else f"http://{address}")
        for scheme, address in named.items()
        if address
    }
    for scheme, proxy in found.items():
        if proxy.scheme not in {"http", "https"}:
            raise ValueError(f"{scheme}_proxy: {proxy.scheme} is no way to a proxy, http is")
    return found

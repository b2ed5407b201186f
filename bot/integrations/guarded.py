"""Connections that look where they lead."""

import asyncio
import socket
from collections.abc import Iterable
from typing import TypeAlias

import httpcore

from bot.integrations.addresses import may_connect

_SocketOption: TypeAlias = (
    tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
)


class AddressRefused(Exception):
    """The name leads only to machines this server must not talk to."""


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects only to addresses that are allowed.

    The check stands between name resolution and connection, so that a name which answers
    differently the second time (DNS rebinding) gains nothing.
    """

    def __init__(self, *, private_allowed: bool) -> None:
        self._private_allowed = private_allowed
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[_SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolves, checks, and connects to the first allowed address that answers.

        Raises:
            AddressRefused: no address behind the name is allowed.
            httpcore.ConnectError: the name does not resolve, or nobody answers.
        """
        addresses = await _resolved(host, port, timeout)
        allowed = [a for a in addresses if may_connect(a, private_allowed=self._private_allowed)]
        if not allowed:
            raise AddressRefused
        failure: httpcore.NetworkError | httpcore.TimeoutException | None = None
        for address in allowed:
            try:
                return await self._network.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = failure or error
        raise failure or httpcore.ConnectError("no address")

    async def sleep(self, seconds: float) -> None:
        """Waits; httpcore calls it only when it retries, which is switched off."""
        await self._network.sleep(seconds)


async def _resolved(host: str, port: int, seconds: float | None) -> list[str]:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(seconds):
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except TimeoutError:
        raise httpcore.ConnectTimeout("name resolution took too long") from None
    except (OSError, UnicodeError):
        raise httpcore.ConnectError("the name does not resolve") from None
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))

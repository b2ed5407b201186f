"""Where a provider may be reached: its address as typed, and the machines behind the name.

Why private addresses are allowed unless switched off:
``docs/decisions/0007-provider-addresses.md``.
"""

import ipaddress
import socket
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias
from urllib.parse import SplitResult, urlsplit, urlunsplit

from bot.integrations.errors import ProviderRefused

_DEFAULT_PORTS = {"https": 443, "http": 80}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_METADATA = ipaddress.ip_address("fd00:ec2::254")

_Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
AddrInfo: TypeAlias = tuple[Any, ...]
"""A machine, as ``socket.getaddrinfo`` tells of it."""


class AddressRefused(OSError):
    """A machine that this server must not talk to."""

    def __init__(self) -> None:
        super().__init__("a private network")  # all the same: one stands for all that were tried


def normalised_url(provider: str, typed: str) -> str:
    """An address as its owner would write it: scheme, lower-case host, path, no last slash.

    ``https://`` is assumed where no scheme was typed.

    Raises:
        ProviderRefused: it is no web address, or it carries a password, a query or a fragment.
    """
    text = typed.strip()
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise _unusable(provider, "is not a web address") from None
    host = parts.hostname
    if parts.scheme not in _DEFAULT_PORTS or not host or any(c.isspace() for c in text):
        raise _unusable(provider, "is not a web address")
    if parts.username is not None or parts.password is not None:
        raise _unusable(provider, "holds a name or password; leave that out")
    if parts.query or parts.fragment:
        raise _unusable(provider, "goes on after the path; leave out what follows ? or #")
    shown = f"[{host}]" if ":" in host else host
    netloc = shown if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{shown}:{port}"
    return urlunsplit(SplitResult(parts.scheme, netloc, parts.path.rstrip("/"), "", ""))


def origin_of(url: str) -> str:
    """Scheme, host and port of a normalised address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def may_connect(address: str, *, private_allowed: bool) -> bool:
    """Whether this server may open a connection to an IP address.

    Link-local addresses (cloud metadata lives there), multicast and the unspecified address are
    never reached. Private and loopback ones only where ``private_allowed``.
    """
    every = tuple(_meanings(ipaddress.ip_address(address.split("%", 1)[0])))
    for meant in every:
        if meant.is_link_local or meant.is_multicast or meant.is_unspecified or meant == _METADATA:
            return False
    return private_allowed or all(meant.is_global for meant in every)


def _meanings(address: _Address) -> Iterable[_Address]:
    """The address, and any IPv4 address it is a wrapping of."""
    yield address
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            yield address.ipv4_mapped
        if address.sixtofour is not None:
            yield address.sixtofour
        if address in _NAT64:
            yield ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)


def guarded(*, private_allowed: bool) -> Callable[[AddrInfo], socket.socket]:
    """Makes sockets for addresses that are allowed, and for no others.

    It stands between name resolution and connection, so that a name which answers differently the
    second time (DNS rebinding) gains nothing.
    """

    def made(found: AddrInfo) -> socket.socket:
        family, kind, protocol, _, where = found
        if not may_connect(str(where[0]), private_allowed=private_allowed):
            raise AddressRefused
        return socket.socket(family, kind, protocol)

    return made


def _unusable(provider: str, why: str) -> ProviderRefused:
    return ProviderRefused(provider, f"address {why}", reason=f"The address {why}.")

"""Where a provider may be reached: its address as typed, and which machines behind the name.

Why private addresses are allowed unless switched off:
``docs/decisions/0007-provider-addresses.md``.
"""

import ipaddress
from collections.abc import Iterable
from typing import TypeAlias
from urllib.parse import SplitResult, urlsplit, urlunsplit

from bot.integrations.errors import ProviderRefused

_DEFAULT_PORTS = {"https": 443, "http": 80}
_WRAPPINGS = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "::/96")))
"""Their addresses end with an IPv4 address, which is where they may lead."""
_LOCAL = tuple(map(ipaddress.ip_network, ("64:ff9b:1::/48", "fec0::/10", "192.0.0.0/24")))
"""Of one network only, though not every Python's list has them."""
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_METADATA = frozenset(
    map(
        ipaddress.ip_address,
        (
            "fd00:ec2::254",  # Amazon
            "fd20:ce::254",  # Google
            "168.63.129.16",  # Azure, to look at like any public address
            "100.100.100.200",  # Alibaba
            "192.0.0.192",  # Oracle
        ),
    )
)
"""Where clouds tell their machines secrets, beside the link-local address that all have."""

_Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address


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


def is_safe_to_send(address: str) -> bool:
    """Whether nobody on the way can read what is sent there: encrypted, or on this machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or parts.hostname in _LOOPBACK


def warn_of_readers(address: str, secret: str) -> list[str]:
    """What ``check()`` says where somebody on the way could read what opens the door.

    Args:
        address: The provider's.
        secret: What the adapter calls it: a key, a token.
    """
    if is_safe_to_send(address):
        return []
    return [f"The address is not encrypted (http): the {secret} can be read on its way."]


def may_connect(address: str, *, private_allowed: bool) -> bool:
    """Whether this server may open a connection to an IP address.

    Link-local addresses and the others where clouds keep their metadata, multicast and the
    unspecified address are never reached. Private and loopback ones only where ``private_allowed``.
    """
    every = tuple(_meanings(ipaddress.ip_address(address.split("%", 1)[0])))
    for meant in every:
        if meant.is_link_local or meant.is_multicast or meant.is_unspecified or meant in _METADATA:
            return False
    return private_allowed or all(_is_public(meant) for meant in every)


def _is_public(address: _Address) -> bool:
    return address.is_global and not any(address in local for local in _LOCAL)


def _meanings(address: _Address) -> Iterable[_Address]:
    """The address, and any IPv4 address it is a wrapping of."""
    yield address
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            yield address.ipv4_mapped
        if address.sixtofour is not None:
            yield address.sixtofour
        if any(address in wrapping for wrapping in _WRAPPINGS):
            yield ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)


def _unusable(provider: str, why: str) -> ProviderRefused:
    return ProviderRefused(provider, f"address {why}", reason=f"The address {why}.")

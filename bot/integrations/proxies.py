"""The proxies that the environment names: ``HTTPS_PROXY`` and its kin."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies

_LOOPBACK = ("all://localhost", "all://127.0.0.1", "all://[::1]")


def proxies_of_environment() -> tuple[Mapping[str, str], Sequence[str]]:
    """Addresses of proxies by ``http``, ``https`` and ``all``; and what goes to none of them.

    The latter are patterns as httpx takes them. Loopback is among them, whatever is named.
    """
    named = getproxies()
    excepted = [host.strip() for host in named.get("no", "").split(",") if host.strip()]
    if "*" in excepted:
        return {}, ()
    proxies = {
        scheme: address if "://" in address else f"http://{address}"
        for scheme in ("http", "https", "all")
        if (address := named.get(scheme))
    }
    return proxies, (*_LOOPBACK, *(found for host in excepted for found in _patterns(host)))


def unusable_proxies() -> list[str]:
    """Variables of the environment that name no proxy that could be asked."""
    proxies, _ = proxies_of_environment()
    return [f"{scheme.upper()}_PROXY" for scheme, proxy in proxies.items() if not _is_http(proxy)]


def _patterns(host: str) -> Iterator[str]:
    """Of a name with all below it, or of one address; of what is neither, none."""
    if host.count(":") > 1 and "[" not in host:  # IPv6, which stands in brackets elsewhere
        host = f"[{host}]"
    if _parts(f"//{host}") is not None:
        yield f"all://{host}" if host[0].isdigit() or host[0] == "[" else f"all://*{host}"


def _is_http(proxy: str) -> bool:
    parts = _parts(proxy)
    return parts is not None and parts.scheme in {"http", "https"}


def _parts(address: str) -> SplitResult | None:
    """None where it names no host, or a port that is none."""
    with suppress(ValueError):
        parts = urlsplit(address)
        if parts.hostname and parts.port != 0:
            return parts
    return None

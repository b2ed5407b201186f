"""The proxies that the environment names: ``HTTPS_PROXY`` and its kin."""

from collections.abc import Mapping, Sequence
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
    hosts = [host if host[0].isdigit() else f"*{host}" for host in excepted]
    return proxies, (*_LOOPBACK, *(f"all://{host}" for host in hosts))

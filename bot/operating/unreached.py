"""Why an address does not answer, in words that say where to look."""

import aiohttp

_REASONS: tuple[tuple[type[BaseException], str], ...] = (
    (aiohttp.ClientConnectorCertificateError, "its certificate is not trusted here"),
    (aiohttp.ClientConnectorDNSError, "its name is not known here"),
    (aiohttp.ClientProxyConnectionError, "the proxy does not answer"),
    (aiohttp.ClientHttpProxyError, "the proxy refuses"),
    (aiohttp.ClientConnectorError, "nothing answers at that port"),
    (TimeoutError, "no answer came in time"),
    (ConnectionError, "the connection was cut off"),
    (aiohttp.ClientConnectionError, "the connection was cut off"),
)
"""What a narrower error says stands before what a wider one does."""


def why(error: BaseException) -> str:
    """The reason, to be read after a colon."""
    said = (reason for kind, reason in _REASONS if isinstance(error, kind))
    return next(said, type(error).__name__)

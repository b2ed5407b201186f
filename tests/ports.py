"""Ports for servers that have to know theirs before they listen."""

import socket
from random import SystemRandom

_RESERVED = range(20_000, 32_000)
"""Systems give these to nobody who asks for any port, so no connection takes one meanwhile."""


def free_port() -> int:
    """A port of this machine that nobody uses."""
    while True:
        port = SystemRandom().choice(_RESERVED)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port

"""Where a stand-in's webhooks arrive in tests of adapters."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.integrations.hooks import HookForged, HookRequest, SendsHooks
from tests.http_server import Say, Seen, serving


@dataclass
class HookListener:
    """Takes note of every request; a handshake is answered as the adapter says."""

    adapter: type[SendsHooks]
    address: str = ""
    sent: list[HookRequest] = field(default_factory=list)
    secrets: dict[str, str] = field(default_factory=dict)
    """What handshakes have handed over, by address."""

    def secret_of(self, address: str) -> str | None:
        """What a handshake at this address has handed over."""
        return self.secrets.get(address)

    def answer(self, seen: Seen) -> Say:
        """Answers one request."""
        base = self.address.removesuffix("/hooks/token")
        request = HookRequest(base + seen.target, seen.headers, seen.content)
        if seen.method == "POST":
            self.sent.append(request)
        try:
            news = self.adapter.hear(request, self.secrets.get(request.address))
        except HookForged:
            return Say()  # the test proves it itself, with the secret that it knows
        if news.secret is not None:
            self.secrets[request.address] = news.secret
        return Say(headers=news.headers)


@asynccontextmanager
async def listening(adapter: type[SendsHooks]) -> AsyncIterator[HookListener]:
    """A listener on a free port."""
    listener = HookListener(adapter)
    async with serving(listener.answer) as server:
        listener.address = f"{server.url}/hooks/token"
        yield listener

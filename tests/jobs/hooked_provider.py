"""The provider in memory again, with webhooks: it tells what changes, signed, when it is asked."""

import json
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ClassVar

from bot.integrations.api import Capability, Credentials, Descriptor
from bot.integrations.context import AdapterContext
from bot.integrations.hooks import HookRequest, News, Watch, prove, signed
from tests.jobs.fake_provider import FakeAdapter


@dataclass
class Asked:
    """What the provider was asked for, and what it answers."""

    watches: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)
    answer: Watch = field(default_factory=Watch)
    error: Exception | None = None
    renew_at: datetime | None = None


class HookedAdapter(FakeAdapter):
    """The fake adapter with webhooks whose bodies say plainly what has changed."""

    asked: ClassVar[Asked]
    descriptor: ClassVar[Descriptor] = replace(
        FakeAdapter.descriptor,
        capabilities=FakeAdapter.descriptor.capabilities
        | {Capability.HOOKS, Capability.HOOK_SETUP},
        hook_steps="In its settings.",
    )

    def __init__(self, credentials: Credentials, context: AdapterContext) -> None:
        super().__init__(credentials, context)

    @staticmethod
    def hear(request: HookRequest, secret: str | None) -> News:
        """A handshake brings a secret along; everything else is signed."""
        if secret is None and "x-secret" in request.headers:
            given = request.headers["x-secret"]
            return News(secret=given, headers={"X-Secret": given})
        expected = signed(secret, request.body).hex() if secret else ""
        prove(request.headers.get("x-signature") if secret else None, expected)
        told = request.decoded()
        return News(
            projects=frozenset(told.get("projects", ())),
            tasks=frozenset(told.get("tasks", ())),
            is_wide=bool(told.get("wide")),
        )

    async def watch(self, address: str, secret: str, projects: Collection[str]) -> Watch:
        """Remembers what was asked."""
        await self._site.called("watch")
        self.asked.watches.append((address, secret, tuple(projects)))
        if self.asked.error is not None:
            raise self.asked.error
        return replace(self.asked.answer, renew_at=self.asked.renew_at)


def told(secret: str, **changes: object) -> tuple[dict[str, str], bytes]:
    """Headers and body of a request that tells of changes."""
    body = json.dumps(changes).encode()
    return {"x-signature": signed(secret, body).hex()}, body

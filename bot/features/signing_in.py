"""Signing in at tools' own pages, constructed and joined."""

import secrets
from collections.abc import Callable

import structlog

from bot.domain.values import dataclass
from bot.features.ground import Ground
from bot.integrations.api import Credentials, Site
from bot.integrations.oauth import TokenDesk
from bot.integrations.tool_clients import misplaced
from bot.jobs.tool_tokens import ToolTokens
from bot.services.linking.connecting import Connecting
from bot.services.people.own_keys import OwnKeys
from bot.services.people.token_renewals import TokenRenewals
from bot.services.people.tool_sign_ins import ToolSignIns
from bot.signing_in import SignInDoor

log = structlog.get_logger(__name__)

VERIFIER = 48
"""Bytes of chance in what is shown at the exchange: 64 characters."""


@dataclass(frozen=True, slots=True)
class SignInFeatures:
    """What the others need of it."""

    ground: Ground
    sign_ins: ToolSignIns
    desk: TokenDesk
    tokens: ToolTokens

    async def check(self, slug: str, credentials: Credentials) -> Site:
        """Asks a provider what these credentials open; raises ProviderError."""
        return await self.ground.registry.open(slug, credentials, self.ground.context).check()

    async def check_own(self, slug: str, shared: Credentials, own: Credentials) -> Site:
        """Asks a provider whose key it is; raises ProviderError."""
        adapter = self.ground.registry.open_own(slug, shared, own, self.ground.context)
        return await adapter.check()


def build_sign_ins(ground: Ground) -> SignInFeatures:
    """Joins them."""
    core, registry, vault = ground.core, ground.registry, ground.vault
    clients = core.settings.clients
    for slip in misplaced(registry.descriptors(), clients):
        log.warning("tool_client_misplaced", what=f"HOURLINK_TOOL_CLIENTS {slip.wrong} {slip.mend}")
    desk = TokenDesk(ground.context.pool, ground.clock)
    return SignInFeatures(
        ground=ground,
        sign_ins=ToolSignIns(
            registry,
            vault,
            clients=clients,
            public_url=core.settings.public_url,
            new_verifier=lambda: secrets.token_urlsafe(VERIFIER),
        ),
        desk=desk,
        tokens=ToolTokens(
            renewals=TokenRenewals(core.uow, vault),
            registry=registry,
            desk=desk,
            clients=clients,
            pool=ground.pool,
            clock=ground.clock,
        ),
    )


def sign_in_door(
    signing: SignInFeatures,
    *,
    connecting: Connecting,
    own_keys: OwnKeys,
    wake: Callable[[], None],
) -> SignInDoor:
    """The pages, for a process that serves the web."""
    ground = signing.ground
    return SignInDoor(
        sign_ins=signing.sign_ins,
        desk=signing.desk,
        connecting=connecting,
        own_keys=own_keys,
        members=ground.core.members,
        check=signing.check,
        check_own=signing.check_own,
        faces=ground.faces,
        pool=ground.pool,
        clock=ground.clock,
        wake=wake,
        new_reference=ground.makers.new_reference,
    )

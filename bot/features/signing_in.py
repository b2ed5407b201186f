"""Signing in at tools' own pages, constructed and joined."""

import secrets
from collections.abc import Callable

import structlog

from bot.domain.values import dataclass
from bot.integrations.api import Credentials, Site
from bot.integrations.context import AdapterContext
from bot.integrations.oauth import TokenDesk
from bot.integrations.registry import Registry
from bot.integrations.tool_clients import misplaced
from bot.jobs.tool_tokens import ToolTokens
from bot.services.linking.connecting import Connecting
from bot.services.people.own_keys import OwnKeys
from bot.services.people.token_renewals import TokenRenewals
from bot.services.people.tool_sign_ins import ToolSignIns
from bot.services.vault import Vault
from bot.signing_in import SignInDoor
from bot.views.providers import Faces
from bot.wiring import Core, Makers

log = structlog.get_logger(__name__)

VERIFIER = 48
"""Bytes of chance in what is shown at the exchange: 64 characters."""


@dataclass(frozen=True, slots=True)
class SignInFeatures:
    """What the others need of it."""

    registry: Registry
    context: AdapterContext
    sign_ins: ToolSignIns
    desk: TokenDesk
    tokens: ToolTokens

    async def check(self, slug: str, credentials: Credentials) -> Site:
        """Asks a provider what these credentials open; raises ProviderError."""
        return await self.registry.open(slug, credentials, self.context).check()

    async def check_own(self, slug: str, shared: Credentials, own: Credentials) -> Site:
        """Asks a provider whose key it is; raises ProviderError."""
        return await self.registry.open_own(slug, shared, own, self.context).check()


def build_sign_ins(
    core: Core, makers: Makers, registry: Registry, vault: Vault, context: AdapterContext
) -> SignInFeatures:
    """Joins them."""
    clients = core.settings.clients
    for slip in misplaced(registry.descriptors(), clients):
        log.warning("tool_client_misplaced", what=f"HOURLINK_TOOL_CLIENTS {slip.wrong} {slip.mend}")
    desk = TokenDesk(context.pool, makers.clock)
    return SignInFeatures(
        registry=registry,
        context=context,
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
            pool=core.pool,
            clock=makers.clock,
        ),
    )


def sign_in_door(
    core: Core,
    makers: Makers,
    signing: SignInFeatures,
    *,
    connecting: Connecting,
    own_keys: OwnKeys,
    faces: Faces,
    wake: Callable[[], None],
) -> SignInDoor:
    """The pages, for a process that serves the web."""
    return SignInDoor(
        sign_ins=signing.sign_ins,
        desk=signing.desk,
        connecting=connecting,
        own_keys=own_keys,
        members=core.members,
        check=signing.check,
        check_own=signing.check_own,
        faces=faces,
        pool=core.pool,
        clock=makers.clock,
        wake=wake,
        new_reference=makers.new_reference,
    )

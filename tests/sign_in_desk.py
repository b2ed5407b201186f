"""Hourlink beside a tool that people sign in at: from the address in Slack to what is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import httpx
from sqlalchemy import select
from starlette.applications import Starlette

from bot.domain.linking.write_back import WriteMode
from bot.domain.people.people import Member
from bot.domain.people.tool_sign_ins import OwnWish, SiteWish
from bot.integrations.api import Credentials, Site
from bot.integrations.context import AdapterContext
from bot.integrations.oauth import TokenDesk, ToolClients
from bot.integrations.registry import Registry
from bot.jobs.tool_tokens import ToolTokens
from bot.services.linking.connecting import Connecting
from bot.services.members import Members
from bot.services.people.own_keys import OwnKeys
from bot.services.people.token_renewals import TokenRenewals
from bot.services.people.tool_sign_ins import ToolSignIns
from bot.services.pool import Pool
from bot.services.vault import Vault
from bot.signing_in import SignInDoor
from storage.linking.integrations import IntegrationRow
from tests.builders import NOON, World

HERE = "https://hourlink.test"


@dataclass
class SignInDesk:
    """Two processes' worth of Hourlink."""

    world: World
    context: AdapterContext
    registry: Registry
    vault: Vault
    pool: Pool
    ana: Member
    slug: str
    clients: ToolClients
    values: Mapping[str, str]
    """What an admin types besides the secret."""
    wakes: list[int] = field(default_factory=list)
    now: datetime = NOON

    def __post_init__(self) -> None:
        """Joins them, and a browser."""
        transport = httpx.ASGITransport(Starlette(routes=self._build().routes()))
        self.http = httpx.AsyncClient(transport=transport, base_url=HERE)

    def _build(self) -> SignInDoor:
        """The pages of one process."""
        desk = TokenDesk(self.context.pool, lambda: self.now)
        new_marker = self.world.new_marker()
        self.connecting = Connecting(self.world.uow, self.registry, self.vault, new_marker)
        self.own_keys = OwnKeys(self.world.uow, self.registry, self.vault, new_marker)
        self.sign_ins = ToolSignIns(
            self.registry,
            self.vault,
            clients=self.clients,
            public_url=HERE,
            new_verifier=lambda: "v" * 64,
        )
        self.tokens = ToolTokens(
            renewals=TokenRenewals(self.world.uow, self.vault),
            registry=self.registry,
            desk=desk,
            clients=self.clients,
            pool=self.pool,
            clock=lambda: self.now,
        )
        return SignInDoor(
            sign_ins=self.sign_ins,
            desk=desk,
            connecting=self.connecting,
            own_keys=self.own_keys,
            members=Members(self.world.uow, new_marker),
            check=self._check,
            check_own=self._check_own,
            faces={one.slug: one for one in self.registry.descriptors()},
            pool=self.pool,
            clock=lambda: self.now,
            wake=lambda: self.wakes.append(1),
            new_reference=lambda: "7F3A-19",
        )

    async def _check(self, slug: str, credentials: Credentials) -> Site:
        return await self.registry.open(slug, credentials, self.context).check()

    async def _check_own(self, slug: str, shared: Credentials, own: Credentials) -> Site:
        return await self.registry.open_own(slug, shared, own, self.context).check()

    def sets_out(self, who: Member | None = None, wish: SiteWish | OwnWish | None = None) -> str:
        """The address that Slack shows."""
        wanted = wish or SiteWish(self.values, "C0OPS", WriteMode.APPROVED, None)
        values = wanted.values if isinstance(wanted, SiteWish) else self.values
        return self.sign_ins.begin(who or self.ana, self.slug, wanted, values, self.now)

    def row(self) -> IntegrationRow:
        """The one integration."""
        with self.world.uow.read() as tx:
            return tx.entities.scalars(select(IntegrationRow)).one()

    def kept(self) -> dict[str, str]:
        """Its credentials."""
        return self.vault.open(self.row().sealed_credentials or "")

"""Hourlink beside an Asana that people sign in at."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from cryptography.fernet import Fernet

from bot.integrations.client import HttpPool
from bot.integrations.context import AdapterContext
from bot.integrations.registry import Registry
from bot.providers.asana.adapter import Asana
from bot.services.pool import Pool
from bot.services.vault import Vault
from tests.builders import NOON, World
from tests.providers.asana.stand_in import AsanaStandIn, acme
from tests.providers.consent import CLIENT, Consent
from tests.sign_in_desk import SignInDesk

KEY = Fernet.generate_key().decode()


@dataclass(kw_only=True)
class Desk(SignInDesk):
    """Hourlink beside an Asana."""

    asana: AsanaStandIn
    consent: Consent

    async def page(self, address: str) -> str:
        """Opens it: the address of Asana's page that stands there."""
        shown = await self.http.get(address)
        assert shown.status_code == httpx.codes.OK, shown.text
        here = shown.text.index(self.consent.oauth.consent_url)
        return shown.text[here : shown.text.index('"', here)].replace("&amp;", "&")

    async def goes_through(self, address: str) -> httpx.Response:
        """Opens it, agrees, and comes back."""
        return await self.http.get(self.consent.agree(await self.page(address)))


@asynccontextmanager
async def beside_asana(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """A running Asana, and Hourlink registered there."""

    async def at_once(seconds: float) -> None:
        del seconds
        await asyncio.sleep(0)

    world = World(database_url)
    registry = Registry.load()  # before there is an address that is not over https
    http_pool = HttpPool(clock=lambda: NOON, sleep=at_once)
    pool, asana = Pool(1), acme(tasks=3)
    known = Asana.descriptor.oauth
    assert known is not None
    async with asana.running(), Consent(known).running() as consent:
        consent.access = asana.credentials["token"]
        told = replace(Asana.descriptor, oauth=consent.oauth)
        monkeypatch.setattr(Asana, "descriptor", told)
        made = Desk(
            world=world,
            asana=asana,
            consent=consent,
            context=AdapterContext(http_pool, Path("nowhere"), lambda: made.now, at_once),
            registry=registry,
            vault=Vault([KEY]),
            pool=pool,
            ana=world.member("ana", admin=True),
            slug="asana",
            clients={"asana": [CLIENT]},
            values={"workspace": "Acme"},
        )
        yield made
        await made.http.aclose()
        await http_pool.aclose()
        pool.close()
        world.close()

"""Signing in at a tool that people run themselves: a secret goes to its own server alone."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

from bot.domain.ids import IntegrationId
from bot.domain.linking.write_back import WriteMode
from bot.domain.people.people import Member
from bot.domain.people.tool_sign_ins import NoSignInThere, OwnWish, SiteWish
from bot.domain.states import IntegrationState
from bot.integrations import oauth
from bot.integrations.client import HttpPool
from bot.integrations.context import AdapterContext
from bot.integrations.errors import ProviderAuthFailed
from bot.integrations.oauth import ToolClient
from bot.integrations.registry import Registry
from bot.jobs.adapters import Adapters
from bot.providers.redmine.signing_in import SCOPES
from bot.services.pool import Pool
from bot.services.tracking.kept import KeptEntries
from bot.services.vault import Vault
from bot.views import failures
from handlers.asking import Click
from handlers.people.own_keys import OwnKeyHandlers
from handlers.replies import OpenModal
from storage.linking.integrations import IntegrationRow
from storage.people.account_links import AccountLinkRow
from storage.people.token_renewals import TokenRenewalRow
from tests.builders import World
from tests.providers.redmine.doorkeeper import Application
from tests.providers.redmine.stand_in import RedmineStandIn, harbour
from tests.sign_in_desk import HERE, SignInDesk

KEY = Fernet.generate_key().decode()


@dataclass(kw_only=True)
class Desk(SignInDesk):
    """Hourlink beside three Redmines, two of which know it."""

    ours: RedmineStandIn
    second: RedmineStandIn
    strange: RedmineStandIn
    made: list[Application] = field(default_factory=list)

    def passes(self, time: timedelta) -> None:
        """For everybody."""
        self.now += time
        for one in (self.ours, self.second, self.strange):
            one.now += time

    async def page(self, address: str) -> str:
        """Opens it: the address of the tool's page that stands there."""
        shown = await self.http.get(address)
        assert shown.status_code == httpx.codes.OK, shown.text
        (consent,) = re.findall(r'href="([^"]+/oauth/authorize[^"]+)"', shown.text)
        return unescape(consent)

    async def agrees(self, consent: str) -> str:
        """Somebody presses *Authorize* there: where the page sends them."""
        page, _, query = consent.partition("?")
        form = {name: values[0] for name, values in parse_qs(query).items()}
        async with httpx.AsyncClient(trust_env=False) as browser:
            assert (await browser.get(consent)).status_code == httpx.codes.OK
            answer = await browser.post(page, data=form)
        return str(answer.headers["location"])

    async def goes_through(self, address: str) -> httpx.Response:
        """Opens it, agrees, and comes back."""
        return await self.http.get(await self.agrees(await self.page(address)))

    def wish(self, url: str) -> SiteWish:
        """An admin typed this address."""
        return SiteWish({"url": url}, "C0OPS", WriteMode.APPROVED, None)

    def own_form(self, who: Member) -> str:
        """*Sign in with your own key*, as it is shown."""
        handlers = OwnKeyHandlers(
            self.own_keys,
            self.sign_ins,
            KeptEntries(self.world.uow, self.world.new_marker(), str),
            check=self._check_own,
            pool=self.pool,
            faces={},
        )
        value = str(self.row().id)
        shown = handlers.clicked(
            Click(who=who, now=self.now, request_id="r", action="people.own_key", value=value)
        )
        assert isinstance(shown, OpenModal)
        return str(shown.modal.as_view())

    def has_nothing(self) -> bool:
        """Whether nothing was connected."""
        with self.world.uow.read() as tx:
            return tx.execute(select(IntegrationRow)).first() is None

    def heard(self) -> dict[str, set[str]]:
        """The secrets that each server was shown."""
        every = {"ours": self.ours, "second": self.second, "strange": self.strange}
        return {name: set(one.doorkeeper.secrets_shown) for name, one in every.items()}


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[Desk]:
    """Give three running Redmines."""

    async def at_once(seconds: float) -> None:
        del seconds
        await asyncio.sleep(0)

    redmines = [harbour(tasks=3) for _ in range(3)]
    world, pool = World(database_url), Pool(1)
    http_pool = HttpPool(clock=redmines[0].clock, sleep=at_once)
    async with AsyncExitStack() as running:
        for one in redmines:
            await running.enter_async_context(one.running())
        known = [one.doorkeeper.register(f"{HERE}/sign-in/back", SCOPES) for one in redmines[:2]]
        known[1] = replace(known[1], secret="the second's")
        redmines[1].doorkeeper.applications[known[1].uid] = known[1]
        clients = [
            ToolClient(app.uid, app.secret, there.url)
            for app, there in zip(known, redmines, strict=False)
        ]
        made = Desk(
            world=world,
            context=AdapterContext(http_pool, Path("nowhere"), lambda: made.now, at_once),
            registry=Registry.load(),
            vault=Vault([KEY]),
            pool=pool,
            ana=world.member("ana", admin=True),
            slug="redmine",
            clients={"redmine": clients},
            values={"url": redmines[0].url},
            ours=redmines[0],
            second=redmines[1],
            strange=redmines[2],
            made=known,
        )
        yield made
        await made.http.aclose()
        await http_pool.aclose()
    pool.close()
    world.close()


async def test_an_admin_connects_a_redmine_without_any_key(desk: Desk) -> None:
    """The token works, its server is kept beside it, and it is renewed in time."""
    shown = await desk.goes_through(desk.sets_out(wish=desk.wish(f" {desk.ours.url}/ ")))
    assert shown.status_code == httpx.codes.OK, shown.text
    assert "Redmine is connected" in shown.text
    kept = desk.kept()
    assert kept["api_key"].startswith("Bearer access-")
    assert kept[oauth.AT] == desk.ours.url
    assert desk.row().state == IntegrationState.ACTIVE
    opened = Adapters(desk.registry, desk.vault, desk.context)
    assert (await opened.open("redmine", desk.row().sealed_credentials).check()).account_id == "1"

    desk.passes(timedelta(minutes=106))
    await desk.tokens.renew_due()
    after = desk.kept()
    assert after["api_key"] != kept["api_key"]
    assert (after["url"], after[oauth.AT]) == (kept["url"], desk.ours.url)
    desk.passes(timedelta(minutes=106))
    await desk.tokens.renew_due()
    await opened.open("redmine", desk.row().sealed_credentials).check()
    assert desk.heard() == {"ours": {desk.made[0].secret}, "second": set(), "strange": set()}


async def test_each_server_is_shown_its_own_secret(desk: Desk) -> None:
    """Two companies' Redmines are two clients."""
    await desk.goes_through(desk.sets_out())
    shown = await desk.goes_through(desk.sets_out(wish=desk.wish(desk.second.url)))
    assert shown.status_code == httpx.codes.OK, shown.text
    assert desk.heard() == {
        "ours": {desk.made[0].secret},
        "second": {desk.made[1].secret},
        "strange": set(),
    }


async def test_an_address_that_nobody_registered_leads_nowhere(desk: Desk) -> None:
    """Whoever runs a server of their own would be sent the secret of another."""
    port = urlsplit(desk.ours.url).port
    for typed in (
        desk.strange.url,
        f"https://127.0.0.1:{port}",
        f"http://localhost:{port}",
        f"{desk.ours.url}/pm",
        f"http://127.0.0.1:{port}@{urlsplit(desk.strange.url).netloc}",
        "",
    ):
        wish = desk.wish(typed)
        with pytest.raises(NoSignInThere) as refused:
            desk.sign_ins.begin(desk.ana, "redmine", wish, wish.values, desk.now)
        said = failures.sentence(refused.value).text
        assert "is not set up" in said
        assert "paste a key" in said.casefold()
    assert desk.heard() == {"ours": set(), "second": set(), "strange": set()}


async def test_an_address_of_ours_for_another_server_is_refused_at_the_page(desk: Desk) -> None:
    """The operator took the entry out meanwhile: nobody is sent on, and no code is exchanged."""
    address = desk.sets_out()
    back = await desk.agrees(await desk.page(address))
    assert isinstance(desk.clients, dict)
    desk.clients["redmine"] = [one for one in desk.clients["redmine"] if one.id != desk.made[0].uid]
    desk.clients["redmine"].append(ToolClient("x", "another secret", desk.strange.url))
    for shown in (await desk.http.get(address), await desk.http.get(back)):
        assert shown.status_code >= 400
        assert f"Signing in is not set up for {desk.ours.url}" in shown.text
    assert desk.has_nothing()
    assert desk.heard() == {"ours": set(), "second": set(), "strange": set()}


async def test_a_member_proves_their_account_at_the_integrations_server(desk: Desk) -> None:
    """Nothing is typed: the address is the integration's, and compared like any other."""
    await desk.goes_through(desk.sets_out())
    bo = desk.world.member("bo")
    desk.ours.doorkeeper.whose = "2"
    wish = OwnWish(IntegrationId(desk.row().id or 0), None)
    shown = await desk.goes_through(desk.sets_out(bo, wish))
    assert shown.status_code == httpx.codes.OK, shown.text
    assert "Signed in" in shown.text
    with desk.world.uow.read() as tx:
        sealed = tx.entities.scalars(select(AccountLinkRow)).one().sealed_token or ""
    own = desk.vault.open(sealed)
    assert own[oauth.AT] == desk.ours.url
    assert "url" not in own

    desk.passes(timedelta(minutes=106))
    await desk.tokens.renew_due()
    with desk.world.uow.read() as tx:
        renewed = tx.entities.scalars(select(AccountLinkRow)).one().sealed_token or ""
    assert desk.vault.open(renewed)["api_key"] != own["api_key"]
    assert desk.heard()["ours"] == {desk.made[0].secret}


async def test_a_member_cannot_sign_in_where_the_integration_is_another_server(desk: Desk) -> None:
    """An admin connected it with a key; nobody registered Hourlink there."""
    await desk.goes_through(desk.sets_out())
    bo = desk.world.member("bo")
    assert "Sign in at Redmine" in desk.own_form(bo)
    address = desk.sets_out(bo, OwnWish(IntegrationId(desk.row().id or 0), None))
    with desk.world.uow.begin() as tx:
        row = tx.entities.scalars(select(IntegrationRow)).one()
        elsewhere = f"{desk.strange.url}/r&d"
        row.sealed_credentials = desk.vault.seal({"url": elsewhere, "api_key": "k" * 40})
    assert "Sign in at Redmine" not in desk.own_form(bo)
    shown = await desk.http.get(address)
    assert shown.status_code == httpx.codes.NOT_FOUND
    assert f"Signing in is not set up for {desk.strange.url}/r&amp;d." in shown.text


async def test_a_token_is_not_renewed_at_another_address(desk: Desk) -> None:
    """Whatever stands beside it: its server's client is gone, so it is left to end."""
    await desk.goes_through(desk.sets_out())
    moved = {**desk.kept(), "url": desk.strange.url}
    assert isinstance(desk.clients, dict)
    desk.clients["redmine"] = [ToolClient("x", "another secret", desk.strange.url)]
    with desk.world.uow.begin() as tx:
        row = tx.entities.scalars(select(IntegrationRow)).one()
        row.sealed_credentials = desk.vault.seal(moved)
    asked = len(desk.strange.seen)
    desk.passes(timedelta(minutes=106))
    await desk.tokens.renew_due()
    assert len(desk.strange.seen) == asked
    assert oauth.RENEWS not in desk.kept()
    with desk.world.uow.read() as tx:
        assert tx.execute(select(TokenRenewalRow)).first() is None
    assert desk.heard()["strange"] == set()


async def test_a_token_without_its_server_is_not_renewed_either(desk: Desk) -> None:
    """Only what was given by a server that the operator names goes back there."""
    await desk.goes_through(desk.sets_out())
    kept = {name: value for name, value in desk.kept().items() if name != oauth.AT}
    with desk.world.uow.begin() as tx:
        row = tx.entities.scalars(select(IntegrationRow)).one()
        row.sealed_credentials = desk.vault.seal(kept)
    desk.passes(timedelta(minutes=106))
    shown = desk.heard()
    await desk.tokens.renew_due()
    assert desk.heard() == shown
    assert oauth.RENEWS not in desk.kept()


async def test_what_was_taken_back_in_redmine_ends_as_a_deleted_key(desk: Desk) -> None:
    """Refused at the exchange; what needs it is refused too, and says so."""
    await desk.goes_through(desk.sets_out())
    desk.ours.doorkeeper.revoke("1")
    desk.passes(timedelta(minutes=106))
    await desk.tokens.renew_due()
    assert oauth.RENEWS not in desk.kept()
    opened = Adapters(desk.registry, desk.vault, desk.context)
    with pytest.raises(ProviderAuthFailed):
        await opened.open("redmine", desk.row().sealed_credentials).check()

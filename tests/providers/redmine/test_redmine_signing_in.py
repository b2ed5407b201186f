"""Signing in at a Redmine: what is asked for, exchanged, renewed, and refused."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from bot.integrations.client import HttpPool
from bot.integrations.context import AdapterContext
from bot.integrations.errors import ProviderAuthFailed
from bot.integrations.oauth import (
    OAuth,
    TokenDesk,
    Tokens,
    ToolClient,
    bound,
    consent_address,
)
from bot.integrations.registry import Registry
from bot.providers.redmine.adapter import Redmine
from bot.providers.redmine.signing_in import OAUTH, SCOPES
from tests.providers.redmine.stand_in import KEY, RedmineStandIn, harbour

BACK = "https://hourlink.test/sign-in/back"
VERIFIER = "v" * 64


@dataclass
class There:
    """A Redmine, at which Hourlink is registered."""

    redmine: RedmineStandIn
    client: ToolClient
    oauth: OAuth
    desk: TokenDesk
    context: AdapterContext

    def address(self, **changes: str) -> str:
        """The page that asks."""
        address = consent_address(
            self.oauth, self.client, redirect=BACK, state="s", verifier=VERIFIER
        )
        page, _, query = address.partition("?")
        asked = {name: values[0] for name, values in parse_qs(query).items()} | changes
        return f"{page}?{urlencode(asked)}"

    async def goes_through(self, address: str, decision: str = "") -> dict[str, str]:
        """Somebody presses *Authorize* there; what comes back with them."""
        async with httpx.AsyncClient(trust_env=False) as browser:
            assert (await browser.get(address)).status_code == httpx.codes.OK
            page, _, query = address.partition("?")
            form = {name: values[0] for name, values in parse_qs(query).items()}
            if decision:
                form["_method"] = decision
            answer = await browser.post(page, data=form)
        assert answer.status_code == httpx.codes.FOUND
        where = answer.headers["location"]
        assert where.startswith(f"{BACK}?")
        return {name: values[0] for name, values in parse_qs(urlsplit(where).query).items()}

    async def redeem(self, code: str, verifier: str = VERIFIER, back: str = BACK) -> Tokens:
        """The tokens for a code."""
        return await self.desk.redeem(
            "redmine", self.oauth, self.client, code=code, redirect=back, verifier=verifier
        )

    async def renew(self, tokens: Tokens) -> Tokens:
        """Others for those."""
        return await self.desk.renew("redmine", self.oauth, self.client, tokens.refresh or "")

    async def signs_in(self) -> Tokens:
        """The whole way."""
        return await self.redeem((await self.goes_through(self.address()))["code"])

    def opened(self, tokens: Tokens) -> Redmine:
        """The adapter, with these."""
        kept = tokens.as_credentials(self.oauth, self.client)
        return Redmine({"url": self.redmine.url, **kept}, self.context)


@pytest.fixture
async def there(tmp_path: Path) -> AsyncIterator[There]:
    """Give a running Redmine."""
    redmine = harbour(tasks=3)
    pool = HttpPool(clock=redmine.clock, sleep=asyncio.sleep)
    async with redmine.running():
        made = redmine.doorkeeper.register(BACK, SCOPES)
        client = ToolClient(made.uid, made.secret, redmine.url)
        way = bound(OAUTH, [client], {"url": f"{redmine.url}/"})
        assert way is not None
        context = AdapterContext(pool, tmp_path, redmine.clock, asyncio.sleep)
        yield There(redmine, client, way[0], TokenDesk(pool, redmine.clock), context)
    await pool.aclose()


async def test_a_token_opens_what_a_key_opens(there: There) -> None:
    """Projects, issues and people, in the name of whoever signed in."""
    there.redmine.doorkeeper.whose = "2"
    tokens = await there.signs_in()
    assert tokens.ends_at == there.redmine.clock() + timedelta(hours=2)
    adapter = there.opened(tokens)
    site = await adapter.check()
    assert (site.external_id, site.account_id) == (there.redmine.url, "2")
    assert site.account_name == "Mia K"
    [projects] = [page async for page in adapter.projects()]
    assert [one.name for one in projects.items] == ["Harbour", "Lighthouse"]
    [tasks] = [page async for page in adapter.tasks(projects.items[0].external_id)]
    assert len(tasks.items) == 3
    [found] = [page async for page in adapter.accounts() if page.items]
    assert [one.name for one in found.items] == ["Mia K"]
    sent = there.redmine.seen[-1].headers
    assert sent["authorization"] == f"Bearer {tokens.access}"
    assert "x-redmine-api-key" not in sent


async def test_an_administrator_who_signs_in_is_none_there(there: There) -> None:
    """A sign-in asks for no more than tracking needs, and the form says what that hides."""
    site = await there.opened(await there.signs_in()).check()
    assert site.warnings[0].startswith("Signed in, Hourlink is no administrator there")
    assert "An administrator's API access key shows all" in site.warnings[0]
    key = Redmine({"url": there.redmine.url, "api_key": KEY}, there.context)
    assert not (await key.check()).warnings
    assert "admin" not in SCOPES


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"redirect_uri": "https://evil.test/sign-in/back"}, 400),
        ({"redirect_uri": f"{BACK}/more"}, 400),
        ({"client_id": "nobody"}, 401),
        ({"scope": "view_issues admin"}, 400),
        ({"response_type": "token"}, 400),
    ],
)
async def test_whoever_asks_for_what_was_not_registered_stays_there(
    there: There, changes: dict[str, str], status: int
) -> None:
    """An error page of Redmine's own: nobody is sent anywhere with it."""
    async with httpx.AsyncClient(trust_env=False) as browser:
        answer = await browser.get(there.address(**changes))
    assert (answer.status_code, answer.headers.get("location")) == (status, None)


async def test_a_refusal_comes_back_as_one(there: There) -> None:
    """*Deny* gives no code."""
    came = await there.goes_through(there.address(), "delete")
    assert came == {"error": "access_denied", "state": "s"}


async def test_a_code_is_for_who_began_and_good_once(there: There) -> None:
    """Found in a history, or caught on its way, it opens nothing."""
    code = (await there.goes_through(there.address()))["code"]
    with pytest.raises(ProviderAuthFailed):
        await there.redeem(code, verifier="x" * 64)
    with pytest.raises(ProviderAuthFailed):
        await there.redeem(code, back=f"{BACK}/else")
    await there.redeem(code)
    with pytest.raises(ProviderAuthFailed):
        await there.redeem(code)
    late = (await there.goes_through(there.address()))["code"]
    there.redmine.now += timedelta(minutes=10)
    with pytest.raises(ProviderAuthFailed):
        await there.redeem(late)


async def test_a_lost_answer_to_a_renewal_locks_nobody_out(there: There) -> None:
    """What renews a token ends when what came for it is first used, and not before."""
    first = await there.signs_in()
    await there.renew(first)  # its answer is lost
    second = await there.renew(first)
    await there.opened(first).check()
    await there.opened(second).check()
    with pytest.raises(ProviderAuthFailed):
        await there.opened(first).check()
    with pytest.raises(ProviderAuthFailed):
        await there.renew(first)
    there.redmine.now += timedelta(hours=2)
    with pytest.raises(ProviderAuthFailed):
        await there.opened(second).check()
    await there.opened(await there.renew(second)).check()


async def test_what_somebody_takes_back_there_is_over(there: There) -> None:
    """My account, Authorized applications, Revoke."""
    tokens = await there.signs_in()
    there.redmine.doorkeeper.revoke("1")
    with pytest.raises(ProviderAuthFailed):
        await there.opened(tokens).check()
    with pytest.raises(ProviderAuthFailed):
        await there.renew(tokens)


async def test_another_servers_secret_opens_nothing(there: There) -> None:
    """A client belongs to one Redmine; the refusal is the operator's to mend, not an outage."""
    stranger = ToolClient(there.client.id, "of another server", there.client.address)
    code = (await there.goes_through(there.address()))["code"]
    with pytest.raises(ProviderAuthFailed):
        await there.desk.redeem(
            "redmine", there.oauth, stranger, code=code, redirect=BACK, verifier=VERIFIER
        )


async def test_a_member_signs_in_with_a_token_of_their_own(there: There) -> None:
    """The address stays the integration's, and its key is not used."""
    there.redmine.doorkeeper.whose = "2"
    own = (await there.signs_in()).as_credentials(there.oauth, there.client)
    shared = {"url": there.redmine.url, "api_key": KEY}
    opened = Registry.load().open_own("redmine", shared, own, there.context)
    assert (await opened.check()).account_id == "2"
    assert "x-redmine-api-key" not in there.redmine.seen[-1].headers

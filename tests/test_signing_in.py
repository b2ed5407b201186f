"""Signing in at a tool's own page, from the address in Slack to what is kept."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select
from sqlmodel import col

from bot.domain.ids import IntegrationId, TeamId
from bot.domain.linking.write_back import WriteBack, WriteMode
from bot.domain.people.tool_sign_ins import OwnWish, SiteWish
from bot.domain.states import IntegrationState
from bot.integrations import oauth
from bot.integrations.client import HttpPool
from bot.integrations.context import AdapterContext
from bot.integrations.errors import ProviderAuthFailed, ProviderUnavailable
from bot.integrations.registry import Registry
from bot.jobs.adapters import Adapters
from bot.providers.asana.adapter import Asana
from bot.services.people.token_renewals import TokenRenewals
from bot.services.pool import Pool
from bot.services.sync import syncing
from bot.services.sync.syncing import BROKEN, RECOVERED, Syncing
from bot.services.vault import Vault
from bot.signing_in import COOKIE
from storage import members
from storage.linking.integrations import IntegrationRow
from storage.operating.audit import AuditRow
from storage.outbox import OutboxRow
from storage.people.account_links import AccountLinkRow
from storage.people.token_renewals import TokenRenewalRow
from tests.builders import NOON, World
from tests.http_server import Say
from tests.providers.asana.stand_in import AsanaStandIn, acme
from tests.providers.asana.world import token_of
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


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """One team on each kind of database."""
    made = World(database_url)
    yield made
    made.close()


@pytest.fixture
async def desk(world: World, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """Give a running Asana, and Hourlink registered there."""

    async def at_once(seconds: float) -> None:
        del seconds
        await asyncio.sleep(0)

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


async def test_an_admin_connects_a_tool_without_any_key(desk: Desk) -> None:
    """What was chosen in Slack holds, the token works, and the sync is due."""
    shown = await desk.goes_through(desk.sets_out())
    assert shown.status_code == httpx.codes.OK
    assert "Asana is connected" in shown.text
    found = desk.row()
    assert (found.state, found.channel_id) == (IntegrationState.ACTIVE, "C0OPS")
    assert (found.write_mode, found.connected_by) == (WriteMode.APPROVED, desk.ana.id)
    kept = desk.kept()
    assert kept["token"] == desk.asana.credentials["token"]
    assert kept["workspace"] == "Acme"
    assert desk.wakes == [1]
    with desk.world.uow.read() as tx:
        assert [one.action for one in tx.entities.scalars(select(AuditRow))] == [
            "integration.connect"
        ]


async def test_the_first_page_says_for_whom_this_is(desk: Desk) -> None:
    """Who is sent an address by a stranger sees that it is not their workspace."""
    shown = await desk.http.get(desk.sets_out())
    assert "Slack workspace <strong>Acme</strong>" in shown.text
    assert "If you did not ask for this in Slack yourself, close this page" in shown.text
    assert shown.headers["cache-control"] == "no-store"
    assert shown.headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in shown.headers["content-security-policy"]
    cookie = shown.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "Secure" in cookie
    assert "SameSite=lax" in cookie


async def test_another_browser_cannot_come_back(desk: Desk) -> None:
    """An address from somebody else lets nobody in under their name."""
    back = desk.consent.agree(await desk.page(desk.sets_out()))
    desk.http.cookies.clear()
    assert (await desk.http.get(back)).status_code == httpx.codes.BAD_REQUEST
    desk.http.cookies.set(COOKIE, "made-up", domain="hourlink.test", path="/sign-in")
    shown = await desk.http.get(back)
    assert shown.status_code == httpx.codes.BAD_REQUEST
    assert "Nothing was changed" in shown.text
    assert desk.consent.answers == []


async def test_coming_back_twice_changes_nothing_more(desk: Desk) -> None:
    """The page is reloaded: the browser has set out for nothing new."""
    back = desk.consent.agree(await desk.page(desk.sets_out()))
    assert (await desk.http.get(back)).status_code == httpx.codes.OK
    assert (await desk.http.get(back)).status_code == httpx.codes.BAD_REQUEST
    with desk.world.uow.read() as tx:
        assert len(tx.execute(select(AuditRow)).all()) == 1


async def test_ten_minutes_later_it_is_over(desk: Desk) -> None:
    """An address in a history opens nothing."""
    address = desk.sets_out()
    back = desk.consent.agree(await desk.page(address))
    desk.now += timedelta(minutes=10)
    assert (await desk.http.get(address)).status_code == httpx.codes.NOT_FOUND
    assert (await desk.http.get(back)).status_code == httpx.codes.BAD_REQUEST
    stranger = Vault([Fernet.generate_key().decode()])
    for made_up in ("x", desk.vault.seal({"token": "a"}), stranger.seal({})):
        assert (await desk.http.get(f"/sign-in/{made_up}")).status_code == httpx.codes.NOT_FOUND


async def test_who_says_no_at_the_page_is_told_that_nothing_happened(desk: Desk) -> None:
    """They change their mind."""
    consent = await desk.page(desk.sets_out())
    state = parse_qs(urlsplit(consent).query)["state"][0]
    params = {"state": state, "error": "access_denied"}
    shown = await desk.http.get("/sign-in/back", params=params)
    assert shown.status_code == httpx.codes.BAD_REQUEST
    assert "Asana was not told that Hourlink may come in" in shown.text


async def test_a_tool_that_is_down_meanwhile_is_said(desk: Desk) -> None:
    """It is nobody's fault here, and can be tried again."""
    back = desk.consent.agree(await desk.page(desk.sets_out()))
    desk.consent.is_down = True
    shown = await desk.http.get(back)
    assert shown.status_code == httpx.codes.BAD_REQUEST
    assert "did not answer" in shown.text or "reach it" in shown.text
    with desk.world.uow.read() as tx:
        assert tx.execute(select(IntegrationRow)).first() is None


async def test_an_admin_no_more_when_they_come_back_may_not(desk: Desk) -> None:
    """Rights are asked when it happens, not when it begins."""
    back = desk.consent.agree(await desk.page(desk.sets_out()))
    desk.world.member("ana", admin=False)
    with desk.world.uow.begin() as tx:
        members.forget_naming(tx, desk.world.team_id, [desk.ana.id])
    shown = await desk.http.get(back)
    assert shown.status_code == httpx.codes.BAD_REQUEST
    assert "admin" in shown.text
    with desk.world.uow.read() as tx:
        assert tx.execute(select(IntegrationRow)).first() is None


async def test_a_member_proves_their_account(desk: Desk) -> None:
    """Asana itself says whose it is, and what they do there is done in their name."""
    await desk.goes_through(desk.sets_out())
    bo = desk.world.member("bo")
    second = list(desk.asana.people)[1]
    desk.consent.access = token_of(second)
    wish = OwnWish(IntegrationId(desk.row().id or 0), None)
    shown = await desk.goes_through(desk.sets_out(bo, wish))
    assert shown.status_code == httpx.codes.OK, shown.text
    assert "<p>Connected: Asana, " in shown.text, "no icon by its name, no marks of Slack's"
    assert "Try /track start with a task&#x27;s key." in shown.text
    with desk.world.uow.read() as tx:
        link = tx.entities.scalars(select(AccountLinkRow)).one()
        renewals = tx.entities.scalars(select(TokenRenewalRow)).all()
        owed = [one.kind for one in tx.entities.scalars(select(OutboxRow)).all()]
    assert link.member_id == bo.id
    assert "account.proven" in owed, "it is told in Slack as well"
    assert desk.vault.open(link.sealed_token or "")["token"] == token_of(second)
    assert {one.account_link_id for one in renewals} == {None, link.id}


# Exchanging


async def test_a_token_is_exchanged_before_it_ends(desk: Desk) -> None:
    """Nobody has to sign in again after an hour."""
    await desk.goes_through(desk.sets_out())
    before = desk.kept()
    await desk.tokens.renew_due()
    assert desk.kept() == before
    desk.now += timedelta(minutes=46)
    desk.consent.access = None
    await desk.tokens.renew_due()
    after = desk.kept()
    assert after["token"] != before["token"]
    assert after[oauth.RENEWS] != before[oauth.RENEWS]
    assert after["workspace"] == "Acme"
    await desk.tokens.renew_due()
    assert desk.kept() == after
    desk.now += timedelta(minutes=46)
    await desk.tokens.renew_due()
    assert desk.kept()["token"] != after["token"]


async def test_two_processes_exchange_it_once(desk: Desk) -> None:
    """A refresh token is good once: the second would lock everybody out."""
    await desk.goes_through(desk.sets_out())
    desk.now += timedelta(minutes=50)
    given = len(desk.consent.answers)
    await asyncio.gather(*(desk.tokens.renew_due() for _ in range(5)))
    assert len(desk.consent.answers) - given == 1
    assert desk.kept()[oauth.RENEWS] in desk.consent.refresh_tokens


async def test_what_a_killed_process_claimed_is_taken_up(desk: Desk) -> None:
    """Its claim ends by itself."""
    await desk.goes_through(desk.sets_out())
    desk.now += timedelta(minutes=50)
    [due] = desk.tokens.renewals.due(desk.now)
    assert desk.tokens.renewals.claim(due, desk.now) is not None
    before = desk.kept()
    await desk.tokens.renew_due()
    assert desk.kept() == before
    desk.now += timedelta(minutes=2)
    await desk.tokens.renew_due()
    assert desk.kept() != before


async def test_an_outage_is_waited_for(desk: Desk) -> None:
    """A token that has ended meanwhile stops nothing for good: work waits."""
    await desk.goes_through(desk.sets_out())
    desk.now += timedelta(hours=2)
    desk.consent.is_down = True
    await desk.tokens.renew_due()
    adapters = Adapters(desk.registry, desk.vault, desk.context)
    with pytest.raises(ProviderUnavailable):
        adapters.open("asana", desk.row().sealed_credentials)
    desk.consent.is_down = False
    desk.now += timedelta(minutes=1)
    await desk.tokens.renew_due()
    adapters.open("asana", desk.row().sealed_credentials)


def told(desk: Desk, kind: str) -> list[str]:
    """What admins are owed about it."""
    with desk.world.uow.read() as tx:
        query = select(col(OutboxRow.marker)).where(col(OutboxRow.kind) == kind)
        return list(tx.execute(query).scalars())


async def renewing(desk: Desk, hours: int) -> int:
    """So much time passes, with a look each minute; how often the tool was asked."""
    asked = len(desk.consent.asked)
    for _ in range(hours * 60):
        desk.now += timedelta(minutes=1)
        await desk.tokens.renew_due()
    return len(desk.consent.asked) - asked


@pytest.mark.parametrize(
    "nonsense", [Say(404, {"error": "gone"}), Say(200, "<html>Sign in</html>"), Say(200, {})]
)
async def test_a_refused_exchange_is_tried_less_often_and_told_once(
    desk: Desk, nonsense: Say
) -> None:
    """An address that moved answers nonsense for ever: admins have to know, but not each minute."""
    await desk.goes_through(desk.sets_out())
    desk.now += timedelta(minutes=46)
    desk.consent.says = nonsense
    await desk.tokens.renew_due()
    assert desk.row().state == IntegrationState.ACTIVE, "its token is good for some minutes more"
    assert told(desk, BROKEN) == []
    assert await renewing(desk, 1) < 8
    found = desk.row()
    assert found.state == IntegrationState.BROKEN
    assert "the sign-in could not be renewed" in (found.broken_reason or "")
    assert len(told(desk, BROKEN)) == 1
    assert await renewing(desk, 5) < 7
    assert len(told(desk, BROKEN)) == 1

    desk.consent.says = None
    await renewing(desk, 1)
    here = IntegrationId(desk.row().id or 0)
    syncs = Syncing(desk.world.uow, interval=timedelta(minutes=5), jitter=lambda: 0.5)
    assert syncs.due(desk.now) == [here]
    adapters = Adapters(desk.registry, desk.vault, desk.context)
    adapters.open("asana", desk.row().sealed_credentials)
    for _ in range(2):
        plan = syncs.begin(here, desk.now)
        assert plan is not None
        syncs.finish(plan, requests=1, now=desk.now)
        assert desk.row().state == IntegrationState.ACTIVE
        assert len(told(desk, RECOVERED)) == 1
        desk.now += timedelta(minutes=6)


async def test_a_long_silence_is_told_after_a_day(desk: Desk) -> None:
    """An hour's outage is nobody's affair; one that lasts is."""
    await desk.goes_through(desk.sets_out())
    desk.consent.is_down = True
    await renewing(desk, 24)
    assert told(desk, BROKEN) == []
    await renewing(desk, 3)
    assert len(told(desk, BROKEN)) == 1


async def test_who_asks_for_a_sync_need_not_wait_for_the_next_exchange(desk: Desk) -> None:
    """*Try again now* after an outage: not in an hour. One that works is not exchanged for it."""
    await desk.goes_through(desk.sets_out())
    here = IntegrationId(desk.row().id or 0)
    renewals = TokenRenewals(desk.world.uow, desk.vault)

    def ask() -> None:
        with desk.world.uow.begin() as tx:
            syncing.ask(tx, TeamId("T0ACME"), here, asked_by=desk.ana.id, now=desk.now, full=True)

    ask()
    assert renewals.due(desk.now) == []
    desk.now += timedelta(minutes=46)
    desk.consent.is_down = True
    await renewing(desk, 6)
    desk.consent.is_down = False
    assert renewals.due(desk.now) == []
    ask()
    asked = len(desk.consent.asked)
    await desk.tokens.renew_due()
    assert len(desk.consent.asked) == asked + 1
    assert renewals.due(desk.now + timedelta(minutes=44)) == []


async def test_a_members_own_sign_in_that_is_refused_counts_as_a_dead_key(desk: Desk) -> None:
    """They are asked for a new one by what needs it, as with a key that was deleted."""
    await desk.goes_through(desk.sets_out())
    desk.consent.access = token_of(list(desk.asana.people)[1])
    wish = OwnWish(IntegrationId(desk.row().id or 0), None)
    await desk.goes_through(desk.sets_out(desk.world.member("bo"), wish))
    desk.consent.says = Say(404, {})
    await renewing(desk, 2)
    with desk.world.uow.read() as tx:
        link = tx.entities.scalars(select(AccountLinkRow)).one()
        renewals = tx.entities.scalars(select(TokenRenewalRow)).all()
    assert oauth.RENEWS not in desk.vault.open(link.sealed_token or "")
    assert [one.account_link_id for one in renewals] == [None]


async def test_signing_in_again_begins_anew(desk: Desk) -> None:
    """What failed with the old sign-in says nothing about the new one."""
    await desk.goes_through(desk.sets_out())
    desk.consent.says = Say(404, {})
    await renewing(desk, 2)
    assert desk.row().state == IntegrationState.BROKEN
    desk.consent.says = None
    again = SiteWish({"workspace": "Acme"}, "C0OPS", None, IntegrationId(desk.row().id or 0))
    assert (await desk.goes_through(desk.sets_out(wish=again))).status_code == httpx.codes.OK
    assert desk.row().state == IntegrationState.ACTIVE
    with desk.world.uow.read() as tx:
        [one] = tx.entities.scalars(select(TokenRenewalRow)).all()
    assert one.attempts == 0


async def test_a_grant_that_was_taken_back_is_told_as_wrong_credentials(desk: Desk) -> None:
    """Then an admin is asked to sign in again, as with a key that was deleted."""
    await desk.goes_through(desk.sets_out())
    desk.consent.refresh_tokens.clear()
    desk.now += timedelta(minutes=50)
    await desk.tokens.renew_due()
    assert oauth.RENEWS not in desk.kept()
    desk.now += timedelta(hours=1)
    del desk.asana.people[next(iter(desk.asana.people))]
    adapters = Adapters(desk.registry, desk.vault, desk.context)
    with pytest.raises(ProviderAuthFailed):
        await adapters.open("asana", desk.row().sealed_credentials).check()
    with desk.world.uow.read() as tx:
        assert tx.execute(select(TokenRenewalRow)).first() is None


async def test_new_credentials_typed_meanwhile_are_not_overwritten(desk: Desk) -> None:
    """The exchange was for those before."""
    await desk.goes_through(desk.sets_out())
    desk.now += timedelta(minutes=50)
    [due] = desk.tokens.renewals.due(desk.now)
    kept = desk.tokens.renewals.claim(due, desk.now)
    assert kept is not None
    with desk.world.uow.begin() as tx:
        row = tx.entities.scalars(select(IntegrationRow)).one()
        row.sealed_credentials = desk.vault.seal({"workspace": "Acme", "token": "typed"})
    assert not desk.tokens.renewals.done(due, kept, desk.now + timedelta(hours=1), desk.now)
    assert desk.kept()["token"] == "typed"


async def test_a_key_instead_ends_the_exchanging(desk: Desk) -> None:
    """A pasted key has no end."""
    await desk.goes_through(desk.sets_out())
    opened = desk.registry.open("asana", desk.asana.credentials, desk.context)
    desk.connecting.save(
        who=desk.ana,
        provider="asana",
        site=await opened.check(),
        credentials=desk.asana.credentials,
        channel_id="C0OPS",
        write_back=WriteBack(),
        instead=IntegrationId(desk.row().id or 0),
        now=desk.now,
    )
    with desk.world.uow.read() as tx:
        assert tx.execute(select(col(TokenRenewalRow.id))).first() is None

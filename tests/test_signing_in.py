"""Signing in at a tool's own page, from the address in Slack to what is kept."""

from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

from bot.domain.ids import IntegrationId
from bot.domain.linking.write_back import WriteMode
from bot.domain.people.tool_sign_ins import OwnWish
from bot.domain.states import IntegrationState
from bot.services.vault import Vault
from bot.signing_in import COOKIE
from storage import members
from storage.linking.integrations import IntegrationRow
from storage.operating.audit import AuditRow
from storage.outbox import OutboxRow
from storage.people.account_links import AccountLinkRow
from storage.people.token_renewals import TokenRenewalRow
from tests.asana_sign_in import Desk, beside_asana
from tests.providers.asana.world import token_of


@pytest.fixture
async def desk(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """Give a running Asana and Hourlink registered there, on each kind of database."""
    async with beside_asana(database_url, monkeypatch) as made:
        yield made


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

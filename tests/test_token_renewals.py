"""Tokens that end: exchanged in time, once, and what is told where that fails."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select
from sqlmodel import col

from bot.domain.ids import IntegrationId, TeamId
from bot.domain.linking.write_back import WriteBack
from bot.domain.people.tool_sign_ins import OwnWish, SiteWish
from bot.domain.states import IntegrationState
from bot.integrations import oauth
from bot.integrations.errors import ProviderAuthFailed, ProviderUnavailable
from bot.jobs.adapters import Adapters
from bot.services.operating.operating import Operating
from bot.services.people.token_renewals import TokenRenewals
from bot.services.sync import syncing
from bot.services.sync.syncing import BROKEN, RECOVERED, Syncing
from bot.services.vault import Vault
from storage.linking.integrations import IntegrationRow
from storage.outbox import OutboxRow
from storage.people.account_links import AccountLinkRow
from storage.people.token_renewals import TokenRenewalRow
from tests.asana_sign_in import KEY, Desk, beside_asana
from tests.http_server import Say
from tests.providers.asana.world import token_of


@pytest.fixture
async def desk(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """Give a running Asana and Hourlink registered there, on each kind of database."""
    async with beside_asana(database_url, monkeypatch) as made:
        yield made


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


async def test_keys_may_be_rotated_while_a_tool_is_asked(desk: Desk) -> None:
    """What a refresh token is exchanged for comes once: lost, somebody would have to sign in."""
    await desk.goes_through(desk.sets_out())
    desk.now += timedelta(minutes=50)
    both = Vault([Fernet.generate_key().decode(), KEY])
    renewals = TokenRenewals(desk.world.uow, both)
    [due] = renewals.due(desk.now)
    kept = renewals.claim(due, desk.now)
    assert kept is not None
    Operating(desk.world.uow).rotate(both)
    assert desk.row().sealed_credentials != due.sealed
    anew = kept | {"token": "exchanged"}
    assert renewals.done(due, anew, desk.now + timedelta(hours=1), desk.now)
    assert both.open(desk.row().sealed_credentials or "") == anew


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

"""Signing in at a tool's own page: what is asked, what is exchanged, what is refused."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.integrations import oauth
from bot.integrations.client import HttpPool
from bot.integrations.errors import ProviderAuthFailed, ProviderSurprised, ProviderUnavailable
from bot.integrations.oauth import (
    OAuth,
    TokenDesk,
    ToolClient,
    bound,
    consent_address,
    renewable,
)
from bot.integrations.registry import Registry
from bot.integrations.retry import RetryPolicy
from tests.builders import NOON
from tests.http_server import Say, serving
from tests.providers.consent import BACK, CLIENT, Consent

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
"""Both from RFC 7636, appendix B."""

ACME = OAuth(
    consent_url="https://acme.test/consent",
    token_url="https://acme.test/token",
    credential="token",
    scopes=("read", "write"),
)
TOOLS = [one for one in Registry.load().descriptors() if one.oauth is not None]


@pytest.fixture
async def desk() -> AsyncIterator[TokenDesk]:
    """Give what exchanges; waiting takes no time."""

    async def at_once(seconds: float) -> None:
        del seconds
        await asyncio.sleep(0)

    pool = HttpPool(clock=lambda: NOON, sleep=at_once, policy=RetryPolicy())
    yield TokenDesk(pool, lambda: NOON)
    await pool.aclose()


def asked(address: str) -> dict[str, str]:
    """The query of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def test_the_page_is_told_who_asks_and_where_to_send_people_back_to() -> None:
    """Otherwise people would come back to a stranger, or to nobody."""
    address = consent_address(ACME, CLIENT, redirect=BACK, state="s=1&x", verifier=VERIFIER)
    assert address.startswith("https://acme.test/consent?")
    assert asked(address) == {
        "client_id": "hourlink-id",
        "redirect_uri": BACK,
        "response_type": "code",
        "state": "s=1&x",
        "scope": "read write",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }


def test_the_secret_stands_in_no_address_and_no_repr() -> None:
    """Addresses are in browsers' histories and proxies' logs."""
    address = consent_address(ACME, CLIENT, redirect=BACK, state="s", verifier=VERIFIER)
    tokens = oauth.Tokens("t0p-access", "t0p-refresh", NOON)
    shown = f"{address} {CLIENT!r} {tokens!r}"
    assert not any(one in shown for one in (CLIENT.secret, "t0p-access", "t0p-refresh"))


@pytest.mark.parametrize("tool", TOOLS, ids=lambda one: one.slug)
async def test_every_tool_is_signed_in_at_by_the_rules(tool: object, desk: TokenDesk) -> None:
    """A server that keeps the RFCs lets us in, gives tokens, and exchanges them."""
    known = tool.oauth  # type: ignore[attr-defined]
    async with Consent(known).running() as there:
        address = consent_address(
            there.oauth, CLIENT, redirect=BACK, state="state", verifier=VERIFIER
        )
        came = asked(there.agree(address))
        assert came["state"] == "state"
        found = await desk.redeem(
            "acme", there.oauth, CLIENT, code=came["code"], redirect=BACK, verifier=VERIFIER
        )
        assert found.ends_at == NOON + timedelta(hours=1)
        kept = found.as_credentials(there.oauth, CLIENT)
        assert kept[known.credential] == f"{known.prefix}{found.access}"
        again = await desk.renew("acme", there.oauth, CLIENT, found.refresh or "")
        assert again.access != found.access
        assert again.refresh != found.refresh
        with pytest.raises(ProviderAuthFailed):
            await desk.renew("acme", there.oauth, CLIENT, found.refresh or "")


async def test_a_code_is_good_once(desk: TokenDesk) -> None:
    """Whoever finds it in a history comes too late."""
    async with Consent(ACME).running() as there:
        address = consent_address(there.oauth, CLIENT, redirect=BACK, state="s", verifier=VERIFIER)
        code = asked(there.agree(address))["code"]
        given = {"code": code, "redirect": BACK, "verifier": VERIFIER}
        await desk.redeem("acme", there.oauth, CLIENT, **given)
        with pytest.raises(ProviderAuthFailed):
            await desk.redeem("acme", there.oauth, CLIENT, **given)


async def test_a_code_of_somebody_else_is_refused(desk: TokenDesk) -> None:
    """The verifier says that whoever began is who comes back."""
    async with Consent(ACME).running() as there:
        address = consent_address(there.oauth, CLIENT, redirect=BACK, state="s", verifier=VERIFIER)
        code = asked(there.agree(address))["code"]
        with pytest.raises(ProviderAuthFailed):
            await desk.redeem(
                "acme", there.oauth, CLIENT, code=code, redirect=BACK, verifier="x" * 43
            )


async def test_a_wrong_secret_is_said_as_such(desk: TokenDesk) -> None:
    """The operator's mistake is no outage."""
    async with Consent(ACME).running() as there:
        stranger = ToolClient(CLIENT.id, "wrong")
        address = consent_address(
            there.oauth, stranger, redirect=BACK, state="s", verifier=VERIFIER
        )
        code = asked(there.agree(address))["code"]
        with pytest.raises(ProviderAuthFailed) as failed:
            await desk.redeem(
                "acme", there.oauth, stranger, code=code, redirect=BACK, verifier=VERIFIER
            )
        assert code not in str(failed.value)


async def test_the_old_refresh_token_stays_where_no_new_one_comes(desk: TokenDesk) -> None:
    """Asana gives one for good."""
    async with serving(lambda _: Say(body={"access_token": "new", "expires_in": 60})) as there:
        known = replace(ACME, token_url=f"{there.url}/token")
        found = await desk.renew("acme", known, CLIENT, "for-good")
    assert (found.access, found.refresh) == ("new", "for-good")


@pytest.mark.parametrize(
    ("say", "error"),
    [
        (Say(body={"error": "bad_verification_code"}), ProviderAuthFailed),  # GitHub's 200
        (Say(status=400, body={"error": "invalid_grant"}), ProviderAuthFailed),
        (Say(status=403, body={"error": "invalid_grant"}), ProviderAuthFailed),  # Atlassian
        (Say(status=401, body={"error": "invalid_client"}), ProviderAuthFailed),
        (Say(status=503, body="down"), ProviderUnavailable),
        (Say(body={"token": "of another shape"}), ProviderSurprised),
        (Say(body="<html>"), ProviderSurprised),
    ],
)
async def test_what_goes_wrong_at_an_exchange_has_its_own_error(
    desk: TokenDesk, say: Say, error: type[Exception]
) -> None:
    """A refusal needs a person, an outage needs time."""
    async with serving(lambda _: say) as there:
        known = replace(ACME, token_url=f"{there.url}/token")
        with pytest.raises(error):
            await desk.renew("acme", known, CLIENT, "refresh")


def test_a_token_is_due_before_it_ends_and_a_key_never() -> None:
    """What is under way with it still comes to its end."""
    tokens = oauth.Tokens("a", "r", NOON + timedelta(hours=1))
    kept = tokens.as_credentials(ACME, CLIENT)
    assert oauth.due_at(kept) == NOON + timedelta(minutes=45)
    assert not oauth.is_over(kept, NOON + timedelta(minutes=59))
    assert oauth.is_over(kept, NOON + timedelta(hours=1))
    assert oauth.due_at({"token": "a key"}) is None
    assert not oauth.is_over({"token": "a key"}, NOON)
    assert oauth.due_at(oauth.Tokens("a", None, NOON).as_credentials(ACME, CLIENT)) is None


# A tool of which everybody runs their own

OWN_SERVERS = replace(ACME, consent_url="/oauth/authorize", token_url="/oauth/token", below="url")
BLUE = ToolClient("blue", "blue-secret", "https://blue.test/pm")
RED = ToolClient("red", "red-secret", "https://red.test:8443")


@pytest.mark.parametrize(
    "typed", ["https://blue.test/pm", " HTTPS://Blue.Test:443/pm/ ", "blue.test/pm"]
)
def test_what_is_typed_finds_the_server_that_the_operator_named(typed: str) -> None:
    """However people write it; the addresses are those of the operator's settings."""
    way = bound(OWN_SERVERS, [RED, BLUE], {"url": typed})
    assert way is not None
    known, client = way
    assert client == BLUE
    assert known.consent_url == "https://blue.test/pm/oauth/authorize"
    assert known.token_url == "https://blue.test/pm/oauth/token"
    assert known.scopes == OWN_SERVERS.scopes


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "https://blue.test",
        "https://blue.test/pm/x",
        "https://blue.test/PM",
        "https://blue.test/%70m",
        "https://blue.test/pm/../pm",
        "https://blue.test:444/pm",
        "http://blue.test/pm",
        "https://blue.test./pm",
        "https://bl\u03c5e.test/pm",
        "https://blue.test@evil.test/pm",
        "https://evil.test/blue.test/pm",
        "https://evil.test\\@blue.test/pm",
        "https://blue.test/pm?x=https://evil.test",
        "https://blue.test.evil.test/pm",
    ],
)
def test_an_address_that_only_looks_alike_has_no_way_in(typed: str) -> None:
    """A secret goes to the server that it was given for, and to nobody else."""
    assert bound(OWN_SERVERS, [RED, BLUE], {"url": typed}) is None


def test_a_client_of_a_server_is_none_of_a_tool_with_one_address() -> None:
    """Nor the other way round."""
    assert bound(ACME, [BLUE], {"url": "https://blue.test/pm"}) is None
    assert bound(OWN_SERVERS, [CLIENT], {"url": "https://blue.test/pm"}) is None
    assert bound(ACME, [BLUE, CLIENT], {}) == (ACME, CLIENT)
    elsewhere = replace(ACME, not_with=frozenset({"url"}))
    assert bound(elsewhere, [CLIENT], {"url": "https://git.test"}) is None


def test_a_token_is_renewed_only_by_the_server_that_gave_it() -> None:
    """Even where the credentials beside it name another one by now."""
    kept = oauth.Tokens("a", "r", NOON).as_credentials(OWN_SERVERS, BLUE)
    moved = {**kept, "url": RED.address or ""}
    way = renewable(OWN_SERVERS, [RED, BLUE], moved)
    assert way is not None
    assert way[1] == BLUE
    assert way[0].token_url == "https://blue.test/pm/oauth/token"
    assert renewable(OWN_SERVERS, [RED], moved) is None
    assert renewable(OWN_SERVERS, [RED, BLUE], {"url": "https://blue.test/pm"}) is None
    assert renewable(ACME, [CLIENT], oauth.Tokens("a").as_credentials(ACME, CLIENT)) is not None

"""What a stranger's request costs: next to nothing, wherever it knocks."""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.fernet import MultiFernet
from sqlalchemy import Engine

from bot.app import build_app
from bot.domain.operating.api_tokens import spell
from bot.hook_door import LARGEST_HOOK
from bot.jobs.embedded import EmbeddedRunner
from bot.services.sync.hook_addresses import HookAddresses
from bot.services.sync.hooks import begun
from bot.services.vault import Vault
from bot.signing_in import COOKIE
from bot.web import LARGEST_BODY
from tests.api.whole_app import KEY, PUBLIC_URL, settings_for
from tests.builders import World
from tests.statements import Statement, heard

FIVE_MINUTES = "1600000000"
"""A moment long ago, as Slack writes moments."""


class Stranger:
    """Somebody who knows the address of the server and nothing else, unless they are told."""

    def __init__(self, http: httpx.AsyncClient, hook: str) -> None:
        self.http = http
        self.hook = hook
        """Where one integration's webhooks go."""
        self.read = 0
        """Bytes that the server took of the last request's body."""

    async def sends(self, path: str, *, size: int = 0, **headers: str) -> int:
        """A request with a body of this size; the status of the answer."""
        self.read = 0

        async def body() -> AsyncIterator[bytes]:
            while self.read < size:
                self.read += 100_000
                yield b"x" * 100_000

        named = {name.replace("_", "-"): value for name, value in headers.items()}
        method = "POST" if size or "slack/events" in path or "hooks" in path else "GET"
        content = body() if size else None
        answer = await self.http.request(method, path, content=content, headers=named)
        return answer.status_code


class Cost:
    """What was done meanwhile."""

    def __init__(self) -> None:
        self.asked: list[Statement] = []
        self.opened = 0


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cost]:
    """Counts statements to any database, and secrets that are decrypted."""
    cost = Cost()

    plain = MultiFernet.decrypt

    def decrypt(self: MultiFernet, *args: Any, **kwargs: Any) -> bytes:  # noqa: ANN401
        cost.opened += 1
        return plain(self, *args, **kwargs)

    with heard(Engine) as cost.asked, monkeypatch.context() as patched:
        patched.setattr(MultiFernet, "decrypt", decrypt)
        yield cost


async def _idle(self: EmbeddedRunner) -> None:
    """Does no work of its own, which would be counted as a stranger's."""
    del self


@pytest.fixture
async def stranger(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Stranger]:
    """Give one in front of the whole app."""
    monkeypatch.setattr(EmbeddedRunner, "start", _idle)
    world = World(sqlite_url)
    integration = world.integration(world.member("admin", admin=True), provider="github")
    with world.uow.begin() as tx:
        new_marker = world.new_marker()
        begun(tx, world.team_id, integration, vault=Vault([KEY]), new_marker=new_marker)
    world.close()
    address = HookAddresses(PUBLIC_URL, [KEY]).of(integration)
    assert address is not None
    async with build_app(settings_for(sqlite_url, tmp_path)) as app:
        transport = httpx.ASGITransport(app.web)
        async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as http:
            yield Stranger(http, address.removeprefix(PUBLIC_URL))


KNOCKS: list[tuple[str, dict[str, str], int]] = [
    ("/hooks/1-guess", {}, 404),
    ("/hooks/" + "9" * 500, {}, 404),
    ("/slack/events", {}, 401),
    ("/slack/events", {"x_slack_request_timestamp": "now"}, 401),
    (
        "/slack/events",
        {"x_slack_request_timestamp": FIVE_MINUTES, "x_slack_signature": "v0=" + "0" * 64},
        401,
    ),
    ("/slack/events", {"x_slack_request_timestamp": "{now}", "x_slack_signature": "x"}, 401),
    ("/api/v1/me", {}, 401),
    ("/api/v1/me", {"authorization": "Bearer hlk_guess"}, 401),
    ("/api/v1/nothing", {}, 404),
    ("/slack/install", {}, 200),
    ("/slack/oauth_redirect?code=x&state=forged", {}, 400),
    ("/sign-in/back?code=x&state=forged.forged", {}, 400),
    ("/sign-in/back?code=x&state=forged.forged", {"cookie": f"{COOKIE}=other"}, 400),
]
"""Where a stranger knocks, with which headers, and what they are answered."""


async def test_a_stranger_is_turned_away_for_nothing(
    stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No question to the database, nothing decrypted, no byte of a large body read."""
    now = str(int(time.time()))
    for path, headers, status in KNOCKS:
        sent = {name: value.replace("{now}", now) for name, value in headers.items()}
        size = 50_000_000 if "slack/events" in path or "hooks" in path else 0
        with counted(monkeypatch) as cost:
            assert await stranger.sends(path, size=size, **sent) == status, path
        assert (cost.asked, cost.opened, stranger.read) == ([], 0, 0), path


async def test_a_made_up_token_costs_one_question(
    stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of the right form, with its checksum: it is looked for, and nothing is decrypted."""
    with counted(monkeypatch) as cost:
        bearer = f"Bearer {spell('0' * 48)}"
        assert await stranger.sends("/api/v1/me", authorization=bearer) == 401
    assert (len(cost.asked), cost.opened) == (1, 0)


async def test_a_made_up_way_to_a_tools_page_costs_one_look_at_it(
    stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whose it is stands in the address itself, so one that is not ours asks the database nothing.

    On the way back that comes after the cookie; a stranger can make one that fits.
    """
    fits = f"{COOKIE}=forged"
    for path, cookie, status in (
        ("/sign-in/forged", "", 404),
        ("/sign-in/" + "9" * 5000, "", 404),
        ("/sign-in/back?code=x&state=forged.forged", fits, 400),
    ):
        with counted(monkeypatch) as cost:
            assert await stranger.sends(path, cookie=cookie) == status, path
        assert (cost.asked, cost.opened) == ([], 1), path


async def test_a_signature_that_looks_right_costs_reading_the_body(
    stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a megabyte at most, for that is what Slack sends; it asks nobody anything."""
    moment = str(int(time.time()))
    right = {"x_slack_request_timestamp": moment, "x_slack_signature": "v0=" + "0" * 64}
    with counted(monkeypatch) as cost:
        assert await stranger.sends("/slack/events", size=200_000, **right) == 401
        assert await stranger.sends("/slack/events", size=50_000_000, **right) == 413
    assert (cost.asked, cost.opened) == ([], 0)
    assert stranger.read <= LARGEST_BODY + 100_000


async def test_who_knows_a_webhooks_address_and_no_secret_costs_two_questions(
    stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of addresses that leaked; a body that says its size is not read, and none to its end."""
    with counted(monkeypatch) as cost:
        assert await stranger.sends(stranger.hook, size=1000) == 401
    assert len(cost.asked) == 2
    with counted(monkeypatch) as cost:
        assert await stranger.sends(stranger.hook, size=50_000_000) == 413
    assert (cost.asked, cost.opened) == ([], 0)
    assert stranger.read <= LARGEST_HOOK + 100_000
    told = str(LARGEST_HOOK + 1)
    assert await stranger.sends(stranger.hook, size=50_000_000, content_length=told) == 413
    assert stranger.read == 0

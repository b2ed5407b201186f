"""Every way in while the database cannot be reached: a plain word, and nobody's fault."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from structlog.testing import capture_logs

from bot.app import App, build_app
from bot.domain.ids import IntegrationId, MemberId, SlackUserId, TeamId
from bot.domain.linking.write_back import WriteMode
from bot.domain.operating.api_tokens import spell
from bot.domain.people.people import Member
from bot.domain.people.tool_sign_ins import SiteWish
from bot.domain.states import Role
from bot.integrations.registry import Registry
from bot.services.operating.install_states import InstallStates
from bot.services.operating.installations import Installations
from bot.services.people.tool_sign_ins import ToolSignIns
from bot.services.sync.hook_addresses import HookAddresses
from bot.services.vault import Vault
from bot.settings import Settings
from bot.signing_in import COOKIE
from tests.api.whole_app import KEY, PUBLIC_URL, SIGNING_SECRET, settings_for
from tests.builders import NOON, World
from tests.http_server import Say, Seen, serving
from tests.installed import ACME
from tests.wire import Wire

SAYS = "The database cannot be reached right now; nothing was changed. Try again in a minute."


class Site:
    """A server for many workspaces, on a database that can be cut off."""

    def __init__(self, app: App, http: httpx.AsyncClient, wire: Wire, answers_to: str) -> None:
        self.app = app
        self.http = http
        self.wire = wire
        self._answers_to = answers_to

    async def slack(self, body: str) -> httpx.Response:
        """A request of Slack's."""
        moment = str(int(time.time()))
        base = f"v0:{moment}:{body}".encode()
        digest = hmac.new(SIGNING_SECRET.encode(), base, hashlib.sha256).hexdigest()
        headers = {
            "x-slack-request-timestamp": moment,
            "x-slack-signature": f"v0={digest}",
            "content-type": "application/x-www-form-urlencoded",
        }
        return await self.http.post("/slack/events", content=body.encode(), headers=headers)

    async def command(self, text: str) -> httpx.Response:
        """Ana types."""
        form = {
            "command": "/track",
            "text": text,
            "team_id": "T0ACME",
            "user_id": "U0ANA",
            "channel_id": "C0OPS",
            "trigger_id": "1.2.3",
            "response_url": self._answers_to,
        }
        return await self.slack(urlencode(form))

    async def interaction(self, kind: str, **more: object) -> httpx.Response:
        """Ana clicks, types into a select, or sends a form."""
        payload = {
            "type": kind,
            "team": {"id": "T0ACME"},
            "user": {"id": "U0ANA", "team_id": "T0ACME"},
            "trigger_id": "1.2.3",
            "actions": [{"action_id": "track.stop", "action_ts": "1.2", "value": ""}],
            "action_id": "link.find",
            "value": "web",
            **more,
        }
        return await self.slack(urlencode({"payload": json.dumps(payload)}))

    async def clicks_in_a_message(self) -> httpx.Response:
        """Where a click may be answered without a token."""
        return await self.interaction("block_actions", response_url=self._answers_to)

    async def event(self) -> httpx.Response:
        """Somebody's zone changed."""
        user = {"id": "U0ANA", "team_id": "T0ACME", "tz": "Europe/Berlin"}
        event = {"type": "user_change", "user": user}
        told = {"type": "event_callback", "team_id": "T0ACME", "event": event}
        return await self.slack(json.dumps(told))


@pytest.fixture
def wire(postgresql_url: str) -> Iterator[Wire]:
    """Give a way to a database with a workspace that has installed Hourlink."""
    world = World(postgresql_url)
    world.member("ana", admin=True)
    Installations(world.uow, Vault([KEY]), world.new_marker()).save(ACME, NOON)
    world.close()
    made = Wire(postgresql_url)
    yield made
    made.close()


@pytest.fixture
def answers() -> list[str]:
    """Give what comes to the response URL."""
    return []


@pytest.fixture
async def site(wire: Wire, tmp_path: Path, answers: list[str]) -> AsyncIterator[Site]:
    """Give it, running."""

    def hear(request: Seen) -> Say:
        answers.append(request.body["text"])
        return Say()

    async with (
        serving(hear) as slack,
        build_app(settings_for(wire.url, tmp_path)) as app,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app.web), base_url=PUBLIC_URL, timeout=60
        ) as http,
    ):
        yield Site(app, http, wire, slack.url)


async def test_slack_is_told_whoever_asks(site: Site, answers: list[str]) -> None:
    """Even of a workspace that this process has not met yet, whose token it cannot read."""
    site.wire.cut()
    with capture_logs() as logged:
        typed = await site.command("start WEB-1")
        assert (typed.status_code, typed.json()["text"]) == (200, SAYS)
        assert typed.json()["response_type"] == "ephemeral"
        sent = await site.interaction(
            "view_submission", view={"id": "V1", "type": "modal", "callback_id": "log.form"}
        )
        assert sent.json()["response_action"] == "push"
        assert SAYS in json.dumps(sent.json()["view"])
        assert (await site.clicks_in_a_message()).status_code == 200
        assert answers == [SAYS]
        in_home = await site.interaction("block_actions", view={"id": "V9", "type": "home"})
        assert in_home.status_code == 503, "Slack shows that it did not work"
        assert (await site.interaction("block_suggestion")).json() == {"options": []}
        assert (await site.event()).status_code == 503, "Slack sends it again"
    assert [one["event"] for one in logged] == ["database_away"]


async def test_who_is_known_is_told_the_same(site: Site, answers: list[str]) -> None:
    """Somebody who has just used it; and when the database is back, all goes on by itself."""
    assert "timer" in (await site.command("status")).json()["text"]
    site.wire.cut()
    with capture_logs() as logged:
        assert (await site.command("start WEB-1")).json()["text"] == SAYS
        await site.clicks_in_a_message()
        await heard(answers)
        assert answers == [SAYS]
        assert "Reference" not in str(logged)
    assert [one for one in logged if "exc_info" in one] == []
    site.wire.mend()
    assert "timer" in (await site.command("status")).json()["text"]
    assert (await site.event()).status_code == 200


async def heard(answers: list[str]) -> None:
    """Waits for what follows an acknowledgement."""
    async with asyncio.timeout(60):
        while not answers:  # noqa: ASYNC110 - nobody could tell
            await asyncio.sleep(0.01)


async def test_programs_tools_and_browsers_are_told(site: Site, wire: Wire) -> None:
    """Each in its own way, that it is worth coming again; a monitor sees what is wrong."""
    now, vault, settings = datetime.now(UTC), Vault([KEY]), settings_for(wire.url, Path())
    on_the_way = signing_in(settings, vault)
    installing = InstallStates([KEY]).make("chance", now)
    hook = HookAddresses(PUBLIC_URL, [KEY]).of(IntegrationId(7))
    wire.cut()
    with capture_logs() as logged:
        bearer = {"authorization": f"Bearer {spell('0' * 48)}"}
        asked = await site.http.get("/api/v1/me", headers=bearer)
        assert (asked.status_code, asked.json()["code"]) == (503, "busy")
        assert asked.json()["detail"] == SAYS
        assert "retry-after" in asked.headers
        assert (await site.http.post(str(hook), content=b"{}")).status_code == 503
        for page, cookie in (
            (f"/sign-in/{on_the_way}", ""),
            (f"/sign-in/back?code=x&state=t.{on_the_way}", f"{COOKIE}=t"),
        ):
            shown = await site.http.get(page, headers={"cookie": cookie})
            assert shown.status_code == 503
            assert SAYS in shown.text
        back = f"/slack/oauth_redirect?code=x&state={installing}"
        cookie = f"slack-app-oauth-state={installing}"
        shown = await site.http.get(back, headers={"cookie": cookie})
        assert shown.status_code == 503
        assert "may not be installed yet" in shown.text
        ready = await site.http.get("/readyz")
        assert (ready.status_code, ready.json()["database"]) == (503, "no answer")
        assert (await site.http.get("/healthz")).status_code == 200
        assert site.app.operator_web
        transport = httpx.ASGITransport(site.app.operator_web)
        async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as monitor:
            assert (await monitor.get("/metrics")).status_code == 503
    assert [one["event"] for one in logged] == ["database_away"]
    wire.mend()
    assert (await site.http.get("/readyz")).json()["database"] == "ok"


def signing_in(settings: Settings, vault: Vault) -> str:
    """What is in the address of somebody who is on their way to a tool's page."""
    sign_ins = ToolSignIns(
        Registry.load(),
        vault,
        clients=settings.clients,
        public_url=PUBLIC_URL,
        new_verifier=lambda: "v" * 64,
    )
    ana = Member(
        id=MemberId(1),
        team_id=TeamId("T0ACME"),
        slack_user_id=SlackUserId("U0ANA"),
        name="Ana",
        email=None,
        zone="UTC",
        role=Role.ADMIN,
        is_guest=False,
        is_active=True,
    )
    wish = SiteWish({"workspace": "Acme"}, "C0OPS", WriteMode.APPROVED, None)
    address = sign_ins.begin(ana, "asana", wish, wish.values, datetime.now(UTC))
    return address.rpartition("/")[2]

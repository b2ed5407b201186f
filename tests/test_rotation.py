"""Slack's tokens of many workspaces, exchanged by real processes that share a database."""

import asyncio
import hashlib
import hmac
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlencode

import httpx
import pytest
from sqlalchemy import text

from bot.domain.ids import TeamId
from bot.services.operating.installations import Installations
from bot.services.vault import Vault
from tests.builders import NOON, World
from tests.hourlink_process import SECRET, complete, hourlink, port_of
from tests.http_server import Say, Seen, serving
from tests.installed import ACME

PATIENT = {
    "bot.many_workspaces:PATIENCE": 10_000,
    "handlers.edge:PATIENCE": 600,
    "bot.server:LATEST": 600,
}
OLD, NEW = "xoxe.xoxb-old", "xoxe.xoxb-new"


class Slack:
    """Gives each token once for a refresh token, and takes no token that has ended."""

    def __init__(self) -> None:
        self.exchanged: list[str] = []
        self.used: list[str] = []
        self.living = {NEW}

    def answer(self, asked: Seen) -> Say:
        """One call."""
        form = {name: value[0] for name, value in parse_qs(asked.content.decode()).items()}
        if asked.path.endswith("oauth.v2.access"):
            self.exchanged.append(form["refresh_token"])
            if len(self.exchanged) > 1:
                return Say(body={"ok": False, "error": "invalid_refresh_token"})
            given = {"access_token": NEW, "refresh_token": "xoxe-2", "expires_in": 43_200}
            return Say(body={"ok": True} | given, wait=1.0)
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        self.used.append(token)
        if token not in self.living:
            return Say(body={"ok": False, "error": "token_expired"})
        if asked.path.endswith("users.info"):
            user = {
                "id": form.get("user") or asked.query.get("user"),
                "team_id": "T0ACME",
                "name": "ana",
                "tz": "UTC",
            }
            return Say(body={"ok": True, "user": user | {"profile": {}}})
        return Say(body={"ok": True, "channel": "C1", "ts": "1.1"})


@pytest.fixture
def world(postgresql_url: str) -> Iterator[World]:
    """Give a database."""
    made = World(postgresql_url)
    yield made
    made.close()


async def types(http: httpx.AsyncClient, port: int, user: str) -> str:
    """Somebody types a command that arrives at one of the processes."""
    form = {
        "command": "/track",
        "text": "status",
        "team_id": "T0ACME",
        "user_id": user,
        "channel_id": "C0OPS",
        "trigger_id": "1.2.3",
        "response_url": "http://127.0.0.1:9/",
    }
    body, moment = urlencode(form).encode(), str(int(time.time()))
    base = b"v0:" + moment.encode() + b":" + body
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": moment,
        "x-slack-signature": f"v0={hmac.new(SECRET.encode(), base, hashlib.sha256).hexdigest()}",
    }
    answer = await http.post(f"http://127.0.0.1:{port}/slack/events", content=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["text"])


async def test_two_processes_exchange_a_token_once_and_both_go_on(
    postgresql_url: str, world: World, tmp_path: Path
) -> None:
    """What it is exchanged with is good once: a second use would lock the whole workspace out."""
    slack = Slack()
    async with serving(slack.answer) as server:
        settings = complete(tmp_path) | {
            "HOURLINK_DATABASE_URL": postgresql_url,
            "SLACK_API_URL": f"{server.url}/api/",
            "SLACK_CLIENT_ID": "1.2",
            "SLACK_CLIENT_SECRET": "secret",
            "HOURLINK_PUBLIC_URL": "https://hourlink.test",
        }
        del settings["SLACK_BOT_TOKEN"]
        installed = replace(
            ACME,
            token=OLD,
            refresh_token="xoxe-1",
            expires_at=datetime.now(UTC) - timedelta(minutes=1),
        )
        vault = Vault([settings["HOURLINK_SECRET_KEYS"]])
        Installations(world.uow, vault, world.new_marker()).save(installed, NOON)
        with ExitStack() as stack:
            processes = [stack.enter_context(hourlink("serve", settings, PATIENT)) for _ in "ab"]
            ports = [await asyncio.to_thread(port_of, one) for one in processes]
            async with httpx.AsyncClient(trust_env=False, timeout=300) as http:
                for round_ in range(2):
                    said = await asyncio.gather(
                        *(
                            types(http, port, f"U0R{round_}P{at}N{number}")
                            for at, port in enumerate(ports)
                            for number in range(3)
                        )
                    )
                    assert all("timer" in one for one in said), said
        assert slack.exchanged == ["xoxe-1"]
        assert set(slack.used) == {NEW}
        assert len(slack.used) >= 12, "each process asked who people are"
        kept = Installations(world.uow, vault, world.new_marker()).find(TeamId("T0ACME"))
        assert kept is not None
        assert (kept.installation.token, kept.installation.refresh_token) == (NEW, "xoxe-2")
        with world.engine.connect() as connection:
            query = text("SELECT rotating_until FROM installation")
            assert connection.execute(query).scalar_one() is None

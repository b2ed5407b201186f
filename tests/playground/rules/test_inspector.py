"""What was said between Slack and the app: the log, its live push, and the export."""

import asyncio

import aiohttp
import httpx

from playground.shapes import Json
from tests.playground.bench import Bench
from tests.playground.rules.conftest import Begin, Stage


def entries(stage: Stage, **query: object) -> list[Json]:
    """The log, filtered."""
    rows: list[Json] = stage.client.get(
        f"{stage.play.url}/ui/log",
        params={key: str(value) for key, value in query.items()},
    ).json()["log"]
    return rows


def test_an_entry_holds_both_sides_whole(bench: Bench) -> None:
    """Requests, answers, headers, timing, and how it went; nothing secret."""
    bench.person("ana").types("/echo hello", channel="general")
    entry = next(row for row in bench.play.slack.log() if row["kind"] == "slash_commands")
    assert (entry["direction"], entry["what"], entry["via"]) == ("to app", "/echo hello", "http")
    assert (entry["status"], entry["failed"], entry["team"]) == ("200", False, "T0ACME")
    assert entry["request"]["text"] == "hello"
    assert entry["response"]["blocks"]
    assert entry["ms"] > 0
    asyncio.run(bench.client.auth_test())
    call = bench.play.slack.log(1)[0]
    assert (call["direction"], call["kind"], call["what"]) == ("from app", "web_api", "auth.test")
    assert call["headers"]["authorization"] == "***"
    told = str(bench.play.slack.log())
    for secret in (bench.play.bot_token, bench.play.app_token, bench.play.signing_secret):
        assert secret not in told


def test_secrets_are_masked_wherever_they_stand(begin: Begin) -> None:
    """Also in bodies, and in messages that quote them."""
    stage = begin()
    stage.client.post(f"{stage.play.api_url}auth.test", data={"token": stage.play.bot_token})
    stage.call("chat.postMessage", channel="C0OPS", text=f"psst {stage.play.client_secret}")
    rows = entries(stage, direction="from app")
    assert rows[1]["request"]["token"] == "***"
    assert rows[0]["request"]["text"] == "psst ***"


def test_the_log_can_be_filtered(begin: Begin) -> None:
    """By direction, failure, words, team and what is known already."""
    stage = begin()
    stage.call("auth.test")
    stage.call("users.info", user="U404")
    stage.ui("command", as_="U0ANA", channel="C0WEB", text="/do something")
    assert len(entries(stage)) == 3
    assert [row["what"] for row in entries(stage, direction="to app")] == ["/do something"]
    assert [row["what"] for row in entries(stage, failed=1)] == ["/do something", "users.info"]
    assert [row["what"] for row in entries(stage, text="u404")] == ["users.info"]
    assert entries(stage, team="T404") == []
    first = entries(stage)[-1]["id"]
    assert len(entries(stage, after=first)) == 2
    assert len(entries(stage, limit=1)) == 1


def test_pages_that_ask_hear_of_everything_live(begin: Begin) -> None:
    """log=1 adds the log to a page's news; no revision counts it, the clock or the line."""
    stage = begin()

    async def watch(query: str, count: int) -> list[Json]:
        url = f"{stage.play.url.replace('http', 'ws')}/ui/live?as=U0ANA{query}"
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as live:
            hello = await live.receive_json()
            await asyncio.to_thread(stage.call, "auth.test")
            await asyncio.to_thread(stage.ui, "clock", advance=1)
            await asyncio.to_thread(stage.ui, "link", delay_ms=0)
            await asyncio.to_thread(stage.call, "chat.postMessage", channel="C0OPS", text="x")
            return [hello, *[await live.receive_json() for _ in range(count)]]

    everything = asyncio.run(watch("&log=1", 6))
    kinds = [row["type"] for row in everything]
    assert kinds == ["hello", "log", "clock", "link", "message", "unread", "log"]
    assert everything[1]["entry"]["what"] == "auth.test"
    own = asyncio.run(watch("", 4))
    assert [row["type"] for row in own] == ["hello", "clock", "link", "message", "unread"]
    assert own[0]["revision"] == everything[0]["revision"] + 2


def test_a_conversation_becomes_test_payloads(bench: Bench) -> None:
    """The messages one sees, and what the app was sent about them, as it got it."""
    ana = bench.person("ana")
    ana.types("/echo hello", channel="web")
    ana.clicks("Louder")
    ana.sees("HELLO!")
    ana.types("/echo elsewhere", channel="ops")
    url = f"{bench.play.url}/ui/export"
    query = {"as": ana.id, "channel": "C0WEB"}
    taken = httpx.get(url, params=query, trust_env=False, timeout=60).json()
    assert (taken["team"]["id"], taken["channel"]["name"]) == ("T0ACME", "web")
    assert "U0ANA" in {row["id"] for row in taken["people"]}
    assert [row["text"] for row in taken["messages"]] == ["HELLO!"]
    payloads = {row["kind"]: row for row in taken["payloads"]}
    assert set(payloads) == {"slash_commands", "interactive"}
    assert payloads["slash_commands"]["body"]["command"] == "/echo"
    assert payloads["slash_commands"]["answer"]["blocks"]
    assert payloads["interactive"]["body"]["actions"][0]["value"] == "hello"
    outside = httpx.get(
        url, params={"as": ana.id, "channel": "C404"}, trust_env=False, timeout=60
    ).json()
    assert outside["error"] == "channel_not_found"
    dm = httpx.get(
        url, params={"as": "U0GUS", "channel": "C0OPS"}, trust_env=False, timeout=60
    ).json()
    assert dm["error"] == "not_in_channel"

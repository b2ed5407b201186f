"""Events: what happens in the team reaches an app that asked for it, also at the second try."""

import asyncio
import re
from typing import Any

import httpx
import pytest
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from playground.delivery import signature
from playground.shapes import Json
from tests.playground.bench import Bench, House, Start


def test_a_failed_event_comes_again_under_the_same_id(start: Start, house: House) -> None:
    """Retries carry number and reason, and end with the first 200."""
    bench = start(event_retries=(0.0, 0.02, 0.02))
    got: list[tuple[str, str | None, str | None]] = []

    async def flaky(request: Request) -> Response:
        headers = request.headers
        body = await request.json()
        got.append(
            (
                body["event_id"],
                headers.get("x-slack-retry-num"),
                headers.get("x-slack-retry-reason"),
            )
        )
        return Response(status_code=200 if len(got) == 3 else 500)

    house.app = Starlette(routes=[Route("/slack/events", flaky, methods=["POST"])])
    bench.person("ana").opens_home()
    bench.settle(lambda: len(got) == 3)
    assert len({row[0] for row in got}) == 1
    assert [row[1:] for row in got] == [
        (None, None),
        ("1", "http_error"),
        ("2", "http_error"),
    ]


def test_an_app_may_refuse_retries(start: Start, house: House) -> None:
    """x-slack-no-retry ends the repeats."""
    bench = start(event_retries=(0.0, 0.0))
    got: list[Request] = []

    async def refusing(request: Request) -> Response:
        got.append(request)
        return Response(status_code=500, headers={"x-slack-no-retry": "1"})

    house.app = Starlette(routes=[Route("/slack/events", refusing, methods=["POST"])])
    ana = bench.person("ana")
    ana.opens_home()
    bench.settle(lambda: bool(got))
    ana.does_not_see("anything", within=0.2)
    assert len(got) == 1


def test_requests_are_signed_as_slack_signs(bench: Bench) -> None:
    """slack_sdk accepts the signature, and Bolt refuses another or an old one."""
    seen: list[bool] = []

    @bench.app.middleware
    async def check(req: AsyncBoltRequest, next: Any) -> None:  # noqa: A002, ANN401
        verifier = SignatureVerifier(bench.play.signing_secret)
        headers = {key: value[0] for key, value in req.headers.items()}
        seen.append(verifier.is_valid_request(req.raw_body, headers))
        await next()

    bench.person("ana").types("/echo x", channel="general")
    assert seen == [True]


@pytest.mark.parametrize("secret", ["wrong", None])
def test_bolt_refuses_a_bad_signature(bench: Bench, house: House, secret: str | None) -> None:
    """A request signed with another secret, or not at all, is a 401 and changes nothing."""
    body = "command=%2Fecho&text=x&team_id=T0ACME"
    stamp = "1500000000"
    headers = {"content-type": "application/x-www-form-urlencoded"}
    if secret:
        headers |= {
            "x-slack-request-timestamp": stamp,
            "x-slack-signature": signature(secret, stamp, body),
        }
    answer = httpx.post(house.url, content=body, headers=headers, trust_env=False, timeout=60)
    assert answer.status_code == 401
    assert bench.bodies == []


def test_bolt_accepts_the_url_handshake(bench: Bench) -> None:
    """The challenge comes back."""
    answer = httpx.post(f"{bench.play.url}/ui/verify", json={}, trust_env=False, timeout=60)
    assert answer.json() == {"ok": True}


def test_mentions_and_memberships_are_told(bench: Bench) -> None:
    """A mention of the app, and somebody entering a channel it is in."""
    for name in ("app_mention", "member_joined_channel"):

        @bench.app.event(name)
        async def note() -> None:
            pass

    ana = bench.person("ana")
    ana.types("hey @Echo, look", channel="general")
    event = bench.wait_for("app_mention")[0]["event"]
    assert event["text"] == "hey <@U0APP>, look"
    ana.types("/invite @gus", channel="ops")
    joined = bench.wait_for("member_joined_channel")[0]["event"]
    assert (joined["user"], joined["channel"], joined["inviter"]) == ("U0GUS", "C0OPS", "U0ANA")


def test_an_event_nobody_subscribed_to_is_not_sent(bench: Bench) -> None:
    """The manifest has no message.groups: private channels stay private."""
    bench.person("ana").types("/invite @Echo", channel="leads")
    bench.person("ana").types("secret", channel="leads")
    bench.person("ana").types("public", channel="general")
    bench.wait_for("message")
    assert [body["event"]["text"] for body in bench.got("message")] == ["public"]


def test_links_are_unfurled(bench: Bench) -> None:
    """A link to the app's domain is told, and its preview shows on the message."""

    @bench.app.event("link_shared")
    async def unfurl(event: Json) -> None:
        url = event["links"][0]["url"]
        await bench.client.chat_unfurl(
            unfurl_id=event["unfurl_id"],
            source=event["source"],
            unfurls={
                url: {
                    "blocks": [
                        {"type": "header", "text": {"type": "plain_text", "text": "Apple, 3 kg"}}
                    ]
                }
            },
        )

    bo = bench.person("bo")
    bo.types("see https://shop.fruit.test/a?b=1&c=2 and https://other.test", channel="web")
    seen = bo.sees("Apple, 3 kg")
    assert seen.raw["attachments"][0]["from_url"] == "https://shop.fruit.test/a?b=1&c=2"
    links = bench.got("link_shared")[0]["event"]["links"]
    assert [link["domain"] for link in links] == ["fruit.test"]


def test_only_posted_links_of_the_apps_domains_are_unfurled(bench: Bench) -> None:
    """Anything else is refused: a link that nobody posted, another domain, a lost message."""

    @bench.app.event("link_shared")
    async def note() -> None:
        pass

    bo = bench.person("bo")
    bo.types("https://fruit.test/a https://fruit.test/a https://other.test/b", channel="web")
    event = bench.wait_for("link_shared")[0]["event"]
    assert [link["url"] for link in event["links"]] == ["https://fruit.test/a"]
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "Apple"}}]

    def unfurls(url: str, ts: str = event["message_ts"]) -> str:
        answer = httpx.post(
            f"{bench.play.api_url}chat.unfurl",
            headers={"authorization": f"Bearer {bench.play.bot_token}"},
            json={"channel": event["channel"], "ts": ts, "unfurls": {url: {"blocks": blocks}}},
            trust_env=False,
            timeout=60,
        ).json()
        return str(answer.get("error", "ok"))

    assert unfurls("https://fruit.test/a") == "ok"
    assert unfurls("https://fruit.test/c") == "cannot_unfurl_url"
    assert unfurls("https://other.test/b") == "cannot_unfurl_url"
    assert unfurls("https://fruit.test/a", "1.000001") == "cannot_find_message"
    assert len(bo.messages("web")[-1].raw["attachments"]) == 1


def test_a_changed_person_is_told(bench: Bench) -> None:
    """Deactivation is a user_change event with the whole person."""

    @bench.app.event("user_change")
    async def note() -> None:
        pass

    bench.play.slack.changes("bo", deleted=True)
    event = bench.wait_for("user_change")[0]["event"]
    assert (event["user"]["id"], event["user"]["deleted"]) == ("U0BO", True)


def test_an_uninstalled_app_is_told_and_locked_out(bench: Bench) -> None:
    """Both events come, the token is dead, and the command is gone."""
    for name in ("app_uninstalled", "tokens_revoked"):

        @bench.app.event(name)
        async def note() -> None:
            pass

    bench.play.slack.uninstalls_app()
    ana = bench.person("ana")
    ana.types("/echo x", channel="general")
    ana.sees("/echo is not a valid command")
    answer = httpx.post(
        f"{bench.play.api_url}auth.test",
        headers={"authorization": f"Bearer {bench.play.bot_token}"},
        trust_env=False,
        timeout=60,
    )
    assert answer.json()["error"] == "account_inactive"

    def told() -> list[str]:
        log = bench.play.slack.log()
        return sorted(entry["what"] for entry in log if entry["direction"] == "to app")

    bench.settle(lambda: len(told()) >= 2)
    assert told() == ["app_uninstalled", "tokens_revoked"]


def test_shortcuts_open_from_anywhere_and_from_a_message(bench: Bench) -> None:
    """A message shortcut carries the message; a global one has no response_url."""

    @bench.app.shortcut("echo_this")
    async def echo_this(ack: AsyncAck, shortcut: Json, respond: Any) -> None:  # noqa: ANN401
        await ack()
        await respond(text=f"Again: {shortcut['message']['text']}")

    @bench.app.shortcut(re.compile("order_now"))
    async def order_now(ack: AsyncAck) -> None:
        await ack()

    ana = bench.person("ana")
    ana.types("a fine message", channel="general")
    ana.uses_shortcut("Echo this", on="a fine message")
    ana.sees("Again: a fine message")
    assert bench.got("message_action")[0]["channel"]["id"] == "C0GENERAL"
    ana.uses_shortcut("Order fruit")
    body = bench.got("shortcut")[0]
    assert body["callback_id"] == "order_now"
    assert "response_url" not in body


def test_clicks_the_app_refuses_leave_a_notice(bench: Bench) -> None:
    """A button nobody listens to is a 404: the person is told, and nothing is retried."""

    @bench.app.command("/do")
    async def do(ack: AsyncAck) -> None:
        button = {
            "type": "button",
            "action_id": "none",
            "text": {"type": "plain_text", "text": "Go"},
        }
        await ack(text="Go?", blocks=[{"type": "actions", "elements": [button]}])

    ana = bench.person("ana")
    ana.types("/do", channel="general")
    ana.clicks("Go")
    ana.sees("We had some trouble connecting")
    assert len(bench.got("block_actions")) == 1


def test_a_body_in_the_answer_to_a_click_is_ignored(bench: Bench) -> None:
    """Since Block Kit, only response_url can answer a click."""

    @bench.app.command("/do")
    async def do(ack: AsyncAck) -> None:
        button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
        await ack(text="Go?", blocks=[{"type": "actions", "elements": [button]}])

    @bench.app.action("go")
    async def go(ack: Any) -> None:  # noqa: ANN401 - the argument Slack does not have
        await ack({"text": "Gone", "replace_original": True})

    ana = bench.person("ana")
    ana.types("/do", channel="general")
    ana.clicks("Go")
    ana.does_not_see("Gone")


def test_people_see_news_as_it_happens(bench: Bench) -> None:
    """The page's live stream tells of messages, unread counts and views."""
    bo = bench.person("bo")
    bo.goes_to("general")

    async def watch() -> list[str]:
        import aiohttp  # noqa: PLC0415 - only this test speaks WebSocket

        url = bench.play.url.replace("http", "ws") + "/ui/live?as=U0BO"
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as live:
            await asyncio.to_thread(bench.person("ana").types, "news", "general")
            await asyncio.to_thread(bo.types, "/echo mine", "general")
            await asyncio.to_thread(bo.clicks, "Order fruit")
            return [(await live.receive_json())["type"] for _ in range(6)]

    kinds = asyncio.run(watch())
    assert kinds == ["hello", "message", "unread", "message", "unread", "view_opened"]

"""response_url: five answers in half an hour, in the place where somebody acted."""

import asyncio

import pytest
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.webhook import WebhookClient

from playground.shapes import Json
from tests.playground.bench import Bench
from tests.playground.rules.conftest import Stage
from tests.playground.rules.samples import actions, button, section


def from_command(bench: Bench) -> WebhookClient:
    """The response_url of a fresh command."""
    bench.person("ana").types("/echo x", channel="general")
    return WebhookClient(bench.bodies[-1]["response_url"])


def test_the_sixth_answer_is_refused(bench: Bench) -> None:
    """A refused answer counts too, as in Slack any request does."""
    hook = from_command(bench)
    assert hook.send(blocks=[section("")]).status_code == 400
    answers = [hook.send(text=f"answer {number}") for number in range(1, 6)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 404]
    assert "used_url" in answers[-1].body


def test_it_lives_for_half_an_hour(bench: Bench) -> None:
    """The playground's clock counts."""
    first, second = from_command(bench), from_command(bench)
    bench.play.slack.advances(29 * 60)
    assert first.send(text="in time").status_code == 200
    bench.play.slack.advances(61)
    late = second.send(text="too late")
    assert (late.status_code, "expired_url" in late.body) == (404, True)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"text": ""}, "no_text"),
        ({"text": "x", "blocks": [section("")]}, "invalid_blocks"),
        ({"text": "x", "attachments": [{"blocks": [section("")]}]}, "invalid_attachments"),
    ],
)
def test_its_content_follows_the_rules_of_messages(bench: Bench, body: Json, error: str) -> None:
    """An answer is a message like any other."""
    refused = from_command(bench).send_dict(body)
    assert (refused.status_code, error in refused.body) == (400, True)


def test_a_person_cannot_be_overwritten(bench: Bench) -> None:
    """A message shortcut's response_url answers beside a person's message, never over it."""

    @bench.app.shortcut("echo_this")
    async def note(ack: AsyncAck) -> None:
        await ack()

    ana = bench.person("ana")
    ana.types("mine", channel="general")
    ana.uses_shortcut("Echo this", on="mine")
    hook = WebhookClient(bench.bodies[-1]["response_url"])
    refused = hook.send(text="yours", replace_original=True)
    assert (refused.status_code, "cant_update_message" in refused.body) == (400, True)
    ana.sees("mine")


def test_it_speaks_where_the_app_may_not(bench: Bench) -> None:
    """A click in a channel that only admins write in can still be answered."""
    blocks = [actions(button())]
    posted = asyncio.run(
        bench.client.chat_postMessage(channel="C0GENERAL", text="x", blocks=blocks)
    )
    assert posted["ok"]

    @bench.app.action("a")
    async def note(ack: AsyncAck) -> None:
        await ack()

    ana = bench.person("ana")
    ana.goes_to("general")
    ana.clicks("Go")
    hook = WebhookClient(bench.got("block_actions")[-1]["response_url"])
    assert hook.send(text="done", replace_original=True).status_code == 200
    ana.sees("done")


@pytest.mark.parametrize(
    ("place", "body", "status", "told"),
    [
        ("T0ACME/none", b'{"text": "x"}', 404, "expired_url"),
        ("T404/none", b'{"text": "x"}', 404, "team_not_found"),
        ("T0ACME/none", b"[]", 400, "invalid_payload"),
        ("T0ACME/none", b"garbage", 400, "invalid_payload"),
    ],
)
def test_addresses_and_bodies_that_are_none(
    stage: Stage, place: str, body: bytes, status: int, told: str
) -> None:
    """What Slack never handed out, and what is no JSON."""
    answer = stage.client.post(f"{stage.play.url}/response/{place}", content=body)
    assert (answer.status_code, told in answer.text) == (status, True)

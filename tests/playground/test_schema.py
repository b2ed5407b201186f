"""What apps send and the playground accepts has the structure of Slack's own types."""

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft7Validator
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from playground.shapes import Json, plain
from playground.testing import Playground
from tests.playground.bench import Bench
from tests.playground.rules.samples import IN_MESSAGES, section

pytestmark = pytest.mark.slack_schema


@cache
def validator() -> Draft7Validator:
    """Slack's types of blocks as a schema."""
    path = Path(os.environ["HOURLINK_SLACK_SCHEMAS"], "slack-blocks.schema.json")
    schema = json.loads(path.read_text(encoding="utf-8"))
    return Draft7Validator({**schema, "$ref": "#/definitions/Blocks"})


def problems(blocks: object) -> list[str]:
    """What is wrong with the structure of blocks."""
    return [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
        for error in validator().iter_errors(blocks)
    ]


def sent(play: Playground) -> Iterator[list[Json]]:
    """All blocks that an app sent, in calls and in acknowledgements."""
    for entry in play.slack.log(500):
        for side in (entry["request"], entry["response"]):
            if not isinstance(side, dict):
                continue
            for holder in (side, side.get("view")):
                if isinstance(holder, dict) and holder.get("blocks"):
                    yield holder["blocks"]


@pytest.mark.parametrize("block", IN_MESSAGES, ids=lambda block: block["type"])
def test_the_samples_of_the_rules_are_slacks(block: Json) -> None:
    """So the rules are tested with what Slack knows."""
    assert problems([block]) == []


def test_the_example_app_speaks_slacks_types(bench: Bench) -> None:
    """Everything it shows in a whole story, as it sent it and as the playground keeps it."""
    ana = bench.person("ana")
    ana.types("/echo hello", channel="general")
    ana.clicks("Order fruit")
    ana.chooses("Fruit", "Apple", typing="ap")
    ana.submits()
    ana.opens_home()
    ana.sees("Welcome")
    found = list(sent(bench.play))
    assert len(found) >= 4
    assert [problems(blocks) for blocks in found] == [[]] * len(found)
    for message in ana.messages("general"):
        assert problems(message.raw["blocks"]) == []


@pytest.mark.parametrize(
    "block",
    [
        {"type": "section", "text": "bare words"},
        {"type": "header", "text": {"type": "mrkdwn", "text": "h"}},
        {"type": "actions", "elements": [section()]},
        {"type": "input", "label": plain("L"), "element": {"type": "button", "text": plain("x")}},
    ],
)
def test_the_schema_refuses_what_the_rules_refuse(bench: Bench, block: Json) -> None:
    """Both say no to the same."""
    assert problems([block])
    client = WebClient(bench.play.bot_token, base_url=bench.play.api_url)
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        client.chat_postMessage(channel="C0GENERAL", text="x", blocks=[block])

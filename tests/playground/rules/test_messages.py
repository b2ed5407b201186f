"""Limits on a message as a whole."""

import pytest

from playground.driver import Slack
from playground.shapes import Json
from tests.playground.rules.conftest import Answer
from tests.playground.rules.samples import (
    chart,
    field,
    section,
    table,
)

WHOLE: list[tuple[str, list[Json], str, str]] = [
    ("51 blocks", [section()] * 51, "invalid_blocks", "no more than 50 items allowed"),
    (
        "the same block_id twice",
        [section(block_id="i"), section(block_id="i")],
        "invalid_blocks",
        "`block_id` must be unique",
    ),
    ("three charts", [chart()] * 3, "invalid_blocks", "no more than 2 data_visualization"),
    (
        "much in two tables",
        [table(10, 10, "x" * 51), table(10, 10, "x" * 50)],
        "invalid_blocks",
        "table cells must have less than 10001 characters",
    ),
    (
        "much in two markdowns",
        [{"type": "markdown", "text": "m" * 6001}] * 2,
        "msg_blocks_too_long",
        "",
    ),
    (
        "two focused fields",
        [
            field({"type": "plain_text_input", "action_id": name, "focus_on_load": True})
            for name in "ab"
        ],
        "invalid_blocks",
        "only one element can have focus_on_load",
    ),
]


@pytest.mark.parametrize(
    ("blocks", "error", "told"), [row[1:] for row in WHOLE], ids=[row[0] for row in WHOLE]
)
def test_limits_of_a_message_as_a_whole(
    call: Answer, blocks: list[Json], error: str, told: str
) -> None:
    """What no block breaks alone."""
    answer = call("chat.postMessage", channel="C0GENERAL", text="x", blocks=blocks)
    assert answer["error"] == error
    assert told in str(answer)


CONTENT: list[tuple[str, Json, str]] = [
    ("nothing", {}, "no_text"),
    (
        "blocks that are no list",
        {"text": "x", "blocks": {"type": "divider"}},
        "invalid_blocks_format",
    ),
    ("blocks that are no JSON", {"text": "x", "blocks": "[{"}, "invalid_blocks_format"),
    ("markdown and text", {"text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
    ("101 attachments", {"attachments": [{"text": "a"}] * 101}, "too_many_attachments"),
    (
        "a bad block in an attachment",
        {"attachments": [{"blocks": [section("")]}]},
        "invalid_attachments",
    ),
    (
        "metadata without payload",
        {"text": "x", "metadata": {"event_type": "t"}},
        "invalid_metadata_format",
    ),
]


@pytest.mark.parametrize(
    ("content", "error"), [row[1:] for row in CONTENT], ids=[row[0] for row in CONTENT]
)
def test_content_that_is_no_message_is_refused(call: Answer, content: Json, error: str) -> None:
    """chat.postMessage, chat.postEphemeral and chat.update read content alike."""
    place = {"channel": "C0GENERAL"}
    assert call("chat.postMessage", **place, **content)["error"] == error
    assert call("chat.postEphemeral", **place, user="U0ANA", **content)["error"] == error


def test_long_texts_are_cut_off_and_cannot_replace_one(call: Answer, slack: Slack) -> None:
    """Posting cuts at 40,000 characters; updating refuses more than 4,000 bytes."""
    posted = call("chat.postMessage", channel="C0OPS", text="x" * 40_001)
    assert len(slack.person("ana").messages("ops")[-1].raw["text"]) == 40_000
    place = {"channel": "C0OPS", "ts": posted["ts"]}
    assert call("chat.update", **place, text="é" * 2001)["error"] == "msg_too_long"
    assert call("chat.update", **place, text="é" * 2000)["ok"]

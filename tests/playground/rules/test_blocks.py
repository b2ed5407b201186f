"""Each limit on blocks: what is over it is refused in Slack's words, with a pointer."""

from typing import Any

import pytest

from playground.shapes import Json, plain
from tests.playground.rules.conftest import Answer, ids, refused
from tests.playground.rules.samples import (
    CHARTS,
    IN_MESSAGES,
    actions,
    bars,
    button,
    card,
    cell,
    chart,
    data_table,
    field,
    image,
    section,
    table,
)

BROKEN: list[tuple[str, Any, str, str]] = [
    ("bare words", {"type": "section", "text": "x"}, "must provide an object", "/text"),
    ("section without anything", {"type": "section"}, "must define either `text` or `fields`", ""),
    ("long section", section("x" * 3001), "must be less than 3001 characters", "/text/text"),
    ("empty section", section(""), "must be more than 0 characters", "/text/text"),
    (
        "eleven fields",
        section(fields=[{"type": "mrkdwn", "text": "f"}] * 11),
        "no more than 10 items allowed",
        "/fields",
    ),
    (
        "long field",
        section(fields=[{"type": "mrkdwn", "text": "f" * 2001}]),
        "must be less than 2001 characters",
        "/fields/0/text",
    ),
    (
        "empty field",
        section(fields=[{"type": "mrkdwn", "text": ""}]),
        "must be more than 0 characters",
        "/fields/0/text",
    ),
    ("unknown block", {"type": "nonsense"}, "unsupported type: nonsense", "/type"),
    (
        "alert in a message",
        {"type": "alert", "text": plain("a")},
        "unsupported type: alert",
        "/type",
    ),
    (
        "long block_id",
        section(block_id="i" * 256),
        "must be less than 256 characters",
        "/block_id",
    ),
    (
        "long header",
        {"type": "header", "text": plain("h" * 151)},
        "must be less than 151 characters",
        "/text/text",
    ),
    (
        "mrkdwn header",
        {"type": "header", "text": {"type": "mrkdwn", "text": "h"}},
        "must provide an object of type plain_text",
        "/text",
    ),
    (
        "eleven context elements",
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "c"}] * 11},
        "no more than 10 items allowed",
        "/elements",
    ),
    (
        "image without alt_text",
        {"type": "image", "image_url": "https://x.test/a.png"},
        "missing required field: alt_text",
        "",
    ),
    (
        "image without address",
        {"type": "image", "alt_text": "A"},
        "must define either `image_url` or `slack_file`",
        "",
    ),
    (
        "long image title",
        image(title=plain("t" * 2001)),
        "must be less than 2001 characters",
        "/title/text",
    ),
    ("no actions", actions(), "no fewer than 1 items required", "/elements"),
    (
        "26 actions",
        actions(*(button(action_id=f"a{number}") for number in range(26))),
        "no more than 25 items allowed",
        "/elements",
    ),
    (
        "the same action twice",
        actions(button(), button()),
        "`action_id` must be unique in a block",
        "/elements/1",
    ),
    (
        "a text field among actions",
        actions({"type": "plain_text_input", "action_id": "p"}),
        "unsupported type: plain_text_input",
        "/elements/0/type",
    ),
    (
        "long markdown",
        {"type": "markdown", "text": "m" * 12_001},
        "must be less than 12001 characters",
        "/text",
    ),
    (
        "input without element",
        {"type": "input", "label": plain("L")},
        "missing required field: element",
        "",
    ),
    (
        "input with a button",
        field(button()),
        "unsupported type: button",
        "/element/type",
    ),
    (
        "long label",
        field({"type": "plain_text_input"}, label=plain("l" * 2001)),
        "must be less than 2001 characters",
        "/label/text",
    ),
    (
        "long hint",
        field({"type": "plain_text_input"}, hint=plain("l" * 2001)),
        "must be less than 2001 characters",
        "/hint/text",
    ),
    ("101 rows", table(101), "no more than 100 items allowed", "/rows"),
    ("21 columns", table(1, 21), "no more than 20 items allowed", "/rows/0"),
    ("data table without caption", data_table(caption=None), "missing required field: caption", ""),
    (
        "data table with a head only",
        data_table(rows=[[cell()]]),
        "no fewer than 2 items required",
        "/rows",
    ),
    (
        "data table with uneven rows",
        data_table(rows=[[cell()], [cell(), cell()]]),
        "all rows must have the same number of cells",
        "/rows/1",
    ),
    (
        "data table with big pages",
        data_table(page_size=101),
        "must be between 1 and 100",
        "/page_size",
    ),
    ("long chart title", chart(title="t" * 51), "must be less than 51 characters", "/title"),
    (
        "seven segments",
        chart(chart={"type": "pie", "segments": [{"label": "A", "value": 1}] * 7}),
        "no more than 6 items allowed",
        "/chart/segments",
    ),
    (
        "seven series",
        bars(series=[{"name": "A", "data": [{"label": "B", "value": 1}]}] * 7),
        "no more than 6 items allowed",
        "/chart/series",
    ),
    (
        "long chart label",
        bars(series=[{"name": "A", "data": [{"label": "B" * 21, "value": 1}]}]),
        "must be less than 21 characters",
        "/chart/series/0/data/0/label",
    ),
    (
        "unknown chart",
        chart(chart={"type": "rose"}),
        "must be one of: area, bar, line, pie",
        "/chart/type",
    ),
    (
        "long card",
        card(body={"type": "mrkdwn", "text": "b" * 201}),
        "must be less than 201 characters",
        "/body/text",
    ),
    ("empty card", {"type": "card"}, "must define `hero_image`, `title`, `actions` or `body`", ""),
    (
        "eleven cards",
        {"type": "carousel", "elements": [card()] * 11},
        "no more than 10 items allowed",
        "/elements",
    ),
    (
        "a carousel of sections",
        {"type": "carousel", "elements": [section()]},
        "unsupported type: section",
        "/elements/0/type",
    ),
    (
        "eleven children",
        {"type": "container", "child_blocks": [section()] * 11},
        "no more than 10 items allowed",
        "/child_blocks",
    ),
    (
        "a spoilt child",
        {"type": "container", "child_blocks": [section("")]},
        "must be more than 0 characters",
        "/child_blocks/0/text/text",
    ),
    (
        "six feedback elements",
        {
            "type": "context_actions",
            "elements": [{"type": "icon_button", "icon": "trash", "text": plain("T")}] * 6,
        },
        "no more than 5 items allowed",
        "/elements",
    ),
]


@pytest.mark.parametrize(("block", "what", "at"), [row[1:] for row in BROKEN], ids=ids(BROKEN))
def test_a_block_over_a_limit_is_refused(call: Answer, block: Json, what: str, at: str) -> None:
    """One block each."""
    refused(call, block, f"{what} [json-pointer:/blocks/0{at}]")


@pytest.mark.parametrize("block", [*IN_MESSAGES, *CHARTS], ids=lambda block: block["type"])
def test_what_is_just_within_the_limits_is_accepted(call: Answer, block: Json) -> None:
    """The rules refuse nothing that Slack accepts."""
    answer = call("chat.postMessage", channel="C0GENERAL", text="x", blocks=[block])
    assert answer["ok"], answer

"""Slack's limits on messages and views, and the sentences it refuses with."""

import json

from playground.errors import SlackError
from playground.rules.blocks import check_blocks, markdown_length
from playground.rules.elements import ID_LIMIT, check_static_select
from playground.rules.problems import Problems
from playground.shapes import Json, objects

VIEW_BYTES = 250_000
UPDATE_BYTES = 4000
"""GitLab, merge request 258898: chat.update counts bytes after escaping, chat.postMessage not."""
MARKDOWN_LIMIT = 12_000
ATTACHMENT_LIMIT = 100


def check_message(blocks: object, text: str) -> None:
    """Refuse a message Slack would refuse."""
    if not blocks and not text:
        raise SlackError("no_text")
    if not blocks:
        return
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    problems = Problems()
    check_blocks(problems, blocks, "message", "/blocks")
    if problems.found:
        raise SlackError("invalid_blocks", [f"[ERROR] {line}" for line in problems.found])
    if markdown_length(objects(blocks)) > MARKDOWN_LIMIT:
        raise SlackError("msg_blocks_too_long")


def check_attachments(attachments: list[Json]) -> None:
    """Refuse attachments Slack would refuse; their blocks follow the rules of messages."""
    if len(attachments) > ATTACHMENT_LIMIT:
        raise SlackError("too_many_attachments")
    problems = Problems()
    for index, attachment in enumerate(attachments):
        blocks = attachment.get("blocks")
        if isinstance(blocks, list):
            check_blocks(problems, blocks, "message", f"/attachments/{index}/blocks")
    if problems.found:
        raise SlackError("invalid_attachments", [f"[ERROR] {line}" for line in problems.found])


def check_metadata(metadata: object) -> None:
    """Refuse metadata that are not a name with a payload."""
    if metadata is None:
        return
    whole = isinstance(metadata, dict) and (
        isinstance(metadata.get("event_type"), str)
        and isinstance(metadata.get("event_payload"), dict)
    )
    # Metadata with entities belong to Work Objects and have no event.
    if not whole and not (isinstance(metadata, dict) and metadata.get("entities")):
        raise SlackError("invalid_metadata_format")


def check_update(text: str) -> None:
    """Refuse a text that may be posted but is too long to replace another."""
    if len(text.encode()) > UPDATE_BYTES:
        raise SlackError("msg_too_long")


def check_view(view: object, surface: str) -> Json:
    """Refuse a view Slack would refuse; `surface` is `modal` or `home`."""
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: view"])
    problems = Problems()
    if view.get("type") != surface:
        problems.add(f"must be of type: {surface}", "/view/type")
    if surface == "modal":
        problems.plain(view, "title", "/view", 24)
        problems.plain(view, "submit", "/view", 24, required=False)
        problems.plain(view, "close", "/view", 24, required=False)
        asks = any(block.get("type") == "input" for block in objects(view.get("blocks")))
        if asks and not view.get("submit"):
            problems.add("missing required field: submit", "/view")
    problems.string(view, "private_metadata", "/view", 3000)
    problems.string(view, "callback_id", "/view", ID_LIMIT)
    problems.string(view, "external_id", "/view", ID_LIMIT)
    blocks = view.get("blocks")
    if isinstance(blocks, list):
        check_blocks(problems, blocks, surface, "/view/blocks")
    else:
        problems.add("missing required field: blocks", "/view")
    if problems.found:
        raise SlackError("invalid_arguments", [f"[ERROR] {line}" for line in problems.found])
    if len(json.dumps(view)) > VIEW_BYTES:
        raise SlackError("view_too_large")
    return view


def check_options(answer: Json) -> None:
    """Refuse options Slack would refuse, as the answer to somebody's typing."""
    problems = Problems()
    key = "option_groups" if "option_groups" in answer else "options"
    if key == "option_groups" or answer.get("options"):
        check_static_select(problems, answer, "")
    elif not isinstance(answer.get("options"), list):
        problems.add("missing required field: options", "")
    if problems.found:
        raise SlackError("invalid_options", problems.found)

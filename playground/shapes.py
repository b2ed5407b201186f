"""Names for the JSON that travels between Slack and an app."""

from collections.abc import Mapping
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
"""A JSON object as Slack sends or receives it."""


def plain(text: str) -> Json:
    """Build Slack's plain text object."""
    return {"type": "plain_text", "text": text, "emoji": True}


def text_of(value: object) -> str:
    """Read the text of a Slack text object, or of a bare string."""
    if isinstance(value, Mapping):
        return str(value.get("text", ""))
    return value if isinstance(value, str) else ""


def objects(value: object) -> list[Json]:
    """Keep the JSON objects of what should be a list of them."""
    if not isinstance(value, list):
        return []
    return [item for item in value if isinstance(item, dict)]


def is_true(value: object) -> bool:
    """Read a boolean in the forms in which Slack accepts one."""
    return value is True or str(value).lower() in {"true", "1"}

"""Everything a Slack message says, wherever it says it: its text, blocks and attachments."""

from collections.abc import Iterator, Mapping
from typing import Any

_WORDS = ("text", "pretext", "title", "fallback", "value")
_ADDRESSES = ("url", "title_link", "from_url", "original_url", "author_link")
_INSIDE = (
    "blocks",
    "attachments",
    "elements",
    "fields",
    "rows",
    "accessory",
    "element",
    "files",
    "message_blocks",
    "message",
)
_DEEPEST = 12


def whole_text(message: Mapping[str, Any]) -> str:
    """Words and addresses in order, each once, escaped as Slack sends them."""
    return "\n".join(dict.fromkeys(part for part in _parts(message, _DEEPEST) if part.strip()))


def _parts(thing: object, depth: int) -> Iterator[str]:
    if depth == 0:
        return
    if isinstance(thing, list):
        for one in thing:
            yield from _parts(one, depth - 1)
    elif isinstance(thing, Mapping):
        for name in _spoken(thing):
            yield from _words(thing.get(name))
        for name in _ADDRESSES:
            if isinstance(address := thing.get(name), str) and address.startswith("http"):
                yield f"<{address}>"
        for name in _INSIDE:
            yield from _parts(thing.get(name), depth - 1)


def _spoken(thing: Mapping[str, Any]) -> tuple[str, ...]:
    """A button's value is its app's, and *Start* on one that leads nowhere says nothing."""
    if thing.get("type") != "button":
        return _WORDS
    return ("text",) if thing.get("url") else ()


def _words(value: object) -> Iterator[str]:
    """A text, or a text object."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping) and isinstance(value.get("text"), str):
        yield value["text"]

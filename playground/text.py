"""Slack's text escapes, one way and the other."""

import html
import re
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from playground.world import World

MENTION = re.compile(r"(?<![\w</])@(\w+(?:[.-]\w+)*)")
CHANNEL = re.compile(r"(?<![\w</])#([\w-]+)")
LINK = re.compile(r"(?<![<|])\bhttps?://[^\s<>|]+?(?=[.,;:!?)'\"]*(?:\s|$|&[lg]t;))")
"""An address; punctuation that ends a sentence is not part of it."""
ESCAPED = re.compile(r"<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>")
MARKS = re.compile(r"(?<!\w)([*_~`])(?=\S)(.+?)(?<=\S)\1(?!\w)")


def escape(text: str) -> str:
    """Escape the three characters Slack reserves."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def typed(world: World, text: str, app_name: str, *, with_names: bool = False) -> str:
    """What a typed text becomes: mentions, channels and links in angle brackets.

    With names it is what `should_escape` makes of a command's text.
    """
    handles = {person.handle: person.id for person in world.people.values()}
    names = {
        channel.name: channel.id
        for channel in world.channels.values()
        if channel.kind in {"channel", "private"}
    }

    def person(match: re.Match[str]) -> str:
        user = handles.get(match[1])
        if user is None:
            return match[0]
        return f"<@{user}|{match[1]}>" if with_names else f"<@{user}>"

    def channel(match: re.Match[str]) -> str:
        found = names.get(match[1])
        return f"<#{found}|{match[1]}>" if found else match[0]

    bot = world.team.bot_user_id
    escaped = LINK.sub(lambda match: f"<{match[0]}>", escape(text))
    escaped = escaped.replace(f"@{app_name}", f"<@{bot}|{app_name}>" if with_names else f"<@{bot}>")
    return CHANNEL.sub(channel, MENTION.sub(person, escaped))


def readable(text: str, person: Callable[[str], str], channel: Callable[[str], str]) -> str:
    """Show mrkdwn as a person reads it: names for ids, no marks, no escapes."""

    def shown(match: re.Match[str]) -> str:
        kind, target, label = match[1], match[2], match[3]
        if kind == "@":
            return "@" + (label or person(target))
        if kind == "#":
            return "#" + (label or channel(target))
        if kind == "!":
            return label or "@" + target.split("^", maxsplit=1)[0]
        return label or target

    flat = ESCAPED.sub(shown, text)
    for _ in range(2):
        flat = MARKS.sub(lambda match: match[2], flat)
    return html.unescape(flat)


def domain_of(url: str, domains: Sequence[str]) -> str | None:
    """Which of these domains an address belongs to; a subdomain belongs to its domain."""
    host = urlsplit(url).hostname or ""
    return next((one for one in domains if host == one or host.endswith("." + one)), None)


def links(text: str) -> list[str]:
    """The addresses in a message as Slack stores it."""
    return [
        html.unescape(match[2])
        for match in ESCAPED.finditer(text)
        if not match[1] and match[2].startswith(("http://", "https://"))
    ]

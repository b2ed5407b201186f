"""People and channels in a command: picked from Slack's list, or typed by hand."""

import re

from bot.domain.slack_text import readable
from handlers.grammar.link_values import (
    ChannelById,
    ChannelByName,
    ChannelRef,
    UserById,
    UserByName,
    UserRef,
)

_USER = re.compile(r"<@([A-Z0-9]+)(?:\|[^<>]*)?>|@([^\s<>@,|]+)")
_CHANNEL = re.compile(r"<#([A-Z0-9]+)(?:\|[^<>]*)?>|#([^\s<>#,|]+)")


def read_users(cleaned: str) -> tuple[tuple[UserRef, ...], str]:
    """All people named at the start of cleaned text, each once, and the text behind them."""
    users: dict[UserRef, None] = {}
    at = 0
    while found := _USER.match(cleaned, at):
        users[_user(found)] = None
        at = found.end()
        while cleaned[at : at + 1] in {" ", ","}:
            at += 1
    return tuple(users), cleaned[at:]


def read_user(cleaned: str) -> tuple[UserRef | None, str]:
    """The person named at the start of cleaned text, and the text behind."""
    found = _USER.match(cleaned)
    return (_user(found), cleaned[found.end() :].strip()) if found else (None, cleaned)


def read_channel(cleaned: str) -> tuple[ChannelRef | None, str]:
    """The channel named at the start of cleaned text, and the text behind."""
    found = _CHANNEL.match(cleaned)
    if not found:
        return None, cleaned
    channel = ChannelById(found[1]) if found[1] else ChannelByName(readable(found[2]))
    return channel, cleaned[found.end() :].strip()


def _user(found: re.Match[str]) -> UserRef:
    return UserById(found[1]) if found[1] else UserByName(readable(found[2]))

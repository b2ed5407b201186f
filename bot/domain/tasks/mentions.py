"""Tasks that a Slack message mentions: keys, addresses and numbers."""

import html
import re

from bot.domain.slack_text import LONGEST_MESSAGE, clean, readable
from bot.domain.tasks.finding import Candidate
from bot.domain.values import dataclass

MOST = 20
"""Of each kind that are looked up; a longer message is a list, not a mention."""

_MOST_CHARACTERS = 300

_LINK = re.compile(r"<(https?://[^<>|\s]+)(?:\|([^<>]*))?>", re.IGNORECASE)
_BARE = re.compile(r"https?://[^\s<>|\"']*[^\s<>|\"'.,;:!?)\]}]", re.IGNORECASE)
_KEY = re.compile(
    r"(?<![A-Za-z0-9])([A-Za-z][A-Za-z0-9]{1,9})-0*([1-9][0-9]{0,8})(?![A-Za-z0-9])", re.ASCII
)
_NUMBER = re.compile(r"(?<![\w#&/])#([1-9][0-9]{0,8})(?!\w)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Mentions:
    """What a message may mean."""

    keys: tuple[str, ...] = ()
    """In capitals."""
    urls: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    """Of tasks, as ``#12``: within a project known from elsewhere."""
    words: str = ""
    """The message itself, on one line, for a search and for a person to recognise it."""


@dataclass(frozen=True, slots=True)
class WhichMention:
    """A question: the message mentions several tasks, or none."""

    pending_id: int
    candidates: tuple[Candidate, ...]
    """Empty where it mentions none."""
    words: str
    """The message."""


def read_mentions(said: str) -> Mentions:
    """The mentions in a message, as Slack escapes it; each once, in order.

    A key inside an address does not count: the address says which site's task it is.
    """
    cleaned = clean(said[:LONGEST_MESSAGE], limit=LONGEST_MESSAGE)
    urls = [html.unescape(found[1]) for found in _LINK.finditer(cleaned)]
    without = _LINK.sub(lambda found: f" {_label(found)} ", cleaned)
    urls += [html.unescape(found[0]) for found in _BARE.finditer(without)]
    plain = readable(_BARE.sub(" ", without))
    keys = [f"{found[1].upper()}-{found[2]}" for found in _KEY.finditer(plain)]
    return Mentions(
        tuple(dict.fromkeys(keys))[:MOST],
        tuple(dict.fromkeys(urls))[:MOST],
        tuple(dict.fromkeys(int(found[1]) for found in _NUMBER.finditer(plain)))[:MOST],
        plain[:_MOST_CHARACTERS].strip(),
    )


def _label(found: re.Match[str]) -> str:
    label = found[2] or ""
    return "" if label.lower().startswith(("http://", "https://")) else label

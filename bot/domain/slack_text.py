"""Slack's text as the person meant it.

Slack escapes ``&``, ``<`` and ``>``, and wraps people, channels and addresses in ``<...>``. Phones
and keyboards add typographic quotes and dashes; copied text brings invisible characters. All of
that is undone here, once, before any word is read.
"""

import re
import unicodedata

from bot.domain.input_errors import TextTooLong

LONGEST_COMMAND = 4_000
LONGEST_MESSAGE = 40_000
"""Characters in the longest message Slack keeps."""

# NFC takes quadratic time on a long run of combining marks: 2 s for 40,000 of them. No word of a
# person is this long.
_LONGEST_WORD = 200

_INVISIBLE = re.compile(
    "["
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # control characters that are not white space
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # soft hyphen, joiners, fillers
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"  # zero width, text direction
    "\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e007f"  # annotations, non-characters, tags
    "\ud800-\udfff"  # halves of surrogate pairs, which no database takes
    "]",
)
_MARKS, _ALIKE = "*_~`", "\u2217\u02cd\u223c\u02cb"
LOOK_ALIKE = str.maketrans(_MARKS, _ALIKE)
"""How marks of formatting are shown where they are part of somebody's words."""

_PLAIN = str.maketrans(
    {
        **dict(zip(_ALIKE, _MARKS, strict=True)),
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u2039\u203a\uff07", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-"),
    },
)
_WRAPPED = re.compile(r"<((?:[@#!]|[A-Za-z]{1,10}:)[^<>|]*)(?:\|([^<>]*))?>(:?)")
_ENTITY = re.compile(r"&(amp|lt|gt);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">"}


def clean(text: str, *, limit: int = LONGEST_COMMAND) -> str:
    """The text without what cannot be seen, still escaped as Slack sent it.

    Control characters, zero-width and direction marks are removed, typographic quotes and dashes
    become plain ones, and white space is folded to single spaces.

    Raises:
        TextTooLong: more characters than ``limit``.
    """
    if len(text) > limit:
        raise TextTooLong(len(text), limit)
    return " ".join(_INVISIBLE.sub("", text).translate(_PLAIN).split())


def readable(cleaned: str) -> str:
    """Cleaned text with Slack's escapes undone and accents composed (NFC).

    ``<#C1|web>`` becomes ``#web``, ``<@U1|ana>`` ``@ana`` (the id where Slack sent no name),
    ``<!here>`` ``@here``, and an address itself, without its label.
    """
    text = _WRAPPED.sub(_unwrap, cleaned) if "<" in cleaned else cleaned
    if "&" in text:
        text = _ENTITY.sub(lambda found: _ENTITIES[found[1]], text)
    return " ".join(_composed(word) for word in text.split())


def plain(text: str, *, limit: int = LONGEST_COMMAND) -> str:
    """Slack's text as the person meant it: ``clean``, then ``readable``.

    ``plain(escape(text))`` is the same text again, for any text made by ``plain``.

    Raises:
        TextTooLong: more characters than ``limit``.
    """
    return readable(clean(text, limit=limit))


def as_typed(name: str) -> str:
    """A name as ``plain`` leaves it when somebody types it: for comparing, never for showing."""
    return readable(_INVISIBLE.sub("", escape(name)).translate(_PLAIN))


def visible(text: str) -> str:
    """The text without what cannot be seen, nor be put to a database."""
    return _INVISIBLE.sub("", text)


def escape(text: str) -> str:
    """Plain text as Slack wants it in messages, and sends it in commands."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _unwrap(found: re.Match[str]) -> str:
    target, label, colon = found[1], found[2] or "", found[3]
    if target[:1] in {"@", "#"}:
        shown = target[0] + (label.removeprefix(target[0]) or target[1:])
    elif target.startswith("!"):
        shown = "@" + (label.removeprefix("@") or target[1:])
    elif target.lower().startswith(("http://", "https://")):
        # A colon right behind would read as part of the address.
        shown = target.replace(" ", "%20") + (" " if colon else "")
    else:
        shown = label or target
    return shown + colon


def _composed(word: str) -> str:
    if word.isascii() or len(word) > _LONGEST_WORD:
        return word
    return unicodedata.normalize("NFC", word)

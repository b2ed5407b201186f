"""How a provider project is found by words: one folded text, made when it is saved.

The name stands first and ends at a mark that sorts before every letter. So what begins with some
words is one range of an index, and a whole name comes before the longer ones.
"""

from bot.domain.linking.link_plan import folded

MARK = "\x1f"
"""Ends the name and the key; nobody can type it."""

LAST = "\U0010ffff"
"""Sorts behind everything: ``text`` to ``text + LAST`` is all that begins with ``text``."""

_NAME, _KEY, _WORKSPACE = 250, 60, 90
"""Characters kept of each: an index of PostgreSQL takes no more than 2,700 bytes."""


def search_text(name: str, key: str | None, workspace: str) -> str:
    """What words are looked for in."""
    parts = ((name, _NAME), (key or "", _KEY), (workspace, _WORKSPACE))
    return MARK.join(folded(part.replace(MARK, " "))[:length] for part, length in parts)


def search_words(text: str) -> str:
    """What somebody typed, as it is looked for."""
    return folded(text.replace(MARK, " "))[:_NAME]

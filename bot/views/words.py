"""Somebody else's words and moments, as every message shows them."""

from datetime import datetime

from bot.views.message import clipped, escaped

SHOWN = 60
"""Characters of what was typed that are quoted back."""


def quoted(text: str) -> str:
    """What was typed, short and harmless, in quotation marks."""
    return f"\u201c{escaped(clipped(text, SHOWN))}\u201d"


def counted(number: int, one: str, many: str = "") -> str:
    """A number and its noun: ``1 task``, ``1,200 tasks``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def local_time(moment: datetime) -> str:
    """A moment as each reader's own clock shows it."""
    fallback = f"{moment:%Y-%m-%d %H:%M} UTC"
    return f"<!date^{int(moment.timestamp())}^{{date_short_pretty}} {{time}}|{fallback}>"

"""Somebody else's words and moments, as every message shows them."""

import re
from collections.abc import Sequence
from datetime import datetime

from bot.views.message import clipped, escaped

GUESTS = "Guests connect when an admin asks them by name."
SHOWN = 60
"""Characters of what was typed that are quoted back."""

_NAMED_ADMINS = 3
_BESIDE = 100
"""Characters of a name that stands beside another one."""
_SLACK_ID = re.compile(r"(?<![^\s,])(#[CG]|@[UW])(?=[A-Z]*[0-9])([A-Z0-9]{4,})(?![^\s,])")
"""A channel or person as they come in a command: Slack shows them by name, we know the id."""


def quoted(text: str) -> str:
    """What was typed, short and harmless, in quotation marks."""
    shown = _SLACK_ID.sub(r"<\1\2>", escaped(clipped(text, SHOWN)))
    return f"\u201c{shown}\u201d"


def ask_an_admin(names: Sequence[str]) -> str:
    """Whom to ask: ``Ask Ana Ruiz or Bo Lindqvist``; nobody by name where none is known."""
    if not names:
        return "Ask one of Hourlink's admins"
    shown = [escaped(clipped(name, SHOWN)) for name in names[:_NAMED_ADMINS]]
    if len(names) > len(shown):
        return f"Ask {', '.join(shown)} or another admin"
    return f"Ask {' or '.join(filter(None, (', '.join(shown[:-1]), shown[-1])))}"


def beside(source: str, join: str, project: str) -> str:
    """`` to *Website*``: a project beside what feeds it; empty where both have one name."""
    return "" if project == source else f" {join} *{escaped(clipped(project, _BESIDE))}*"


def counted(number: int, one: str, many: str = "") -> str:
    """A number and its noun: ``1 task``, ``1,200 tasks``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def matching(total: int, words: str) -> str:
    """Behind what was counted: what it was searched for; empty where it was not."""
    return f" {'matches' if total == 1 else 'match'} {quoted(words)}" if words else ""


def closed(text: str) -> str:
    """Somebody else's words as a sentence: with a full stop, unless they end with a sign."""
    return text if text.endswith((".", "!", "?", "\N{HORIZONTAL ELLIPSIS}")) else f"{text}."


def local_time(moment: datetime) -> str:
    """A moment as each reader's own clock shows it."""
    fallback = f"{moment:%Y-%m-%d %H:%M} UTC"
    return f"<!date^{int(moment.timestamp())}^{{date_short_pretty}} {{time}}|{fallback}>"

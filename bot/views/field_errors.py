"""Errors as sentences under a field of a form: plain text, which Slack does not mark up."""

import html
import re
from zoneinfo import ZoneInfo

from bot.domain.input_errors import InTheFuture
from bot.views.failures import sentence
from bot.views.times import clock

_MARKS = re.compile(r"(?<!\w)([*_~`])(?=\S)(.+?)(?<=\S)\1(?!\w)")


def under(error: Exception, zone: ZoneInfo) -> str:
    """What to say under the field that is wrong: the error's sentence, without its buttons.

    Args:
        error: What went wrong.
        zone: Whose clock the form speaks of.
    """
    if isinstance(error, InTheFuture):
        moment, now = error.moment.astimezone(zone), error.now.astimezone(zone)
        return f"{clock(moment, now)} is still to come; time is logged once it has passed."
    return plain_text(sentence(error).text)


def plain_text(text: str) -> str:
    """A message's text without mrkdwn's marks and escapes."""
    return html.unescape(_MARKS.sub(r"\2", text))

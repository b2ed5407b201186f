"""Errors as sentences under a field of a form: plain text, which Slack does not mark up."""

import html
import re
from collections.abc import Sequence
from datetime import time
from zoneinfo import ZoneInfo

from bot.domain.input_errors import InTheFuture
from bot.views.failures import sentence
from bot.views.times import clock

_MARKS = re.compile(r"(?<!\w)([*_~`])(?=\S)(.+?)(?<=\S)\1(?!\w)")


CHOOSE_TASK = "Choose a task."
CHOOSE_TASK_OR_PROJECT = "Choose a task or a project."
CHOOSE_PROJECT = "Choose a project."
CHOOSE_DAY = "Choose a day."
CHOOSE_A_DAY_AT_LEAST = "Choose at least one day."
CHOOSE_FIRST_DAY = "Choose the first day as well."
CHOOSE_LATER_DAY = "Choose a day that is not before the first one."
CHOOSE_TIME = "Choose a time."
CHOOSE_EARLIER_TIME = "That is still to come; choose an earlier time."
CHOOSE_CHANNEL = "Choose where new projects are announced."
IS_OVER = "That is over already."
IS_NEEDED = "This is needed."
SAY_LENGTH = "Say how long: 1h30m, 90m, 1:30 or 1.5h."
SAY_PURPOSE = "Say what it is for, so that you know it again."


def whole_hours(most: int) -> str:
    """A number of hours is wanted."""
    return f"Give whole hours from 1 to {most}."


def whole_days(most: int) -> str:
    """A number of days is wanted, or none."""
    return f"Give whole days from 1 to {most:,}, or nothing to lock none by age."


def too_many_absences(most: int) -> str:
    """No more are kept."""
    return f"{most} absences are the most; take one out."


def stands_for_nothing(word: str, known: Sequence[str]) -> str:
    """A word in braces that no value belongs to."""
    return f"{word} stands for nothing. Known are {', '.join(known[:-1])} and {known[-1]}."


def another_than(begins: time) -> str:
    """A work day ends when it begins."""
    return f"Choose another time than {begins:%H:%M}, when work begins."


def plain_sentence(error: Exception) -> str:
    """The error's sentence, without its buttons."""
    return plain_text(sentence(error).text)


def under(error: Exception, zone: ZoneInfo) -> str:
    """The same where it may be about a moment.

    Args:
        error: What went wrong.
        zone: Whose clock the form speaks of.
    """
    if isinstance(error, InTheFuture):
        moment, now = error.moment.astimezone(zone), error.now.astimezone(zone)
        return f"{clock(moment, now)} is still to come; time is logged once it has passed."
    return plain_sentence(error)


def plain_text(text: str) -> str:
    """A message's text without mrkdwn's marks and escapes."""
    return html.unescape(_MARKS.sub(r"\2", text))

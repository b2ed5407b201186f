"""A task that is typed without a verb: which verb it most likely lacks."""

import re
from contextlib import suppress
from datetime import time

from bot.domain.input_errors import BadInput
from bot.domain.slack_text import plain
from bot.domain.tasks.task_refs import NumberRef, WordsRef
from handlers.grammar import track_parsers as parsers
from handlers.grammar.track_values import Log, LogTime, Start

_MINUTE = 60
_PAIR = re.compile(r"#?([1-9][0-9]{0,8}),? ([0-5]?[0-9])")
_CLOCK = re.compile(
    r"(?:([01]?[0-9]|2[0-3]) ([0-5][0-9])|([6-9]|[01][0-9]|2[0-3]):([0-5][0-9]) ?.*)"
)


def clock_in(text: str) -> time | None:
    """The time of day that ``12 15``, or ``12:15`` and what follows, may have been meant as."""
    found = _CLOCK.fullmatch(plain(text))
    if found is None:
        return None
    return time(int(found[1] or found[3]), int(found[2] or found[4]))


def parse_bare(text: str) -> Start | Log | None:
    """``1h TASK-12`` lacks *log*, ``TASK-12 -15m`` lacks *start*, and ``1h`` a task as well.

    None where there is neither task nor length. Mere words are a task to search for, which may as
    well be a verb that was mistyped. ``12 15`` is task 12 for a quarter of an hour, if anything.
    """
    words = plain(text)
    if (pair := _PAIR.fullmatch(words)) and int(pair[2]):
        return Log(NumberRef(int(pair[1])), int(pair[2]) * _MINUTE)
    searched: Start | Log | None = None
    for parse in (parsers.log, parsers.start):
        with suppress(BadInput):
            meant = parse(words)
            if isinstance(meant, LogTime):
                continue
            if isinstance(meant.task, WordsRef):
                searched = searched or meant
            elif meant.task is not None or isinstance(meant, Log):
                return meant
    return searched

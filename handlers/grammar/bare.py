"""A task that is typed without a verb: which verb it most likely lacks."""

from contextlib import suppress

from bot.domain.input_errors import BadInput
from bot.domain.slack_text import plain
from bot.domain.tasks.task_refs import WordsRef
from handlers.grammar import track_parsers as parsers
from handlers.grammar.track_values import Log, Start


def parse_bare(text: str) -> Start | Log | None:
    """``1h TASK-12`` lacks *log*, ``TASK-12 -15m`` lacks *start*; None where no task is named.

    Mere words name none: they may as well be a verb that was mistyped.
    """
    words = plain(text)
    for parse in (parsers.log, parsers.start):
        with suppress(BadInput):
            meant = parse(words)
            if meant.task is not None and not isinstance(meant.task, WordsRef):
                return meant
    return None

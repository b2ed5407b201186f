"""A task that is typed without a verb: which verb it most likely lacks."""

from contextlib import suppress

from bot.domain.input_errors import BadInput
from bot.domain.slack_text import plain
from bot.domain.tasks.task_refs import WordsRef
from handlers.grammar import track_parsers as parsers
from handlers.grammar.track_values import Log, Start


def parse_bare(text: str) -> Start | Log | None:
    """``1h TASK-12`` lacks *log*, ``TASK-12 -15m`` lacks *start*; None where there is no task.

    Mere words are a task to search for, which may as well be a verb that was mistyped.
    """
    words = plain(text)
    searched: Start | Log | None = None
    for parse in (parsers.log, parsers.start):
        with suppress(BadInput):
            meant = parse(words)
            if meant.task is not None and not isinstance(meant.task, WordsRef):
                return meant
            if meant.task is not None:
                searched = searched or meant
    return searched

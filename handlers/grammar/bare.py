"""A task that is typed without a verb: which verb it most likely lacks."""

from contextlib import suppress

from bot.domain.input_errors import BadInput
from bot.domain.slack_text import plain
from bot.domain.tasks.task_refs import WordsRef
from handlers.grammar import track_parsers as parsers
from handlers.grammar.track_values import Log, LogTime, Start


def parse_bare(text: str) -> Start | Log | None:
    """``1h TASK-12`` lacks *log*, ``TASK-12 -15m`` lacks *start*, and ``1h`` a task as well.

    None where there is neither task nor length. Mere words are a task to search for, which may as
    well be a verb that was mistyped.
    """
    words = plain(text)
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

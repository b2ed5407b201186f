"""What stands at a key and is no note: a length with only a comma between, and a second key."""

import re

from bot.domain.clock_times import read_range
from bot.domain.input_errors import Misuse, UsageError
from bot.domain.tasks.task_refs import KeyRef, TaskRef, WordsRef, read_token
from handlers.grammar.cursor import Words
from handlers.grammar.phrases import with_units

_AND = {"and", "und", "et", "y"}
_PARTS = re.compile(r"[\s,;&+]+")
_COMMA = re.compile("[,;]")


def parted(text: str) -> str:
    """With a space where a first word is a key and a length, or two keys: ``1h,TASK-12``."""
    first, space, rest = text.partition(" ")
    for found in _COMMA.finditer(first):
        sides = first[: found.start()], first[found.end() :]
        others = [one for one in sides if not _is_named(one)]
        if len(others) < len(sides) and all(map(_is_amount, others)):
            return f"{sides[0]}, {sides[1]}{space}{rest}"
    return text


def refuse_second_task(task: TaskRef | None, words: Words) -> None:
    """``TASK-12 TASK-5``: what is left means that the time went to both, and is no note.

    Raises:
        UsageError: keys are all that is left behind a task.
    """
    if task is None or isinstance(task, WordsRef) or words.at_note():
        return
    every = [one for one in _PARTS.split(words.left()) if one and one.lower() not in _AND]
    if every and all(isinstance(read_token(one), KeyRef) for one in every):
        raise UsageError(words.verb, Misuse.SECOND_TASK, " ".join(every))


def _is_named(text: str) -> bool:
    return read_token(text) is not None and not text.isdigit()


def _is_amount(text: str) -> bool:
    return with_units(text) is not None or read_range(text) is not None

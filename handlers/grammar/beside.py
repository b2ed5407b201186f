"""A key among words, where the words before it are no note: ``9:30 TASK-12``, ``hier TASK-12``."""

from bot.domain.clock_times import When
from bot.domain.days import Day
from bot.domain.input_errors import Misuse, UsageError
from bot.domain.tasks.task_refs import CALLED, TaskRef, WordsRef, named_in, read_token
from bot.domain.values import dataclass
from handlers.grammar.cursor import Words
from handlers.grammar.moments import (
    pass_now,
    refuse_what_is_no_time,
    take_bare_clock,
    take_when,
)
from handlers.grammar.phrases import refuse_days, take_day


@dataclass(frozen=True, slots=True)
class Beside:
    """The task that a key names, and what stands around it."""

    task: TaskRef
    words: Words
    """Those before it, of which nothing is read yet."""
    behind: str


def beside_key(verb: str, task: TaskRef | None) -> Beside | None:
    """The only key among words to search for, where words stand before it."""
    if not isinstance(task, WordsRef):
        return None
    every = task.text.split()
    for count, (before, word) in enumerate(zip(["", *every], every, strict=False), 1):
        is_bare = word.isdigit() and before.lower() not in CALLED
        if not is_bare and read_token(word.rstrip(",;")) is not None:
            named = named_in(" ".join(every[:count]))
            is_only = named is not None and named_in(task.text) is not None
            behind = " ".join(every[count:])
            return Beside(named[0], Words(verb, named[1]), behind) if named and is_only else None
    return None


def moment_before(beside: Beside) -> tuple[bool, When | None]:
    """Whether the words are nothing but a time, and which; *now* has none.

    Raises:
        BadInput: they read like a time and are none, as ``1h`` or a day alone.
    """
    words = beside.words
    when = take_when(words) or take_bare_clock(words)
    if when is None:
        pass_now(words)
        refuse_what_is_no_time(words)
    return not words, when


def day_before(beside: Beside, known: Day | None) -> tuple[bool, Day | None]:
    """Whether the words are nothing but a day, and which; ``known`` was read before them.

    Raises:
        BadInput: they are several days, or one that no calendar has.
    """
    words = beside.words
    day = take_day(words)
    if day is None:
        refuse_days(words)
    if words or day is None:
        return False, known
    if known is not None:
        raise UsageError(words.verb, Misuse.SEVERAL_DAYS)
    return True, day

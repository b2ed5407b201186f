"""Where a task ends and what stands around it: time, length, day, note."""

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.clock_times import ClockLength, ClockRange
from bot.domain.input_errors import Misuse, UsageError
from bot.domain.tasks.task_refs import NumberRef, TaskRef, WordsRef
from handlers.grammar.cursor import Words
from handlers.grammar.moments import take_bare_clock, take_when
from handlers.grammar.phrases import (
    BEFORE_TASK,
    take_amount,
    take_day,
    take_exact_ref,
    take_key,
    take_start,
)

if TYPE_CHECKING:
    from datetime import time

    from bot.domain.clock_times import Amount, When
    from bot.domain.days import Day


class Head:
    """The times, lengths and days around a task, each read once.

    With ``log`` a length, its start and a day are read, without it a time.
    """

    def __init__(self, words: Words, *, log: bool = False, bare_minutes: bool = False) -> None:
        self.words = words
        self.when: When | None = None
        self.day: Day | None = None
        self._length: int | ClockRange | None = None
        self._start: time | None = None
        self._log = log
        self._bare_minutes = bare_minutes

    def __bool__(self) -> bool:
        read = (self.when, self.day, self._length, self._start)
        return any(value is not None for value in read)

    @property
    def amount(self) -> "Amount | None":
        """The length or range that was read, or None.

        Raises:
            UsageError: a range, and another start beside it.
        """
        match self._length, self._start:
            case int() as seconds, time_ if time_ is not None:
                return ClockLength(time_, seconds)
            case ClockRange(), time_ if time_ is not None:
                raise UsageError(self.words.verb, Misuse.UNEXPECTED_WORDS, f"at {time_:%H:%M}")
            case length, _:
                return length

    @property
    def has_start(self) -> bool:
        """``at 14:00`` was read."""
        return self._start is not None

    def task(self) -> TaskRef | None:
        """The task, with what stands right before and after it read; None where there is none.

        Once something stands before it, ``on`` may too: ``log 1h on fix header``. Before a key,
        a number or an address it may always.

        Raises:
            BadInput: what stands around it is wrong.
        """
        self._read_all()
        if self and self.words.keyword(*BEFORE_TASK):
            self._read_all()
        before = self.words.left()
        task = self._behind_colon() or (
            None if self.words.at_note() else take_exact_ref(self.words) or self._search()
        )
        if task is None:
            return None
        typed = before.removesuffix(self.words.left()).strip()
        has_more = self._read_all()
        if isinstance(task, NumberRef) and not has_more:
            return self._weighed(task, typed)
        return task

    def _weighed(self, number: NumberRef, typed: str) -> NumberRef:
        """A bare number with words right behind it: ``3 people`` is most likely no task."""
        if number.called and self.words and not self.words.at_note():
            return replace(number, called=f"{number.called} {self.words.left()}")
        bare = typed.rpartition(" ")[2]
        if number.called or not bare.isdigit() or not self.words or self.words.at_note():
            return number
        return replace(number, words=f"{bare} {self.words.left()}")

    def _behind_colon(self) -> TaskRef | None:
        """The key or address in ``1h: TASK-12``; anything else behind a colon is a note."""
        if not (self and self.words.pass_colon()):
            return None
        found = take_key(self.words)
        if found is None:
            self.words.back()
        return found

    def _search(self) -> WordsRef | None:
        found: list[str] = []
        while self.words and not self.words.at_note():
            if found and self._read(in_search=True):
                break
            found.append(self.words.word())
        return WordsRef(" ".join(found)) if found else None

    def _read_all(self) -> bool:
        """Whether there was anything."""
        found = False
        while self._read():
            found = True
        return found

    def _read(self, *, in_search: bool = False) -> bool:
        """Read the time, length or day that comes next; whether there was one."""
        if self._log:
            return self._read_length(in_search=in_search) or self._read_start() or self._read_day()
        if self.when is None:
            self.when = take_when(self.words, in_search=in_search) or take_bare_clock(
                self.words, in_search=in_search
            )
            return self.when is not None
        return False

    def _read_length(self, *, in_search: bool) -> bool:
        if self._length is not None:
            return False
        self._length = take_amount(self.words, bare_minutes=self._bare_minutes, in_search=in_search)
        return self._length is not None

    def _read_start(self) -> bool:
        if self._start is not None or isinstance(self._length, ClockRange):
            return False
        self._start = take_start(self.words)
        return self._start is not None

    def _read_day(self) -> bool:
        if self.day is not None:
            return False
        self.day = take_day(self.words)
        return self.day is not None

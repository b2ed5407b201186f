"""A file of somebody's time: what is in it, and what is said about it."""

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from bot.domain.entries.entry_table import HEAD, EntryLine
from bot.domain.ids import SlackUserId
from bot.domain.periods import Period


@dataclass(slots=True)
class EntryFile:
    """A file, while it is made and when it is done."""

    to: SlackUserId
    period: Period
    about: tuple[str, ...]
    """Names of what it is about; empty for everything."""
    today: date
    """By the clock of its owner."""
    content: bytearray = field(default_factory=lambda: bytearray(codecs.BOM_UTF8))
    rows: int = 0
    seconds: int = 0
    has_timer: bool = False

    def counted(self, lines: Iterable[EntryLine]) -> Iterator[tuple[str, ...]]:
        """Head and rows, each counted as it passes."""
        yield HEAD
        for line in lines:
            self.rows += 1
            self.seconds += line.seconds
            yield line.cells

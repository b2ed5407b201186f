"""A cursor over the words after a verb.

The rules shared by all verbs:

- A colon behind a word, a lone ``:``, ``-`` or ``--``, and ``note:`` begin the note; everything
  behind is the note, word for word.
- ``"A name"`` holds words together; a quote inside is written twice. Single quotes work too,
  where one closes at a word's end.
- A comma or semicolon behind what was read parts it from the rest.
- A reading of several words is preferred to one of fewer: ``1 hour 30 minutes`` is one length.
"""

import re
from collections.abc import Callable
from typing import TypeVar

from bot.domain.input_errors import Misuse, UsageError

Value = TypeVar("Value")

_DOUBLE = re.compile(r'"((?:[^"]|"")*)"(?!")')
_SINGLE = re.compile(r"'([^'].*?)'(?=[\s:,;]|$)")
_EMOJI = re.compile(r":[\w+'-]+:")
_COMMAS = (",", ";")
_DASHES = {"", "-", "--"}


class Words:
    """What is left to read of a command: plain text with single spaces."""

    def __init__(self, verb: str, text: str) -> None:
        self.verb = verb
        self._words = text.split()
        self._at = 0

    def __bool__(self) -> bool:
        return self._at < len(self._words)

    def peek(self) -> str:
        """The next word, without colons behind it; empty at the end."""
        return _bare(self._words[self._at]) if self else ""

    def take(self, read: Callable[[str], Value], *, most: int = 1) -> Value | None:
        """The longest reading of the next words, at most so many, or None; moves past it."""
        for count in range(min(most, len(self._words) - self._at), 0, -1):
            text = _bare(" ".join(self._words[self._at : self._at + count]))
            value = read(text)
            if value is None and text[-1:] in _COMMAS:
                value = read(text[:-1])
            if value is not None:
                self._move(count)
                return value
        return None

    def take_last(self, read: Callable[[str], Value], *, most: int = 1) -> Value | None:
        """The same, only where nothing but a note comes behind it."""
        before = self._at, list(self._words)
        for count in range(min(most, len(self._words) - self._at), 0, -1):
            value = self.take(read, most=count)
            if value is None or not self or self.at_note():
                return value
            self._at, self._words = before[0], list(before[1])
        return None

    def word(self) -> str:
        """The next word, moving past it; a colon behind it stays as the mark of a note."""
        word = self.peek()
        self._move(1)
        return word

    def keyword(self, *keywords: str) -> str:
        """The next word in small letters, moving past it, where it is one of these; else empty."""
        return self.word().lower() if self.peek().lower() in keywords else ""

    def quoted(self) -> str | None:
        """The name between quotes that comes next (perhaps empty), or None; moves past it.

        Raises:
            UsageError: a double quote opens and never closes.
        """
        if self.peek()[:1] not in {'"', "'"}:
            return None
        left = self.left()
        found = _DOUBLE.match(left) or _SINGLE.match(left)
        if found:
            self._words, self._at = _unparted(left[found.end() :]).split(), 0
            return found[1].replace('""', '"').strip() if left[0] == '"' else found[1].strip()
        if left[0] == '"':
            raise UsageError(self.verb, Misuse.UNCLOSED_QUOTE, left)
        return None

    def at_note(self) -> bool:
        """Whether the next word says that a note begins."""
        return bool(self) and (
            self.peek() in _DASHES or self._words[self._at].lower().startswith("note:")
        )

    def pass_colon(self) -> bool:
        """Whether a lone colon comes next; moves past it."""
        found = bool(self) and self._words[self._at] == ":"
        self._at += found
        return found

    def back(self) -> None:
        """Move back over the last word."""
        self._at -= 1

    def note(self) -> str:
        """All that is left, without the mark that begins a note."""
        if self.at_note():
            mark = self._words[self._at]
            self._words[self._at] = mark[5:] if mark.lower().startswith("note:") else ""
        return self.rest()

    def until(self, keywords: tuple[str, ...]) -> str:
        """The words before a keyword or the end, as they are."""
        begin = self._at
        while self and self._words[self._at].lower() not in keywords:
            self._at += 1
        return " ".join(self._words[begin : self._at])

    def left(self) -> str:
        """All that is left."""
        return " ".join(self._words[self._at :])

    def rest(self) -> str:
        """All that is left, moving to the end."""
        left = self.left()
        self._at = len(self._words)
        return left.strip()

    def end(self) -> None:
        """Nothing may be left.

        Raises:
            UsageError: something is.
        """
        left = self.rest()
        if left.strip(":"):
            raise UsageError(self.verb, Misuse.UNEXPECTED_WORDS, left)

    def _move(self, count: int) -> None:
        self._at += count
        last = self._words[self._at - 1]
        if _bare(last) not in {last, ""}:
            self._at -= 1
            self._words[self._at] = ":"


def _unparted(text: str) -> str:
    """The text without the comma that parts it from what stands before it."""
    return text[1:] if text[:1] in _COMMAS else text


def _bare(text: str) -> str:
    """The text without colons at its end, unless they close an emoji's name."""
    if not text.endswith(":") or _EMOJI.fullmatch(text.rpartition(" ")[2]):
        return text
    return text.rstrip(":").rstrip(" ")

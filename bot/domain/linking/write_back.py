"""What an admin chooses about writing time back to a tool (W1, W4)."""

import re
from collections.abc import Mapping
from enum import StrEnum

from bot.domain.values import dataclass

LONGEST_TEXT = 200
"""Characters in the pattern of a worklog's text."""

LONGEST_MINIMUM = 86_400
"""Seconds."""


class WriteMode(StrEnum):
    """Whether finished time is written to the tool."""

    OFF = "off"
    ON = "on"
    APPROVED = "approved"
    """Only what was approved in a submitted week."""


@dataclass(frozen=True, slots=True)
class WriteBack:
    """One integration's choices."""

    mode: WriteMode = WriteMode.OFF
    shortest: int = 0
    """Seconds; what is shorter is not written."""
    text: str = ""
    """The pattern of a worklog's text; empty for the note alone. Its words are in ``WORDS``."""
    reduces_estimate: bool = False
    """What is written is taken off what a task is estimated to need still, where the tool can."""

    @property
    def is_on(self) -> bool:
        """Something is written."""
        return self.mode is not WriteMode.OFF


WORDS = ("{note}", "{member}", "{key}", "{task}", "{project}")
"""What stands for something in the pattern of a text."""


_A_WORD = re.compile(r"\{[^\W\d_]\w*\}")


def unknown_word(pattern: str) -> str:
    """The first of a pattern that looks as though it stood for something, and does not; or ""."""
    return next((word for word in _A_WORD.findall(pattern) if word not in WORDS), "")


def worklog_text(pattern: str, values: Mapping[str, str]) -> str:
    """A worklog's text: the pattern with each of ``WORDS`` put in, on one line."""
    said = pattern.strip() or "{note}"
    parts = said.split("{")
    filled = [parts[0]]
    for part in parts[1:]:
        name, brace, rest = part.partition("}")
        known = brace and f"{{{name}}}" in WORDS
        filled.append(values.get(name, "") + rest if known else "{" + part)
    return " ".join("".join(filled).split()).strip(" -:,;")

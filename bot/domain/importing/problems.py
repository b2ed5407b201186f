"""What can be wrong with a file of hours, and with a row of it; sentences are in the views."""

from dataclasses import dataclass as mutable
from enum import StrEnum

from bot.domain.values import dataclass


class FileProblem(StrEnum):
    """Why nothing of a file can be read."""

    EMPTY = "empty"
    COLUMNS = "columns"
    DATES_AMBIGUOUS = "dates ambiguous"
    DATES_MIXED = "dates mixed"
    UNREADABLE = "unreadable"
    WORKBOOK = "workbook"


@mutable(eq=False)
class FileRefused(Exception):
    """Nothing of the file can be read."""

    problem: FileProblem
    first: str = ""
    """What is missing, or the date in question."""
    second: str = ""
    """What is there, or the other date."""


class Flaw(StrEnum):
    """Why a row is not taken."""

    NO_DATE = "no date"
    DATE = "date"
    CLOCK = "clock"
    LENGTH = "length"
    NO_LENGTH = "no length"
    ZERO = "zero"
    NEGATIVE = "negative"
    TOO_LONG = "too long"
    FUTURE = "future"
    SKIPPED_HOUR = "skipped hour"
    ZONE = "zone"
    SAME_ID = "same id"
    NOBODY = "nobody"
    NO_SUCH_PERSON = "no such person"
    SEVERAL_PEOPLE = "several people"
    NO_PROJECT = "no project"
    LONG_NAME = "long name"
    SEVERAL_PROJECTS = "several projects"
    OVERLAP = "overlap"


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is not taken."""

    line: int
    """Of the file, where the row begins."""
    flaw: Flaw
    detail: str = ""
    """The words in question."""

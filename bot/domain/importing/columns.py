"""What the columns of a file of hours are called, in the exports of other trackers too.

The heads of Toggl Track's and Harvest's detailed exports are in their help pages
(support.toggl.com, *Editing and uploading a CSV file*; support.getharvest.com, *Detailed time*),
Clockify's in clockify.me/help/reports/exporting-reports.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from bot.domain.importing.problems import FileProblem, FileRefused


class Column(StrEnum):
    """What a column can hold."""

    ID = "id"
    EMAIL = "email"
    PERSON = "person"
    FIRST_NAME = "first name"
    LAST_NAME = "last name"
    PROJECT = "project"
    TASK = "task"
    TITLE = "title"
    NOTE = "note"
    DATE = "date"
    START = "start"
    END_DATE = "end date"
    END = "end"
    SECONDS = "seconds"
    MINUTES = "minutes"
    LENGTH = "duration"
    """``1:30``, ``1.5`` hours, ``1h 30m``."""
    ZONE = "zone"
    BILLABLE = "billable"


_C = Column

HEADS: Mapping[Column, tuple[str, ...]] = {
    _C.ID: ("id", "entry id", "time entry id"),
    _C.EMAIL: ("email", "e mail", "user email", "mail"),
    _C.PERSON: ("person", "user", "user name", "username", "member", "team member", "employee"),
    _C.FIRST_NAME: ("first name",),
    _C.LAST_NAME: ("last name",),
    _C.PROJECT: ("project", "project name"),
    _C.TASK: ("task", "task name", "task key", "activity", "issue"),
    _C.TITLE: ("title", "task title"),
    _C.NOTE: ("note", "notes", "description", "comment", "comments"),
    _C.DATE: ("date", "start date", "day", "spent date"),
    _C.START: ("start", "start time", "from", "begin"),
    _C.END_DATE: ("end date",),
    _C.END: ("end", "end time", "to"),
    _C.SECONDS: ("seconds",),
    _C.MINUTES: ("minutes",),
    _C.LENGTH: ("duration h", "duration", "hours", "h mm", "duration decimal", "time h", "time"),
    _C.ZONE: ("zone", "time zone", "timezone"),
    _C.BILLABLE: ("billable",),
}
"""By what each goes, the best first, in small letters and without marks."""

Layout = Mapping[Column, int]
"""Where in a row each column stands."""

_LENGTHS = (_C.SECONDS, _C.MINUTES, _C.LENGTH)


def plain(head: str) -> str:
    """A head in small letters, without marks: ``Duration (h)`` is ``duration h``."""
    return " ".join("".join(c if c.isalnum() else " " for c in head.casefold()).split())


def known_columns(heads: Sequence[str]) -> Layout:
    """The columns that are known, and where they stand; the first of equal ones."""
    places: dict[str, int] = {}
    for place, head in enumerate(map(plain, heads)):
        places.setdefault(head, place)
    found = {
        column: next((places[name] for name in names if name in places), None)
        for column, names in HEADS.items()
    }
    return {column: place for column, place in found.items() if place is not None}


def layout(heads: Sequence[str], *, of_one: bool) -> Layout:
    """The same of a file that can be imported.

    Args:
        heads: The first row.
        of_one: Somebody said whose hours they all are.

    Raises:
        FileRefused: a column is missing without which no row can be read.
    """
    found = known_columns(heads)
    people = {_C.EMAIL, _C.PERSON, _C.FIRST_NAME, _C.LAST_NAME}
    missing = []
    if not of_one and not people & found.keys():
        missing.append("Email or User")
    if _C.DATE not in found and _C.START not in found:
        missing.append("Date")
    if not set(_LENGTHS) & found.keys() and not {_C.START, _C.END} <= found.keys():
        missing.append("Duration, or Start and End")
    if missing:
        raise FileRefused(FileProblem.COLUMNS, " and ".join(missing), ", ".join(heads))
    return found

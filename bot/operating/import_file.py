"""A file of hours on the disk: its letters, its marks between cells, its rows one by one."""

import csv
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path

from bot.domain.importing.cells import Dates, Order, bare, order_of, parted
from bot.domain.importing.columns import Column, Layout, known_columns, layout
from bot.domain.importing.problems import FileProblem, FileRefused, Refused
from bot.domain.importing.rows import Row, read_row
from bot.domain.values import dataclass

_PIECE = 1 << 20
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How .xlsx and .ods begin, and how .xls does."""
_HINT = "sep="
"""By which Excel is told in a row of its own what stands between cells."""
_MARKS = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class HoursFile:
    """A file whose first row was understood."""

    path: Path
    encoding: str
    delimiter: str
    heads: list[str]
    columns: Layout
    dates: Dates

    def rows(self) -> Iterator[Row | Refused]:
        """Its rows, each read when it is asked for; empty ones are left out."""
        for line, cells in _records(self.path, self.encoding, self.delimiter):
            yield read_row(line, cells, self.columns, self.dates.order)

    def digest(self, *said: object) -> str:
        """The same for the same file and the same words about it."""
        found = blake2b(repr(said).encode(), digest_size=16)
        with self.path.open("rb") as file:
            while piece := file.read(_PIECE):
                found.update(piece)
        return found.hexdigest()


def opened(path: Path, order: Order | None, *, of_one: bool) -> HoursFile:
    """A file, and how it is to be read.

    Args:
        path: Where it is.
        order: Of its dates, where somebody said it; else they have to show it.
        of_one: Somebody said whose hours they all are.

    Raises:
        FileRefused: it cannot be read.
        OSError: it cannot be opened.
    """
    encoding = _encoding(path)
    delimiter, heads = _head(path, encoding)
    columns = layout(heads, of_one=of_one)
    dates = Dates(order) if order else order_of(_dates(path, encoding, delimiter, columns))
    return HoursFile(path, encoding, delimiter, heads, columns, dates)


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        begin = file.read(4)
    if begin in _WORKBOOKS:
        raise FileRefused(FileProblem.WORKBOOK)
    if begin[:2] in _UTF16:
        return "utf-16"
    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
            while text.read(_PIECE):
                pass
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _head(path: Path, encoding: str) -> tuple[str, list[str]]:
    """The mark between cells that makes most of the first row known, and that row."""
    found: list[tuple[int, str, list[str]]] = []
    for mark in _MARKS:
        with path.open(encoding=encoding, errors="replace", newline="") as text:
            heads = _first_row(csv.reader(text, delimiter=mark))
        found.append((len(known_columns(heads)), mark, [head.strip() for head in heads]))
    if not any(heads for _, _, heads in found):
        raise FileRefused(FileProblem.EMPTY)
    _, mark, heads = max(found, key=lambda one: one[0])
    return mark, heads


def _first_row(rows: Iterable[list[str]]) -> list[str]:
    try:
        return next(filter(_is_head, rows), [])
    except csv.Error as error:
        raise FileRefused(FileProblem.UNREADABLE, str(error)) from error


def _dates(path: Path, encoding: str, delimiter: str, columns: Layout) -> Iterator[str]:
    places = [
        columns[one]
        for one in (Column.DATE, Column.END_DATE, Column.START, Column.END)
        if one in columns
    ]
    for _, cells in _records(path, encoding, delimiter):
        for place in places:
            if place < len(cells):
                text = bare(cells[place])
                yield parted(text)[0] or text


def _records(path: Path, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows behind the first, with the lines on which they begin."""
    is_before, line = True, 1
    with path.open(encoding=encoding, errors="replace", newline="") as text:
        # Strictly: a quote that is never closed would take the rows behind it into one cell.
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        try:
            for cells in reader:
                begins, line = line, reader.line_num + 1
                if is_before:
                    is_before = not _is_head(cells)
                elif _is_said(cells):
                    yield begins, cells
        except csv.Error as error:
            said = f"in the row that begins on line {line}, {error}"
            raise FileRefused(FileProblem.UNREADABLE, said) from error


def _is_said(cells: list[str]) -> bool:
    return any(cell.strip() for cell in cells)


def _is_head(cells: list[str]) -> bool:
    return _is_said(cells) and not cells[0].casefold().startswith(_HINT)

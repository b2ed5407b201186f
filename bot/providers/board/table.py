"""A CSV file as people keep it: read kindly, written back in the style it was found in."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.domain.values import dataclass

_DELIMITERS = ",;\t"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_UTF8_MARK = b"\xef\xbb\xbf"


class TableProblem(Exception):
    """Why a file cannot be read, in words for the person who keeps it."""

    def __init__(self, file: str, problem: str, row: int | None = None) -> None:
        super().__init__(file, problem, row)
        self.file = file
        self.problem = problem
        self.row = row
        """As a spreadsheet counts: the header is row 1."""

    def __str__(self) -> str:
        place = self.file if self.row is None else f"{self.file}, row {self.row}"
        return f"{place}: {self.problem}"


@dataclass(frozen=True, slots=True)
class Style:
    """How a program wrote the file, so that the same program reads it again."""

    encoding: str = "utf-8"
    """``utf-8``, ``utf-8-sig`` (with a byte order mark) or ``utf-16``."""
    delimiter: str = ","
    newline: str = "\n"
    says_delimiter: bool = False
    """Begins with a ``sep=;`` line, as some spreadsheets want it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table."""

    number: int
    """As a spreadsheet counts: the header is row 1."""
    cells: tuple[str, ...]
    """As written, one for each column."""


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file."""

    file: str
    """Its name, for messages."""
    style: Style
    header: tuple[str, ...]
    """Column titles as written."""
    rows: tuple[Row, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Column titles as compared: lower case, underscores for spaces and hyphens."""
        return tuple(column_name(title) for title in self.header)

    def has(self, column: str) -> bool:
        """Whether the file has this column."""
        return column in self.columns

    def text(self, row: Row, column: str) -> str:
        """A cell without the blanks around it; empty where the column is missing."""
        columns = self.columns
        return row.cells[columns.index(column)].strip() if column in columns else ""

    def problem(self, row: Row, problem: str) -> TableProblem:
        """A complaint about one row."""
        return TableProblem(self.file, problem, row.number)

    def requiring(self, *columns: str) -> "Table":
        """The table itself, when it has these columns.

        Raises:
            TableProblem: one is missing.
        """
        for column in columns:
            if not self.has(column):
                raise TableProblem(self.file, f'There is no column "{column}".', 1)
        return self

    def with_column(self, column: str) -> "Table":
        """The table with one more, empty column at the end, unless it has it."""
        if self.has(column):
            return self
        rows = tuple(replace(row, cells=(*row.cells, "")) for row in self.rows)
        return replace(self, header=(*self.header, column), rows=rows)

    def with_cells(self, row: Row, values: Mapping[str, str]) -> "Table":
        """The table with some cells of one row changed; columns it lacks are left out."""
        cells = list(row.cells)
        for position, column in enumerate(self.columns):
            if column in values:
                cells[position] = values[column]
        changed = replace(row, cells=tuple(cells))
        return replace(self, rows=tuple(changed if r is row else r for r in self.rows))

    def with_row(self, values: Mapping[str, str]) -> "Table":
        """The table with one more row; columns it lacks are left out."""
        number = self.rows[-1].number + 1 if self.rows else 2
        cells = tuple(values.get(column, "") for column in self.columns)
        return replace(self, rows=(*self.rows, Row(number, cells)))

    def without(self, row: Row) -> "Table":
        """The table without one row."""
        return replace(self, rows=tuple(r for r in self.rows if r is not row))


def column_name(title: str) -> str:
    """A column title as compared."""
    return title.strip().casefold().replace(" ", "_").replace("-", "_")


def read_table(file: str, content: bytes) -> Table:
    """Reads what a spreadsheet or a text editor saved.

    Understood: UTF-8 with or without a byte order mark, UTF-16 with one; comma, semicolon or tab;
    any line ends; blank lines; short rows.

    Raises:
        TableProblem: it cannot be read without guessing.
    """
    encoding = _encoding(content)
    text = _decoded(file, content, encoding)
    said = _said_delimiter(text)
    if said:
        text = text.split("\n", 1)[1] if "\n" in text else ""
    first = text.partition("\n")[0]
    newline = "\r\n" if first.endswith("\r") else "\r" if "\r" in first else "\n"
    delimiter = said or _delimiter(first)
    style = Style(encoding, delimiter, newline, says_delimiter=bool(said))
    records = _records(file, text, delimiter)
    if not records:
        raise TableProblem(file, "The file is empty; the first row has to name the columns.")
    (_, titles), *rest = records
    header = _trimmed(titles)
    _refuse_twins(file, header)
    rows = tuple(Row(number, _fitted(file, number, cells, len(header))) for number, cells in rest)
    return Table(file, style, header, rows)


def write_table(table: Table) -> bytes:
    """The file's new content, in the style it was found in."""
    style = table.style
    lines = [f"sep={style.delimiter}"] if style.says_delimiter else []
    every = (table.header, *(row.cells for row in table.rows))
    lines += [style.delimiter.join(map(_quoted, cells)) for cells in every]
    text = "".join(line + style.newline for line in lines)
    return text.encode(style.encoding, errors="replace")


def _quoted(cell: str) -> str:
    """A cell, in quotes where any reader might stumble over it.

    Not ``csv.writer``: it leaves a lone carriage return unquoted, and a title's semicolon, which
    would mislead the next reader's guess at the delimiter.
    """
    if any(mark in cell for mark in f'"\r\n{_DELIMITERS}'):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _encoding(content: bytes) -> str:
    if content.startswith(_UTF16_MARKS):
        return "utf-16"
    return "utf-8-sig" if content.startswith(_UTF8_MARK) else "utf-8"


def _decoded(file: str, content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1 if encoding != "utf-16" else None
        problem = 'The text is not UTF-8. Save the file as "CSV UTF-8".'
        raise TableProblem(file, problem, row) from None


def _said_delimiter(text: str) -> str:
    """The mark that a first line like ``sep=;`` names; empty without such a line."""
    first = text.partition("\n")[0].rstrip("\r")
    return first[4:] if first in {f"sep={mark}" for mark in _DELIMITERS} else ""


def _delimiter(first_line: str) -> str:
    """The mark that stands most often outside quotes in the line of titles."""
    bare = "".join(first_line.split('"')[::2])
    return max(_DELIMITERS, key=bare.count)


def _records(file: str, text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """Rows that hold something, with their spreadsheet numbers."""
    found: list[tuple[int, list[str]]] = []
    number = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, cells in enumerate(reader, start=1):
            if not all(map(_is_blank, cells)):
                found.append((number, cells))
    except csv.Error as error:
        problem = f"The quotation marks do not match ({error})."
        raise TableProblem(file, problem, number + 1) from None
    return found


def _trimmed(header: Iterable[str]) -> tuple[str, ...]:
    """Titles without stray byte order marks and without the nameless columns at the right."""
    titles = [title.replace("\ufeff", "") for title in header]
    while titles and _is_blank(titles[-1]):
        titles.pop()
    return tuple(titles)


def _refuse_twins(file: str, header: tuple[str, ...]) -> None:
    names = [column_name(title) for title in header]
    for name in names:
        if name and names.count(name) > 1:
            raise TableProblem(file, f'There are two columns "{name}".', 1)


def _fitted(file: str, number: int, cells: list[str], width: int) -> tuple[str, ...]:
    if not all(map(_is_blank, cells[width:])):
        problem = "There are more cells than columns. Text with a separator in it needs quotes."
        raise TableProblem(file, problem, number)
    return (*cells[:width], *[""] * (width - len(cells)))


def _is_blank(cell: str) -> bool:
    """Nothing to see: blanks, or the byte order marks that joined files leave in the middle."""
    return not cell.replace("\ufeff", "").strip()

"""Tables in ``docs/`` whose cells tests measure.

A test compares what it measured with the page. ``HOURLINK_WRITE_TABLES=1`` makes the same tests
write it there instead::

    HOURLINK_WRITE_TABLES=1 make test ARGS='tests/providers/test_faults.py'
"""

import fcntl
import os
import re
from collections.abc import Sequence
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
VARIABLE = "HOURLINK_WRITE_TABLES"


class Table:
    """One table between ``<!-- measured: NAME -->`` and ``<!-- end -->`` of a page."""

    def __init__(self, page: str, name: str, head: str) -> None:
        """Names a table.

        Args:
            page: The file in ``docs/``.
            name: Which of its tables.
            head: What stands above the first column.
        """
        self._path = DOCS / page
        self._head = head
        marks = rf"(<!-- measured: {name} -->\n)(.*?)(<!-- end -->)"
        self._piece = re.compile(marks, re.DOTALL)

    def cells(self) -> dict[tuple[str, str], str]:
        """What the page says, by row and column."""
        found = self._piece.search(self._path.read_text(encoding="utf-8"))
        assert found is not None, f"{self._path} has no such table"
        lines = [_split(line) for line in found[2].splitlines()]
        head, rows = (lines[0], lines[2:]) if lines else ([], [])
        return {
            (row[0], column): cell
            for row in rows
            for column, cell in zip(head[1:], row[1:], strict=True)
        }

    def holds(
        self, row: str, column: str, measured: str, *, rows: Sequence[str], columns: Sequence[str]
    ) -> None:
        """The page says what was measured.

        Args:
            row: The cell's row.
            column: The cell's column.
            measured: What it has to say.
            rows: Every row the table has, in order.
            columns: Every column, without the first.
        """
        if os.environ.get(VARIABLE) == "1":
            self._write(row, column, measured, rows, columns)
        said = self.cells().get((row, column))
        assert said == measured, f"{row}, {column}: the page says {said!r}, it is {measured!r}"

    def has_exactly(self, rows: Sequence[str], columns: Sequence[str]) -> None:
        """Nothing is missing in the page, and nothing is left over."""
        assert list(self.cells()) == [(row, column) for row in rows for column in columns]

    def _write(
        self, row: str, column: str, measured: str, rows: Sequence[str], columns: Sequence[str]
    ) -> None:
        with self._path.open("r+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # several workers measure at a time
            cells = self.cells() | {(row, column): measured}
            lines = [[self._head, *columns], ["---"] * (len(columns) + 1)]
            lines += [[one, *(cells.get((one, c), "") for c in columns)] for one in rows]
            table = "".join("| " + " | ".join(line) + " |\n" for line in lines)
            text = self._piece.sub(
                lambda found: found[1] + table + found[3], self._path.read_text(encoding="utf-8")
            )
            file.seek(0)
            file.truncate()
            file.write(text)


def _split(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split(" | ")]

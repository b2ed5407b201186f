"""CSV files as spreadsheets and people leave them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.providers.board.table import Style, Table, TableProblem, read_table, write_table

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
TITLE = st.text(st.characters(categories=["L", "N"], exclude_characters="ªº"), min_size=1)


def _can_be_told_apart(cells: tuple[str, ...]) -> bool:
    """A row of blanks is a blank line."""
    return any(cell.replace("\ufeff", "").strip() for cell in cells)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Any table in any style."""
    titles = draw(st.lists(TITLE, min_size=1, max_size=4, unique_by=lambda t: t.casefold()))
    row = st.tuples(*[TEXT] * len(titles)).filter(_can_be_told_apart)
    style = Style(
        encoding=draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])),
        # With one column there is no delimiter to guess from.
        delimiter=draw(st.sampled_from(",;\t")) if len(titles) > 1 else ",",
        newline=draw(st.sampled_from(["\n", "\r\n"])),
        says_delimiter=draw(st.booleans()),
    )
    table = Table("any.csv", style, tuple(titles), ())
    for cells in draw(st.lists(row, max_size=5)):
        table = table.with_row(dict(zip(table.columns, cells, strict=True)))
    return table


@given(tables())
def test_what_is_written_is_read_again(table: Table) -> None:
    """No cell changes on its way through a file: quotes, line ends, emoji and all."""
    again = read_table(table.file, write_table(table))
    assert (again.style, again.header) == (table.style, table.header)
    assert [row.cells for row in again.rows] == [row.cells for row in table.rows]


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    """Whatever lands in the folder, it is a table or a sentence, never a crash."""
    with suppress(TableProblem):
        table = read_table("any.csv", content)
        assert all(len(row.cells) == len(table.header) for row in table.rows)


@pytest.mark.parametrize(
    "content",
    [
        b"id,name\n1,Ana\n",
        b"\xef\xbb\xbfid,name\r\n1,Ana\r\n",
        b"id;name\n1;Ana\n",
        b"id\tname\n1\tAna",
        b"sep=;\r\nid;name\r\n1;Ana\r\n",
        b"\r\n\r\nid,name\r\n\r\n1,Ana\r\n,,\r\n",
        b'"id","name"\n"1","Ana"\n',
        b" ID , Name ,,\n1,Ana,,\n",
        b"id,name\r1,Ana\r",
        "id,name\n1,Ana\n".encode("utf-16"),
    ],
)
def test_one_table_in_many_dresses(content: bytes) -> None:
    """Spreadsheets of several countries save the same table."""
    table = read_table("people.csv", content)
    assert table.columns == ("id", "name")
    assert [(table.text(row, "id"), table.text(row, "name")) for row in table.rows] == [
        ("1", "Ana")
    ]


def test_rows_are_numbered_as_in_a_spreadsheet() -> None:
    """Blank lines count, and so does a cell with line ends in it, once."""
    table = read_table("t.csv", b'id,name\n\n1,"two\nlines"\n2,Bo\n')
    assert [row.number for row in table.rows] == [3, 4]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "t.csv: The file is empty; the first row has to name the columns."),
        (
            b"id,name\n1,Jos\xe9\n",
            't.csv, row 2: The text is not UTF-8. Save the file as "CSV UTF-8".',
        ),
        (b"id,ID\n", 't.csv, row 1: There are two columns "id".'),
        (b"id,name\n1,a,b\n", "t.csv, row 2: There are more cells than columns."),
        (b'id,name\n1,Ana\n2,"Bo\n', "t.csv, row 3: The quotation marks do not match"),
    ],
)
def test_what_needs_guessing_is_refused_with_its_place(content: bytes, sentence: str) -> None:
    """The person who keeps the file finds the row and knows what to do."""
    with pytest.raises(TableProblem) as caught:
        read_table("t.csv", content)
    assert str(caught.value).startswith(sentence)


def test_a_missing_column_is_named() -> None:
    """Not every spreadsheet has a column for the title."""
    with pytest.raises(TableProblem, match='row 1: There is no column "title"'):
        read_table("tasks.csv", b"id,project\n").requiring("id", "title")


def test_unknown_columns_and_blanks_are_kept() -> None:
    """A change of one cell leaves what people wrote beside it as it was."""
    content = b"\xef\xbb\xbfid;Remark ; status\r\n1; keep  me ;Open\r\n2;;Open\r\n"
    table = read_table("tasks.csv", content)
    changed = table.with_cells(table.rows[0], {"status": "Done", "done": "yes"})
    assert write_table(changed) == content.replace(b";Open", b";Done", 1)

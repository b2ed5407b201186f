"""Tables as CSV files that a spreadsheet opens without running anything in them."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""A cell that begins like this is taken for a formula, in half or full width."""


def csv_file(rows: Iterable[Sequence[str]]) -> bytes:
    """The rows as UTF-8 with a mark, which every spreadsheet reads as such."""
    return b"".join([codecs.BOM_UTF8, *csv_pieces(rows)])


def csv_pieces(rows: Iterable[Sequence[str]], *, at_a_time: int = 1000) -> Iterator[bytes]:
    """What follows the mark, so many rows at a time, each piece made when it is asked for."""
    left = iter(rows)
    while some := list(islice(left, at_a_time)):
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerows([harmless(cell) for cell in row] for row in some)
        yield out.getvalue().encode()


def harmless(cell: str) -> str:
    """The text, with an apostrophe in front where a spreadsheet would run it.

    A number below zero is a number, and stays one.
    """
    bare = cell.lstrip(" \u00a0")
    if not bare.startswith(_STARTS) or _is_number(bare):
        return cell
    return f"'{cell}"


def _is_number(text: str) -> bool:
    return (
        text[:1] == "-"
        and text[1:].replace(".", "", 1).isascii()
        and text[1:].replace(".", "", 1).isdigit()
    )

"""Long lists of ids in pieces that every database takes in one statement."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")

CHUNK = 500


def chunked(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """The items in order, at most ``CHUNK`` at a time."""
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]

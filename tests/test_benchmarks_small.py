"""Every row of the benchmarks still runs, and nothing has become twice as slow."""

import pytest

from benchmarks.__main__ import ROWS
from benchmarks.figures import SMALL, recorded

ALLOWED = 0.5
"""Of what was recorded. Processor time beside that of a floor in the same run, the better of two
rounds: a busy machine slows both."""


@pytest.mark.parametrize("row", ROWS)
def test_a_row_keeps_half_of_what_was_recorded(row: str) -> None:
    """A commit that doubles what a request costs is found here, not by the people who wait."""
    kept = recorded()["small"]
    figures = ROWS[row](SMALL)
    assert {one.what for one in figures if one.score} <= kept.keys(), "record it: make bench"
    slow = {
        one.what: f"{one.score:.2f}, recorded {kept[one.what]:.2f}"
        for one in figures
        if one.score is not None and one.score < ALLOWED * kept[one.what]
    }
    assert slow == {}

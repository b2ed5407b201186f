"""Every row of the benchmarks still runs, and nothing has become twice as slow."""

import pytest

from benchmarks.__main__ import ROWS
from benchmarks.figures import SMALL, recorded

ALLOWED = 0.5
"""Of what was recorded. Processor time beside that of a floor in the same run, the better of two
rounds: a busy machine slows both."""

TRIES = 3
"""What is slow is slow each time; the machine's other work disturbs a round now and then."""


@pytest.mark.parametrize("row", ROWS)
def test_a_row_keeps_half_of_what_was_recorded(row: str) -> None:
    """A commit that doubles what a request costs is found here, not by the people who wait."""
    kept = recorded()["small"]
    best: dict[str, float] = {}
    for _ in range(TRIES):
        for one in ROWS[row](SMALL):
            if one.score is not None:
                best[one.what] = max(one.score, best.get(one.what, 0.0))
        assert best.keys() <= kept.keys(), "record it: make bench"
        slow = {
            what: f"{score:.2f}, recorded {kept[what]:.2f}"
            for what, score in best.items()
            if score < ALLOWED * kept[what]
        }
        if not slow:
            return
    pytest.fail(str(slow))

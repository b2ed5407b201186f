"""What the benchmark of a sync compares, and the table it makes of what it measured."""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

OURS, FLOOR, BARE, DLT = "Hourlink", "floor", "floor without index", "dlt"
LEAN = "dlt, our nine columns"


@dataclass(frozen=True, slots=True)
class Case:
    """One of the syncs."""

    name: str
    full: bool
    edited: int | None = None
    """One task in so many is edited before; None leaves them all."""
    new: bool = False

    @property
    def reads_all(self) -> bool:
        """Every page of every project is read."""
        return self.full or self.new


CASES = (
    Case("first sync", full=False, new=True),
    Case("nothing changed", full=False),
    Case("1 % changed", full=False, edited=100),
    Case("nothing changed, swept", full=True),
    Case("1 % changed, swept", full=True, edited=100),
)

Measured = dict[tuple[str, str], list[dict[str, Any]]]
"""By case and side, a round each."""


def ratio(found: Measured, case: str, other: str, what: str = "seconds") -> float | None:
    """Hourlink's figure by another's, the median of the rounds."""
    pairs = zip(found[case, OURS], found[case, other], strict=False)
    each = [ours[what] / theirs[what] for ours, theirs in pairs if theirs[what]]
    return statistics.median(each) if each else None


def median(found: Measured, case: str, side: str, what: str = "seconds") -> float | None:
    """The median of the rounds."""
    values = [one[what] for one in found[case, side]]
    return statistics.median(values) if values else None


HEADS = (
    "",
    "requests",
    "seconds (CPU)",
    "tasks a second",
    "floor (CPU)",
    "of it the index",
    "by floor (CPU)",
    "dlt (CPU)",
    "faster than dlt (CPU)",
    "dlt, our nine columns (CPU)",
    "faster than that (CPU)",
    "memory, MB",
)


def lines(place: str, found: Measured, tasks: int) -> Iterator[Sequence[str]]:
    """One line a case."""
    for case in CASES:
        name = case.name
        if not found[name, OURS]:
            continue
        ours, floor, bare = (median(found, name, side) or 0.0 for side in (OURS, FLOOR, BARE))
        requests = statistics.median(one["requests"] for one in found[name, OURS])
        yield (
            f"{place}, {name}",
            f"{requests:,.0f}",
            _seconds(found, name, OURS),
            f"{tasks / ours:,.0f}" if case.reads_all else "",
            _seconds(found, name, FLOOR),
            f"{floor - bare:.2f}" if case.new else "",
            _times(found, name, FLOOR),
            _seconds(found, name, DLT),
            _times(found, name, DLT, inverted=True),
            _seconds(found, name, LEAN),
            _times(found, name, LEAN, inverted=True),
            f"{max(one['memory'] for one in found[name, OURS]):.0f}",
        )


def _seconds(found: Measured, case: str, side: str) -> str:
    seconds, processor = (median(found, case, side, what) for what in ("seconds", "cpu"))
    return "" if seconds is None else f"{seconds:.2f} ({processor:.2f})"


def _times(found: Measured, case: str, side: str, *, inverted: bool = False) -> str:
    """How many times as long as the other side, or the other way round."""
    both = [ratio(found, case, side, what) for what in ("seconds", "cpu")]
    said = [f"{1 / one:.1f}" if inverted else f"{one:.2f}" for one in both if one]
    return f"{said[0]} ({said[1]})" if len(said) == len(both) else ""


def markdown(rows: Sequence[Sequence[str]], said: str) -> str:
    """For ``docs/sync.md``."""
    table = [HEADS, ["---"] + ["---:"] * (len(HEADS) - 1), *rows]
    return f"{said}\n\n" + "".join("| " + " | ".join(row) + " |\n" for row in table)

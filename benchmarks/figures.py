"""What a row of the benchmarks comes to: figures beside their floors, as ratios with limits."""

import json
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

RECORDED = Path(__file__).with_name("recorded.json")


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    rounds: int = 3
    small: bool = False
    """A world of a tenth and less, for the smoke test."""

    def of(self, whole: int, tiny: int) -> int:
        """A number of something in this size."""
        return tiny if self.small else whole


WHOLE, SMALL = Size(), Size(rounds=2, small=True)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure beside its floor."""

    what: str
    ours: str
    floor: str
    ratio: float
    must: float
    aim: float
    more_is_better: bool = False
    """The ratio is to be at least so much; otherwise at most."""
    note: str = ""
    score: float | None = None
    """The floor's processor time by ours: what a busy machine changes least. Recorded, and watched
    by a test. None where nothing of the kind is measured."""

    @property
    def verdict(self) -> str:
        """What of the two limits is kept."""
        if self._keeps(self.aim):
            return "aim"
        return "must" if self._keeps(self.must) else "**missed**"

    def _keeps(self, limit: float) -> bool:
        return self.ratio >= limit if self.more_is_better else self.ratio <= limit

    def cells(self) -> tuple[str, ...]:
        """The line of a table."""
        sign = "≥" if self.more_is_better else "≤"
        limits = (f"{sign} {limit:g}" for limit in (self.must, self.aim))
        return (self.what, self.ours, self.floor, f"{self.ratio:.2f}", *limits, self.verdict)


HEADS = ("What", "Hourlink", "Floor", "Ratio", "Must", "Aim", "Met")


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the rounds' own ratios: a busy machine slows both sides of a round alike."""
    return statistics.median(one / other for one, other in zip(ours, theirs, strict=True))


def show(title: str, figures: Iterable[Figure]) -> None:
    """Prints a row's table."""
    table = Table(title=title)
    for head in HEADS:
        table.add_column(head, justify="left" if head in {"What", "Met"} else "right")
    notes = []
    for figure in figures:
        table.add_row(*figure.cells())
        if figure.note:
            notes.append(f"{figure.what}: {figure.note}")
    Console(width=150).print(table, *notes, sep="\n")


def recorded() -> dict[str, dict[str, float]]:
    """What was recorded: for each size, the score of each figure."""
    if not RECORDED.exists():
        return {"whole": {}, "small": {}}
    found: dict[str, dict[str, float]] = json.loads(RECORDED.read_text(encoding="utf-8"))
    return found


def scores(figures: Iterable[Figure]) -> dict[str, float]:
    """What a busy machine changes least, of those figures where it is measured."""
    return {one.what: round(one.score, 3) for one in figures if one.score is not None}


def record(size: Size, figures: Iterable[Figure]) -> None:
    """Keeps the scores, of this size and these figures; the others stay."""
    kept = recorded()
    kept["small" if size.small else "whole"] |= scores(figures)
    RECORDED.write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n", encoding="utf-8")

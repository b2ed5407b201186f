"""The line between Slack and the app, which can be slow or cut."""

from dataclasses import asdict, dataclass
from typing import Literal

from playground.shapes import Json

Cut = Literal["before", "after"]
CUTS = ("before", "after", None)


@dataclass
class Wire:
    """What is wrong with the line now."""

    delay_ms: float = 0
    cut: Cut | None = None
    api_cut: Cut | None = None
    times: int | None = None

    @property
    def delay(self) -> float:
        """Seconds by which everything comes later."""
        return self.delay_ms / 1000

    def set(self, wanted: Json) -> None:
        """Change what is named, and leave the rest; a new cut is without end unless told."""
        for key in ("cut", "api_cut"):
            if wanted.get(key) not in CUTS:
                raise ValueError(f"{key} is neither before, after nor null")
        delay, times = wanted.get("delay_ms", self.delay_ms), wanted.get("times")
        if not isinstance(delay, int | float) or delay < 0:
            raise ValueError("delay_ms is not a length of time")
        if times is not None and (not isinstance(times, int) or times < 1):
            raise ValueError("times is not a count")
        self.delay_ms = delay
        self.cut = wanted.get("cut", self.cut)
        self.api_cut = wanted.get("api_cut", self.api_cut)
        self.times = times

    def cut_now(self, *, api: bool) -> Cut | None:
        """Tell whether this exchange is cut, and count it."""
        cut = self.api_cut if api else self.cut
        if cut is not None and self.times is not None:
            self.times -= 1
            if self.times == 0:
                self.cut = self.api_cut = self.times = None
        return cut

    def shown(self) -> Json:
        """How it stands."""
        return asdict(self)

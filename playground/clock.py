"""The playground's time: it can be stopped and moved, for both sides."""

import json
import os
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from playground.shapes import Json

_KEPT = "clock.json"


class Clock:
    """The real time, until somebody freezes it or moves it forward."""

    def __init__(self, real: Callable[[], float] = time.time) -> None:
        self._real = real
        self._ahead = 0.0
        self._stopped_at: float | None = None
        self.looks: Counter[str] = Counter()
        """How often each of those who follow it has looked, by the name they give."""

    def now(self) -> float:
        """Epoch seconds."""
        return self._real() + self._ahead if self._stopped_at is None else self._stopped_at

    def freeze(self) -> None:
        """Let it stand still."""
        self._stopped_at = self.now()

    def resume(self) -> None:
        """Let it go on from where it stands."""
        self._ahead = self.now() - self._real()
        self._stopped_at = None

    def advance(self, seconds: float) -> None:
        """Move it forward, frozen or not."""
        if seconds < 0:
            raise ValueError("time goes forward only")
        if self._stopped_at is None:
            self._ahead += seconds
        else:
            self._stopped_at += seconds

    def reset(self) -> None:
        """Return to the real time."""
        self._ahead, self._stopped_at = 0.0, None

    def keep(self, folder: Path) -> None:
        """Write down where it stands, in one step."""
        folder.mkdir(parents=True, exist_ok=True)
        partial = folder / f"{_KEPT}.{os.getpid()}.part"
        kept = {"ahead": self._ahead, "stopped_at": self._stopped_at}
        partial.write_text(json.dumps(kept), encoding="utf-8")
        partial.replace(folder / _KEPT)

    def restore(self, folder: Path) -> None:
        """Stand where it was left: what was done at that time is not in the future now."""
        source = folder / _KEPT
        if source.exists():
            kept = json.loads(source.read_text(encoding="utf-8"))
            self._ahead, self._stopped_at = kept["ahead"], kept["stopped_at"]

    def told(self) -> Json:
        """What those hear who follow it."""
        return {"now": self.now(), "frozen": self._stopped_at is not None}

    def shown(self) -> Json:
        """How it stands."""
        told = self.told()
        return {
            **told,
            "offset": round(told["now"] - self._real(), 3),
            "looks": dict(self.looks),
        }

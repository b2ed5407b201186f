"""Kills the app again and again while people track time, then lets it settle."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.ids import IntegrationId
from tests.torture.field import Field
from tests.torture.tools import Kept

BEGAN = datetime(2026, 11, 16, 8, 58, tzinfo=ZoneInfo("Europe/Berlin"))
"""In Los Angeles it is soon midnight."""

WORDS = ("life ", "did", "over ")


@dataclass(frozen=True)
class Plan:
    """How hard."""

    kills: int
    entries: int
    seed: int
    often: float = 0.25
    """Of the calls, this part goes wrong."""
    arrives: float = 0.05
    """Seconds that a call may be at work in the tool after its caller was killed."""
    longest: int = 20
    """Deeds in the longest life."""


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    ours: Counter[Kept]
    theirs: Counter[Kept]
    made: int
    kills: int
    states: Counter[str]
    reasons: Counter[str]
    """Why those were given up that were."""

    @property
    def is_equal(self) -> bool:
        """One to one, by task, person, day and minutes."""
        return self.ours == self.theirs

    def told(self) -> str:
        """In words."""
        missing, more = self.ours - self.theirs, self.theirs - self.ours
        head = (
            f"{self.made} entries made, {self.ours.total()} left; {self.kills} kills; "
            f"{self.theirs.total()} records there; {dict(self.states)}; {dict(self.reasons)}"
        )
        return f"{head}\nmissing there: {dict(missing)}\ntoo many there: {dict(more)}"


class Torturer:
    """Begins lives and ends them."""

    def __init__(
        self,
        field: Field,
        plan: Plan,
        *,
        says: bool = False,
        settles: Callable[[], None] = lambda: None,
    ) -> None:
        self._field = field
        self._plan = plan
        self._rolls = random.Random(plan.seed)  # noqa: S311 - moments, not secrets
        self._says = says
        self._settles = settles
        self._told: dict[str, Any] = {
            "database": field.url,
            "tool": field.tool,
            "people": [one.id for one in field.people],
            "integration": IntegrationId(field.board),
            "began": BEGAN.isoformat(),
            "at": time.time(),
            "often": plan.often,
            "arrives": plan.arrives,
            "entries": plan.entries,
        }

    def run(self) -> int:
        """Kills until there were kills and entries enough, then lets it settle; how many kills."""
        nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.torture.life"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            return self._run(nursery)
        finally:
            nursery.kill()
            nursery.wait()

    def _run(self, nursery: "subprocess.Popen[str]") -> int:
        kills = 0
        while kills < self._plan.kills or self._field.made() < self._plan.entries:
            self._kill(nursery, after=self._rolls.randrange(1, self._plan.longest))
            kills += 1
            if self._says and kills % 10 == 0:
                print(f"{kills} kills, {self._field.made()} entries", flush=True)  # noqa: T201
        self._settles()
        self._begin(nursery, settles=True)
        while not (line := _heard(nursery)).startswith("over"):
            continue
        if line != "over 0":
            raise AssertionError(f"it did not settle: {line}")
        return kills

    def _kill(self, nursery: "subprocess.Popen[str]", *, after: int) -> None:
        """After so many deeds, and then at any moment."""
        life = self._begin(nursery, settles=False)
        for _ in range(after):
            if _heard(nursery).startswith("over"):
                raise AssertionError("it ended by itself")
        time.sleep(self._rolls.uniform(0, 0.1))
        os.kill(life, signal.SIGKILL)
        while not _heard(nursery).startswith("over"):
            continue

    def _begin(self, nursery: "subprocess.Popen[str]", *, settles: bool) -> int:
        told = self._told | {"settles": settles, "seed": self._rolls.randrange(10**9)}
        if nursery.stdin is None:
            raise AssertionError("nobody listens")
        nursery.stdin.write(f"{json.dumps(told)}\n")
        nursery.stdin.flush()
        return int(_heard(nursery).removeprefix("life "))


def _heard(nursery: "subprocess.Popen[str]") -> str:
    """The next word of the nursery; what is logged in between goes where it can be read."""
    while line := nursery.stdout.readline() if nursery.stdout else "":
        if line.startswith(WORDS):
            return line.strip()
        sys.stderr.write(line)
    raise AssertionError("the nursery is gone")


def outcome_of(field: Field, ours: Counter[Kept], theirs: Counter[Kept], kills: int) -> Outcome:
    """What came of it, now that nothing happens any more."""
    made = Outcome(ours, theirs, field.made(), kills, field.states(), field.reasons())
    field.world.close()
    return made

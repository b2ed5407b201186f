"""The playground's clock, turned by a test; Hourlink follows it."""

import operator
from datetime import datetime, timedelta

from playground.api import Api
from tests.scenarios.noon import next_monday, shown
from tests.scenarios.running import Installation
from tests.scenarios.waits import eventually, nothing_is_on_its_way

_LOOKS = 2
"""When the second arrives, what the first one saw has been taken in."""


class TurnedClock:
    """Turned by a test, and goes on from there: what is put off for a moment comes about.

    One that stands shows the same time for as long as a test takes. Nothing may wait there for
    what is sent later: where that is put off for two seconds, they never pass.
    """

    def __init__(self, installation: Installation, *, stands: bool = False) -> None:
        self._installation = installation
        self._playground = installation.slack
        self._names = installation.names()
        if stands:
            self._playground.slack.freezes()
            self._is_seen()

    def now(self) -> datetime:
        """What it shows."""
        return shown(self._playground)

    def turns_to(self, moment: datetime) -> None:
        """Shows a later moment, and waits until Hourlink has seen it."""
        self._turns(moment)
        self._is_seen()

    def passes(self, **time_: float) -> None:
        """Goes on by so much."""
        self.turns_to(self.now() + timedelta(**time_))

    def turns_past_a_crash(self, moment: datetime) -> None:
        """Kills every process; when they start again, it shows a later moment.

        Before that everything is delivered. Of some messages only one try is made, so that what
        is killed in the middle of it may never arrive.
        """
        nothing_is_on_its_way(self._installation.environment["HOURLINK_DATABASE_URL"])
        self._installation.kill()
        self._turns(moment)
        self._installation.start()

    def _turns(self, moment: datetime) -> None:
        self._playground.slack.advances((moment - self.now()).total_seconds())

    def _is_seen(self) -> None:
        """Waits until every process of Hourlink has looked at it."""
        enough = [looks + _LOOKS for looks in self._looks()]
        eventually(
            lambda: all(map(operator.ge, self._looks(), enough)), "Hourlink to look at the clock"
        )

    def _looks(self) -> list[int]:
        looks = Api(self._playground.url).get("clock")["looks"]
        return [looks.get(name, 0) for name in self._names]

    def next_monday(self) -> datetime:
        """Noon of the next Monday in UTC."""
        return next_monday(self.now())

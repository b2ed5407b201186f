"""The playground's clock, frozen and turned by a test; Hourlink follows it."""

import json
import operator
import urllib.request
from datetime import UTC, datetime, timedelta

from playground.api import Api
from playground.testing import Playground
from tests.scenarios.running import Installation
from tests.scenarios.waits import eventually

_LOOKS = 2
"""When the second arrives, what the first one saw has been taken in."""


def shown(playground: Playground) -> datetime:
    """What its clock shows."""
    with urllib.request.urlopen(f"{playground.url}/clock", timeout=60) as answer:  # noqa: S310 - ours
        return datetime.fromtimestamp(json.load(answer)["now"], UTC)


class TurnedClock:
    """Stands still until it is turned."""

    def __init__(self, installation: Installation) -> None:
        self._playground = installation.slack
        self._names = installation.names()
        self._playground.slack.freezes()
        # Until Hourlink has seen it, it runs ahead: what it makes due then would never be due.
        self._is_seen()

    def now(self) -> datetime:
        """What it shows."""
        return shown(self._playground)

    def turns_to(self, moment: datetime) -> None:
        """Shows a later moment, and waits until Hourlink has seen it."""
        self._playground.slack.advances((moment - self.now()).total_seconds())
        self._is_seen()

    def resumes(self) -> None:
        """Goes on from where it stands."""
        self._playground.slack.resumes()
        self._is_seen()

    def _is_seen(self) -> None:
        """Waits until every process of Hourlink has looked at it."""
        enough = [looks + _LOOKS for looks in self._looks()]
        eventually(
            lambda: all(map(operator.ge, self._looks(), enough)), "Hourlink to look at the clock"
        )

    def _looks(self) -> list[int]:
        looks = Api(self._playground.url).get("clock")["looks"]
        return [looks.get(name, 0) for name in self._names]

    def passes(self, **time_: float) -> None:
        """Goes on by so much."""
        self.turns_to(self.now() + timedelta(**time_))

    def next_monday(self) -> datetime:
        """Noon of the next Monday in UTC."""
        today = self.now().replace(hour=12, minute=0, second=0, microsecond=0)
        return today + timedelta(days=7 - today.weekday())


def goes_on_at_noon(installation: Installation) -> None:
    """Goes on from the next Monday's noon, far from midnights, whenever the tests run."""
    clock = TurnedClock(installation)
    clock.turns_to(clock.next_monday())
    clock.resumes()

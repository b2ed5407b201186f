"""The playground's clock, frozen and turned by a test; Hourlink follows it."""

import time
import urllib.request
from datetime import UTC, datetime, timedelta

from playground.testing import Playground
from tests.scenarios.running import Installation

_LOOKED_AT = 0.7
"""Seconds: Hourlink looks at the clock five times a second."""


def shown(playground: Playground) -> datetime:
    """What its clock shows."""
    with urllib.request.urlopen(f"{playground.url}/clock") as answer:  # noqa: S310 - ours
        return datetime.fromtimestamp(float(answer.read()), UTC)


class TurnedClock:
    """Stands still until it is turned."""

    def __init__(self, installation: Installation) -> None:
        self._playground = installation.slack
        self._playground.slack.freezes()
        # Until Hourlink has seen it, it runs ahead: what it makes due then would never be due.
        time.sleep(_LOOKED_AT)

    def now(self) -> datetime:
        """What it shows."""
        return shown(self._playground)

    def turns_to(self, moment: datetime) -> None:
        """Shows a later moment, and waits until Hourlink has seen it."""
        self._playground.slack.advances((moment - self.now()).total_seconds())
        time.sleep(_LOOKED_AT)

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
    installation.slack.slack.resumes()

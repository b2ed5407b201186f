"""Noon of the next Monday, far from midnights and weekends, whenever the tests run."""

import json
import urllib.request
from datetime import UTC, datetime, timedelta

from playground.testing import Playground


def shown(playground: Playground) -> datetime:
    """What its clock shows."""
    with urllib.request.urlopen(f"{playground.url}/clock", timeout=60) as answer:  # noqa: S310 - ours
        return datetime.fromtimestamp(json.load(answer)["now"], UTC)


def next_monday(now: datetime) -> datetime:
    """Noon of the next Monday in UTC."""
    today = now.replace(hour=12, minute=0, second=0, microsecond=0)
    return today + timedelta(days=7 - today.weekday())


def turn_to_noon(playground: Playground) -> None:
    """Its clock goes on from there."""
    now = shown(playground)
    playground.slack.advances((next_monday(now) - now).total_seconds())

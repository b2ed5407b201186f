"""The demo's clock: whoever turns it sees timers run for hours in a moment."""

from pathlib import Path

from tests.scenarios.running import installed
from tests.scenarios.turned import TurnedClock


def test_a_turned_clock_is_followed(database_url: str, tmp_path: Path) -> None:
    """A timer that was started before the clock was moved has run for that long (T4)."""
    with installed(database_url, tmp_path, follow_clock=True) as installation:
        ana = installation.slack.person("ana")
        ana.types('/link new "Website"', channel="general")
        ana.sees("Made the project", channel="general")
        clock = TurnedClock(installation, stands=True)
        ana.types('/track start "Website"', channel="general")
        ana.sees("Started Website", channel="general")
        clock.passes(hours=2, minutes=15)
        ana.types("/track stop", channel="general")
        ana.sees("Stopped Website after 2 h 15 m", channel="general")

"""The demo's clock: whoever turns it sees timers run for hours in a moment."""

import time
from pathlib import Path

from tests.scenarios.running import installed


def test_a_turned_clock_is_followed(database_url: str, tmp_path: Path) -> None:
    """A timer that was started before the clock was moved has run for that long (T4)."""
    with installed(database_url, tmp_path, follow_clock=True) as installation:
        slack = installation.slack.slack
        ana = installation.slack.person("ana")
        ana.types('/link new "Website"', channel="general")
        ana.sees("Made the project", channel="general")
        slack.freezes()
        time.sleep(1)  # Hourlink looks at the clock a few times a second
        ana.types('/track start "Website"', channel="general")
        ana.sees("Started Website", channel="general")
        slack.advances(2 * 3600 + 15 * 60)
        time.sleep(1)
        ana.types("/track stop", channel="general")
        ana.sees("Stopped Website after 2 h 15 m", channel="general")

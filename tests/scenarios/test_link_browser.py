"""Linking and its settings at a real Chromium, and the pictures that the documents show."""

from pathlib import Path

import pytest

from playground.browser import browser_people
from tests.scenarios.running import installed
from tests.scenarios.story import CHANNEL, SLOW
from tests.scenarios.test_story_browser import WINDOW, Album
from tests.scenarios.tools import BoardTool

pytestmark = pytest.mark.browser


def test_forms_of_linking(sqlite_url: str, chromium: str, tmp_path: Path) -> None:
    """L2, L7, L8: rows that search, what was linked before, rules that count while one types."""
    with (
        installed(sqlite_url, tmp_path, sync_seconds=600) as installation,
        browser_people(installation.slack, chromium, tmp_path, WINDOW) as people,
    ):
        ana, tool = people.person("ana"), BoardTool(installation.boards)
        picture = Album(tmp_path, "linking").take
        ana.types("/link connect board", channel=CHANNEL)
        for label, value in tool.right.items():
            ana.fills(label, value)
        ana.submits()
        ana.sees("Connected:", timeout=SLOW)
        ana.closes()
        ana.sees("Acme Shop", channel=CHANNEL, timeout=SLOW)
        ana.types('/link new "Website"', channel=CHANNEL)
        ana.types("/link project", channel=CHANNEL)
        ana.chooses("1. Project in the tool", "Acme Web (TASK)", typing="web")
        ana.chooses("1. Link to", "Website (WBS)", typing="web")
        ana.chooses("2. Project in the tool", "Acme Shop (SHOP)", typing="acme")
        picture(ana, "form")
        ana.submits()
        ana.sees("Acme Shop is linked to a new project", channel="app", timeout=SLOW)

        ana.types('/link unlink "Acme Shop"', channel=CHANNEL)
        ana.submits()
        ana.sees("is unlinked", channel="app", timeout=SLOW)
        ana.types('/link project "Acme Shop"', channel=CHANNEL)
        ana.sees("It was linked to Acme Shop")
        ana.chooses("1. Its tasks of before", "Start fresh, with second copies of its tasks")
        picture(ana, "fresh")
        ana.closes()

        ana.types("/link policy", channel=CHANNEL)
        ana.sees("4 of 4 projects")
        ana.fills("Leave out projects named", "board*")
        ana.sees("3 of 4 projects")
        ana.chooses("How often the tool is read", "Every 15 minutes")
        picture(ana, "settings")
        ana.submits()
        ana.sees("saved.", timeout=SLOW)

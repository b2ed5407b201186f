"""Asking people, where they stand, and the audit log at a real Chromium, with their pictures."""

from pathlib import Path

import pytest

from playground.browser import browser_people
from tests.scenarios.prepared import linked_board
from tests.scenarios.story import SLOW
from tests.scenarios.test_story_browser import WINDOW, Album

pytestmark = pytest.mark.browser


def test_u1_u2_u5_a5_at_a_browser(sqlite_url: str, chromium: str, tmp_path: Path) -> None:
    """Everybody is asked, one answers, an admin looks how all of them stand and who did what."""
    with (
        linked_board(sqlite_url, tmp_path) as office,
        browser_people(office.installation.slack, chromium, tmp_path, WINDOW) as people,
    ):
        picture = Album(tmp_path, "people").take
        ana, bo = people.person("ana"), people.person("bo")
        ana.types("/link users all", channel="ops")
        ana.sees("Everyone who can be asked: 5.", timeout=SLOW)
        picture(ana, "add")
        ana.submits()
        ana.sees("Asked 5 people", timeout=SLOW)

        bo.sees("asks you to connect", channel="app", timeout=SLOW)
        picture(bo, "asked")
        bo.clicks("Connect", channel="app")
        bo.sees("Connected:", channel="app", timeout=SLOW)

        ana.clicks("See people")
        ana.sees("Bo Lindqvist")
        picture(ana, "list")
        ana.closes()
        ana.types("/link audit", channel="ops")
        ana.sees("asked somebody to connect")
        picture(ana, "audit")

"""The main job at a real Chromium, and the pictures that the documents show."""

from pathlib import Path

import pytest

from playground.browser import BrowserPeople, BrowserPerson, browser_people
from playground.people import Somebody
from tests.conftest import RedmineServer
from tests.providers.redmine.site import Site
from tests.scenarios.pictures import keep
from tests.scenarios.running import installed
from tests.scenarios.story import Cast, tell
from tests.scenarios.tools import BoardTool, RedmineTool

pytestmark = pytest.mark.browser

WINDOW = (1100, 750)
"""Small enough to be read where a document shows it."""


class Album:
    """Keeps what people saw, and copies it into the folder that ``HOURLINK_PICTURES`` names."""

    def __init__(self, folder: Path, tool: str) -> None:
        self._folder = folder
        self._tool = tool

    def take(self, person: Somebody, name: str) -> None:
        """A screenshot of somebody's page as it is."""
        assert isinstance(person, BrowserPerson)
        keep(person.picture(self._folder / f"{self._tool}-{name}.png"))


def cast(people: BrowserPeople) -> Cast:
    """Everybody at a browser of their own."""
    return Cast(*(people.person(name) for name in ("ana", "bo", "cleo", "dan")))


def test_the_main_job_on_a_board(sqlite_url: str, chromium: str, tmp_path: Path) -> None:
    """Connect, link, ask people, track, survive a kill: everything by clicks and keys."""
    with (
        installed(sqlite_url, tmp_path, sync_seconds=60) as installation,
        browser_people(installation.slack, chromium, tmp_path, WINDOW) as people,
    ):
        tool = BoardTool(installation.boards)
        tell(cast(people), tool, installation, Album(tmp_path, tool.slug).take)


@pytest.mark.redmine
def test_the_main_job_on_redmine(
    postgresql_url: str, chromium: str, redmine: RedmineServer, tmp_path: Path
) -> None:
    """The same on a real Redmine, with PostgreSQL and a worker beside the web process."""
    tool = RedmineTool(Site(redmine.url, redmine.admin_key, redmine.seed))
    try:
        with (
            installed(
                postgresql_url, tmp_path, sync_seconds=60, emails=tool.team()
            ) as installation,
            browser_people(installation.slack, chromium, tmp_path, WINDOW) as people,
        ):
            tell(cast(people), tool, installation, Album(tmp_path, tool.slug).take)
    finally:
        tool.clear()

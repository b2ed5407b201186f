"""The main job from connecting a tool to a day's total, with everything real but Slack."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.people import Somebody
from tests.conftest import RedmineServer
from tests.providers.redmine.site import Site
from tests.scenarios.running import Installation, installed
from tests.scenarios.story import Cast, tell
from tests.scenarios.tools import BoardTool, RedmineTool


def cast(installation: Installation) -> Cast:
    """Everybody over plain HTTP."""
    return Cast(*(installation.slack.person(name) for name in ("ana", "bo", "cleo", "dan")))


def no_picture(person: Somebody, name: str) -> None:
    """Nothing to photograph without a browser."""


@pytest.fixture
def redmine_tool(redmine: RedmineServer) -> Iterator[RedmineTool]:
    """The story's own projects in the real Redmine."""
    tool = RedmineTool(Site(redmine.url, redmine.admin_key, redmine.seed))
    yield tool
    tool.clear()


def test_the_main_job_on_a_board(database_url: str, tmp_path: Path) -> None:
    """Connect, link, ask people, track, survive a kill: on both databases.

    A wrong key and a right one (L1), a link to a new and to an existing project (L2), its sync told
    (L4), one announcement across a kill (L9), the counts of the Overview (L10); people added (U1),
    asked (U2), proved or approved (U3), and refused before that (U8).
    """
    with installed(database_url, tmp_path, forked=False) as installation:
        tell(cast(installation), BoardTool(installation.boards), installation, no_picture)


@pytest.mark.redmine
def test_the_main_job_on_redmine(
    database_url: str, redmine_tool: RedmineTool, tmp_path: Path
) -> None:
    """The same on a real Redmine, where an e-mail address alone proves nothing."""
    with installed(database_url, tmp_path, emails=redmine_tool.team()) as installation:
        tell(cast(installation), redmine_tool, installation, no_picture)


def test_the_main_job_over_socket_mode(sqlite_url: str, tmp_path: Path) -> None:
    """The whole of it behind a firewall, through the WebSocket, killed and started on the way."""
    with installed(sqlite_url, tmp_path, socket=True) as installation:
        tell(cast(installation), BoardTool(installation.boards), installation, no_picture)

"""The same app behind a firewall: nothing reaches in, Slack is asked through a WebSocket."""

from pathlib import Path

from tests.scenarios.running import Installation, installed
from tests.scenarios.story import SLOW, is_refused_before_connecting
from tests.scenarios.tools import BoardTool


def connects_and_links(installation: Installation) -> None:
    """An admin connects the board and links a project."""
    ana = installation.slack.person("ana")
    tool = BoardTool(installation.boards)
    ana.types("/link help", channel="ops")
    ana.sees("How to use /link", channel="ops")
    ana.types("/link connect board", channel="ops")
    for label, value in tool.right.items():
        ana.fills(label, value)
    ana.submits()
    ana.sees("Connected:", timeout=SLOW)
    ana.closes()
    ana.sees(tool.main, channel="ops", timeout=SLOW)
    ana.clicks("Create & link", on=tool.main, channel="ops")
    ana.sees(f"linked to {tool.main} by Ana Ruiz", channel="ops", timeout=SLOW)


def test_the_app_answers_over_socket_mode(database_url: str, tmp_path: Path) -> None:
    """Commands, forms, buttons and the App Home work as they do over HTTP."""
    with installed(database_url, tmp_path, socket=True) as installation:
        connects_and_links(installation)
        bo = installation.slack.person("bo")
        is_refused_before_connecting(bo, "TASK-12")
        bo.clicks("Connect", channel="general")
        bo.sees("Bo Lindqvist")
        bo.opens_home()
        bo.sees("Hourlink")

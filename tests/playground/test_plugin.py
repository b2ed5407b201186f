"""The fixture other projects use, in a project of its own."""

import subprocess
import sys
from pathlib import Path

PROJECT = {
    "conftest.py": """
import pytest

pytest_plugins = ["playground.pytest_plugin"]


@pytest.fixture
def slack_options():
    return {"ack": 0.5, "manifest": {"display_information": {"name": "Mine"}}}
""",
    "test_mine.py": """
from slack_sdk import WebClient


def test_people_see_what_the_app_writes(slack):
    WebClient(slack.bot_token, base_url=slack.api_url).auth_test()
    slack.person("ana").types("/other", channel="general")
    slack.person("ana").sees("/other is not a valid command")


def test_every_test_starts_anew(slack):
    assert slack.person("ana").messages("general") == []
""",
}


def test_another_project_can_use_the_fixture(tmp_path: Path) -> None:
    """One line in conftest.py, options by a fixture, a fresh playground for each test."""
    for name, text in PROJECT.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    done = subprocess.run(  # noqa: S603 - our own Python
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert "2 passed" in done.stdout, done.stdout + done.stderr

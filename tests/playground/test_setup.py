"""Starting a playground: the command line, team files and manifests."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import playground
from playground.driver import Slack
from playground.errors import ConfigError
from playground.manifest import read_manifest
from playground.shapes import Json
from playground.team import read_teams
from tests.playground.bench import MANIFEST


def test_the_command_line_says_where_it_listens_and_stops_when_told(tmp_path: Path) -> None:
    """The address is on a line of its own, SIGTERM ends it cleanly, state and time are kept."""
    manifest = tmp_path / "manifest.yml"
    manifest.write_text(yaml.safe_dump(MANIFEST), encoding="utf-8")
    options = ["--manifest", str(manifest), "--state", str(tmp_path / "state")]
    command = [sys.executable, "-m", "playground", *options]
    for run in range(2):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("Open http://127.0.0.1:")
            slack = Slack(line.removeprefix("Open ").strip())
            ana = slack.person("ana")
            if run == 0:
                ana.types("remember me", channel="general")
                slack.advances(3600)
            assert len(ana.messages("general")) == 1
            assert round(slack.clock()["offset"]) == 3600, "its messages are not in the future"
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
            slack.close()


def test_a_broken_manifest_is_named_on_the_command_line(tmp_path: Path) -> None:
    """The place and the reason, no traceback."""
    broken = tmp_path / "manifest.yml"
    broken.write_text("features: []\n", encoding="utf-8")
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "playground", "--manifest", str(broken)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr == ("playground: manifest.yml: display_information.name is missing\n")


def test_a_manifest_gives_commands_shortcuts_events_and_tabs() -> None:
    """What the page offers comes from the manifest."""
    manifest = read_manifest(MANIFEST)
    assert [command.command for command in manifest.commands] == ["/echo", "/escaped", "/do"]
    assert manifest.commands[1].should_escape
    assert [shortcut.type for shortcut in manifest.shortcuts] == ["global", "message"]
    assert manifest.subscribes("message.im")
    assert not manifest.subscribes("message.groups")
    assert manifest.home_tab
    assert manifest.command("/other") is None


def test_without_a_manifest_everything_goes() -> None:
    """Any command and event, for a quick try of any app."""
    manifest = read_manifest(None)
    assert manifest.command("/anything") is not None
    assert manifest.subscribes("reaction_added")


@pytest.mark.parametrize(
    ("features", "why"),
    [
        (
            {"slash_commands": [{"command": "echo", "description": "x"}]},
            "slash_commands[0].command 'echo' is not a slash command",
        ),
        (
            {"slash_commands": [{"command": "/echo"}]},
            "slash_commands[0].description is missing",
        ),
        (
            {"slash_commands": [{"command": "/e", "description": "x"}] * 2},
            "slash_commands[1].command '/e' is there twice",
        ),
        (
            {"shortcuts": [{"name": "N", "type": "odd", "callback_id": "c", "description": "d"}]},
            "shortcuts[0].type 'odd' is neither global nor message",
        ),
        (
            {"unfurl_domains": ["a.test"] * 6},
            "features.unfurl_domains has 6 entries, Slack allows 5",
        ),
    ],
)
def test_manifests_slack_would_refuse_are_refused(features: Json, why: str) -> None:
    """The refusal names the entry."""
    with pytest.raises(ConfigError) as failure:
        read_manifest({"display_information": {"name": "X"}, "features": features})
    assert why in str(failure.value)


def test_the_default_team_has_an_admin_members_and_a_guest() -> None:
    """Whoever starts without a team file can play every role."""
    [team] = read_teams(None)
    people = {person.handle: person for person in team.people}
    assert people["ana"].is_admin
    assert people["gus"].is_restricted
    leads = next(channel for channel in team.channels if channel.name == "leads")
    assert leads.kind == "private"
    assert team.bot_user_id not in leads.members


def test_the_example_of_two_teams_has_every_kind_of_person_and_channel() -> None:
    """Somebody from outside, somebody who left, and a team that has yet to install the app."""
    acme, sun = read_teams(Path(playground.__file__).parent / "examples" / "two_teams.yml")
    assert [person.handle for person in acme.people if person.is_external] == ["xena"]
    assert [person.handle for person in acme.people if person.deleted] == ["ivo"]
    assert (sun.app_id, sun.installed, sun.bot_user_id) == ("A0APP", False, "U0SUNAPP")
    assert {channel.name for channel in acme.channels if channel.is_archived} == {"old"}


@pytest.mark.parametrize(
    ("team", "why"),
    [
        ({}, "people is empty"),
        ({"people": [{"id": "U1", "handle": "a"}]}, "real_name is missing"),
        (
            {"people": [{"id": "U1", "handle": "a", "real_name": "A", "tz": "Mars/Base"}]},
            "'Mars/Base' is not a time zone",
        ),
        (
            {
                "people": [{"id": "U1", "handle": "a", "real_name": "A"}],
                "channels": [{"id": "C1", "name": "x", "members": ["zoe"]}],
            },
            "'zoe' is nobody in people",
        ),
    ],
)
def test_team_files_that_make_no_sense_are_refused(team: Json, why: str) -> None:
    """The refusal names what is wrong."""
    with pytest.raises(ConfigError) as failure:
        read_teams(team)
    assert why in str(failure.value)

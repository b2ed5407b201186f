"""``hourlink demo``: one command, a page, and everything in one folder."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from playground.driver import Person, Slack

pytestmark = pytest.mark.long


@contextmanager
def demo(folder: Path, port: int = 0) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running demo and its first line, which is its only one when it does not come up."""
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "bot", "demo", "--folder", str(folder)],
        env=os.environ | {"PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process, (process.stdout.readline() if process.stdout else "").strip()
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=120)


def opened(line: str) -> Slack:
    """The page of a demo that came up."""
    found = re.fullmatch(r"Open (http://127\.0\.0\.1:\d+)/", line)
    assert found, line
    return Slack(found[1])


def asks(person: Person, line: str, *answers: str) -> None:
    """Types a command until it is answered: Slack waits three seconds, a busy machine may not."""
    for _ in range(20):
        person.types(line, channel="general")
        for seen in person.messages("general")[::-1]:
            if any(map(seen.holds, answers)):
                return
    raise AssertionError(f"{line} was not answered")


def test_the_demo_answers_ends_quietly_and_remembers(tmp_path: Path) -> None:
    """The page is there, commands are answered, and a second run finds what the first left."""
    with demo(tmp_path) as (process, line):
        slack = opened(line)
        ana = slack.person("ana")
        asks(ana, '/link new "Website"', "Made the project", "is there already")
        told = ana.messages("general")[-1].text
        slack.close()
    assert process.returncode == 0
    with demo(tmp_path) as (process, line):
        slack = opened(line)
        ana = slack.person("ana")
        assert told in [one.text for one in ana.messages("general")]
        asks(ana, '/track start "Website"', "Started Website", "Already on Website")
        slack.close()
    assert process.returncode == 0


def test_what_the_first_channel_tells_a_newcomer_to_do_works(tmp_path: Path) -> None:
    """The steps are there before anything was said, and lead from nothing to a running timer."""
    with demo(tmp_path) as (_, line):
        slack = opened(line)
        ana = slack.person("ana")
        address = line.removeprefix("Open ") + "ui/state?as=U0ANA"
        channels = httpx.get(address, timeout=60).json()["channels"]
        (steps,) = [one["purpose"] for one in channels if one["name"] == "general"]
        connect, folder, key, start, users = re.findall(r"`([^`]+)`", steps)
        (button,) = re.findall(r"press \*([^*]+)\* beside Acme Web", steps)
        ana.types(connect, channel="general")
        ana.fills("Board folder", folder)
        ana.fills("Access key", key)
        ana.submits()
        ana.sees("Connected:", timeout=60)
        ana.closes()
        ana.clicks(button, on="Acme Web", channel="general")
        ana.sees("linked to Acme Web by Ana Ruiz", channel="general", timeout=60)
        asks(ana, start, "your account there is not connected yet")
        ana.clicks("Connect", on="your account there is not connected yet", channel="general")
        ana.clicks("Connect", on="Connect your File board account Ana Ruiz", channel="general")
        ana.sees("File board, Ana Ruiz (Acme board)", channel="general")
        asks(ana, start, "Started TASK-12 Fix the header", "Already on TASK-12")
        ana.types(users, channel="general")
        ana.sees("Add users")
        slack.close()


def test_a_second_demo_in_the_same_folder_refuses(tmp_path: Path) -> None:
    """Two would write over each other's state; the first goes on."""
    with demo(tmp_path) as (_, first):
        slack = opened(first)
        with demo(tmp_path) as (second, line):
            assert "Another demo is running" in line
            assert second.wait(timeout=120) == 1
        slack.person("ana").types("/track help", channel="general")
        slack.close()


def test_a_taken_port_is_named_with_the_way_out(tmp_path: Path) -> None:
    """The sentence says what to type instead."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with demo(tmp_path, taken.getsockname()[1]) as (process, line):
            assert "PORT=0 picks a free one" in line
            assert process.wait(timeout=120) == 1


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    """A file has its name, or it is somebody else's: one sentence, without a traceback."""
    folder = tmp_path / "demo"
    folder.touch()
    with demo(folder) as (process, line):
        assert line == (
            f"{folder} cannot be used: File exists. HOURLINK_DEMO_DIR names another folder."
        )
        assert process.wait(timeout=120) == 1

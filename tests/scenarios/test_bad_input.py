"""Whatever people type, press and send: a clear sentence, nothing lost, nothing of our insides."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios.forging import Forger, forging
from tests.scenarios.prepared import TASK, Office, eventually, linked_board, rows, said
from tests.scenarios.running import installed
from tests.scenarios.waits import nothing_is_on_its_way

SLACK_SHOWS = 4000
"""Characters of a message that Slack shows without cutting."""

TRACK = (
    "", "   ", "strat TASK-12", "xyzzy", "a" * 40_000, "start " + "a" * 40_000,
    "start \x00\x07\x1b[31m", "note \x00", "note \x01\x02", "tasks \x00", "help \x00",
    "connect \x00", "start مرحبا بالعالم", "start `*_~` <script> &amp;", "start #" + "9" * 30,
    "start " + "9" * 30, "start TASK-" + "9" * 30, f"log {'9' * 20}h TASK-12",
    "log 1h TASK-12 2026-13-45", "log 1h TASK-12 0000-00-00", "log 1h TASK-12 9999-12-31",
    "log 25:00-26:00 TASK-12", "log -1h TASK-12", "log 0m TASK-12", "start TASK-12 at 99:99",
    f"start TASK-12 -{'9' * 26}h", f"stop -{'9' * 26}m", 'start "unclosed', "start \\",
    "start http://[::1", "start https://[/x", "start ²", "start #²", "log ²h TASK-12",
    "log ½h TASK-12", "start \uff34\uff21\uff33\uff2b-1", "start " + "👩\u200d👧" * 500,
    "tasks " + "\u0301" * 3000, "log 1h30m " + "é" * 3000, "note " + "x" * 3900,
    "help " + "z" * 3900, "connect " + "x" * 3900, "note payload",
)  # fmt: skip

LINK = (
    "xyzzy", "a" * 40_000, "connect \x00", "connect " + "a" * 3900, 'project "x" to "\x00"',
    "project " + "a" * 3900, "project https://[", "project ²", "new", 'new "\x00"', 'new "   "',
    'new "' + "x" * 3900 + '"', "unlink \x00", "unlink " + "x" * 3900, "sync " + "x" * 3900,
    "all " + "x" * 3900, "status \x00", "help \x00", "admin", "policy", "audit",
)  # fmt: skip


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path) -> Iterator[Office]:
    """A linked board."""
    with linked_board(sqlite_url, tmp_path) as made:
        yield made


@pytest.fixture
def forger(office: Office) -> Iterator[Forger]:
    """Raw requests to the same installation."""
    with forging(office.installation) as made:
        yield made


def test_nonsense_is_answered_in_words(database_url: str, tmp_path: Path) -> None:
    """Every line is answered in one short message, and the commands go on working afterwards."""
    with (
        linked_board(database_url, tmp_path) as office,
        forging(office.installation) as forger,
    ):
        bo = office.member("bo")
        for user, name, lines in (("U0BO", "/track", TRACK), ("U0ANA", "/link", LINK)):
            for line in lines:
                answer = forger.command(f"{name} {line}", user)
                assert answer.status_code == 200, line
                text = json.loads(answer.text)["text"]
                assert 0 < len(text) < SLACK_SHOWS, (line, text)
                assert "Reference" not in text, (line, text)
        assert "Logged 1 h" in said(bo, "/track log 1h TASK-12 \u202egnp.exe\u202c \x00note")
        assert "Traceback" not in office.installation.log()


def test_typed_control_characters_reach_nobody(office: Office) -> None:
    """A note that turns the reading direction would turn the rest of the message too."""
    bo = office.member("bo")
    said(bo, f"/track start {TASK} \u202eabc\u2066 \x1b[31m \x00 مرحبا")
    shown = said(bo, "/track status")
    assert "مرحبا" in shown
    assert not set(shown) & set("\u202e\u2066\x1b\x00")


def test_what_is_not_signed_changes_nothing(forger: Forger) -> None:
    """A guessed secret, even with an admin's name on the request."""
    secret, forger.secret = forger.secret, "a guess"
    assert forger.command('/link new "Forged"').status_code == 401
    assert forger.click("link.sync").status_code == 401
    forger.secret = secret
    assert "Made the project" in json.loads(forger.command('/link new "Forged"').text)["text"]


def test_socket_mode_leaves_no_door_open(sqlite_url: str, tmp_path: Path) -> None:
    """There HTTP serves health alone: nothing would prove that a request is Slack's."""
    with (
        installed(sqlite_url, tmp_path, socket=True) as installation,
        forging(installation) as forger,
    ):
        ana = installation.slack.person("ana")
        eventually(lambda: "No timer" in said(ana, "/track status"), "the connection")
        assert forger.command('/link new "Forged"').status_code == 404
        forger.secret = "anything"
        assert forger.click("link.sync").status_code == 404
    assert rows(sqlite_url, "SELECT count(*) FROM project") == [(0,)]


def test_messages_from_before_a_restart_still_work(office: Office, sqlite_url: str) -> None:
    """Buttons hold ids of rows, so a killed process takes nothing with it."""
    bo = office.member("bo")
    assert "Started" in said(bo, f"/track start {TASK}")
    nothing_is_on_its_way(sqlite_url)
    office.installation.kill()
    office.installation.start()
    bo.clicks("Stop", channel="general")
    eventually(lambda: "No timer" in said(bo, "/track status"), "the timer to be stopped")
    office.ana.clicks("Ignore", on="Acme Shop", channel="ops")
    office.ana.sees("ignored by Ana Ruiz", channel="ops")


def test_buttons_with_values_that_lead_nowhere(office: Office, forger: Forger) -> None:
    """Rows of another installation, of an older version, or of nobody: refused, and no trace."""
    actions = (
        ("track.stop", "999999"),
        ("track.start", "999999"),
        ("track.start", "p999999"),
        ("track.pick", "999999:1"),
        ("track.undo", "nothing"),
        ("track.note", "999999"),
        ("announce.create", "999999"),
        ("announce.ignore", "999999"),
        ("projects.unlink_one", "999999"),
        ("link.sync", "999999"),
        ("link.all", "999999"),
        ("link.pick", "999999:new"),
        ("people.connect", "999999"),
        ("people.confirm", "999999:1"),
        ("people.approve", "999999:1"),
        ("people.refuse", "999999:1"),
        ("people.withdraw", "999999"),
        ("people.disconnect", "999999"),
        ("gone.button", "1"),
    )
    for action, value in actions:
        heard = len(forger.answers)
        assert forger.click(action, value).status_code == 200, action
        text = forger.hears(heard)
        assert "Reference" not in text, (action, text)
    assert "Traceback" not in office.installation.log()

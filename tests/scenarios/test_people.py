"""Linking people, told by requirement: keys of one's own, many at once, the audit log (U, A)."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.demo_board import DEMO_OWN_KEY
from tests.scenarios.forging import forging
from tests.scenarios.prepared import (
    TASK,
    Office,
    eventually,
    linked_board,
    rows,
    said,
    sent_file,
)
from tests.scenarios.story import SLOW


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    """A linked board."""
    with linked_board(database_url, tmp_path) as made:
        yield made


def test_u3_u6_a_key_of_ones_own_proves_an_account(office: Office, database_url: str) -> None:
    """Wrong, then right; then she tracks. The key is nowhere to be read, and goes with the link."""
    eve = office.person("eve")
    eve.types("/track connect", channel="general")
    eve.clicks("Sign in with your own key", channel="general")
    eve.fills("Your own key", "wrong-s3cret")
    eve.submits()
    eve.sees("The credentials were not accepted", timeout=SLOW)
    eve.fills("Your own key", DEMO_OWN_KEY)
    eve.submits()
    eve.sees("Connected:", timeout=SLOW)
    eve.closes()
    assert "Started" in said(eve, f"/track start {TASK}")
    assert "signed in with your own key" in said(eve, "/track connect")
    query = "SELECT proof, sealed_token FROM account_link"
    ((proof, sealed),) = rows(database_url, query)
    assert proof == "token"
    assert sealed
    for secret in ("wrong-s3cret", DEMO_OWN_KEY):
        assert secret not in str(sealed) + office.installation.log()
    eve.clicks("Disconnect", channel="general")
    eve.sees("Disconnected from", channel="general")
    assert rows(database_url, query) == [("token", None)]
    assert "not connected yet" in said(eve, f"/track start {TASK}")


def test_u8_what_was_refused_is_a_click_away_once_connected(office: Office) -> None:
    """Refused, connected, started: with the note, and without typing it again."""
    bo = office.person("bo")
    bo.types(f"/track start {TASK} about the menu", channel="general")
    bo.sees("not connected yet", channel="general")
    bo.clicks("Connect", channel="general")
    bo.sees("Expires on", channel="general")
    bo.clicks("Connect", channel="general")
    bo.sees("You wanted to start a timer on", channel="general")
    bo.clicks(f"Start {TASK}", channel="general")
    bo.sees(f"Started {TASK}", channel="general")
    bo.sees("about the menu", channel="general")


def test_u1_u5_u7_many_people_at_once(office: Office, database_url: str) -> None:
    """Everybody is asked, looked at, narrowed, and taken back together; one disconnect warns."""
    ana, bo = office.ana, office.member("bo")
    assert "Started" in said(bo, f"/track start {TASK}")
    ana.types("/link users all", channel="ops")
    ana.sees("Everyone who can be asked: 4.", timeout=SLOW)
    ana.submits()
    ana.sees("Asked 4 people", timeout=SLOW)
    ana.clicks("See people")
    ana.sees("5 account links.")
    ana.fills("Search", "cleo")
    ana.submits()
    ana.sees("1 account link match")
    ana.fills("Search", "")
    ana.submits()
    ana.clicks("Choose several")
    ana.clicks("Tick all 5")
    ana.sees("5 are ticked")
    ana.submits()
    ana.clicks("Withdraw... (4)")
    ana.sees("It means nothing where they stand: Bo Lindqvist.")
    ana.submits()
    ana.sees("Withdrew the requests to 4 people.")
    ana.clicks("Choose several")
    ana.clicks("Tick all 5")
    ana.submits()
    ana.clicks("Disconnect... (1)")
    ana.sees("1 running timer is stopped and kept.")
    ana.submits()
    ana.sees("Disconnected 1 person. 1 timer was stopped and kept.")
    bo.sees("disconnected your", channel="app", timeout=SLOW)
    states = rows(database_url, "SELECT state, count(*) FROM account_link GROUP BY state")
    assert sorted(states) == [("ended", 1), ("withdrawn", 4)]
    assert "not connected yet" in said(bo, f"/track start {TASK}")


def test_a5_what_admins_do_can_be_read_and_taken_along(office: Office) -> None:
    """A named admin acts and is removed: refused at the next click, and all of it in the log."""
    ana, cleo = office.ana, office.person("cleo")
    assert "is an admin of Hourlink now" in said(ana, "/link admin @cleo", channel="ops")
    cleo.sees("made you an admin", channel="app", timeout=SLOW)
    assert "Made the project" in said(cleo, '/link new "Office move"', channel="ops")
    assert "named here" in said(cleo, "/link admin", channel="ops")
    assert "is no admin" in said(ana, "/link admin remove @cleo", channel="ops")
    with forging(office.installation) as forger:
        before = len(forger.answers)
        forger.click("admin.remove", "1", user="U0CLEO")
        assert "Only an admin" in forger.hears(before)
    assert "Only an admin" in said(cleo, "/link audit", channel="ops")

    ana.types("/link audit office move", channel="ops")
    ana.sees("made a project: Office move")
    ana.closes()
    ana.types("/link audit", channel="ops")
    ana.sees("named an admin: Cleo Adeyemi")
    ana.clicks("Send me a copy")
    ana.sees("as a direct message")
    ana.closes()
    ana.sees("(file: hourlink-audit.csv)", channel="app", timeout=SLOW)
    head, *lines = csv.reader(io.StringIO(sent_file(office)))
    assert head[0] == "when (UTC)"
    assert ["Cleo Adeyemi", "made a project"] in [line[1:3] for line in lines]
    assert lines[-1][3] == "audit.export"


def test_a2_access_lost_is_lost_and_regained_is_regained(office: Office, database_url: str) -> None:
    """At the next sync: not seen, not tracked, the timer kept and its owner told; then all back."""
    bo = office.member("bo")
    assert "Started" in said(bo, f"/track start {TASK} -1m")
    office.board.change("access.csv", "project", "web", person="ana")
    office.syncs()
    bo.sees("was stopped", channel="app", timeout=SLOW)
    assert TASK not in said(bo, "/track tasks header")
    assert "no project that you can track" in said(bo, "/track start fix the header")
    assert TASK in said(bo, "/track today")
    office.board.change("access.csv", "project", "web", person="*")
    office.syncs()
    assert TASK in said(bo, "/track tasks header")
    assert "Started" in said(bo, f"/track start {TASK}")
    stopped = "SELECT count(*) FROM time_entry WHERE stopped_because = 'access_lost'"
    eventually(lambda: rows(database_url, stopped) == [(1,)], "one stopped timer")

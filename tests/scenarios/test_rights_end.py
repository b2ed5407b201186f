"""What ends the right to track while a timer runs: it is stopped, kept, and told once (T15)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios.prepared import (
    TASK,
    Office,
    eventually,
    linked_board,
    more_than_a_second,
    rows,
    said,
)
from tests.scenarios.story import SLOW

STOPPED = "SELECT stopped_because, seconds > 0 FROM time_entry WHERE ended_at IS NOT NULL"


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path) -> Iterator[Office]:
    """A linked board, with Bo's timer on one of its tasks and Cleo's on her own."""
    with linked_board(sqlite_url, tmp_path) as made:
        made.member("bo")
        assert "Started" in said(made.person("bo"), f"/track start {TASK}")
        more_than_a_second()
        yield made


def is_told_once(office: Office, sqlite_url: str, because: str) -> None:
    """Bo's timer is kept, he hears of it once, and two more syncs change nothing."""
    bo = office.person("bo")
    eventually(lambda: rows(sqlite_url, STOPPED) == [(because, 1)], "the timer to stop")
    bo.sees("was stopped", channel="app", timeout=SLOW)
    office.syncs()
    office.syncs()
    told = [one for one in bo.messages("app") if one.holds("was stopped")]
    assert len(told) == 1, told
    assert rows(sqlite_url, STOPPED) == [(because, 1)]


def test_archived_in_the_tool(office: Office, sqlite_url: str) -> None:
    """And no new one starts."""
    office.board.change("projects.csv", "id", "web", archived="yes")
    office.syncs()
    is_told_once(office, sqlite_url, "project_archived")
    assert "is archived" in said(office.person("bo"), f"/track start {TASK}")


def test_deleted_in_the_tool(office: Office, sqlite_url: str) -> None:
    """Its tasks cannot be found any more; the time can."""
    office.board.remove("projects.csv", "id", "web")
    office.board.remove("tasks.csv", "project", "web")
    office.board.remove("access.csv", "project", "web")
    office.syncs()
    is_told_once(office, sqlite_url, "project_gone")
    bo = office.person("bo")
    assert "No task" in said(bo, f"/track start {TASK}")
    assert TASK in said(bo, "/track today")


def test_access_is_lost_in_the_tool(office: Office, sqlite_url: str) -> None:
    """Everybody could see it; now only Ana can."""
    office.board.change("access.csv", "project", "web", person="ana")
    office.syncs()
    is_told_once(office, sqlite_url, "access_lost")


def test_unlinked_by_an_admin(office: Office, sqlite_url: str) -> None:
    """The question says that a timer runs; linked again, the same tasks are back."""
    ana, bo = office.ana, office.person("bo")
    before = rows(sqlite_url, "SELECT count(*) FROM task")
    ana.types('/link unlink "Acme Web"', channel="ops")
    ana.sees("1 running timer")
    ana.submits()
    is_told_once(office, sqlite_url, "project_unlinked")
    ana.types('/link project "Acme Web" new', channel="ops")
    ana.sees("again, with its tasks and time", channel="ops", timeout=SLOW)
    office.syncs()
    assert rows(sqlite_url, "SELECT count(*) FROM task") == before
    assert "Started" in said(bo, f"/track start {TASK}")


def test_disconnected_by_an_admin(office: Office, sqlite_url: str) -> None:
    """The account link ends; Bo is told about it and why nothing runs."""
    ana = office.ana
    ana.types("/link users", channel="ops")
    ana.sees("Select all", timeout=SLOW)
    ana.clicks("See people")
    ana.sees("Bo Lindqvist")
    ana.clicks("Disconnect", on="Bo Lindqvist")
    is_told_once(office, sqlite_url, "account_link_ended")
    assert "not connected yet" in said(office.person("bo"), f"/track start {TASK}")


def test_a_new_key_of_the_board(office: Office, sqlite_url: str) -> None:
    """A dead key stops no timer, and connecting with the new one finds everything attached."""
    ana, bo = office.ana, office.person("bo")
    settings = office.board.folder / "board.toml"
    old = settings.read_text(encoding="utf-8")
    settings.write_text(old.replace("board-demo-key", "another-key"), encoding="utf-8")
    office.syncs()
    ana.sees("does not accept Hourlink's credentials", channel="app", timeout=SLOW)
    assert f"On {TASK}" in said(bo, "/track status").replace("*", "")
    ana.clicks("Connect again", channel="app")
    ana.sees("stay as they are")
    ana.fills("Access key", "another-key")
    ana.submits()
    ana.sees("The new credentials work", timeout=SLOW)
    ana.closes()
    office.syncs()
    assert "is connected already" not in said(ana, "/link", channel="ops")
    assert f"On {TASK}" in said(bo, "/track status").replace("*", "")
    assert rows(sqlite_url, "SELECT count(*) FROM project_link") == [(1,)]
    assert rows(sqlite_url, "SELECT state FROM account_link") == [("connected",)]
    announced = [one for one in ana.messages("ops") if one.holds("Acme Shop")]
    assert len([one for one in announced if one.holds("not linked yet")]) == 1

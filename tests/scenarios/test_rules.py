"""Locked months and submitted weeks, from the form to the last message, at a running Hourlink."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.scenarios.prepared import Office, linked_board, said
from tests.scenarios.story import SLOW


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path) -> Iterator[Office]:
    """Give a linked board; Ana administers."""
    with linked_board(sqlite_url, tmp_path) as made:
        yield made


def last_month() -> date:
    """The last day of the month before this one."""
    return datetime.now(UTC).date().replace(day=1) - timedelta(days=1)


def test_t13_closed_asked_for_and_opened(office: Office) -> None:
    """Bo forgot the last day of a month that Ana closes, asks, and logs it after all."""
    ana, bo = office.ana, office.member("bo")
    ana.types("/link close last month", channel="general")
    assert not ana.submits()
    ana.sees("Time is closed up to", channel="app", timeout=SLOW)
    line = f"/track log 1h TASK-12 {last_month().isoformat()}"
    assert "is locked: an admin closed" in said(bo, line)
    bo.clicks("Ask to unlock", channel="general")
    bo.fills("Why?", "Forgot the workshop")
    assert not bo.submits()
    bo.sees("Asked Ana Ruiz to unlock", channel="app", timeout=SLOW)
    ana.sees("Forgot the workshop", channel="app", timeout=SLOW)
    ana.clicks("Unlock for 1 day", channel="app")
    ana.sees("is open until", channel="app")
    bo.sees("unlocked your time of", channel="app", timeout=SLOW)
    assert "Logged 1 h to TASK-12" in said(bo, line)
    ana.clicks("Lock again", channel="app")
    ana.sees("is locked again", channel="app")
    assert "is locked: an admin closed" in said(bo, line)


def test_t14_submitted_returned_and_approved(office: Office) -> None:
    """Ana switches timesheets on; Bo's week goes in, comes back, and is approved."""
    ana, bo = office.ana, office.member("bo")
    assert "does not submit weeks" in said(bo, "/track submit")
    ana.types("/link settings", channel="general")
    ana.chooses("Timesheets", "Weeks are submitted and approved")
    assert not ana.submits()
    ana.sees("Timesheets: on (was off)", channel="app", timeout=SLOW)
    said(bo, "/track log 2h TASK-12")
    bo.types("/track submit this week", channel="general")
    assert not bo.submits()
    bo.sees("Ana Ruiz is asked.", channel="app", timeout=SLOW)
    assert "is in a week that you submitted" in said(bo, "/track log 1h TASK-12")
    ana.clicks("Return...", channel="app", timeout=SLOW)
    ana.fills("What should be changed?", "Lunch is missing")
    assert not ana.submits()
    bo.sees("Lunch is missing", channel="app", timeout=SLOW)
    assert "Logged 1 h to TASK-12" in said(bo, "/track log 1h TASK-12")
    bo.clicks("Look and submit...", channel="app")
    assert not bo.submits()
    ana.sees(": 3 h.", channel="app", timeout=SLOW)
    ana.clicks("Approve", channel="app")
    ana.sees("Approved Bo Lindqvist's week", channel="app")
    bo.sees("It is locked now.", channel="app", timeout=SLOW)
    assert "that week is approved" in said(bo, "/track log 1h TASK-12")

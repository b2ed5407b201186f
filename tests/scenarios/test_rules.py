"""Locked months and submitted weeks, from the form to the last message, at a running Hourlink."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from tests.scenarios.noon import shown
from tests.scenarios.prepared import Office, linked_board, said
from tests.scenarios.story import SLOW


@pytest.fixture(scope="module")
def office(shared_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Give a linked board; Ana administers, and each test has a member of its own."""
    folder = tmp_path_factory.mktemp("rules")
    with linked_board(shared_database_url, folder) as made:
        yield made


def last_month(office: Office) -> date:
    """The last day of the month before this one."""
    today = shown(office.installation.slack).date()
    return today.replace(day=1) - timedelta(days=1)


def test_t13_closed_asked_for_and_opened(office: Office) -> None:
    """Bo forgot the last day of a month that Ana closes, asks, and logs it after all."""
    ana, bo = office.ana, office.member("bo")
    ana.types("/link close last month", channel="general")
    assert not ana.submits()
    ana.sees("Time is closed up to", channel="app", timeout=SLOW)
    line = f"/track log 1h TASK-12 {last_month(office).isoformat()}"
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
    """Ana switches timesheets on; Dan's week goes in, comes back, and is approved."""
    ana, dan = office.ana, office.member("dan")
    assert "does not submit weeks" in said(dan, "/track submit")
    ana.types("/link settings", channel="general")
    ana.chooses("Timesheets", "Weeks are submitted and approved")
    assert not ana.submits()
    ana.sees("Timesheets: on (was off)", channel="app", timeout=SLOW)
    said(dan, "/track log 2h TASK-12")
    dan.types("/track submit this week", channel="general")
    assert not dan.submits()
    dan.sees("Ana Ruiz is asked.", channel="app", timeout=SLOW)
    assert "is in a week that you submitted" in said(dan, "/track log 1h TASK-12")
    ana.clicks("Return...", channel="app", timeout=SLOW)
    ana.fills("What should be changed?", "Lunch is missing")
    assert not ana.submits()
    dan.sees("Lunch is missing", channel="app", timeout=SLOW)
    assert "Logged 1 h to TASK-12" in said(dan, "/track log 1h TASK-12")
    dan.clicks("Look and submit...", channel="app")
    assert not dan.submits()
    ana.sees(": 3 h.", channel="app", timeout=SLOW)
    ana.clicks("Approve", channel="app")
    ana.sees("Approved Dan Okada's week", channel="app")
    dan.sees("It is locked now.", channel="app", timeout=SLOW)
    assert "that week is approved" in said(dan, "/track log 1h TASK-12")

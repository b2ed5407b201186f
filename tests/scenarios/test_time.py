"""A member's time through Slack: days, weeks and reports (T6), and the App Home (T8)."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.driver import Person
from tests.scenarios.prepared import Office, eventually, linked_board, sent_file
from tests.scenarios.story import SLOW


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path) -> Iterator[Office]:
    """A linked board."""
    with linked_board(sqlite_url, tmp_path) as made:
        yield made


def home_says(person: Person, *words: str) -> str:
    """Waits until the Home tab says all of this; what it says."""
    for word in words:
        person.sees(word, timeout=SLOW)
    assert person.home is not None
    return person.home.text


def test_t8_a_day_in_the_home_tab(office: Office) -> None:
    """Connect, start, note, switch, undo, log, edit, delete: without a single command."""
    bo = office.person("bo")
    bo.opens_home()
    home_says(bo, "Connect your account")
    bo.clicks("Connect")
    bo.sees("Bo Lindqvist")
    bo.clicks("Connect")
    bo.sees("Connected:")
    if bo.modal:
        bo.closes(everything=True)
    bo.opens_home()
    home_says(bo, "No timer is running", "Assigned to you", "Print style for invoices")

    bo.clicks("Start", on="Print style for invoices")
    home_says(bo, "Started TASK-11 Print style for invoices", "Running: TASK-11")
    bo.clicks("Note")
    bo.fills("Note", "on paper")
    bo.submits()
    home_says(bo, "Acme Web \u00b7 running \u00b7 on paper")
    bo.clicks("Switch")
    bo.chooses("Task", "TASK-12 Fix the header", typing="header")
    bo.submits()
    home_says(bo, "Running: TASK-12")
    bo.clicks("Undo")
    home_says(bo, "Took back the start")

    bo.clicks("Log time")
    bo.chooses("Task", "TASK-10 Team page with portraits", typing="portraits")
    bo.fills("Length", "1h30m")
    bo.submits()
    home_says(bo, "Logged 1 h 30 m", "1 h 30 m TASK-10 Team page with portraits")
    bo.clicks("Edit", on="no clock times")
    bo.fills("Length", "2h")
    bo.submits()
    home_says(bo, "2 h TASK-10 Team page with portraits")
    bo.clicks("Whole day")
    bo.sees("no clock times")
    bo.clicks("Delete", on="no clock times")
    bo.sees("Deleted")
    bo.closes()
    eventually(lambda: bo.modal and not bo.modal.holds("no clock times"), "the day without it")
    bo.closes()
    eventually(lambda: bo.home and not bo.home.holds("no clock times"), "the Home without it")
    assert bo.messages("app") == []
    bo.types("/track switch TASK-12", channel="general")
    eventually(lambda: bo.home and bo.home.holds("Running: TASK-12"), "the Home tab to follow")


def test_t6_days_weeks_and_reports(office: Office) -> None:
    """Each leads to what is beside it, in place, and all tell the same sum."""
    bo = office.member("bo")
    for line in (
        "/track log 1h30m TASK-12 yesterday layout",
        "/track log 45m TASK-10 yesterday",
        "/track log 30m TASK-12 today",
    ):
        bo.types(line, channel="general")
    bo.types("/track today yesterday", channel="general")
    assert "2 h 15 m" in bo.sees("Yesterday,", channel="general").text
    bo.clicks("Week", channel="general")
    week = bo.sees("week,", channel="general").text
    assert "2 h 15 m" in week
    count = len(bo.messages("general"))
    bo.types("/track report last 2 days by task", channel="general")
    report = bo.sees("2 h 45 m", channel="general")
    assert "TASK-12 Fix the header" in report.text
    bo.clicks("By day", channel="general")
    bo.sees("today", channel="general")
    bo.clicks("By label", channel="general")
    bo.sees("frontend", channel="general")
    bo.clicks("As CSV", channel="general")
    bo.sees("The file is on its way", channel="general")
    assert len(bo.messages("general")) == count + 1
    bo.sees("in 3 rows", channel="app", timeout=SLOW)
    bo.sees(".csv)", channel="app")
    told = [
        (row["task"], row["note"], row["h:mm"])
        for row in csv.DictReader(io.StringIO(sent_file(office)))
    ]
    assert sorted(told) == [
        *(("TASK-10", "", "0:45"), ("TASK-12", "", "0:30"), ("TASK-12", "layout", "1:30")),
    ]
    bo.types("/track report TASK-12 last 2 days", channel="general")
    bo.sees("TASK-12 Fix the header: 2 h", channel="general")
    bo.types("/track raport", channel="general")
    assert "Did you mean `report`" in bo.messages("general")[-1].raw["text"]

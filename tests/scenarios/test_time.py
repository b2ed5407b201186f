"""A member's time through Slack: timers (T3, T4), logging (T5), reports (T6), the Home tab (T8)."""

import csv
import io
import re
from collections.abc import Iterator

import httpx
import pytest

from playground.driver import Person
from tests.scenarios.prepared import Office, eventually, linked_board, said, sent_file
from tests.scenarios.story import SLOW


@pytest.fixture(scope="module")
def office(shared_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Give a linked board; each test has a person of its own."""
    folder = tmp_path_factory.mktemp("time")
    with linked_board(shared_database_url, folder) as made:
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
    dan = office.member("dan")
    for line in (
        "/track log 1h30m TASK-12 yesterday layout",
        "/track log 45m TASK-10 yesterday",
        "/track log 30m TASK-12 today",
    ):
        dan.types(line, channel="general")
    dan.types("/track today yesterday", channel="general")
    assert "2 h 15 m" in dan.sees("Yesterday,", channel="general").text
    dan.clicks("Week", channel="general")
    week = dan.sees("week,", channel="general").text
    assert "2 h 15 m" in week
    count = len(dan.messages("general"))
    dan.types("/track report last 2 days by task", channel="general")
    report = dan.sees("2 h 45 m", channel="general")
    assert "TASK-12 Fix the header" in report.text
    dan.clicks("By day", channel="general")
    dan.sees("today", channel="general")
    dan.clicks("By label", channel="general")
    dan.sees("frontend", channel="general")
    dan.clicks("As CSV", channel="general")
    dan.sees("The file is on its way", channel="general")
    assert len(dan.messages("general")) == count + 1
    dan.sees("in 3 rows", channel="app", timeout=SLOW)
    dan.sees(".csv)", channel="app")
    told = [
        (row["task"], row["note"], row["h:mm"])
        for row in csv.DictReader(io.StringIO(sent_file(office)))
    ]
    assert sorted(told) == [
        *(("TASK-10", "", "0:45"), ("TASK-12", "", "0:30"), ("TASK-12", "layout", "1:30")),
    ]
    dan.types("/track report TASK-12 last 2 days", channel="general")
    dan.sees("TASK-12 Fix the header: 2 h", channel="general")
    dan.types("/track raport", channel="general")
    assert "Did you mean `report`" in dan.messages("general")[-1].raw["text"]


def test_t3_t4_one_timer_from_start_to_undo(office: Office) -> None:
    """Start, the same again, a switch, a note, a stop at a time, resume, cancel, undo."""
    cleo = office.member("cleo")
    assert "Started TASK-12 Fix the header" in said(cleo, "/track start task-12 -30m the menu")
    assert "Already on TASK-12" in said(cleo, "/track start TASK-12")
    refused = said(cleo, "/track start TASK-10 -2h")
    assert "has been running since" in refused
    assert "On TASK-12 Fix the header" in said(cleo, "/track status")
    switched = said(cleo, "/track switch TASK-10 -10m")
    assert "Stopped TASK-12 after 20 m, started TASK-10 Team page with portraits" in switched
    assert "about the team" in said(cleo, "/track note about the team")
    assert "it cannot end at" in said(cleo, "/track stop -1h")
    assert " after 5 m. Today: 25 m." in said(cleo, "/track stop -5m")
    assert "No timer is running" in said(cleo, "/track status")
    assert "Started TASK-10" in said(cleo, "/track resume")
    assert "Threw away TASK-10" in said(cleo, "/track cancel")
    cleo.clicks("Undo", channel="general")
    cleo.sees("TASK-10 Team page with portraits", channel="general")
    assert "On TASK-10" in said(cleo, "/track status")
    day = said(cleo, "/track today")
    assert "25 m" in day
    assert "the menu" in day


def test_t5_logging_in_every_form(office: Office) -> None:
    """Lengths, clock times, days; what is taken, still to come or nothing at all is refused."""
    ana = office.member("ana")
    assert "Logged 1 h 30 m to TASK-12" in said(ana, "/track log 1,5h TASK-12 yesterday layout")
    assert "2 h 15 m" in said(ana, "/track log 45m TASK-10 yesterday")
    spans = said(ana, "/track log 9:00-10am TASK-11 yesterday")
    assert "09:00 to 10:00" in spans
    assert "That time is taken" in said(ana, "/track log 9:30-11:00 TASK-12 yesterday")
    assert "Logged 1 h" in said(ana, "/track log 10:00 to 11:00 TASK-12 yesterday")
    assert "24 h" in said(ana, "/track log 25h TASK-12")
    assert "Logged" not in said(ana, "/track log 0m TASK-12")
    assert "Logged" not in said(ana, "/track log 1h TASK-12 2031-01-01")
    night = said(ana, "/track log 22:00-02:00 TASK-13 3 days ago")
    assert "Logged 4 h to TASK-13" in night
    assert "midnight" in said(ana, "/track today 3 days ago")
    assert "4 h 15 m" in said(ana, "/track today yesterday")


def test_m4_a_script_reads_over_the_api(office: Office) -> None:
    """Cleo makes a token in Slack, her script reads with it, and she takes it back."""
    cleo = office.connected("cleo")
    cleo.types("/track token", channel="general")
    cleo.clicks("New token")
    cleo.fills("What is it for?", "invoices")
    assert not cleo.submits()
    assert cleo.modal is not None
    (token,) = re.findall(r"hlk_[0-9a-f]{56}", cleo.modal.text)
    cleo.closes(everything=True)
    address = f"{office.installation.address}/api/v1/reports?period=today"
    headers = {"Authorization": f"Bearer {token}"}

    def today() -> int:
        answer = httpx.get(address, headers=headers, timeout=60)
        assert answer.status_code == 200
        return int(answer.json()["total"]["seconds"])

    before = today()
    said(cleo, "/track log 25m TASK-12")
    assert today() - before == 25 * 60
    cleo.types("/track token", channel="general")
    cleo.clicks("Take back", on="invoices")
    cleo.sees("invoices is taken back")
    assert httpx.get(address, headers=headers, timeout=60).status_code == 401
    assert token not in office.installation.log()

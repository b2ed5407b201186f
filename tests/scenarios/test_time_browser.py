"""A member's time at a real Chromium, and the pictures of it that the documents show (T6, T8)."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from playground.browser import BrowserPerson, browser_people
from playground.driver import Person
from tests.playground.browser.hands import at
from tests.scenarios.noon import shown
from tests.scenarios.pictures import keep
from tests.scenarios.prepared import Office, eventually
from tests.scenarios.running import Installation, installed
from tests.scenarios.turned import TurnedClock

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

WINDOW = (1100, 750)
TALL = (900, 1060)
"""The whole App Home at once."""

AFTERNOON = (16, 40)
HOURS = '{"work": {"days": [0, 1, 2, 3, 4], "start": "09:00", "end": "17:00"}}'


class Album:
    """Keeps what somebody sees, light and dark, and copies it to ``HOURLINK_PICTURES``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def take(self, person: BrowserPerson, name: str) -> None:
        """The page as it is; the documents show the light one."""
        keep(person.picture(self._folder / f"{name}.png"))
        _colour(person, "dark")
        keep(person.picture(self._folder / f"{name}-dark.png"), "HOURLINK_PICTURES_DARK")
        _colour(person, "light")


def _colour(person: BrowserPerson, scheme: str) -> None:
    def emulate(page: "Page") -> None:
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")

    at(person, emulate)


def turn_to_friday(installation: Installation, zone: str) -> datetime:
    """Moves everybody's clock to the next Friday afternoon; that moment."""
    now = shown(installation.slack).astimezone(ZoneInfo(zone))
    then = now.replace(hour=AFTERNOON[0], minute=AFTERNOON[1], second=0, microsecond=0)
    then += timedelta(days=(4 - now.weekday()) % 7)
    if then < now:
        then += timedelta(days=7)
    TurnedClock(installation, stands=True).turns_to(then)
    return then


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path) -> Iterator[Office]:
    """A linked board on a Friday afternoon, with work hours chosen."""
    with installed(sqlite_url, tmp_path, sync_seconds=600, follow_clock=True) as installation:
        made = Office(installation)
        made.links()
        path = sqlite_url.removeprefix("sqlite:///")
        with sqlite3.connect(path, timeout=60) as database:
            database.execute("UPDATE team SET settings = ?", (HOURS,))
        yield made


def logs(bo: Person, *lines: str) -> None:
    """Types commands, and waits until each is answered."""
    for line in lines:
        before = len(bo.messages("general"))
        bo.types(line, channel="general")
        eventually(partial(_answered, bo, before), line)


def _answered(bo: Person, before: int) -> bool:
    return len(bo.messages("general")) > before


def test_a_members_home_from_the_first_day_on(
    office: Office, chromium: str, tmp_path: Path
) -> None:
    """Not connected, connected and empty, and a busy Friday with a timer that runs."""
    album = Album(tmp_path)
    installation = office.installation
    with browser_people(installation.slack, chromium, tmp_path, TALL) as people:
        bo = people.person("bo")
        bo.opens_home()
        bo.sees("Connect your account")
        album.take(bo, "home-not-connected")
        office.member("bo")
        bo.opens_home()
        bo.sees("No timer is running")
        album.take(bo, "home-empty")
        turn_to_friday(installation, "Europe/Stockholm")
        logs(
            office.person("bo"),
            "/track log 09:00-10:30 TASK-12 mon kick-off",
            "/track log 6h TASK-3 mon",
            "/track log 8h30m TASK-11 tue",
            "/track log 5h TASK-10 wed portraits from the photographer",
            "/track log 09:00-16:30 TASK-11 thu",
            "/track log 09:05-10:20 TASK-12 today about the menu",
            "/track log 10:20-11:45 TASK-10 today",
            "/track log 12:30-14:10 TASK-12 today",
            '/track log 20m "Acme Web" today stand-up',
            "/track start TASK-11 at 14:10 print the invoices",
        )
        bo.opens_home()
        bo.sees("Running:")
        album.take(bo, "home")
        bo.clicks("Whole day")
        bo.sees("not tracked")
        album.take(bo, "home-day")
        bo.closes()
        bo.clicks("Report")
        bo.sees("Before,")
        album.take(bo, "home-report")
        bo.closes()
        for line, said, name in (
            ("/track today", "not tracked", "today"),
            ("/track week", "This week,", "week"),
            ("/track report this week by task", "Total", "report"),
        ):
            bo.types(line, channel="web")
            bo.sees(said, channel="web")
            album.take(bo, name)

"""Reports, charts and schedules at a real Chromium, and the pictures that the documents show."""

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from playground.browser import BrowserPerson, browser_people
from tests.playground.browser.hands import at
from tests.scenarios.running import installed
from tests.scenarios.story import CHANNEL, SLOW
from tests.scenarios.test_money_browser import begins
from tests.scenarios.test_story_browser import Album

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

WINDOW = (1000, 1150)
PROJECTS = 200
LONG = "Relaunch of everything that was ever promised to Müller, Søn & Associés GmbH"


def busy(sqlite_url: str) -> None:
    """Two hundred projects with long names, and an hour or more of Bo's on each of them."""
    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), timeout=60) as database:
        (first,) = database.execute("SELECT min(id) FROM project").fetchone()
        for number in range(PROJECTS):
            copy(
                database,
                "project",
                f"id = {first}",
                {"name": f"{number} {LONG}", "code": f"P{number}", "created_by": None},
            )
        made = database.execute("SELECT id FROM project WHERE name LIKE '% Relaunch %'").fetchall()
        for number, (project,) in enumerate(made):
            copy(
                database,
                "time_entry",
                "id = (SELECT min(id) FROM time_entry)",
                {
                    "project_id": project,
                    "task_id": None,
                    "marker": f"busy{number}",
                    "seconds": 60 * (60 + number),
                },
            )


def copy(database: sqlite3.Connection, table: str, which: str, changed: dict[str, object]) -> None:
    """The same row again, but for these columns."""
    names = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
    kept = [name for name in names if name != "id"]
    asked = ", ".join("?" if name in changed else name for name in kept)
    values = [changed[name] for name in kept if name in changed]
    database.execute(
        f"INSERT INTO {table} ({', '.join(kept)}) SELECT {asked} FROM {table} WHERE {which}",  # noqa: S608
        values,
    )


def dark(person: BrowserPerson, *, is_on: bool) -> None:
    """Slack's dark colours, or its light ones."""

    def emulate(page: "Page") -> None:
        page.emulate_media(color_scheme="dark" if is_on else "light")

    at(person, emulate)


def test_reports_from_nothing_to_two_hundred_projects(
    sqlite_url: str, chromium: str, tmp_path: Path
) -> None:
    """No data, one project, many with long names; a chart, a budget's chart, a schedule."""
    with (
        installed(sqlite_url, tmp_path, sync_seconds=60, at_noon=True) as installation,
        browser_people(installation.slack, chromium, tmp_path, WINDOW) as people,
    ):
        album = Album(tmp_path, "reports")
        ana = people.person("ana")
        begins(installation, ana, people.person("bo"))

        def taken(name: str) -> None:
            album.take(ana, name)
            dark(ana, is_on=True)
            album.take(ana, f"{name}-dark")
            dark(ana, is_on=False)

        ana.types("/track report team last year", channel=CHANNEL)
        ana.sees("Nothing was tracked.", channel=CHANNEL, timeout=SLOW)
        taken("nothing")
        ana.types("/track report team this month", channel=CHANNEL)
        ana.sees("Acme Web", channel=CHANNEL, timeout=SLOW)
        taken("one")
        ana.clicks("Chart", channel=CHANNEL)
        ana.sees("The chart is on its way", channel=CHANNEL, timeout=SLOW)
        ana.sees("Everybody's time by project", channel="app", timeout=SLOW)
        taken("chart-one")
        busy(sqlite_url)
        # Another period: the same picture is not made twice within seconds.
        ana.types("/track report team this year chart", channel=CHANNEL)
        ana.sees("Rows 1 to 20 of 201", channel=CHANNEL, timeout=SLOW)
        taken("many")
        ana.sees("541 h 10 m in all", channel="app", timeout=SLOW)
        taken("chart")
        ana.types(
            "/track report schedule last week team by project chart every mon at 09:00",
            channel="web",
        )
        ana.sees("every Monday at 09:00", channel="web", timeout=SLOW)
        ana.types("/track report schedule", channel="web")
        ana.sees("Your scheduled reports: 1 report", channel="web", timeout=SLOW)
        taken("schedule")
        ana.clicks("Edit", channel="web")
        ana.sees("Another report", timeout=SLOW)
        taken("schedule-form")
        ana.fills("When", "every fri at 16:00")
        ana.submits()
        ana.sees("every Friday at 16:00", channel="app", timeout=SLOW)

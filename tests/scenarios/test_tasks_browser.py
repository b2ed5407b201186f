"""Choosing a task and marking it done at a real Chromium, and the pictures of it (T1, W5)."""

from pathlib import Path

import pytest

from playground.browser import BrowserPerson, browser_people
from tests.scenarios.pictures import keep
from tests.scenarios.prepared import linked_board, more_than_a_second
from tests.scenarios.story import CHANNEL, SLOW
from tests.scenarios.waits import no_report_is_owed

pytestmark = pytest.mark.browser

WINDOW = (1100, 750)


def _take(person: BrowserPerson, folder: Path, name: str) -> None:
    keep(person.picture(folder / f"{name}.png"))


def test_a_task_is_chosen_tracked_and_done(sqlite_url: str, chromium: str, tmp_path: Path) -> None:
    """Words with several meanings, the choice, *Done* under the stop, the result with *Undo*."""
    with linked_board(sqlite_url, tmp_path) as office:
        office.ana.types(f'/link project "{office.board.second}" new', channel=CHANNEL)
        office.ana.sees(f"{office.board.second} of", channel="app", timeout=SLOW)
        no_report_is_owed(sqlite_url)
        office.member("bo")
        with browser_people(office.installation.slack, chromium, tmp_path, WINDOW) as people:
            bo = people.person("bo")
            bo.types("/track start page", channel="general")
            bo.sees("Which one?", channel="general")
            _take(bo, tmp_path, "tasks-picker")
            bo.chooses("Choose a task", "SHOP-2", channel="general")
            bo.sees("Started SHOP-2 Product page with variants", channel="general")
            bo.types("/track start fix haeder", channel="general")
            bo.sees("Near it: TASK-12 Fix the header", channel="general")
            _take(bo, tmp_path, "tasks-near")
            bo.clicks("Start TASK-12", channel="general")
            bo.sees("tarted TASK-12 Fix the header", channel="general")
            more_than_a_second()
            bo.types("/track stop", channel="general")
            bo.sees("Stopped TASK-12 Fix the header", channel="general")
            bo.clicks("Done", on="Stopped TASK-12", channel="general")
            bo.sees("Marking TASK-12 Fix the header done in File board", channel="general")
            _take(bo, tmp_path, "tasks-marking")
            bo.goes_to("app")
            bo.sees("is done in File board", channel="app", timeout=SLOW)
            _take(bo, tmp_path, "tasks-done")
            bo.clicks("Undo", on="is done in File board", channel="app")
            bo.sees("is open again in File board", channel="app", timeout=SLOW)

"""A process that is killed, a database that is locked or cannot be written: nothing is lost."""

import random
import re
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.conftest import SHIPPED
from tests.scenarios import patient
from tests.scenarios.forging import forging
from tests.scenarios.prepared import (
    TASK,
    Look,
    Office,
    eventually,
    linked_board,
    more_than_a_second,
    rows,
    said,
)
from tests.scenarios.story import ON_ITS_WAY, SLOW

pytestmark = pytest.mark.long

KILLS = {"sqlite": 10, "postgresql": 2}
"""On PostgreSQL each takes longer: a killed worker's jobs wait until it is known to be dead."""

NEW_ONES = """
announced_project
JOIN provider_project ON provider_project.id = announced_project.provider_project_id
WHERE substr(provider_project.name, 1, 12) = 'New project '
"""
UNKNOWN = """
SELECT announcement.id, provider_project.name
FROM announcement
JOIN announced_project ON announced_project.announcement_id = announcement.id
JOIN provider_project ON provider_project.id = announced_project.provider_project_id
WHERE announcement.state = 'unknown'
"""


def file_of(database_url: str) -> Path:
    """The file of a SQLite database."""
    return Path(database_url.removeprefix("sqlite:///"))


def test_killed_at_any_moment(database_url: str, tmp_path: Path) -> None:
    """Amid syncs and posts: every project is announced once, and every task is there once."""
    kills = KILLS[database_url.partition(":")[0].partition("+")[0]]
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")  # noqa: T201 - shown when it fails
    moments = random.Random(seed)  # noqa: S311 - moments, not secrets
    with linked_board(database_url, tmp_path, sync_seconds=1, at_noon=False) as office:
        installation, ana, board = office.installation, office.ana, office.board
        bo = office.member("bo")
        assert "Started" in said(bo, f"/track start {TASK}")
        for number in range(kills):
            board.add_project(f"new{number}", f"New project {number}", f"NP{number}")
            for task in range(40):
                board.add_task("web", 1000 + 40 * number + task, f"Late task {task}")
            time.sleep(moments.uniform(0, 1.5))
            installation.kill()
            installation.start()
        names = [f"New project {number}" for number in range(kills)]

        def announced() -> Counter[str]:
            texts = ana.messages("ops")
            return Counter(name for name in names for one in texts if one.holds(f"{name} (NP"))

        look = Look(database_url)
        late = "task WHERE number >= 1000 AND gone_at IS NULL"
        eventually(lambda: look.count(late) == 40 * kills, "the tasks", 240)
        # A run that read the tasks may have listed the projects before the last one was made.
        eventually(lambda: look.count(NEW_ONES) == kills, "every new project to be seen", 240)
        eventually(lambda: not look.count(ON_ITS_WAY), "announcements to be settled", 240)
        more_than_a_second()
        assert look.value("SELECT count(*) - count(DISTINCT external_id) FROM task") == 0
        # Nobody may look into the channel here, so what was under way when the process died is
        # not posted again blindly: a person decides.
        for lost, name in look.rows(UNKNOWN):
            if not announced()[str(name)]:
                ana.types("/link", channel="ops")
                ana.sees("may not have arrived", channel="ops", timeout=SLOW)
                with forging(installation) as forger:
                    forger.click("announce.post_again", str(lost))
                eventually(partial(_holds, announced, str(name)), f"{name} to be announced")
        look.close()
        assert announced() == Counter(names)
        assert f"On {TASK}" in said(bo, "/track status").replace("*", "")


def _holds(counted: Callable[[], Counter[str]], name: str) -> bool:
    return counted()[name] > 0


@contextmanager
def locked(database_url: str) -> Iterator[None]:
    """Another program, for example a backup, holds the file for a while."""
    connection = sqlite3.connect(file_of(database_url), isolation_level=None, timeout=60)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path) -> Iterator[Office]:
    """A linked board on SQLite."""
    with linked_board(sqlite_url, tmp_path) as made:
        yield made


def test_a_database_that_is_locked_for_a_moment(sqlite_url: str, tmp_path: Path) -> None:
    """The command waits, says so, and is done once; where it waits in vain, nothing is changed.

    Its limits lie further apart here than as shipped, for the moment between them.
    """
    busy = SHIPPED["storage.engine.SQLITE_BUSY_MS"] / 1000
    assert SHIPPED["handlers.edge.PATIENCE"] < busy < 3
    limits = {patient.PATIENCE: "0.3", patient.BUSY_MS: "12000"}
    with linked_board(sqlite_url, tmp_path, settings=limits) as office:
        bo = office.member("bo")
        with locked(sqlite_url):
            bo.types(f"/track start {TASK}", channel="general")
            bo.sees("Still working on it", channel="general")
        bo.sees(f"Started {TASK}", channel="general")
        timers = "SELECT count(*) FROM time_entry WHERE ended_at IS NULL"
        assert rows(sqlite_url, timers) == [(1,)]
        with locked(sqlite_url):
            bo.types("/track log 1h TASK-5", channel="general")
            bo.sees("The database is busy right now; nothing was changed", channel="general")
            assert "On" in said(bo, "/track status")
        assert "Logged 1 h" in said(bo, "/track log 1h TASK-5")
        assert rows(sqlite_url, "SELECT count(*) FROM time_entry WHERE seconds = 3600") == [(1,)]
        office.syncs()


def test_our_own_fault_has_a_reference(office: Office, sqlite_url: str) -> None:
    """A broken database: an id to ask about, in Slack and in the log; once mended, all goes on."""
    bo, ana = office.member("bo"), office.ana
    assert "Started" in said(bo, f"/track start {TASK}")
    _run(sqlite_url, "ALTER TABLE time_entry_change RENAME TO gone_missing")
    told = said(bo, "/track log 1h TASK-5 hunter2")
    found = re.search(r"Reference (\w{4}-\w{2})", told)
    assert found, told
    assert "was saved" in told
    for word in ("Traceback", "sqlite", "time_entry", "OperationalError"):
        assert word not in told
    bo.clicks("Stop", channel="general")
    bo.sees("Reference", channel="general")
    _run(sqlite_url, "ALTER TABLE project_link RENAME TO links_missing")
    ana.clicks("Create & link", on="Acme Shop", channel="ops")
    ana.sees("Reference", channel="ops")
    ana.opens_home()
    _run(sqlite_url, "ALTER TABLE links_missing RENAME TO project_link")
    _run(sqlite_url, "ALTER TABLE gone_missing RENAME TO time_entry_change")
    assert rows(sqlite_url, "SELECT count(*) FROM time_entry") == [(1,)]
    assert rows(sqlite_url, "SELECT count(*) FROM project_link") == [(1,)]
    assert "Logged 1 h" in said(bo, "/track log 1h TASK-5")
    log = office.installation.log()
    assert found[1] in log
    assert "hunter2" not in log
    office.syncs()


def _run(database_url: str, statement: str) -> None:
    connection = sqlite3.connect(file_of(database_url), timeout=60)
    connection.execute("PRAGMA legacy_alter_table = ON")
    connection.execute(statement)
    connection.commit()
    connection.close()

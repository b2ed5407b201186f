"""The Projects section as a team uses it: opening, changing, archiving, staffing, unlinking."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.driver import Person
from tests.scenarios.prepared import (
    TASK,
    Office,
    eventually,
    linked_board,
    rows,
    said,
)
from tests.scenarios.story import SLOW


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    """A linked board."""
    with linked_board(database_url, tmp_path) as made:
        yield made


def told(person: Person, words: str) -> int:
    """How many direct messages say this."""
    return sum(one.holds(words) for one in person.messages("app"))


def opens(ana: Person, project: str) -> None:
    """From the Home tab to a project's page."""
    ana.opens_home()
    ana.sees("Overview", timeout=SLOW)
    ana.clicks("Projects")
    ana.sees(project)
    ana.clicks("Open", on=project)
    ana.sees("Last synced")


def test_a_project_is_changed_archived_and_brought_back(office: Office, database_url: str) -> None:
    """Its name is the tool's; archived, timers stop and nobody but an admin adds time (A3, A4)."""
    ana, bo = office.ana, office.member("bo")
    assert "Started" in said(bo, f"/track start {TASK} -1m")
    opens(ana, "Acme Web")
    ana.sees("1 timer runs now")
    ana.clicks("Name, code, colour")
    ana.sees("takes its name from File board")
    ana.fills("Code", "x1")
    assert ana.submits() == {"Code": "A code has 2 to 5 letters, A to Z."}
    ana.fills("Code", "site")
    ana.chooses("Colour in charts", "blue")
    ana.submits()
    ana.sees("The code is SITE now")
    ana.clicks("Archive...")
    ana.sees("1 running timer is stopped and kept")
    ana.submits()
    ana.sees("Archived Acme Web. 1 timer was stopped and kept.")
    bo.sees("was stopped", channel="app", timeout=SLOW)
    assert "is archived" in said(bo, f"/track start {TASK}")
    assert "is archived" in said(bo, f"/track log 1h {TASK} -- late")
    office.syncs()
    assert told(bo, "was stopped") == 1
    ana.clicks("Bring back")
    ana.sees("Brought back Acme Web.")
    assert "Started" in said(bo, f"/track start {TASK}")
    actions = rows(
        database_url, "SELECT action FROM audit WHERE action LIKE 'project.%' ORDER BY id"
    )
    names = ["project.link", "project.edit", "project.archive", "project.restore"]
    assert [row[0] for row in actions] == names


def test_people_decided_by_hand_outlast_the_policy(office: Office, database_url: str) -> None:
    """Bo is taken off and stays off after a sync; Cleo manages it without an account (A1, T15)."""
    ana, bo, cleo = office.ana, office.member("bo"), office.person("cleo")
    assert "Started" in said(bo, f"/track start {TASK} -1m")
    opens(ana, "Acme Web")
    ana.clicks("Change people")
    ana.chooses("Take off", ["bo"])
    ana.chooses("Managers", ["cleo"])
    ana.submits()
    ana.sees("Taken off: Bo Lindqvist.")
    ana.sees("Now managing it: Cleo Adeyemi.")
    ana.sees("Without a connected account in the tool yet: Cleo Adeyemi.")
    bo.sees("was stopped", channel="app", timeout=SLOW)
    assert rows(database_url, "SELECT stopped_because FROM time_entry") == [
        ("removed_from_project",)
    ]
    office.syncs()
    assert "no project that you can track" in said(bo, f"/track start {TASK}")
    cleo.sees("Ana Ruiz made you a manager of Acme Web", channel="app", timeout=SLOW)
    cleo.clicks("Open project", channel="app")
    cleo.sees("you manage it")
    cleo.does_not_see("Unlink...")
    ana.types('/link manager remove @cleo "Acme Web"', channel="ops")
    ana.sees("does not manage Acme Web any more", channel="ops", timeout=SLOW)
    cleo.sees("You do not manage Acme Web any more", channel="app", timeout=SLOW)
    cleo.closes()
    cleo.opens_home()
    cleo.clicks("My projects")
    cleo.sees("1 project.")


def test_many_are_unlinked_at_once(office: Office, database_url: str) -> None:
    """Ticked across a search and a filter; one question tells what all of them lose (L6, L11)."""
    ana, bo = office.ana, office.member("bo")
    assert "Started" in said(bo, f"/track start {TASK} -1m")
    ana.types("/link", channel="ops")
    ana.clicks("Projects", channel="ops")
    ana.chooses("Which projects", "Unlinked, in your tools")
    ana.sees("Acme Shop")
    ana.clicks("Choose several")
    ana.clicks("Tick all 3")
    ana.submits()
    ana.clicks("Link (3)...")
    ana.sees("New projects: 3")
    ana.submits()
    ana.sees("Linked 3 projects to new projects.")
    ana.clicks("Back to the list")
    ana.chooses("Which projects", "Connected")
    ana.chooses("File board, Acme board, Acme", ["Acme Web (TASK)"])
    ana.fills("Search", "shop")
    ana.sees("1 project match")
    ana.sees("1 is ticked")
    ana.clicks("Tick all 1")
    ana.sees("2 are ticked")
    ana.submits()
    ana.sees("With 2 projects")
    ana.clicks("Unlink (2)...")
    for words in ("Unlink 2 projects", "1 running timer is stopped", "not repair a sync problem"):
        ana.sees(words)
    ana.clicks("Run history")
    ana.sees("By schedule")
    ana.closes()
    ana.submits()
    ana.sees("Unlinked 2 projects: Acme Shop, Acme Web. 1 timer was stopped and kept.")
    bo.sees("was stopped", channel="app", timeout=SLOW)
    states = "SELECT state, count(*) FROM project_link GROUP BY state ORDER BY state"
    assert rows(database_url, states) == [("active", 2), ("ended", 2)]
    eventually(lambda: told(ana, "is in sync") >= 1, "the syncs that linking asked for")

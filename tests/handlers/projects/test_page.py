"""The Projects section as an admin, a manager and a member use it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.services.projects.people import ProjectPeople
from storage.linking.project_links import ProjectLinkRow
from storage.projects.projects import ProjectRow
from storage.sync.sync_wishes import SyncWishRow
from tests.builders import NOON
from tests.handlers.projects_desk import Desk
from tests.services.office import Office


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """Website, fed by the board, among thirty internal projects; two wait in the board."""
    made = Office(database_url)
    for number in range(30):
        code = f"P{chr(65 + number // 26)}{chr(65 + number % 26)}"
        made.world.project(f"Plan {number:02d}", code)
    made.world.provider_project(made.board, "Acme Shop", key="SHOP")
    made.world.provider_project(made.board, "Acme Blog", key="BLOG")
    yield made
    made.world.close()


@pytest.fixture
def desk(office: Office) -> Iterator[Desk]:
    """The admin's."""
    made = Desk(office)
    yield made
    made.close()


def archived(office: Office) -> int:
    """How many projects are archived."""
    with office.world.uow.read() as tx:
        return sum(one.archived_at is not None for one in tx.entities.query(ProjectRow))


def test_from_the_list_to_a_project_and_back(desk: Desk) -> None:
    """Opening one keeps the way back: the same page, the same search."""
    desk.opens()
    assert "31 projects; 1 to 20 are shown" in desk.text()
    desk.clicks("Next")
    assert "21 to 31" in desk.text()
    desk.chooses("projects.search", "plan 2")
    assert "12 projects match" in desk.text()
    desk.clicks("Open", on="Plan 27")
    assert "Internal: it is linked to no tool" in desk.text()
    desk.clicks("Back to the list")
    assert "12 projects match" in desk.text()
    desk.submits(search="website")
    assert "1 project match" in desk.text()
    desk.chooses("projects.shown", "unlinked")
    assert "No" in desk.text()
    desk.submits(search="")
    assert "2 projects in your tools" in desk.text()


def test_ticks_are_kept_from_page_to_page(desk: Desk, office: Office) -> None:
    """Ticked here, searched there, filtered elsewhere: *Continue* has them all, and archives."""
    desk.opens()
    desk.clicks("Choose several")
    desk.clicks("Next", ticks={"Website": True, "Plan 01": True})
    desk.chooses("projects.search", "plan 2", ticks={"Plan 29": True})
    desk.clicks("Tick all 12")
    assert "14 are ticked" in desk.text()
    desk.chooses("projects.search", "", ticks={"Plan 02": False})
    assert "13 are ticked" in desk.text()
    desk.chooses("projects.shown", "unlinked")
    desk.submits(ticks={"Acme Shop": True})
    assert "With 13 projects" in desk.text()
    assert "With 1 project in your tools" in desk.text()
    desk.clicks("Archive (13)...")
    assert "Archive 13" in desk.text()
    desk.clicks("Back")
    desk.clicks("Archive (13)...")
    desk.submits()
    assert "Archived *Plan 01*" in desk.text()
    assert archived(office) == 13
    desk.clicks("Bring back (13)...")
    desk.submits()
    assert archived(office) == 0
    desk.clicks("Back to the list")
    desk.clicks("Clear")
    desk.submits()
    assert "Nothing is ticked" in desk.text()
    desk.clicks("Back to the list")
    desk.clicks("Stop choosing")
    assert "Choose several" in desk.text()


def test_a_project_is_changed_in_its_form(desk: Desk) -> None:
    """What is wrong stands under its field; what was saved is said on the page."""
    desk.opens()
    desk.clicks("Open", on="Website")
    desk.clicks("Name, code, colour")
    wrong = desk.submits(code="1")
    assert wrong is not None
    assert dict(wrong.errors) == {"code": "A code has 2 to 5 letters, A to Z."}
    wrong = desk.submits(code="PAA")
    assert wrong is not None
    assert "has the code PAA" in wrong.errors["code"]
    wrong = desk.submits(name="plan 03")
    assert wrong is not None
    assert "is there already" in wrong.errors["name"]
    desk.submits(name="Site", code="site", colour="green")
    for words in ("Saved. The code is SITE now.", "green", "'text': 'Site'"):
        assert words in desk.text(), words


def test_one_project_is_archived_after_a_question(desk: Desk, office: Office) -> None:
    """And brought back with one click."""
    desk.opens()
    desk.clicks("Open", on="Plan 00")
    desk.clicks("Archive...")
    assert "Archive *Plan 00*?" in desk.text()
    desk.clicks("Back")
    assert archived(office) == 0
    desk.clicks("Archive...")
    desk.submits()
    assert "Archived *Plan 00*." in desk.text()
    desk.clicks("Bring back")
    assert "Brought back *Plan 00*." in desk.text()


def test_open_list_shows_what_waits_in_that_tool(desk: Desk, office: Office) -> None:
    """Under a digest of one tool, the projects of another would be in the way."""
    other = office.world.integration(office.admin, site="other board")
    office.world.provider_project(other, "Elsewhere", key="ELSE")
    desk.opens(f"unlinked:{other}")
    assert "Elsewhere" in desk.text()
    assert "Acme Shop" not in desk.text()


def test_what_waits_is_decided_on_its_page(desk: Desk) -> None:
    """Ignore and its undo, *Create & link*; somebody else's decision is told."""
    desk.opens("unlinked")
    desk.clicks("Open", on="Acme Blog")
    desk.clicks("Ignore")
    desk.clicks("Stop ignoring")
    desk.clicks("Link to...")
    assert "Connect projects" in desk.text()
    desk.opens("unlinked")
    desk.clicks("Open", on="Acme Shop")
    before = dict(desk.view)
    desk.clicks("Create & link")
    assert "is linked to a new project, code SHOP" in desk.text()
    assert "Connected to *Acme Shop*" in desk.text()
    desk.view = before
    desk.clicks("Create & link")
    assert "*Acme Shop* is already linked by Admin" in desk.told


def test_resync_reads_what_feeds_this_project_and_no_other(desk: Desk, office: Office) -> None:
    """*Resync tasks* says what was begun and stays on the page."""
    desk.opens()
    desk.clicks("Open", on="Website")
    desk.clicks("Resync tasks")
    assert "Sync started: *Acme Web* of acme board." in desk.text()
    with office.world.uow.read() as tx:
        (wished,) = tx.execute(select(col(SyncWishRow.projects))).scalars().all()
        fed = tx.execute(
            select(col(ProjectLinkRow.provider_project_id)).where(
                col(ProjectLinkRow.project_id) == office.website
            )
        ).scalars()
        assert wished == list(fed)


def test_members_see_their_projects_and_no_controls(desk: Desk, office: Office) -> None:
    """Ana is on Website: sees it and her time; what admins may, she may not."""
    desk.opens()
    desk.clicks("Open", on="Website")
    admins_page = dict(desk.view)
    desk.who = office.ana
    desk.opens()
    assert "Website" in desk.text()
    assert "Plan 00" not in desk.text()
    desk.clicks("Open", on="Website")
    assert "Your time" in desk.text()
    assert "Archive" not in desk.text()
    desk.view = admins_page
    desk.clicks("Name, code, colour")
    assert "Only an admin" in desk.told
    desk.clicks("Archive...")
    assert "Only an admin" in desk.told


def test_a_forgotten_or_forged_list_is_said(desk: Desk, office: Office) -> None:
    """Another person's ticks, and metadata of another form."""
    desk.opens()
    desk.clicks("Choose several")
    theirs = dict(desk.view)
    desk.who = office.world.member("zoe", admin=True)
    desk.view = theirs
    desk.submits(ticks={"Website": True})
    assert "That list is no longer there" in desk.told
    desk.view = theirs | {"private_metadata": "add|1|0|some|"}
    desk.clicks("Clear")
    assert "no longer there" in desk.told
    office.change(ProjectRow, office.website, archived_at=NOON)


def test_a_manager_finds_and_mends_somebodys_time(desk: Desk, office: Office) -> None:
    """From the page of a project through all its entries, for as long as they manage it."""
    bo = office.world.member("bo")
    office.world.joins(bo, office.website)
    for number in range(20):
        office.world.length(bo, office.website, office.web12, NOON, 60 * (number + 1))
    people = ProjectPeople(office.world.uow, office.world.new_marker())

    def appointed(*, manages: bool) -> None:
        people.set_manager(
            who=office.admin,
            member_id=office.ana.id,
            project_id=office.website,
            manages=manages,
            now=NOON,
        )

    appointed(manages=True)
    desk.who = office.ana
    desk.chooses("projects.show", str(office.website))
    assert "Last entries" in desk.text()
    desk.clicks("All entries")
    assert "Entries 1 to 15, the newest first." in desk.text()
    desk.clicks("Older")
    assert "Entries 16 to 20" in desk.text()
    page = desk.view
    desk.clicks("Edit", on="Bo, WEB-12 Fix the header, 1 m")
    assert "Edit time" in desk.text()
    assert "Bo" in desk.text()
    desk.view = page
    appointed(manages=False)
    desk.clicks("Edit", on="Bo, WEB-12 Fix the header, 1 m")
    assert desk.view == page
    assert "manage" in desk.told
    desk.clicks("Newer")
    assert "There are none yet." in desk.text()
    desk.clicks("Back")
    assert "Last entries" not in desk.text()
    for forged in ("", "x:0", "1:x", "1", f"{'9' * 30}:0"):
        desk.view = page
        desk.chooses("projects.entries", forged)
        assert "no longer there" in desk.told

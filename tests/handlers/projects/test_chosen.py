"""What is done with many projects at once, and ``/link unlink``."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.domain.ids import ProjectId
from storage.linking.project_links import ProjectLinkRow
from storage.linking.provider_projects import ProviderProjectRow
from storage.operating.audit import AuditRow
from storage.outbox import OutboxRow
from storage.projects.projects import ProjectMemberRow
from storage.sync.sync_wishes import SyncWishRow
from tests.builders import NOON
from tests.handlers.projects_desk import Desk
from tests.services.office import Office

HOUR = timedelta(hours=1)


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """Website and Operations, each from its tool; three provider projects wait."""
    made = Office(database_url)
    made.second_site()
    for name in ("Acme Shop", "Acme Blog", "Plan"):
        made.world.provider_project(made.board, name, key=None)
    made.world.project("Plan", "PL")
    yield made
    made.world.close()


@pytest.fixture
def desk(office: Office) -> Iterator[Desk]:
    """The admin's."""
    made = Desk(office)
    yield made
    made.close()


def ticked(desk: Desk, *names: str, shown: str = "") -> None:
    """Everything of these names, and on to what can be done."""
    desk.opens(shown)
    desk.clicks("Choose several")
    desk.submits(ticks=dict.fromkeys(names, True))


def links(office: Office) -> list[str]:
    """The states of all links."""
    with office.world.uow.read() as tx:
        query = select(col(ProjectLinkRow.state)).order_by(col(ProjectLinkRow.id))
        return list(tx.execute(query).scalars())


def on(office: Office, project: ProjectId) -> set[int]:
    """Who is on a project."""
    query = select(col(ProjectMemberRow.member_id)).where(
        col(ProjectMemberRow.project_id) == project, col(ProjectMemberRow.removed_at).is_(None)
    )
    with office.world.uow.read() as tx:
        return set(tx.execute(query).scalars())


def audited(office: Office) -> list[str]:
    """The actions in the audit log."""
    with office.world.uow.read() as tx:
        return list(tx.execute(select(col(AuditRow.action)).order_by(col(AuditRow.id))).scalars())


def test_many_are_unlinked_after_one_truthful_question(desk: Desk, office: Office) -> None:
    """Tasks, hours and timers of all together, then it happens; the internal one is left alone."""
    office.world.entry(office.ana, office.website, office.web12, NOON - 4 * HOUR, NOON - 2 * HOUR)
    office.start(now=NOON - HOUR)
    ticked(desk, "Website", "Operations", "Plan")
    desk.clicks("Unlink (2)...")
    for words in (
        "Unlink 2 projects",
        "1 of File board, acme board",
        "1 of Redmine, redmine.acme.test",
        "2 tasks become read-only and untracked.",
        "2 h tracked there stay in reports.",
        "1 running timer is stopped and kept",
        "The 2 projects stay",
        "does not repair a sync problem",
        "Runs of acme board",
    ):
        assert words in desk.text(), words
    assert links(office) == ["active", "active"]
    desk.clicks("Back")
    desk.clicks("Unlink (2)...")
    desk.submits()
    assert "Unlinked 2 projects: *Operations*, *Website*. 1 timer was stopped" in desk.text()
    assert links(office) == ["ended", "ended"]
    assert office.entries()[-1].stopped_because == "project_unlinked"
    assert audited(office) == ["project.unlink"] * 2
    assert "Unlink (" not in desk.text()


def test_one_is_unlinked_from_its_page(desk: Desk) -> None:
    """And the page then says that it is internal."""
    desk.opens()
    desk.clicks("Open", on="Website")
    desk.clicks("Unlink...")
    assert "Unlink *Acme Web* (File board, acme board) from *Website*?" in desk.text()
    assert "Nothing was tracked there yet" in desk.text()
    desk.clicks("Back")
    desk.clicks("Unlink...")
    before = dict(desk.view)
    desk.submits()
    assert "*Acme Web* is unlinked from *Website*." in desk.text()
    assert "linked to no tool" in desk.text()
    desk.view = before
    desk.submits()
    assert "was unlinked before by Admin" in desk.told


def test_the_command_unlinks_one_or_offers_several(desk: Desk, office: Office) -> None:
    """A name opens the question, words that mean several a list, no words the tick boxes."""
    desk.unlinks("website")
    assert "Unlink *Acme Web*" in desk.text()
    assert "'text': 'Back'" not in desk.text()
    desk.submits()
    assert "is unlinked from *Website*" in desk.told
    for number in range(12):
        project = office.world.project(f"Site {number:02d}", f"S{chr(65 + number)}")
        office.world.link(office.world.provider_project(office.board, f"Web {number}"), project)
    desk.unlinks("site")
    assert "Site 00" in desk.told
    assert "and 2 more" in desk.told
    desk.clicks("Choose several")
    assert "12 projects match" in desk.text()
    desk.clicks("Tick all 12")
    desk.submits()
    desk.clicks("Unlink (12)...")
    desk.submits()
    assert links(office).count("active") == 1
    desk.unlinks("")
    assert "Tick what is to be unlinked" in desk.text()
    desk.unlinks("operations")
    desk.submits()
    desk.unlinks("")
    assert "nothing to unlink" in desk.told


def test_what_is_there_and_not_linked_is_told_so(desk: Desk, office: Office) -> None:
    """An internal project, one of a tool by name or key, one unlinked before: none is unknown."""
    office.world.provider_project(office.board, "Acme Blog", key="BLOG")
    for words, name in (
        ('"plan"', "Plan"),
        ('"Acme Blog"', "Acme Blog"),
        ("blog", "Acme Blog"),
    ):
        desk.unlinks(words)
        assert f"*{name}* is not linked." in desk.told, words
    desk.unlinks("nowhere")
    assert "No project is called" in desk.told


def test_people_are_put_on_and_taken_off_many(desk: Desk, office: Office) -> None:
    """Somebody new to us too; who goes has their timer stopped and kept, and stays off."""
    office.start(now=NOON - HOUR)
    ticked(desk, "Website", "Operations")
    desk.clicks("Change people...")
    assert "Managers" not in desk.text()
    wrong = desk.submits(add="U0ANA", remove="U0ANA")
    assert wrong is not None
    assert "Choose one of the two" in wrong.errors["remove"]
    desk.submits(add="U0ZOE U0BOT", remove="U0ANA")
    for words in (
        "Put on of the 2 projects: *Zoe*",
        "Taken off of the 2 projects: *Ana*",
        "1 timer was stopped and kept",
        "Without a connected account in the tool yet: *Zoe*",
        "1 of the chosen is no person",
    ):
        assert words in desk.text(), words
    assert office.entries()[-1].stopped_because == "removed_from_project"
    with office.world.uow.read() as tx:
        kinds = list(tx.execute(select(col(OutboxRow.kind))).scalars())
    assert kinds == ["timer.stopped"]
    assert office.ana.id not in on(office, office.website)
    assert audited(office) == ["project.people"] * 2


def test_a_projects_people_and_managers(desk: Desk, office: Office) -> None:
    """The form shows who manages it; saving without a change says so."""
    desk.opens()
    desk.clicks("Open", on="Website")
    desk.clicks("Change people")
    desk.submits()
    assert "Nothing was different" in desk.text()
    desk.clicks("Change people")
    desk.submits(managers="U0ZOE")
    assert "Now managing it: *Zoe*" in desk.text()
    assert "Managed by: Zoe." in desk.text()
    desk.clicks("Change people")
    assert "'initial_users': ['U0ZOE']" in desk.text()
    desk.submits(managers="U0ANA")
    assert "Not managing it any more: *Zoe*" in desk.text()
    assert len(on(office, office.website)) == 2


def test_what_feeds_the_ticked_projects_is_read_again(desk: Desk, office: Office) -> None:
    """Each tool once, in full; internal projects have nothing to read."""
    ticked(desk, "Website", "Operations")
    desk.clicks("Resync tasks (2)")
    assert (
        "Sync started: *Acme Web* and *Operations* of acme board, redmine.acme.test." in desk.text()
    )
    with office.world.uow.read() as tx:
        wishes = tx.execute(select(col(SyncWishRow.is_full))).scalars().all()
    assert wishes == [True, True]


def test_many_are_linked_as_connect_all_would(desk: Desk, office: Office) -> None:
    """New projects, and an internal one of the same name; shown first, then done."""
    ticked(desk, "Acme Shop", "Plan", shown="unlinked")
    desk.clicks("Link (2)...")
    assert "Link 2 projects? Nothing has been changed yet." in desk.text()
    assert "New projects: 1" in desk.text()
    assert "Linked to a project of the same name: 1" in desk.text()
    desk.submits()
    assert "Linked 2 projects: 1 to a new project, 1 to a project of the same name." in desk.text()
    assert links(office).count("active") == 4


def test_many_are_ignored_and_noticed_again(desk: Desk, office: Office) -> None:
    """What is linked meanwhile is left alone; the same ticks take it back."""
    ticked(desk, "Acme Shop", "Acme Blog", "Plan", shown="unlinked")
    desk.clicks("Ignore (3)...")
    assert "Ignore 3 projects of your tools?" in desk.text()
    shop = office.world.project("Shop", "SH")
    with office.world.uow.read() as tx:
        query = select(col(ProviderProjectRow.id)).where(
            col(ProviderProjectRow.name) == "Acme Shop"
        )
        source = tx.execute(query).scalar_one()
    office.world.link(source, shop)  # type: ignore[arg-type]
    desk.submits()
    assert "2 projects are ignored now." in desk.text()
    desk.clicks("Stop ignoring (2)")
    assert "2 projects are not ignored any more." in desk.text()
    assert audited(office) == ["provider_project.ignore"] * 2 + ["provider_project.notice"] * 2


def test_the_run_history_opens_on_top(desk: Desk, office: Office) -> None:
    """From a project's page and from the question before unlinking."""
    desk.opens()
    desk.clicks("Open", on="Website")
    page = dict(desk.view)
    desk.clicks("Run history")
    assert "No sync has run yet" in desk.text()
    desk.view = page
    desk.clicks("Unlink...")
    desk.clicks("Run history")
    assert "acme board" in desk.text()
    desk.who = office.ana
    desk.view = page
    desk.clicks("Run history")
    assert "Only an admin" in desk.told

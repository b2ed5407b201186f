"""Naming tasks, and marking them done, as people meet it in Slack (T1, T2, T12, W5)."""

from collections.abc import Iterator

import pytest

from tests.conftest import RedmineServer
from tests.providers.redmine.site import Site
from tests.scenarios.prepared import Office, eventually, linked_board, said
from tests.scenarios.running import installed
from tests.scenarios.story import CHANNEL, SLOW
from tests.scenarios.tools import RedmineTool
from tests.scenarios.waits import no_report_is_owed


@pytest.fixture(scope="module")
def office(shared_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Give a linked board; each test has a person of its own."""
    with linked_board(shared_database_url, tmp_path_factory.mktemp("tasks")) as made:
        made.ana.types(f'/link project "{made.board.second}" new', channel=CHANNEL)
        made.ana.sees(f"{made.board.second} is linked", channel=CHANNEL)
        made.ana.sees(f"{made.board.second} of", channel="app", timeout=SLOW)
        no_report_is_owed(shared_database_url)
        yield made


def test_t1_a_task_by_key_words_slip_and_choice(office: Office) -> None:
    """One match acts, several are a choice, none offers what is near; all of it with the note."""
    bo = office.member("bo")
    assert "Started TASK-12 Fix the header" in said(bo, "/track start task-012")
    assert "tarted TASK-13 Footer links" in said(bo, "/track start foot legal")
    assert "Which one?" in said(bo, "/track start page note: about the menu")
    bo.chooses("Choose a task", "SHOP-2", channel="general")
    bo.sees("tarted SHOP-2 Product page with variants", channel="general")
    bo.sees("about the menu", channel="general")
    answer = said(bo, "/track start fix teh haeder")
    assert "Near it: TASK-12 Fix the header" in answer
    bo.clicks("Start TASK-12", channel="general")
    bo.sees("tarted TASK-12 Fix the header", channel="general")
    assert "Near it: TASK-12" in said(bo, "/track start task-21")
    bo.clicks("Search tasks", on="TASK-21", channel="general")
    bo.chooses("Task", "SHOP-4", typing="gues chekout")
    assert bo.submits() == {}
    bo.sees("tarted SHOP-4 Guest checkout", channel="general", timeout=SLOW)


def test_t12_a_channel_with_a_project_of_its_own(office: Office) -> None:
    """A number there is its task; alone, its tasks; elsewhere it may mean two."""
    dan, ana = office.member("dan"), office.ana
    assert "Two matches" in said(dan, "/track start 12")
    ana.types('/link channel-default "Acme Shop"', channel="general")
    ana.sees("This channel prefers Acme Shop now", channel="general")
    assert "tarted SHOP-12 Order mails" in said(dan, "/track start 12")
    assert "Elsewhere: TASK-15" in said(dan, "/track start 15")
    assert "Which task of Acme Shop" in said(dan, "/track start")
    dan.chooses("Choose a task", "SHOP-8", channel="general")
    dan.sees("tarted SHOP-8 Return label as PDF", channel="general")
    ana.types("/link channel-default off", channel="general")
    ana.sees("prefers Acme Shop no longer", channel="general")
    assert "Start which task?" in said(dan, "/track start")


def test_t2_an_old_key_and_a_new_code(office: Office) -> None:
    """A task that was moved in the tool is found by both keys, with its time."""
    cleo = office.member("cleo")
    said(cleo, "/track log 30m TASK-8")
    office.board.change("tasks.csv", "id", "web-8", project="shop", number="88")
    office.syncs()
    assert "tarted SHOP-88 Alternative texts" in said(cleo, "/track start task-8")
    assert "SHOP-88 Alternative texts" in said(cleo, "/track today")


def test_w5_done_and_undone_on_a_board(office: Office) -> None:
    """One direct message with the result; the file says so; *Undo* opens it again."""
    ana = office.member("ana")
    said(ana, "/track start TASK-9")
    said(ana, "/track cancel")
    assert "Marking TASK-9 Search across pages and blog done" in said(ana, "/track done TASK-9")
    ana.sees("is done in File board", channel="app", timeout=SLOW)
    assert len([one for one in ana.messages("app") if one.holds("TASK-9")]) == 1
    tasks = (office.board.folder / "tasks.csv").read_text(encoding="utf-8")
    assert "Search across pages and blog,Done" in tasks
    assert "is done already" in said(ana, "/track done task-9")
    ana.clicks("Undo", on="is done in File board", channel="app")
    ana.sees("is open again in File board", channel="app", timeout=SLOW)
    assert "Search across pages and blog,Done" not in (office.board.folder / "tasks.csv").read_text(
        encoding="utf-8"
    )


@pytest.mark.redmine
def test_w5_done_on_a_real_redmine(
    postgresql_url: str, redmine: RedmineServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """With PostgreSQL and a worker: done, undone, and a workflow that says no in its own words."""
    tool = RedmineTool(Site(redmine.url, redmine.admin_key, redmine.seed))
    folder = tmp_path_factory.mktemp("redmine")
    try:
        with installed(postgresql_url, folder, sync_seconds=600, emails=tool.team()) as running:
            ana = running.slack.person("ana")
            ana.types("/link connect redmine", channel=CHANNEL)
            for label, value in tool.right.items():
                ana.fills(label, value)
            ana.submits()
            ana.sees("Connected:", timeout=SLOW)
            ana.closes()
            ana.sees(tool.main, channel=CHANNEL, timeout=SLOW)  # until then nobody knows of it
            ana.types(f'/link project "{tool.main}" new', channel=CHANNEL)
            ana.sees("is in sync", channel="app", timeout=SLOW)
            ana.types("/link users @ana", channel=CHANNEL)
            ana.sees("Add users")
            ana.closes()
            ana.types("/track connect", channel="general")
            ana.clicks("Connect", channel="general")
            eventually(
                lambda: (
                    any(one.holds("Connected:") for one in ana.messages("general"))
                    or any(one.holds("approve") for one in ana.messages("app"))
                ),
                "an answer to Connect",
            )
            if not any(one.holds("Connected:") for one in ana.messages("general")):
                ana.clicks("Approve", channel="app")
                ana.sees("Connected", channel="app", timeout=SLOW)
            answer = said(ana, f"/track done #{tool.first}")
            assert "in Redmine" in answer
            ana.sees("is done in Redmine", channel="app", timeout=SLOW)
            ana.clicks("Undo", on="is done in Redmine", channel="app")
            ana.sees("is open again in Redmine", channel="app", timeout=SLOW)
    finally:
        tool.clear()

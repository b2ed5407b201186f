"""What ends the right to track while a timer runs: it is stopped, kept, and told once (T15)."""

from collections.abc import Iterator

import pytest

from playground.driver import Person
from tests.scenarios.prepared import TASK, Look, Office, eventually, linked_board, said
from tests.scenarios.story import CHANNEL, SLOW
from tests.scenarios.turned import TurnedClock


class Desk(Look):
    """A linked board whose people track, and a look into its database."""

    def __init__(self, office: Office, database_url: str) -> None:
        super().__init__(database_url)
        self.office = office
        self.board = office.board
        self.ana = office.ana
        self.clock = TurnedClock(office.installation)
        self.clock.turns_to(self.clock.next_monday())

    def tracks(self, person: Person, task: str = TASK) -> None:
        """A timer that runs for ten minutes."""
        assert "tarted" in said(person, f"/track start {task}")
        self.clock.passes(minutes=10)

    def ended(self, person: Person) -> list[tuple[object, ...]]:
        """Why their last timer ended, and whether its time was kept."""
        return self.rows(
            "SELECT stopped_because, seconds >= 600 FROM time_entry JOIN member ON member.id = "  # noqa: S608 - ours
            f"time_entry.member_id WHERE member.slack_user_id = '{person.id}' "
            "AND seconds IS NOT NULL ORDER BY time_entry.id DESC LIMIT 1"
        )

    def is_told_once(self, person: Person, because: str, before: int) -> None:
        """Their timer is kept, they hear of it once, and another sync changes nothing."""
        eventually(lambda: self.ended(person) == [(because, 1)], "the timer to stop")
        eventually(lambda: told(person) == before + 1, "the message")
        self.office.syncs()
        assert told(person) == before + 1
        assert self.ended(person) == [(because, 1)]


def told(person: Person) -> int:
    """How often they were told that a timer was stopped."""
    return len([one for one in person.messages("app") if one.holds("was stopped")])


@pytest.fixture(scope="module")
def desk(shared_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Give a linked board; each test puts back what it took away."""
    folder, day = tmp_path_factory.mktemp("ends"), 86_400
    with linked_board(shared_database_url, folder, sync_seconds=day) as office:
        made = Desk(office, shared_database_url)
        yield made
        made.close()


@pytest.fixture
def bo(desk: Desk) -> Person:
    """Give Bo, connected, with a timer that has run for ten minutes."""
    bo = desk.office.connected("bo")
    desk.tracks(bo)
    return bo


def test_t15_archived_in_the_tool(desk: Desk, bo: Person) -> None:
    """And no new one starts, until it is brought back there."""
    before = told(bo)
    desk.board.change("projects.csv", "id", "web", archived="yes")
    desk.office.syncs()
    desk.is_told_once(bo, "project_archived", before)
    assert "is archived" in said(bo, f"/track start {TASK}")
    desk.board.change("projects.csv", "id", "web", archived="no")
    desk.office.syncs()
    desk.tracks(bo)
    assert "hrew away" in said(bo, "/track cancel")


def test_t15_deleted_in_the_tool(desk: Desk) -> None:
    """Its tasks cannot be found any more; the time can."""
    dan = desk.office.connected("dan")
    desk.ana.types('/link project "Acme Shop" new', channel=CHANNEL)
    desk.ana.sees("Acme Shop is linked", channel=CHANNEL)
    eventually(lambda: desk.count("task WHERE key = 'SHOP-4'"), "the tasks of the shop")
    desk.tracks(dan, "SHOP-4")
    before = told(dan)
    for name, column in (
        ("projects.csv", "id"),
        ("tasks.csv", "project"),
        ("access.csv", "project"),
    ):
        desk.board.remove(name, column, "shop")
    desk.office.syncs()
    desk.is_told_once(dan, "project_gone", before)
    assert "No task" in said(dan, "/track start SHOP-4")
    assert "SHOP-4" in said(dan, "/track today")


def test_t15_access_is_lost_in_the_tool(desk: Desk, bo: Person) -> None:
    """Everybody could see it; now only Ana can."""
    before = told(bo)
    desk.board.change("access.csv", "project", "web", person="ana")
    desk.office.syncs()
    desk.is_told_once(bo, "access_lost", before)
    desk.board.change("access.csv", "project", "web", person="*")
    desk.office.syncs()


def test_t15_unlinked_by_an_admin(desk: Desk, bo: Person) -> None:
    """The question says that a timer runs; linked again, the same tasks are back."""
    ana, before = desk.ana, told(bo)
    tasks = desk.count("task")
    ana.types('/link unlink "Acme Web"', channel=CHANNEL)
    ana.sees("1 running timer")
    ana.submits()
    desk.is_told_once(bo, "project_unlinked", before)
    ana.types('/link project "Acme Web" new', channel=CHANNEL)
    ana.sees("again, with its tasks and time", channel=CHANNEL, timeout=SLOW)
    desk.office.syncs()
    assert desk.count("task") == tasks
    desk.tracks(bo)
    assert "hrew away" in said(bo, "/track cancel")


def test_t15_disconnected_by_an_admin(desk: Desk, bo: Person) -> None:
    """The account link ends; Bo is told about it and why nothing runs."""
    ana, before = desk.ana, told(bo)
    ana.types("/link users", channel=CHANNEL)
    ana.sees("Select all", timeout=SLOW)
    ana.clicks("See people")
    ana.sees("Bo Lindqvist")
    ana.clicks("Disconnect", on="Bo Lindqvist")
    desk.is_told_once(bo, "account_link_ended", before)
    ana.closes(everything=True)
    assert "not connected yet" in said(bo, f"/track start {TASK}")


def test_t15_deactivated_in_slack(desk: Desk) -> None:
    """Slack has closed the account: the time is kept, and nobody is left to be told."""
    cleo = desk.office.connected("cleo")
    desk.tracks(cleo)
    desk.office.slack.changes("cleo", deleted=True)
    eventually(lambda: desk.ended(cleo) == [("member_deactivated", 1)], "the timer to stop")
    desk.office.slack.changes("cleo", deleted=False)
    assert told(cleo) == 0


def test_t15_goes_on_while_a_task_is_closed_and_a_key_is_dead(desk: Desk, bo: Person) -> None:
    """Neither stops a timer; connecting with the new key finds everything attached."""
    ana, before = desk.ana, told(bo)
    links, people = desk.rows("SELECT id FROM project_link"), desk.count("account_link")
    desk.board.change("tasks.csv", "id", "web-12", status="Done")
    desk.office.syncs()
    assert f"On {TASK}" in said(bo, "/track status")
    settings = desk.board.folder / "board.toml"
    old = settings.read_text(encoding="utf-8")
    settings.write_text(old.replace("board-demo-key", "another-key"), encoding="utf-8")
    desk.office.syncs()
    ana.sees("does not accept Hourlink's credentials", channel="app", timeout=SLOW)
    assert f"On {TASK}" in said(bo, "/track status")
    ana.clicks("Connect again", channel="app")
    ana.sees("stay as they are")
    ana.fills("Access key", "another-key")
    ana.submits()
    ana.sees("The new credentials work", timeout=SLOW)
    ana.closes()
    desk.office.syncs()
    assert "is connected already" not in said(ana, "/link", channel=CHANNEL)
    assert f"On {TASK}" in said(bo, "/track status")
    assert desk.rows("SELECT id FROM project_link") == links
    assert desk.count("account_link") == people
    assert told(bo) == before
    announced = [one for one in ana.messages(CHANNEL) if one.holds("Acme Shop")]
    assert len([one for one in announced if one.holds("not linked yet")]) <= 1
    desk.board.change("tasks.csv", "id", "web-12", status="In progress")
    settings.write_text(old, encoding="utf-8")
    assert "hrew away" in said(bo, "/track cancel")

"""The same thing twice, at the same instant or again later, happens once."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest

from tests.scenarios.forging import Forger, forging, new_id
from tests.scenarios.prepared import (
    TASK,
    Look,
    Office,
    eventually,
    linked_board,
    more_than_a_second,
    said,
)
from tests.scenarios.running import installed
from tests.scenarios.story import SLOW
from tests.scenarios.tools import BoardTool

Result = TypeVar("Result")

RUNNING = "time_entry WHERE started_at IS NOT NULL AND ended_at IS NULL AND deleted_at IS NULL"


class Case(Look):
    """A linked board, raw requests to it, and a look into its database."""

    def __init__(self, office: Office, forger: Forger, database_url: str) -> None:
        super().__init__(database_url)
        self.office = office
        self.forger = forger

    def answers(
        self, clicks: Sequence[Callable[[], object]], *, least: int = 0, alone: bool = False
    ) -> list[str]:
        """Clicks at the same instant; what was answered to their response URL, if anything.

        Waits for the ``least`` there must be, and then a moment for more. With ``alone`` only what
        somebody was told by themselves, not the message drawn anew.
        """
        before = len(self.forger.answers)

        def heard() -> list[str]:
            new = self.forger.answers[before:]
            return [str(one["text"]) for one in new if not (alone and one.get("replace_original"))]

        at_once(clicks)
        eventually(lambda: len(heard()) >= least, f"{least} answers")
        more_than_a_second()
        return heard()


def at_once(works: Sequence[Callable[[], Result]]) -> list[Result]:
    """Does everything at the same instant."""
    gate = threading.Barrier(len(works))

    def do(work: Callable[[], Result]) -> Result:
        gate.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(do, works))


@pytest.fixture
def case(database_url: str, tmp_path: Path) -> Iterator[Case]:
    """On both databases: one keeps its writers in a queue, the other does not."""
    with (
        linked_board(database_url, tmp_path) as office,
        forging(office.installation) as forger,
    ):
        made = Case(office, forger, database_url)
        yield made
        made.close()


def test_clicks_at_the_same_instant(case: Case) -> None:
    """One of them does it; each of the others hears what happened, or nothing."""
    office, forger = case.office, case.forger
    office.slack.changes("cleo", is_admin=True)
    shop = case.value("SELECT id FROM provider_project WHERE name = 'Acme Shop'")
    ops = case.value("SELECT id FROM provider_project WHERE name = 'Operations'")

    # Create & link, by two admins, twice each.
    said_so = case.answers(
        [
            partial(forger.click, "announce.create", str(shop), user=who)
            for who in ("U0ANA", "U0CLEO") * 2
        ],
        least=3,
        alone=True,  # who was first sees their copy of the announcement drawn anew
    )
    assert case.count(f"project_link WHERE provider_project_id = {shop}") == 1
    assert case.count("project WHERE name = 'Acme Shop'") == 1
    assert len(said_so) == 3
    assert all("*Acme Shop* is already linked by " in one for one in said_so), said_so

    # Create & link against Ignore.
    case.answers(
        [
            lambda: forger.click("announce.create", str(ops)),
            lambda: forger.click("announce.ignore", str(ops), user="U0CLEO"),
        ]
    )
    linked = case.count(f"project_link WHERE provider_project_id = {ops}")
    ignored = case.count(f"provider_project WHERE id = {ops} AND ignored_at IS NOT NULL")
    assert linked + ignored == 1

    # Connect all, sent twice.
    at_once([lambda: forger.submit("link.all", "1") for _ in range(3)])
    doubled = "SELECT count(*) - count(DISTINCT provider_project_id) FROM project_link"
    assert case.value(doubled) == 0
    assert case.value("SELECT count(*) - count(DISTINCT code) FROM project") == 0
    office.ana.sees("linked to Acme Shop by", channel="ops", timeout=SLOW)


def test_people_who_click_twice(case: Case) -> None:
    """Connect, Approve, Start, Stop: once each, and one timer at any moment."""
    office, forger = case.office, case.forger
    bo = office.person("bo")
    bo.types("/track connect", channel="general")
    link = case.value("SELECT id FROM account_link")
    case.answers([lambda: forger.click("people.confirm", f"{link}:1", user="U0BO")] * 4)
    assert case.count("account_link WHERE state = 'connected'") == 1

    cleo = office.person("cleo")
    cleo.types("/track connect", channel="general")
    cleo.clicks("Not me", channel="general")
    cleo.chooses("account", "Mia K", channel="general", typing="Mia")
    cleo.sees("An admin is asked to approve", channel="general", timeout=SLOW)
    asked = case.value(
        "SELECT id || ':' || request FROM account_link WHERE state = 'awaiting_approval'"
    )
    case.answers([lambda: forger.click("people.approve", str(asked))] * 4)
    assert case.count("account_link WHERE state = 'connected'") == 2
    assert case.count("outbox WHERE kind = 'account.approved'") == 1
    assert case.count("audit WHERE action = 'account_link.approve'") == 1

    starts = [f"/track start {key}" for key in (TASK, "TASK-5", "TASK-9", "TASK-11")]
    at_once([partial(forger.command, line, "U0BO") for line in starts * 2])
    assert case.count(RUNNING) == 1
    more_than_a_second()
    timer = case.value(f"SELECT max(id) FROM {RUNNING}")  # noqa: S608 - ours
    stops = [lambda: forger.click("track.stop", str(timer), user="U0BO")] * 4
    told = case.answers(stops, least=4)
    assert len([one for one in told if "Stopped" in one or "ended at" in one]) == 4, told
    assert (
        case.count(f"time_entry_change WHERE time_entry_id = {timer} AND action = 'stopped'") == 1
    )
    assert "No timer" in said(bo, "/track status")


def test_what_slack_delivers_again(case: Case) -> None:
    """A command whose answer was lost on the way is not logged twice, nor an event heard twice."""
    office, forger = case.office, case.forger
    bo = office.member("bo")
    line, trigger = f"/track log 1h30m {TASK} yesterday", new_id()
    at_once([lambda: forger.command(line, "U0BO", trigger=trigger) for _ in range(3)])
    assert "logged already" in forger.command(line, "U0BO", trigger=trigger).text
    assert case.count("time_entry WHERE seconds = 5400") == 1
    assert "Logged 1 h 30 m" in forger.command(line, "U0BO").text
    assert "Started" in said(bo, f"/track start {TASK} -1m")
    user = {"id": "U0BO", "team_id": "T0ACME", "name": "bo", "deleted": True, "profile": {}}
    event = {"type": "user_change", "user": user}
    at_once([lambda: forger.event(event, event_id="Ev7") for _ in range(3)])
    stopped = "time_entry WHERE stopped_because = 'member_deactivated'"
    eventually(lambda: case.count(stopped) == 1, "the timer to stop")
    assert case.count("time_entry WHERE deleted_at IS NULL") == 3


def test_a_connect_form_sent_twice(sqlite_url: str, tmp_path: Path) -> None:
    """Two admins, or one who presses twice: one integration, announced once."""
    with installed(sqlite_url, tmp_path) as installation, forging(installation) as forger:
        BoardTool(installation.boards)
        typed = {"field:board": "acme", "secret:1:key": "board-demo-key"}
        values: dict[str, object] = {
            block: {block: {"type": "plain_text_input", "value": text}}
            for block, text in typed.items()
        }
        values["channel"] = {
            "channel": {"type": "conversations_select", "selected_conversation": "C0OPS"}
        }
        sent = at_once([lambda: forger.submit("connect", "board:1", values=values)] * 3)
        assert all("Checking" in one.text for one in sent), [one.text for one in sent]
        ana = installation.slack.person("ana")
        ana.sees("Acme Web", channel="ops", timeout=SLOW)
        more_than_a_second()
        announced = [one for one in ana.messages("ops") if one.holds("Acme Web")]
        assert len(announced) == 1
        assert said(ana, "/link", channel="ops").count("Acme board") == 1
        assert "Traceback" not in installation.log()

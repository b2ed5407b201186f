"""Requests to connect as time passes, and accounts that change in their tool (U4, U5, U7)."""

from pathlib import Path

from tests.scenarios.prepared import (
    TASK,
    Look,
    eventually,
    linked_board,
    said,
)
from tests.scenarios.story import SLOW
from tests.scenarios.turned import TurnedClock

DAY = 86_400


def test_u4_a_request_is_reminded_of_once_and_expires(database_url: str, tmp_path: Path) -> None:
    """After two days one reminder, then silence; after seven a click brings a fresh request."""
    with linked_board(database_url, tmp_path, sync_seconds=DAY) as office:
        ana, cleo, look = office.ana, office.person("cleo"), Look(database_url)
        clock = TurnedClock(office.installation)
        ana.types("/link users @cleo", channel="ops")
        ana.sees("Cleo Adeyemi", timeout=SLOW)
        ana.submits()
        ana.sees("Asked 1 person", timeout=SLOW)
        ana.closes(everything=True)
        cleo.sees("asks you to connect", channel="app", timeout=SLOW)
        clock.passes(days=2, hours=1)
        cleo.sees("A reminder, the only one.", channel="app", timeout=SLOW)
        clock.passes(days=3)
        clock.passes(days=3)
        eventually(lambda: look.count("account_link WHERE state = 'expired'") == 1, "its end")
        assert len([one for one in cleo.messages("app") if one.holds("connect your")]) == 2
        cleo.clicks("Connect", channel="app")
        cleo.sees("This is the current one.", channel="app", timeout=SLOW)
        assert look.value("SELECT state FROM account_link") == "invited"
        cleo.clicks("Connect", channel="app")
        cleo.sees("Connected:", channel="app", timeout=SLOW)
        look.close()


def test_u5_u7_an_account_is_deleted_or_switched_off_there(
    database_url: str, tmp_path: Path
) -> None:
    """Each is told once; admins see why, and what was tracked stays."""
    with linked_board(database_url, tmp_path) as office:
        ana, board = office.ana, office.board
        bo, cleo = office.member("bo"), office.member("cleo")
        assert "Started" in said(bo, f"/track start {TASK} -1m")
        board.change("people.csv", "id", "cleo", active="no")
        board.remove("people.csv", "id", "bo")
        for _ in range(2):
            office.syncs()
        bo.sees("deleted, or merged into another account", channel="app", timeout=SLOW)
        cleo.sees("is switched off there", channel="app", timeout=SLOW)
        for person, words in ((bo, "merged into"), (bo, "was stopped"), (cleo, "switched off")):
            assert len([one for one in person.messages("app") if one.holds(words)]) == 1, words
        for person in (bo, cleo):
            assert "Started" not in said(person, f"/track start {TASK}")
        assert TASK in said(bo, "/track today")
        ana.types("/link users", channel="ops")
        ana.sees("Select all", timeout=SLOW)
        ana.clicks("See people")
        ana.sees("The account was deleted in the tool, or merged into another.")
        ana.sees("The account is switched off in the tool: nothing is tracked.")

"""An admin disconnects a tool and brings it back (L1, L7, U7, T15)."""

from pathlib import Path

from tests.scenarios.prepared import (
    TASK,
    Look,
    eventually,
    linked_board,
    said,
)
from tests.scenarios.story import SLOW


def test_disconnected_and_back(database_url: str, tmp_path: Path) -> None:
    """L1, L7, U7: the question is true, all hear of it, a return finds the same tasks and time."""
    with linked_board(database_url, tmp_path) as office:
        ana, bo, look = office.ana, office.member("bo"), Look(database_url)
        assert "Started" in said(bo, f"/track start {TASK} -1m")
        tasks = look.rows("SELECT id, key FROM task ORDER BY id")
        ana.types("/link", channel="ops")
        ana.clicks("Settings", channel="ops")
        ana.clicks("Disconnect...")
        for words in (
            "Its credentials are destroyed",
            "1 project is unlinked: Acme Web.",
            "1 person is disconnected and told.",
            "1 running timer is stopped and kept.",
        ):
            ana.sees(words)
        ana.submits()
        bo.sees("Ana Ruiz disconnected File board, Acme board", channel="app", timeout=SLOW)
        bo.sees("its tool was disconnected", channel="app", timeout=SLOW)
        ana.sees("Acme board is disconnected; its projects", channel="ops", timeout=SLOW)
        assert "Started" not in said(bo, f"/track start {TASK}")
        eventually(  # the timer's time is written first
            lambda: look.value("SELECT sealed_credentials FROM integration") is None,
            "no credentials",
        )
        assert TASK in said(bo, "/track today")

        ana.types("/link connect board", channel="ops")
        for label, value in office.board.right.items():
            ana.fills(label, value)
        ana.submits()
        ana.sees("Connected again:", timeout=SLOW)
        ana.sees("1 project was linked when it was disconnected. 1 person was connected.")
        ana.clicks("Link them again")
        ana.sees("1 project is linked again", timeout=SLOW)
        ana.closes(everything=True)
        eventually(lambda: look.count("sync_wish WHERE answered_at IS NULL") == 0, "the sync")
        assert look.rows("SELECT id, key FROM task ORDER BY id") == tasks
        assert "not connected yet" in said(bo, f"/track start {TASK}")
        bo.clicks("Connect", channel="general")
        eventually(lambda: bo.messages("general")[-1].holds("Expires on"), "the question")
        bo.clicks("Connect", channel="general")
        bo.sees("Connected:", channel="general", timeout=SLOW)
        assert "Started" in said(bo, f"/track start {TASK}")
        look.close()

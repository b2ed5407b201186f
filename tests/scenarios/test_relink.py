"""Linking again what was unlinked: resume, or start fresh on purpose (L7)."""

from pathlib import Path

from tests.scenarios.prepared import TASK, Look, eventually, linked_board, said
from tests.scenarios.story import SLOW


def test_start_fresh_in_the_form(database_url: str, tmp_path: Path) -> None:
    """L2, L7: the form says what was linked before; the old task keeps its hour, a new one runs."""
    with linked_board(database_url, tmp_path) as office:
        ana, bo, look = office.ana, office.member("bo"), Look(database_url)
        assert "Logged 1 h" in said(bo, f"/track log 1h {TASK} yesterday")
        tasks = look.count("task")
        ana.types('/link unlink "Acme Web"', channel="ops")
        ana.submits()
        ana.sees("is unlinked", channel="app", timeout=SLOW)
        ana.types("/link project", channel="ops")
        ana.chooses("1. Project in the tool", "Acme Web (TASK)", typing="acme")
        ana.sees("It was linked to Acme Web")
        ana.chooses("1. Its tasks of before", "Start fresh, with second copies of its tasks")
        ana.submits()
        ana.sees("started fresh", channel="app", timeout=SLOW)
        eventually(lambda: look.count("task") == 2 * tasks, "second copies")
        eventually(lambda: look.count("sync_run WHERE state = 'running'") == 0, "its end")
        assert "Started" in said(bo, f"/track start {TASK} -1m")
        assert "Stopped" in said(bo, "/track stop")
        assert look.count("time_entry JOIN task ON task.id = task_id WHERE gone_at IS NULL") == 1
        assert TASK in said(bo, "/track week")
        look.close()

"""Tracked time arrives in the tool, follows what becomes of it, and says where it stands."""

import csv
from pathlib import Path

from tests.scenarios.prepared import TASK, eventually, linked_board, said


def rows(folder: Path) -> list[tuple[str, str]]:
    """Task and seconds of each row that the board keeps."""
    found = next(iter(folder.rglob("time.csv")), None)
    if found is None:
        return []
    with found.open(encoding="utf-8-sig", newline="") as file:
        return [(row["name"], row["seconds"]) for row in csv.DictReader(file)]


def test_time_arrives_and_follows(database_url: str, tmp_path: Path) -> None:
    """W1, W2, W3: logged, written, shown as written, taken back, gone."""
    with linked_board(database_url, tmp_path) as office:
        bo = office.member("bo")
        assert "1 h 30 m" in said(bo, f"/track log 1h30m {TASK} The header")
        eventually(lambda: [one[1] for one in rows(tmp_path)] == ["5400"], "a row in time.csv")
        eventually(lambda: "written to Acme board" in said(bo, "/track today"), "the entry's state")
        said(bo, "/track undo")
        eventually(lambda: rows(tmp_path) == [], "no row in time.csv")

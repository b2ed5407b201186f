"""Benchmarks that nobody runs every day still run."""

import argparse
from pathlib import Path

import pytest
from rich.table import Table
from sqlalchemy import text

from benchmarks import measuring, report_world, reports, sync, sync_table, task_search
from benchmarks import task_world as worlds
from benchmarks.apart import Apart
from benchmarks.measuring import Watch
from storage.engine import open_engine
from storage.unit_of_work import UnitOfWork

pytestmark = pytest.mark.long


def test_task_search_is_measured(sqlite_url: str) -> None:
    """A small world: every kind of call finds what is there, and has its line."""
    world = worlds.build(UnitOfWork(open_engine(sqlite_url)), worlds.tasks(300))
    worlds.load(world, worlds.pages(world))
    worlds.track(world)
    report = Table(*("database", "who", "what", *"abcde"))
    task_search.search(world, sqlite_url, "SQLite", report, calls=10)
    assert report.row_count == 8


def test_a_benchmark_fails_over_its_limit(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A screen that got slow stops whoever runs it; what is done once for all may take its time."""
    engine = open_engine(sqlite_url)
    uow = UnitOfWork(engine)

    def look() -> None:
        with uow.read() as tx:
            tx.execute(text("SELECT 1"))

    watch = Watch(engine)
    watch.often("A screen", look, calls=3)
    watch.once("All of it", look)
    watch.report("Nothing")
    monkeypatch.setattr(measuring, "LIMIT", 0.0)
    with pytest.raises(SystemExit, match=r"A screen$"):
        watch.report("Nothing")
    row = next(line for line in capsys.readouterr().out.splitlines() if "A screen" in line)
    assert [cell.strip() for cell in row.strip("│").split("│")][-1] == "1"


def test_reports_are_measured_beside_plain_sql(sqlite_url: str) -> None:
    """A small team: every report is timed, and says what its floor says."""
    report_world.build(sqlite_url, report_world.size_of(25_000))
    found = list(reports.timed(reports.Place(sqlite_url), reports.MONTH, 1))
    assert len(found) == 20


def test_a_sync_is_measured_beside_its_floor(tmp_path: Path) -> None:
    """All processes start, read the same pages, and end with the same tasks; dlt is left out."""
    chosen = argparse.Namespace(limit=60, rounds=1, without_dlt=True, first=False)
    site = Apart("benchmarks.sync_site", "--tasks=300", "--projects=3")
    with site, sync.sqlite(tmp_path) as place:
        found = sync.Bench(site, place, chosen).run()
    first = sync_table.CASES[0].name
    ours, floor = (found[first, side][0] for side in (sync_table.OURS, sync_table.FLOOR))
    assert ours["created"] == floor["rows"] == 300
    swept = found[sync_table.CASES[-1].name, sync_table.OURS][0]
    assert (swept["created"], swept["changed"]) == (0, 3)
    assert len(list(sync_table.lines(place.name, found, 300))) == len(sync_table.CASES)

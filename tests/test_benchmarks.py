"""Benchmarks that nobody runs every day still run."""

from rich.table import Table

from benchmarks import task_search
from benchmarks import task_world as worlds
from storage.engine import open_engine
from storage.unit_of_work import UnitOfWork


def test_task_search_is_measured(sqlite_url: str) -> None:
    """A small world: every kind of call finds what is there, and has its line."""
    world = worlds.build(UnitOfWork(open_engine(sqlite_url)), worlds.tasks(300))
    worlds.load(world, worlds.pages(world))
    worlds.track(world)
    report = Table(*("database", "who", "what", *"abcde"))
    task_search.search(world, sqlite_url, "SQLite", report, calls=10)
    assert report.row_count == 8

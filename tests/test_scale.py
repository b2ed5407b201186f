"""What many teams need: the arithmetic of ``docs/scale.md``."""

from dataclasses import fields, replace
from pathlib import Path

from benchmarks.scale import SHOWN, page
from benchmarks.scale_needs import (
    CONNECTIONS_WEB,
    CONNECTIONS_WORKER,
    Costs,
    Load,
    bounds,
    needs,
    read,
    size,
)

ROUND = Costs(
    **{field.name: "by hand" if field.name == "measured" else 0.0 for field in fields(Costs)}  # type: ignore[arg-type]
)
"""Everything is free."""

LOAD = Load(teams=1000, tools=3, sync_seconds=300, members=10, commands=8.64, peak=3.0)


def test_what_is_free_needs_one_process_of_each_and_a_spare() -> None:
    """There is always one more, for a restart."""
    found = needs(replace(ROUND, memory_web=1024.0, memory_worker=512.0), replace(LOAD, answer=0))
    assert (found.web, found.workers) == (1, 1)
    assert found.connections == CONNECTIONS_WEB + CONNECTIONS_WORKER
    assert found.memory == 1.5


def test_commands_take_web_processes() -> None:
    """1000 teams of ten people with 8.64 commands a day are 9 a second at the peak."""
    assert LOAD.commands_each_second == 9.0
    found = needs(replace(ROUND, web_command=0.1), LOAD)
    assert found.web_cores == 0.9
    assert found.web == 3  # 0.9 cores at 60 %, and one more


def test_a_worker_mostly_waits_for_tools() -> None:
    """Ten syncs a second that each wait a second are ten at once; a worker does four."""
    costs = replace(ROUND, calls_sync=4.0)
    assert LOAD.syncs_each_second == 10.0
    assert needs(costs, replace(LOAD, answer=0.25)).workers == 4
    assert needs(costs, replace(LOAD, answer=0.25, sync_seconds=600)).workers == 3


def test_what_gives_way_first_comes_first() -> None:
    """In the order in which it is met while teams are added."""
    costs = replace(ROUND, calls_sync=4.0, database_command=0.001, web_command=0.1)
    found = bounds(costs, LOAD)
    assert [one.carries for one in found] == sorted(one.carries for one in found)
    assert found[0].what.startswith("one worker, 4 tools at a time")
    assert found[0].carries == 400


def test_a_year_of_time_fills_the_database() -> None:
    """Teams, their entries, and the newest syncs."""
    one = Load(teams=1, tools=1, members=1, commands=10.0, written=0.5, work_days=200)
    entries = replace(ROUND, bytes_entry=1000.0, bytes_team=5.0)
    assert size(entries, one) == 1_000_005.0
    assert size(replace(ROUND, bytes_sync=10.0), one) == 2880.0


def test_the_page_holds_what_is_computed() -> None:
    """No number in it is typed."""
    told = Path("docs/scale.md").read_text(encoding="utf-8")
    for line in page(read(), [Load(teams=teams) for teams in SHOWN]):
        assert line in told

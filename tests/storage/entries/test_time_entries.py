"""How a member's own time is found: by their own entries, not by everybody's."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from bot.domain.ids import TimeEntryId
from bot.domain.money.budgets import Budget, Kind, Stretch
from bot.domain.periods import Unit, period_around
from bot.domain.reports.reports import Narrowed
from storage.approval import closed_time
from storage.entries import time_entries
from storage.money import budgets
from storage.reports import report_sums
from storage.reports.report_sums import Whose
from storage.tracking import recent_work
from storage.unit_of_work import Tx
from tests.builders import World
from tests.statements import heard, plan

DAY = date(2026, 11, 20)


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    """One team."""
    made = World(sqlite_url)
    yield made
    made.close()


def way(world: World, work: Callable[[Tx], object]) -> str:
    """How SQLite, which has no statistics, would answer what this asks."""
    with world.uow.read() as tx:
        with heard(world.engine) as said:
            work(tx)
        return "\n".join(plan(tx.core, said[-1]))


@pytest.mark.parametrize("what", ["days", "days and timer", "by day", "by task", "total", "recent"])
def test_a_members_days_are_found_by_member(world: World, what: str) -> None:
    """A team of a thousand makes nobody's week slow."""
    ana = world.member("ana")
    week = Whose(world.team_id, ana.id, period_around(DAY, Unit.WEEK), Narrowed())
    ways: dict[str, Callable[[Tx], object]] = {
        "days": lambda tx: time_entries.on_days(tx, world.team_id, ana.id, DAY, DAY),
        "days and timer": lambda tx: time_entries.on_days_and_running(
            tx, world.team_id, ana.id, DAY, DAY
        ),
        "by day": lambda tx: report_sums.by_day(tx, week),
        "by task": lambda tx: report_sums.by_task(tx, week),
        "total": lambda tx: report_sums.total(tx, week),
        "recent": lambda tx: recent_work.tracked(tx, world.team_id, ana.id, DAY, most=5),
    }
    assert "USING INDEX ix_time_entry_member_day" in way(world, ways[what])


def test_what_goes_on_after_midnight_is_found_by_what_it_continues(world: World) -> None:
    """Not by reading everything that was ever tracked."""
    found = way(world, lambda tx: time_entries.continuation(tx, world.team_id, TimeEntryId(1)))
    assert "USING INDEX ix_time_entry_continues" in found


@pytest.mark.parametrize("kind", Kind)
def test_what_a_budget_has_used_is_summed_from_the_index_on_projects(
    world: World, kind: Kind
) -> None:
    """Five million entries of others make no budget slow."""
    project = world.project()
    budget = Budget(kind, 100, currency="EUR")
    november = Stretch(date(2026, 11, 1), date(2026, 12, 1))
    found = way(world, lambda tx: budgets.spent(tx, world.team_id, project, budget, november))
    assert "ix_time_entry_project (project_id=? AND work_date>?" in found
    assert "SCAN time_entry" not in found


@pytest.mark.parametrize(
    ("chosen", "index"),
    [("projects", "ix_time_entry_project"), ("people", "ix_time_entry_member_day")],
)
def test_closed_time_of_some_is_not_looked_for_among_everybodys(
    world: World, chosen: str, index: str
) -> None:
    """Where there is none on a new project, all the closed years would be read for that."""
    ids: Any = [1, 2]
    found = way(
        world,
        lambda tx: closed_time.is_any(tx, world.team_id, date.min, DAY, **{chosen: ids}),
    )
    assert f"USING INDEX {index}" in found

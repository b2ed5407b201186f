"""What a plan makes of rows beside what is here."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.domain.importing.cells import Order
from bot.domain.importing.columns import layout
from bot.domain.importing.plan import Outcome, Ready
from bot.domain.importing.problems import Flaw, Refused
from bot.domain.importing.rows import read_row
from bot.services.importing.planning import Planning, Said
from tests.builders import NOON, World

HEADS = ["person", "project", "task", "date", "start", "hours"]


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """A world on each kind of database."""
    made = World(database_url)
    yield made
    made.close()


def outcome(world: World, *cells: str, **projects: str) -> Outcome:
    """What becomes of a row at noon."""
    rows = [read_row(2, cells, layout(HEADS, of_one=False), Order.ISO)]
    planning = Planning(world.uow, world.team_id, Said({}, projects, None, None), NOON)
    ((found,),) = planning.outcomes(rows)
    return found


def test_a_timer_that_runs_since_yesterday_has_this_morning(world: World) -> None:
    """It reaches up to now, whatever day it was started on."""
    mia = world.member("mia")
    world.timer(mia, world.project(), None, NOON - timedelta(days=1))
    found = outcome(world, "Mia", "Website", "", "2026-11-20", "9:00", "1")
    assert found == Refused(2, Flaw.OVERLAP, "2026-11-19 13:00-now")
    before = outcome(world, "Mia", "Website", "", "2026-11-19", "12:00", "1")
    assert isinstance(before, Ready)


def test_two_projects_of_one_name_are_not_guessed_between(world: World) -> None:
    """Their codes are said, and one of them can be named; an archived one gives way."""
    world.member("mia")
    world.project("Website", "WEB")
    second = world.project("website", "SHOP")
    row = ("Mia", "Website", "", "2026-11-19", "", "1")
    assert outcome(world, *row) == Refused(2, Flaw.SEVERAL_PROJECTS, "Website (WEB, SHOP)")
    chosen = outcome(world, *row, Website="shop")
    assert isinstance(chosen, Ready)
    assert chosen.project_id == second


def test_a_key_of_another_project_is_left_in_the_note(world: World) -> None:
    """An entry is never on a task that its project does not have."""
    mia = world.member("mia")
    site = world.integration(mia)
    there, project = world.provider_project(site), world.project()
    world.link(there, project)
    world.task(site, there)
    other = world.project("Shop", "SHOP")
    found = outcome(world, "Mia", "Shop", "WEB-12", "2026-11-19", "", "1")
    assert isinstance(found, Ready)
    assert (found.project_id, found.task_id, found.note) == (other, None, "WEB-12")

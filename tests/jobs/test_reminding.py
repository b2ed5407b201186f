"""What only the time of day brings about, and what one thing that fails means to the others."""

import time
from collections.abc import AsyncIterator
from datetime import datetime
from threading import Event

import pytest
from structlog.testing import capture_logs

from bot.domain.errors import DatabaseAway
from bot.jobs.reminding import all_of, each_due
from bot.jobs.runner import Guarded
from bot.services.pool import Pool
from tests.builders import NOON


@pytest.fixture
async def pool() -> AsyncIterator[Pool]:
    """Where services run."""
    made = Pool(1)
    yield made
    made.close()


class Teams:
    """To be looked at, one after another; some cannot be."""

    def __init__(self) -> None:
        self.all = ["acme", "brook", "cedar"]
        self.broken: dict[str, Exception] = {}
        self.looked: list[str] = []

    def due(self, now: datetime) -> list[str]:
        """All of them, at noon."""
        assert now == NOON
        return self.all

    def look(self, team: str, now: datetime) -> None:
        """Looks at one."""
        assert now == NOON
        self.looked.append(team)
        if team in self.broken:
            raise self.broken[team]


def looking(pool: Pool, teams: Teams, at_once: int = 1) -> Guarded:
    """The work."""
    return each_due("look", pool, lambda: NOON, teams.due, teams.look, at_once=at_once)


async def test_one_that_fails_keeps_no_other_from_being_done(pool: Pool) -> None:
    """A budget that nobody can add up leaves the other teams their warnings."""
    teams = Teams()
    teams.broken = {"acme": ZeroDivisionError()}
    with capture_logs() as logs:
        assert await looking(pool, teams)()
    assert teams.looked == ["acme", "brook", "cedar"]
    assert [(line["work"], line["due"]) for line in logs] == [("look", "acme")]


async def test_of_several_at_once_each_fails_by_itself(pool: Pool) -> None:
    """What is done at the same time as another's failure counts, and so does what comes after."""
    teams = Teams()
    teams.broken = {"acme": ZeroDivisionError(), "cedar": KeyError()}
    with capture_logs() as logs:
        assert await looking(pool, teams, at_once=2)()
    assert teams.looked == ["acme", "brook", "cedar"]
    assert [line["due"] for line in logs] == ["acme", "cedar"]


async def test_what_goes_on_failing_is_logged_once(pool: Pool) -> None:
    """It is tried every few seconds; another failure, or one after a success, is news."""
    teams = Teams()
    work = looking(pool, teams)
    with capture_logs() as logs:
        for error in (ZeroDivisionError(), ZeroDivisionError(), KeyError(), None, KeyError()):
            teams.broken = {} if error is None else {"brook": error}
            await work()
    assert len(logs) == 3


async def test_what_is_due_again_and_fails_again_is_news(pool: Pool) -> None:
    """Meanwhile somebody else had seen to it: a failure of next week is another one."""
    teams = Teams()
    teams.broken = {"brook": KeyError()}
    work = looking(pool, teams)
    with capture_logs() as logs:
        for teams.all in (["brook"], ["acme"], ["brook"]):
            await work()
    assert len(logs) == 2


async def test_a_database_that_is_away_ends_it_in_silence(pool: Pool) -> None:
    """It is the same for all of them, and logged where it is found out."""
    teams = Teams()
    teams.broken = {"acme": DatabaseAway()}
    with capture_logs() as logs:
        assert not await looking(pool, teams)()
    assert teams.looked == ["acme"]
    assert logs == []


async def test_it_ends_when_all_that_began_at_once_have_ended() -> None:
    """What goes on behind its back would meet the next look, or a database that is closed."""
    teams, pool = Teams(), Pool(2)
    teams.broken = {"acme": DatabaseAway()}
    look, began = teams.look, Event()

    def slowly(team: str, now: datetime) -> None:
        if team == "acme":
            assert began.wait(10)
        else:
            began.set()
            time.sleep(0.05)
        look(team, now)

    work = each_due("look", pool, lambda: NOON, teams.due, slowly, at_once=2)
    assert not await work()
    assert sorted(teams.looked) == ["acme", "brook"]
    pool.close()


async def test_a_kind_of_work_that_fails_keeps_no_other_from_being_done(pool: Pool) -> None:
    """Timers are asked about though nobody can tell which weeks are due."""
    teams = Teams()

    async def fails() -> None:
        raise ZeroDivisionError

    with capture_logs() as logs:
        await all_of([Guarded("remind of weeks", fails), looking(pool, teams)])()
    assert teams.looked == ["acme", "brook", "cedar"]
    assert [(line["event"], line["work"]) for line in logs] == [
        ("background_work_failed", "remind of weeks")
    ]

"""The short form: ten kills, while a quarter of all calls to the tool goes wrong (W2)."""

import random
from pathlib import Path

import pytest

from bot.domain.writing.worklogs import WorklogState
from tests.torture.hired import TOOLS
from tests.torture.played import on_stand_in, on_workers
from tests.torture.torture import WORKED, on_file
from tests.torture.torturer import Outcome, Plan

pytestmark = pytest.mark.long


def test_each_entry_has_one_record_whatever_was_killed(database_url: str, tmp_path: Path) -> None:
    """Equal one to one, by task, person, day and minutes; nothing failed, nothing differs."""
    _is_right(on_file(database_url, tmp_path, _plan(entries=40, longest=20)))


@pytest.mark.parametrize("name", TOOLS)
def test_so_it_is_in_each_tool(name: str, sqlite_url: str) -> None:
    """Read from what its stand-in keeps: task, author and name, day, length and marker."""
    _is_right(on_stand_in(sqlite_url, name, _plan(entries=10, longest=6)))


def test_two_workers_at_once_write_it_once(postgresql_url: str, tmp_path: Path) -> None:
    """Real ones on one database, killed in turns; each takes up what the other one left."""
    plan = _plan(entries=20, longest=6)
    _is_right(on_workers(postgresql_url, tmp_path, WORKED, plan))


def _plan(*, entries: int, longest: int) -> Plan:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")  # noqa: T201 - shown when it fails
    return Plan(kills=10, entries=entries, seed=seed, longest=longest)


def _is_right(outcome: Outcome) -> None:
    assert outcome.is_equal, outcome.told()
    assert set(outcome.states) <= {WorklogState.WRITTEN, WorklogState.OFF}, outcome.told()
    assert outcome.theirs.total()

"""The soak's short forms: processes and the database are killed while people track."""

import random
from dataclasses import replace

import pytest

from benchmarks.soak_run import Outcome, run
from benchmarks.soak_stage import Plan

pytestmark = pytest.mark.long

FEW = Plan(teams=10, members=4, sync_seconds=20, rate=8, restarts=("immediate",), quiet=900)

ALLOWED = 120
"""Seconds until others go on with what a killed worker had in hand. The paces promise a minute,
which ``tests/jobs/test_killed_worker.py`` holds; this machine may be busy."""


def _survives(plan: Plan) -> Outcome:
    print(f"seed {plan.seed}")  # noqa: T201 - shown when it fails
    outcome = run(plan, print)
    assert outcome.findings == []
    assert outcome.told["done"]
    assert outcome.kills
    return outcome


@pytest.fixture
def seed() -> int:
    """Give another one each time."""
    return random.SystemRandom().randrange(10**6)


def test_many_processes_on_postgresql(seed: int) -> None:
    """A worker, a web process and PostgreSQL die: what was told as done is there once."""
    plan = replace(FEW, seconds=25, workers=2, every=8, seed=seed)
    outcome = _survives(plan)
    taken_up = outcome.taken_up.deliveries + outcome.taken_up.syncs
    assert all(seconds < ALLOWED for seconds in taken_up), taken_up


def test_one_process_on_sqlite(seed: int) -> None:
    """The one process dies again and again: what was told as done is there once."""
    _survives(replace(FEW, seconds=10, web=1, workers=0, every=4, seed=seed))

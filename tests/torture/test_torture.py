"""The short form: ten kills, while a quarter of all calls to the tool goes wrong (W2)."""

import random
from pathlib import Path

from bot.domain.worklogs import WorklogState
from tests.torture.torture import Plan, on_file


def test_each_entry_has_one_record_whatever_was_killed(database_url: str, tmp_path: Path) -> None:
    """Equal one to one, by task, person, day and minutes; nothing failed, nothing differs."""
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")  # noqa: T201 - shown when it fails
    outcome = on_file(database_url, tmp_path, Plan(kills=10, entries=40, seed=seed))
    assert outcome.is_equal, outcome.told()
    assert set(outcome.states) <= {WorklogState.WRITTEN, WorklogState.OFF}, outcome.told()
    assert outcome.theirs.total()

"""What ``make quick`` leaves out, and what begins first."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from tests.quick import begins_early, leaves_out


def case(
    *marks: str,
    database: str = "",
    fixtures: tuple[str, ...] = (),
    file: str = "tests/test_web.py",
) -> pytest.Item:
    """A test with these marks, which asks for these fixtures."""
    made = SimpleNamespace(
        get_closest_marker=lambda name: name if name in marks else None,
        fixturenames=fixtures,
        path=Path("/hourlink", file),
        callspec=SimpleNamespace(params={"database_url": database} if database else {}),
    )
    return cast("pytest.Item", made)


def test_what_runs_on_both_databases_runs_on_one_of_them() -> None:
    """A change of any rule is tested at once, on SQLite."""
    both = ("database_url", "request")
    assert not leaves_out(case(database="sqlite", fixtures=both))
    assert leaves_out(case(database="postgresql", fixtures=both))


def test_what_needs_postgresql_or_takes_long_is_left_to_the_whole_run() -> None:
    """Whoever has a quick look starts no server and no browser."""
    assert leaves_out(case(fixtures=("postgresql_url", "postgresql")))
    for mark in ("long", "browser", "redmine"):
        assert leaves_out(case(mark))
    assert not leaves_out(case("slack_schema", fixtures=("sqlite_url", "tmp_path")))


def test_what_waits_for_others_begins_before_what_computes() -> None:
    """Stories at the end would have all workers but one stand idle."""
    assert begins_early(case(file="tests/scenarios/test_story.py"))
    assert begins_early(case("long"))
    assert not begins_early(case("slack_schema"))

"""What could not be read in a sync, in words."""

import pytest

from bot.domain.sync.problems import Problem, told


@pytest.mark.parametrize(
    ("problems", "said"),
    [
        ([], ""),
        ([("Web", "refused")], "Web: refused"),
        ([("Web", "refused"), ("Shop", "refused")], "Web, Shop: refused"),
        ([("Web", "no"), ("Shop", "refused"), ("Ops", "no")], "Web, Ops: no\nShop: refused"),
        ([(name, "no") for name in "ABCD"], "A, B, C, D: no"),
        ([(name, "no") for name in "ABCDE"], "A, B, C and 2 more: no"),
        ([("", "unexpected"), ("", "unexpected")], "unexpected"),
        ([("Acme: Web", "no"), ("Acme: Shop", "no")], "Acme: Web, Acme: Shop: no"),
    ],
)
def test_a_reason_is_told_once(problems: list[tuple[str, str]], said: str) -> None:
    """Where a tool refuses all of many projects alike, nobody reads that many times."""
    assert told([Problem(*one) for one in problems]) == said


def test_what_was_stored_is_told_whoever_stored_it() -> None:
    """A run that an earlier version began ends under this one."""
    stored = ["Web: refused", ["Shop", "gone"]]
    assert told([Problem.from_json(one) for one in stored]) == "Web: refused\nShop: gone"

"""What could not be read in a sync, in words."""

import pytest

from bot.domain.sync.problems import told


@pytest.mark.parametrize(
    ("problems", "said"),
    [
        ([], ""),
        (["Web: refused"], "Web: refused"),
        (["Web: refused", "Shop: refused"], "Web, Shop: refused"),
        (["Web: no", "Shop: refused", "Ops: no"], "Web, Ops: no\nShop: refused"),
        (["A: no", "B: no", "C: no", "D: no"], "A, B, C, D: no"),
        (["A: no", "B: no", "C: no", "D: no", "E: no"], "A, B, C and 2 more: no"),
        (["unexpected", "unexpected"], "unexpected"),
        (["Acme: Web: no", "Acme: Shop: no"], "Acme: Web: no\nAcme: Shop: no"),
    ],
)
def test_a_reason_is_told_once(problems: list[str], said: str) -> None:
    """Where a tool refuses all of many projects alike, nobody reads that many times."""
    assert told(problems) == said

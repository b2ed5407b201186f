"""Rounding in reports: which multiple a length becomes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.preferences import TeamSettings
from bot.domain.reports.rounding import STEPS, Per, Rounding, Way, rounding_from

RULES = st.builds(Rounding, st.sampled_from(Way), st.sampled_from(STEPS), st.sampled_from(Per))


@pytest.mark.parametrize(
    ("way", "minutes", "seconds", "becomes"),
    [
        (Way.UP, 15, 1, 900),
        (Way.UP, 15, 900, 900),
        (Way.UP, 6, 361, 720),
        (Way.NEAREST, 15, 449, 0),
        (Way.NEAREST, 15, 450, 900),
        (Way.NEAREST, 5, 60 * 62, 60 * 60),
    ],
)
def test_multiples(way: Way, minutes: int, seconds: int, becomes: int) -> None:
    """Up, or to the nearest; half a step goes up."""
    assert Rounding(way, minutes, Per.ENTRY).whole(seconds) == becomes


@given(rule=RULES)
def test_a_rule_is_kept(rule: Rounding) -> None:
    """As the team chose it; what an older version does not know counts as none."""
    assert rounding_from(rule.code) == rule
    assert TeamSettings.read(TeamSettings(rounding=rule).stored()).rounding == rule


@pytest.mark.parametrize("code", ["", "up:15", "up:7:entry", "down:15:entry", "up:x:day", 5, {}])
def test_what_is_no_rule_is_none(code: object) -> None:
    """Whatever is stored there."""
    assert TeamSettings.read({"rounding": code}).rounding is None

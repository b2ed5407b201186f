"""How often somebody may ask: no person meets it, a program without end does."""

from datetime import timedelta

import pytest

from bot.domain.operating.limits import Kind, Limits, TooOften
from bot.settings import Settings, limits_of
from bot.views import failures
from tests.builders import NOON

ANA, BO = ("T0ACME", "U0ANA"), ("T0ACME", "U0BO")


def refused(limits: Limits, kind: Kind, whose: object, seconds: float = 0) -> TooOften | None:
    """What comes of one more, so many seconds after noon."""
    try:
        limits.take(kind, whose, NOON + timedelta(seconds=seconds))
    except TooOften as error:
        return error
    return None


def test_whoever_asks_without_end_is_told_when_to_try_again() -> None:
    """What was promised holds: at that moment it works, and others were never kept waiting."""
    limits = Limits(limits_of(Settings(member_requests=30)))
    assert [refused(limits, Kind.REQUEST, ANA) for _ in range(30)] == [None] * 30
    error = refused(limits, Kind.REQUEST, ANA)
    assert error is not None
    assert failures.sentence(error).text == (
        "That is more than Hourlink does for one person at once; nothing was changed. "
        "Try again in 2 seconds."
    )
    assert refused(limits, Kind.REQUEST, ANA, 1) is not None
    assert refused(limits, Kind.REQUEST, ANA, 2) is None
    assert refused(limits, Kind.REQUEST, BO) is None


def test_a_long_wait_is_told_in_minutes() -> None:
    """Nobody counts 720 seconds."""
    limits = Limits(limits_of(Settings(member_resyncs=5)))
    for _ in range(5):
        limits.take(Kind.RESYNC, ANA, NOON)
    error = refused(limits, Kind.RESYNC, ANA)
    assert error is not None
    assert "many resyncs" in failures.sentence(error).text
    assert failures.sentence(error).text.endswith("Try again in 12 minutes.")


@pytest.mark.parametrize("kind", list(Kind))
def test_nobody_meets_a_limit_by_hand(kind: Kind) -> None:
    """Three clicks a second for a minute, an export a minute for an hour."""
    limits = Limits(limits_of(Settings()))
    step = 1 / 3 if kind in {Kind.REQUEST, Kind.TEAM} else 60
    assert not any(refused(limits, kind, ANA, number * step) for number in range(180))


def test_zero_is_no_limit() -> None:
    """An operator may switch each of them off."""
    limits = Limits(limits_of(Settings(member_exports=0)))
    assert not any(refused(limits, Kind.EXPORT, ANA) for _ in range(500))

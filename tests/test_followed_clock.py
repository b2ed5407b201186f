"""The clock that follows another one."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.followed_clock import following
from tests.http_server import Say, Seen, serving

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
WEEK, MINUTE = timedelta(days=7), timedelta(minutes=1)


def told(moment: datetime, *, frozen: bool = False) -> Say:
    """What the other clock answers."""
    return Say(body={"now": moment.timestamp(), "frozen": frozen})


class Clocks:
    """Both: the other one says what a test has it say, and this machine's is turned by it."""

    def __init__(self) -> None:
        self.machine = MONDAY
        self.travels = timedelta(0)
        """How long an answer is on its way."""
        self._says = told(MONDAY)
        self._looked, self._turn = asyncio.Event(), asyncio.Event()

    def answer(self, _request: Seen) -> Say:
        """What is said at the other clock's address."""
        self.machine += self.travels
        return self._says

    async def sleep(self, _seconds: float) -> None:
        """Until the test has it look; what it heard before has been taken in by now."""
        self._looked.set()
        await self._turn.wait()
        self._turn.clear()

    async def says(self, say: Say) -> None:
        """The other one says this, and is looked at once."""
        await self._looked.wait()
        self._says = say
        self._looked.clear()
        self._turn.set()
        await self._looked.wait()


async def test_time_goes_on_from_what_was_heard_last() -> None:
    """Between two looks this machine's time is added."""
    clocks = Clocks()
    async with (
        serving(clocks.answer) as other,
        following(other.url, lambda: clocks.machine, clocks.sleep) as clock,
    ):
        assert clock() == MONDAY
        await clocks.says(told(MONDAY + WEEK))
        clocks.machine += MINUTE
        assert clock() == MONDAY + WEEK + MINUTE


async def test_a_frozen_clock_is_never_run_ahead_of() -> None:
    """What became due in a moment that is then taken back would never be due again."""
    clocks = Clocks()
    async with (
        serving(clocks.answer) as other,
        following(other.url, lambda: clocks.machine, clocks.sleep) as clock,
    ):
        for moment in (MONDAY, MONDAY + WEEK):
            await clocks.says(told(moment, frozen=True))
            clocks.machine += MINUTE
            assert clock() == moment
        await clocks.says(told(MONDAY + WEEK))
        clocks.machine += MINUTE
        assert clock() == MONDAY + WEEK + MINUTE


async def test_a_slow_answer_does_not_set_the_time_back() -> None:
    """A timer could end before it began; what is new is taken in all the same."""
    clocks = Clocks()
    async with (
        serving(clocks.answer) as other,
        following(other.url, lambda: clocks.machine, clocks.sleep) as clock,
    ):
        await clocks.says(told(MONDAY + WEEK))
        clocks.travels = MINUTE
        await clocks.says(told(MONDAY + WEEK))
        assert clock() == MONDAY + WEEK + MINUTE
        await clocks.says(told(MONDAY + 2 * WEEK))
        assert clock() == MONDAY + 2 * WEEK


@pytest.mark.parametrize(
    "said",
    [
        Say(status=500, body="down"),
        Say(body="1764240000.0"),
        Say(body=1764240000.0),
        Say(body={"now": "soon", "frozen": False}),
        Say(body={"now": 1764240000.0}),
        Say(body={"now": 1764240000.0, "frozen": False}, cut_after=5),
    ],
)
async def test_what_is_no_answer_changes_nothing(said: Say) -> None:
    """Time goes on from what was heard before."""
    clocks = Clocks()
    async with (
        serving(clocks.answer) as other,
        following(other.url, lambda: clocks.machine, clocks.sleep) as clock,
    ):
        await clocks.says(told(MONDAY + WEEK))
        clocks.machine += MINUTE
        await clocks.says(said)
        assert clock() == MONDAY + WEEK + MINUTE

"""What the owner of a stopped timer is told."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, cast

import pytest

from bot.domain.entries.entries import StopReason
from bot.domain.ids import OutboxId
from bot.domain.outbox import OutboxItem
from bot.jobs.deliveries.timers import TimerDeliveries
from bot.services.pool import Pool
from bot.services.tracking.stopping import TIMER_STOPPED, StoppedTimers, stop_timers
from bot.services.tracking.stopping_others import StoppedByOthers
from bot.views.message import Message
from storage.members import MemberRow
from tests.builders import NOON
from tests.services.office import Office

if TYPE_CHECKING:
    from bot.slack import Slack


class Mailbox:
    """Takes what would go to Slack."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Message]] = []

    async def post(
        self, team_id: str, to: str, message: Message, *, marker: str | None = None
    ) -> None:
        """A direct message."""
        assert team_id
        assert marker
        self.sent.append((to, message))


@pytest.fixture
def office(sqlite_url: str) -> Iterator[Office]:
    """Give the office, with Ana's timer running for two hours."""
    made = Office(sqlite_url)
    made.start(now=NOON - timedelta(hours=2))
    yield made
    made.world.close()


async def deliver(office: Office, *, may_have_happened: bool = False) -> list[tuple[str, Message]]:
    """Stops the timers of the archived project and delivers what is owed for it."""
    with office.world.uow.begin() as tx:
        (stopped,) = stop_timers(
            tx,
            office.world.team_id,
            because=StopReason.PROJECT_ARCHIVED,
            now=NOON,
            projects=[office.website],
            new_marker=office.world.new_marker(),
        )
    item = OutboxItem(
        id=OutboxId(1),
        team_id=office.world.team_id,
        kind=TIMER_STOPPED,
        payload={"time_entry_id": stopped.entry_id, "member_id": stopped.member_id},
        marker="mark",
        attempts=0,
        may_have_happened=may_have_happened,
    )
    mailbox, pool = Mailbox(), Pool(1)
    deliveries = TimerDeliveries(
        cast("Slack", mailbox),
        pool,
        StoppedTimers(office.world.uow),
        StoppedByOthers(office.world.uow),
        lambda: NOON,
    )
    await deliveries.stopped(item)
    pool.close()
    return mailbox.sent


async def test_the_owner_learns_what_when_and_why(office: Office) -> None:
    """In their own zone, and that the time is kept."""
    ((to, message),) = await deliver(office)
    assert to == "U0ANA"
    assert message.text == (
        "Your timer on *WEB-12 Fix the header* was stopped at 13:00, "
        "because the project was archived: 2 h is kept."
    )


async def test_a_message_that_may_have_arrived_is_not_sent_again(office: Office) -> None:
    """Told once, at most."""
    assert await deliver(office, may_have_happened=True) == []


async def test_nobody_writes_to_who_has_left(office: Office) -> None:
    """Deactivated between the stop and the message."""
    office.change(MemberRow, office.ana.id, deactivated_at=NOON)
    assert await deliver(office) == []

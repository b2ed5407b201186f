"""A file of somebody's time in their direct messages."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, cast

import pytest

from bot.domain.errors import Vanished
from bot.domain.ids import OutboxId
from bot.domain.outbox import OutboxItem
from bot.jobs.deliveries.entry_files import EntryFileDeliveries
from bot.services.entries.files import ENTRY_FILE, EntryFiles
from bot.services.pool import Pool
from storage.members import MemberRow
from tests.builders import NOON
from tests.services.office import Office

if TYPE_CHECKING:
    from bot.slack import Slack


class Mailbox:
    """Takes what would go to Slack."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, bytes, str]] = []

    async def upload(
        self, team_id: str, to: str, *, name: str, content: bytes, comment: str
    ) -> None:
        """A file in a direct message."""
        assert team_id
        self.sent.append((to, name, content, comment))


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """Give the office, with a day of time."""
    made = Office(database_url)
    made.world.length(made.ana, made.website, made.web12, NOON, 5400)
    yield made
    made.world.close()


def item(office: Office, period: str = "m2026-11-01", about: str = "") -> OutboxItem:
    """The wish, as it waits in the outbox."""
    return OutboxItem(
        id=OutboxId(1),
        team_id=office.world.team_id,
        kind=ENTRY_FILE,
        payload={"member_id": office.ana.id, "period": period, "about": about},
        marker="m",
        attempts=0,
        may_have_happened=False,
    )


async def test_it_says_what_is_in_it(office: Office) -> None:
    """Whose, which days, about what, how much; its name sorts by days."""
    mailbox, pool = Mailbox(), Pool(1)
    files = EntryFiles(office.world.uow)
    sending = EntryFileDeliveries(cast("Slack", mailbox), pool, files, lambda: NOON)
    office.start(now=NOON - timedelta(hours=1))
    await sending.send(item(office, about=f"p{office.website}"))
    await sending.send(replace(item(office, "d2026-11-20"), may_have_happened=True))
    told = [(name, comment) for _, name, _, comment in mailbox.sent]
    counted = "2 h 30 m in 2 rows. Your timer is counted up to now."
    assert told == [
        (
            "hourlink-2026-11-01-to-2026-11-30.csv",
            f"Your time, November 2026, Website: {counted}",
        ),
        (
            "hourlink-2026-11-20.csv",
            f"Your time, Fri 20 Nov: {counted}",
        ),
    ]
    assert {to for to, *_ in mailbox.sent} == {office.ana.slack_user_id}
    assert b"WEB-12,Fix the header" in mailbox.sent[0][2]
    office.change(MemberRow, office.ana.id, deactivated_at=NOON)
    for wrong in (item(office), item(office, "nonsense"), item(office, about="x")):
        with pytest.raises(Vanished):
            await sending.send(wrong)
    assert len(mailbox.sent) == 2
    pool.close()


async def test_others_have_their_turn_while_it_is_made(office: Office) -> None:
    """With one thread, as on SQLite, a long file keeps nobody waiting for its end."""
    mailbox, pool = Mailbox(), Pool(1)
    files = EntryFiles(office.world.uow)
    sending = EntryFileDeliveries(cast("Slack", mailbox), pool, files, lambda: NOON)
    order: list[str] = []

    async def somebody_else() -> None:
        await pool(order.append, "somebody else")

    async def the_file() -> None:
        await sending.send(item(office))
        order.append("file")

    await asyncio.gather(the_file(), somebody_else())
    assert order == ["somebody else", "file"]
    pool.close()

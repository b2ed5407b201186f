"""What an owner is told when somebody else changed their time (T7)."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.domain.ids import OutboxId
from bot.domain.outbox import OutboxItem
from bot.jobs.deliveries.entries import EntryDeliveries
from bot.services.entries.telling import OwnerNotes
from bot.services.pool import Pool
from playground.rules import check_message
from storage.members import MemberRow
from storage.outbox import OutboxRow
from tests.builders import NOON
from tests.jobs.test_timer_deliveries import Mailbox
from tests.services.editor import Editor

if TYPE_CHECKING:
    from bot.slack import Slack


@pytest.fixture
def office(sqlite_url: str) -> Iterator[Editor]:
    """Give the office."""
    made = Editor(sqlite_url)
    yield made
    made.world.close()


async def delivered(office: Editor, *, may_have_happened: bool = False) -> list[str]:
    """Delivers what is owed to owners; what they read."""
    query = select(col(OutboxRow.id), col(OutboxRow.payload), col(OutboxRow.marker)).where(
        col(OutboxRow.kind) == "entry.changed"
    )
    with office.world.uow.read() as tx:
        rows = tx.execute(query.order_by(col(OutboxRow.id))).all()
    mailbox, pool = Mailbox(), Pool(1)
    told = EntryDeliveries(cast("Slack", mailbox), pool, OwnerNotes(office.world.uow), lambda: NOON)
    for row in rows:
        item = OutboxItem(
            id=OutboxId(row.id),
            team_id=office.world.team_id,
            kind="entry.changed",
            payload=row.payload,
            marker=row.marker,
            attempts=0,
            may_have_happened=may_have_happened,
        )
        await told.changed(item)
    pool.close()
    for to, message in mailbox.sent:
        assert to == office.ana.slack_user_id
        check_message(list(message.blocks), message.text)
    return [message.text for _, message in mailbox.sent]


async def test_an_owner_reads_who_changed_what(office: Editor) -> None:
    """From what to what; once it is deleted, that alone."""
    entry = office.entry()
    office.edits(entry, who=office.admin, seconds=7200, note="checked")
    assert await delivered(office) == [
        (
            "Admin changed your time on *WEB-12 Fix the header*: End 10:00 to 11:00; Length 1 h to "
            "2 h; Note \u201cchecked\u201d. It is now 09:00-11:00."
        )
    ]
    office.deletes(entry, who=office.admin)
    assert await delivered(office) == ["Admin deleted your time on *WEB-12 Fix the header*."]


async def test_nothing_is_said_twice_or_to_who_has_left(office: Editor) -> None:
    """An unknown outcome is not repeated: the entry's history has the same."""
    office.edits(office.entry(), who=office.admin, seconds=7200)
    assert await delivered(office, may_have_happened=True) == []
    office.change(MemberRow, office.ana.id, deactivated_at=NOON)
    assert await delivered(office) == []

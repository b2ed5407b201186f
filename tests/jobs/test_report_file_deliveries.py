"""A report as a file in the direct messages of who asked."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO, cast

import pytest

from bot.domain.errors import Vanished
from bot.domain.ids import OutboxId
from bot.domain.outbox import OutboxItem
from bot.jobs.deliveries.report_files import ReportFileDeliveries
from bot.services.pool import Pool
from bot.services.reports.files import REPORT_FILE, ReportFiles
from tests.builders import NOON
from tests.services.agency import Agency
from tests.services.workbooks import sheets

if TYPE_CHECKING:
    from bot.slack import Slack


class Mailbox:
    """Takes what would go to Slack."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, bytes, str]] = []

    async def upload(
        self, team_id: str, to: str, *, name: str, content: bytes | BinaryIO, comment: str
    ) -> None:
        """A file in a direct message."""
        assert team_id
        held = content if isinstance(content, bytes) else content.read()
        self.sent.append((to, name, held, comment))


@pytest.fixture
def agency(sqlite_url: str) -> Iterator[Agency]:
    """With a day of Ana's time."""
    made = Agency(sqlite_url)
    made.world.length(made.ana, made.website, made.web12, NOON, 5400)
    yield made
    made.world.close()


def item(agency: Agency, **more: str) -> OutboxItem:
    """The wish, as it waits in the outbox."""
    wish = {"period": "m2026-11-01", "group": "task", "filters": ";;;;", "form": "xlsx", **more}
    return OutboxItem(
        id=OutboxId(1),
        team_id=agency.world.team_id,
        kind=REPORT_FILE,
        payload={"member_id": agency.ana.id, "team": 1, **wish},
        marker="m",
        attempts=0,
        may_have_happened=False,
    )


def sends(agency: Agency, *items: OutboxItem) -> Mailbox:
    """Delivers; what arrived."""
    mailbox, pool = Mailbox(), Pool(1)
    files = ReportFiles(agency.world.uow)
    sending = ReportFileDeliveries(cast("Slack", mailbox), pool, files, lambda: NOON)

    async def deliver() -> None:
        for one in items:
            await sending.send(one)

    try:
        asyncio.run(deliver())
    finally:
        pool.close()
    return mailbox


def test_both_kinds_arrive(agency: Agency) -> None:
    """Named by their days, with a line that says whose time it is."""
    again = replace(item(agency), may_have_happened=True)
    sent = sends(agency, item(agency, form="csv"), again).sent
    days = "hourlink-report-2026-11-01-to-2026-11-30"
    said = (
        "Time on your projects, November 2026: 1 h 30 m in 1 row. Earned by the hour: 135.00 EUR."
    )
    assert [(to, name, comment) for to, name, _, comment in sent] == [
        (agency.ana.slack_user_id, f"{days}.csv", said),
        (agency.ana.slack_user_id, f"{days}.xlsx", said),
    ]
    assert sent[0][2].startswith(b"\xef\xbb\xbfdate,start,end,zone,person,client,")
    assert sheets(sent[1][2])["Report"].named()[-1]["EUR"] == 135


@pytest.mark.parametrize("wrong", [{"period": "x"}, {"group": "x"}, {"filters": "p999;;;;"}])
def test_what_cannot_be_made_is_dropped(agency: Agency, wrong: dict[str, str]) -> None:
    """Nothing is sent, and the transaction is closed."""
    with pytest.raises(Vanished):
        sends(agency, item(agency, **wrong))


async def test_others_have_their_turn_while_it_is_made(agency: Agency) -> None:
    """With one thread for the database, as on SQLite, nobody waits for the end of a file."""
    pool, order = Pool(1), list[str]()
    files = ReportFiles(agency.world.uow)
    sending = ReportFileDeliveries(cast("Slack", Mailbox()), pool, files, lambda: NOON)

    async def somebody_else() -> None:
        await pool(order.append, "somebody else")

    async def the_file() -> None:
        await sending.send(item(agency))
        order.append("file")

    await asyncio.gather(the_file(), somebody_else())
    assert order == ["somebody else", "file"]
    pool.close()

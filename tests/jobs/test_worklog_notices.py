"""W3: whoever tracked time that could not be written is told, in one message."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, cast

import pytest

from bot.integrations.errors import ProviderAuthFailed, ProviderRefused
from bot.jobs.deliveries.worklog_notices import WorklogNoticeDeliveries
from bot.jobs.outbox import OutboxJob
from bot.services.writing.notices import WorklogNotices
from bot.views.writing.worklog_notices import RETRY_MINE
from handlers.asking import Click
from handlers.replies import Ephemeral
from handlers.writing.worklog_notices import WorklogNoticeHandlers
from storage.people.account_links import AccountLinkRow
from tests.jobs.writing_desk import WritingDesk
from tests.services.editor import Editor

if TYPE_CHECKING:
    from bot.slack import Slack
    from bot.views.message import Message

LATER = 60 * 25


class ToldDesk(WritingDesk):
    """Messages about what failed go out too."""

    def __init__(self, office: Editor) -> None:
        super().__init__(office)
        self.notices = WorklogNotices(office.world.uow, office.world.new_marker())
        slack = cast("Slack", self.mailbox)
        told = WorklogNoticeDeliveries(slack, self.pool, self.notices, self.clock)
        kinds = {**self.kinds, **told.kinds()}
        self.job = OutboxJob(self.outbox, kinds, self.pool, self.clock)

    def refuses(self, number: int, reason: str = "The issue is closed.") -> None:
        """So many writes from now on, in either name."""
        self.tool.before = [ProviderRefused("board", reason=reason) for _ in range(2 * number)]

    def write_again(self) -> str:
        """Ana clicks the button; what it says."""
        click = Click(
            who=self.office.ana,
            now=self.now,
            action=RETRY_MINE,
            value=str(self.office.board),
            request_id="click",
        )
        reply = WorklogNoticeHandlers(self.notices).retried(click)
        assert isinstance(reply, Ephemeral)
        return reply.message.text


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[ToldDesk]:
    """Give Ana's office, where whoever cannot be written for is told."""
    made = ToldDesk(Editor(database_url))
    yield made
    made.close()


async def test_what_fails_is_told_in_one_message(desk: ToldDesk) -> None:
    """A second failure is in the same one, which is edited; each says the tool's reason."""
    desk.refuses(2)
    desk.office.logs(3600)
    await desk.delivers()
    ((_, first),) = desk.mailbox.sent
    assert first.text.startswith("1 entry of yours could not be written to ")
    assert "1 h on" in first.text
    assert first.text.endswith("The issue is closed")
    desk.office.logs(1800)
    await desk.delivers()
    assert len(desk.mailbox.sent) == 1
    assert desk.mailbox.last.startswith("2 entries of yours could not be written")


async def test_writing_again_ends_it(desk: ToldDesk) -> None:
    """The message then says that nothing is left; what fails after it is told in a new one."""
    desk.refuses(1)
    desk.office.logs(3600)
    await desk.delivers()
    assert desk.write_again().startswith("Writing 1 entry again.")
    await desk.delivers()
    assert "is written now" in desk.mailbox.last
    assert desk.write_again().startswith("Nothing is left to write")
    desk.refuses(1)
    desk.office.logs(1800)
    await desk.delivers()
    assert len(desk.mailbox.sent) == 2


async def test_trying_again_in_vain_is_no_new_message(desk: ToldDesk) -> None:
    """One message, not one for each try."""
    desk.refuses(3)
    desk.office.logs(3600)
    await desk.delivers()
    for _ in range(2):
        desk.write_again()
        await desk.delivers()
    assert len(desk.mailbox.sent) == 1


async def test_a_day_later_a_new_one_is_sent(desk: ToldDesk) -> None:
    """Nobody sees that yesterday's message was edited."""
    desk.refuses(1)
    desk.office.logs(3600)
    await desk.delivers()
    desk.refuses(1, "You have no permission.")
    await desk.delivers(minutes=LATER)
    desk.office.logs(1800)
    await desk.delivers()
    assert len(desk.mailbox.sent) == 2
    assert "2 entries" in desk.mailbox.sent[-1][1].text


async def test_many_are_counted(desk: ToldDesk) -> None:
    """Five are named, the newest; the rest is a number."""
    desk.refuses(7)
    for _ in range(7):
        desk.office.logs(600)
    await desk.delivers()
    shown = desk.mailbox.last
    assert shown.startswith("7 entries")
    assert shown.endswith("and 2 more")


async def test_nobody_is_told_when_all_is_well(desk: ToldDesk) -> None:
    """Nor of what was put off."""
    desk.office.logs(3600)
    await desk.delivers()
    assert (desk.mailbox.sent, desk.mailbox.edits) == ([], [])


def _buttons(message: "Message") -> list[str]:
    return [one["text"]["text"] for one in message.blocks[-1]["elements"]]


async def test_what_could_not_be_removed_is_told_as_such(desk: ToldDesk) -> None:
    """The entry is gone here; no time of it is kept."""
    first, second = desk.office.logs(3600), desk.office.logs(1800)
    await desk.delivers()
    desk.refuses(1)
    desk.office.deletes(first)
    await desk.delivers()
    assert desk.mailbox.last.startswith("1 entry of yours could not be removed from acme board.\n")
    assert desk.mailbox.last.endswith(", deleted here and still there: The issue is closed")
    assert "Edit one" not in str(desk.mailbox.sent[-1][1].blocks)
    desk.tool.before = desk.tool.before[:0]
    desk.refuses(1)
    desk.office.edits(second, seconds=7200)
    await desk.delivers()
    assert desk.mailbox.last.startswith("2 entries of yours could not be written to acme board.")


async def test_a_key_that_is_dead_is_replaced_from_the_message(desk: ToldDesk) -> None:
    """By its owner, who is told that it is theirs; other trouble offers no key."""
    desk.refuses(1)
    desk.office.logs(3600)
    await desk.delivers()
    ((_, message),) = desk.mailbox.sent
    assert _buttons(message) == ["Write again"]
    desk.office.change(AccountLinkRow, 1, sealed_token="mine")
    desk.tool.before = [ProviderAuthFailed("board")]
    desk.office.logs(1800)
    await desk.delivers()
    assert "it does not accept your own key any more" in desk.mailbox.last
    assert _buttons(desk.mailbox.edits[-1]) == ["Use a new key", "Write again"]

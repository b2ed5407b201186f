"""The shortcut *Track time on this* and its form (T9)."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.domain.slack_errors import SlackRefused
from bot.services.pool import Pool
from bot.services.tasks.mentions import MessageTracking
from bot.views.tasks import mentions as views
from handlers.asking import Lookup, Shortcut
from handlers.replies import Choices, CloseModals, Ephemeral, FieldErrors, OpenModal
from handlers.tracking.shortcuts import ShortcutHandlers
from playground.rules import check_options, check_view
from tests.builders import NOON
from tests.handlers.track_desk import Desk, fits
from tests.services.office import Office, task


class Channel(Desk):
    """A channel in which somebody writes and Ana uses the shortcut."""

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self.pool = Pool(1)
        self.asked: list[tuple[str, str]] = []
        parts = (office.world.uow, office.world.new_marker(), str.capitalize)
        ShortcutHandlers(
            MessageTracking(*parts), office.tracking, permalink=self._permalink, pool=self.pool
        ).register(self.routes)

    async def _permalink(self, team_id: str, channel: str, ts: str) -> str:
        self.asked.append((channel, ts))
        if channel == "C0PRIVATE":
            raise SlackRefused("channel_not_found")
        return f"https://acme.test/archives/{channel}/{ts}"

    async def tracks(self, said: str, channel: str = "C0WEB") -> Any:  # noqa: ANN401 - any reply
        """Ana uses the shortcut on a message in a thread."""
        ask = Shortcut(
            who=self.office.ana,
            now=NOON,
            request_id="trigger",
            channel_id=channel,
            callback_id="track_message",
            said=said,
            message_ts="1700000000.000200",
            thread_ts="1700000000.000100",
            domain="acme",
        )
        replies: Any = self.routes.shortcuts["track_message"].handler(ask)
        return [reply async for reply in replies][0]  # noqa: RUF015 - every answer is awaited


@pytest.fixture
def channel(sqlite_url: str) -> Iterator[Channel]:
    """Give the channel."""
    office = Office(sqlite_url)
    made = Channel(office)
    yield made
    made.pool.close()
    office.world.close()


async def test_one_task_is_started_with_a_link_to_the_message(channel: Channel) -> None:
    """The confirmation says from where; its buttons are those of every start."""
    done = await channel.tracks("WEB-12, please")
    assert isinstance(done, Ephemeral)
    message = fits(done.message)
    assert message.text.startswith("Started *WEB-12 Fix the header* at 13:00.")
    link = "https://acme.test/archives/C0WEB/1700000000.000200"
    assert f"<{link}|this message>" in str(message.blocks)
    assert f"<{link}|message>" in str(channel.types("today").blocks)


async def test_a_conversation_without_hourlink_has_its_address_too(channel: Channel) -> None:
    """Shortcuts work where Hourlink is not; Slack does not tell the address there."""
    await channel.tracks("WEB-12", channel="C0PRIVATE")
    assert channel.office.entries()[0].permalink == (
        "https://acme.slack.com/archives/C0PRIVATE/p1700000000000200"
        "?thread_ts=1700000000.000100&cid=C0PRIVATE"
    )


@pytest.mark.parametrize("count", [2, 10, 11, 20])
async def test_several_tasks_are_a_choice(channel: Channel, count: int) -> None:
    """Within Slack's limits, with long titles; nothing is chosen beforehand."""
    keys = [f"WEB-{number}" for number in range(200, 200 + count)]
    for key in keys:
        task(channel.office, key, "<&> long title " * 20)
    opened = await channel.tracks(" ".join(keys) + " <&>" * 200)
    assert isinstance(opened, OpenModal)
    check_view(opened.modal.as_view(), "modal")
    assert f"mentions {count} tasks" in str(opened.modal.blocks)
    element = next(b["element"] for b in opened.modal.blocks if b.get("block_id") == "task")
    assert len(element["options"]) == count
    assert "initial_option" not in element
    value = element["options"][1]["value"]
    assert isinstance(channel.sends(opened.modal, {}), FieldErrors)
    state: dict[str, dict[str, Any]] = {
        "task": {"value": {"selected_option": {"value": value}}},
        "note": {"value": {"value": "as asked"}},
    }
    done = channel.sends(opened.modal, state)
    assert isinstance(done, CloseModals)
    assert done.message is not None
    assert "Note: as asked" in done.message.text


async def test_no_task_is_a_search_that_begins_with_the_message(channel: Channel) -> None:
    """What the message may be about is offered before anything is typed."""
    opened = await channel.tracks("The *footer* is broken &amp; ugly")
    assert isinstance(opened, OpenModal)
    check_view(opened.modal.as_view(), "modal")
    assert "> The *footer* is broken &amp; ugly" in str(opened.modal.blocks)

    def offered(query: str) -> list[str]:
        ask = Lookup(
            who=channel.office.ana,
            now=NOON,
            request_id="",
            action=views.FIND,
            query=query,
            metadata=opened.modal.metadata,
        )
        found: Any = channel.routes.lookups[views.FIND].handler(ask)
        assert isinstance(found, Choices)
        options = [
            {"text": {"type": "plain_text", "text": one.label[:75]}, "value": one.value}
            for one in found.options
        ]
        check_options({"options": options})
        return [one.label for one in found.options]

    assert offered("")[0] == "WEB-9 Footer links"
    assert offered("head") == ["WEB-12 Fix the header"]

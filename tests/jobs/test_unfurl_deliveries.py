"""What Slack is asked to show under a link (T10)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

import pytest

from bot.domain.ids import OutboxId, ProjectId, TaskId
from bot.domain.linking.channels import Channel
from bot.domain.outbox import OutboxItem
from bot.domain.slack_errors import SlackRefused, SlackTryLater
from bot.domain.tasks.unfurls import Details, Unfurl
from bot.jobs.deliveries.unfurls import UnfurlDeliveries
from bot.services.pool import Pool
from bot.services.tasks.unfurling import UNFURL, Unfurling
from bot.views.tasks.unfurls import unfurl
from playground.rules import check_attachments
from storage.tasks import channel_defaults
from storage.tasks.tasks import TaskRow
from tests.builders import NOON
from tests.services.office import Office

if TYPE_CHECKING:
    from bot.slack import Slack

URL = "https://acme.test/t/WEB-12"


@dataclass
class Window:
    """What Slack shows, and what it says about the channel."""

    channel_is: Channel | Exception = field(
        default_factory=lambda: Channel("C0WEB", is_public=True)
    )
    shown: list[Mapping[str, Any]] = field(default_factory=list)

    async def channel(self, team_id: str, channel_id: str) -> Channel:
        """Tells about a channel."""
        if isinstance(self.channel_is, Exception):
            raise self.channel_is
        return self.channel_is

    async def unfurl(
        self, team_id: str, channel_id: str, ts: str, unfurls: Mapping[str, Any]
    ) -> None:
        """Shows something."""
        assert (channel_id, ts) == ("C0WEB", "1.1")
        self.shown.append(unfurls)


@pytest.fixture
def office(sqlite_url: str) -> Iterator[Office]:
    """Give the office."""
    made = Office(sqlite_url)
    yield made
    made.world.close()


async def delivered(office: Office, window: Window, *, ours_alone: bool = True) -> list[Any]:
    """Delivers a link to WEB-12; what is shown under it."""
    pool = Pool(1)
    job = UnfurlDeliveries(
        cast("Slack", window), pool, Unfurling(office.world.uow, office.world.new_marker())
    )
    payload: dict[str, int | str | None] = {
        "channel_id": "C0WEB",
        "message_ts": "1.1",
        "task_id": int(office.web12),
        "url": URL,
        "ours_alone": int(ours_alone),
    }
    item = OutboxItem(
        OutboxId(1), office.world.team_id, UNFURL, payload, "m", 0, may_have_happened=False
    )
    try:
        await job.unfurl(item)
    finally:
        pool.close()
    return [one[URL] for one in window.shown]


async def test_elsewhere_there_is_the_key_and_start(office: Office) -> None:
    """Not the title: who reads along may not be on the project."""
    (shown,) = await delivered(office, Window())
    check_attachments([shown])
    assert shown["fallback"] == "WEB-12"
    assert "header" not in str(shown)
    assert "'track.start'" in str(shown)


async def test_in_the_projects_channel_there_are_details(office: Office) -> None:
    """Title, status, tracked time and estimate; within Slack's limits whatever they are."""
    with office.world.uow.begin() as tx:
        channel_defaults.put(
            tx, office.world.team_id, "C0WEB", office.website, by=office.admin.id, now=NOON
        )
    office.change(TaskRow, office.web12, estimate_seconds=10_800, title="<&> " * 125)
    (shown,) = await delivered(office, Window())
    check_attachments([shown])
    assert "Website \N{MIDDLE DOT} Open \N{MIDDLE DOT} 0 m tracked of 3 h estimated" in str(shown)


async def test_nothing_where_others_read_along(office: Office) -> None:
    """Shared with another organisation, or about to be; or nobody can tell."""
    shared = Window(replace(Channel("C0WEB", is_public=True), is_shared=True))
    assert await delivered(office, shared) == []
    unknown = Window(SlackRefused("channel_not_found"))
    assert await delivered(office, unknown, ours_alone=False) == []
    assert len(await delivered(office, unknown, ours_alone=True)) == 1
    with pytest.raises(SlackTryLater):
        await delivered(office, Window(SlackTryLater(5)))


def test_a_task_without_estimate_or_status_reads_well() -> None:
    """No empty separators."""
    details = Details("Fix", "Web", "", is_done=True, tracked_seconds=60, estimate_seconds=None)
    shown = unfurl(Unfurl(TaskId(1), "A-1", ProjectId(1), details))
    assert shown["fallback"] == "A-1 Fix. Web \N{MIDDLE DOT} Done \N{MIDDLE DOT} 1 m tracked"

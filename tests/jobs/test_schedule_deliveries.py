"""Scheduled reports on their way: posted once, with their picture; what stops, and who is told."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import pytest

from bot.domain.ids import OutboxId, ScheduleId
from bot.domain.linking.channels import Channel
from bot.domain.outbox import OutboxItem
from bot.domain.reports.reports import Group, ReportWish
from bot.domain.reports.schedules import Beat, Paused, Rhythm
from bot.domain.slack_errors import SlackError, SlackRefused
from bot.jobs.deliveries.schedules import ScheduleDeliveries
from bot.services.pool import Pool
from bot.services.reports.files import REPORT_FILE, ReportFiles
from bot.services.reports.schedule_runs import PAUSED, SEND, ScheduleRuns
from bot.services.reports.schedules import CHECK, Schedules
from bot.slack import Posted
from bot.views.message import Message
from tests.builders import NOON
from tests.services.agency import Agency
from tests.services.reports.test_schedules import owed

if TYPE_CHECKING:
    from bot.slack import Slack

CHANNEL = "C0123ABCD"


@dataclass
class Mailbox:
    """A Slack with one channel."""

    channel_is: Channel | SlackError = field(default_factory=lambda: Channel(CHANNEL, True))  # noqa: FBT003
    stands_there: bool | SlackError = False
    refuses: str = ""
    posted: list[tuple[str, Message]] = field(default_factory=list)
    drawn: list[tuple[str, str, str]] = field(default_factory=list)

    async def channel(self, team_id: str, channel_id: str) -> Channel:
        """What Slack says of it."""
        if isinstance(self.channel_is, SlackError):
            raise self.channel_is
        return self.channel_is

    async def find(self, team_id: str, channel_id: str, marker: str) -> Posted | None:
        """Whether it stands there."""
        if isinstance(self.stands_there, SlackError):
            raise self.stands_there
        return Posted(channel_id, "1.0") if self.stands_there else None

    async def post(self, team_id: str, to: str, message: Message, *, marker: str) -> Posted:
        """A message."""
        if self.refuses:
            raise SlackRefused(self.refuses)
        self.posted.append((to, message))
        return Posted(to if to.startswith("C") else f"D{to}", "7.7")

    async def upload(self, team_id: str, to: str, *, thread: str, alt: str, **rest: object) -> None:
        """A picture in the thread."""
        self.drawn.append((to, thread, alt))


@pytest.fixture
def agency(sqlite_url: str) -> Iterator[Agency]:
    """With an hour of Bo's on Website on the day that is reported."""
    made = Agency(sqlite_url)
    made.world.length(made.bo, made.website, None, NOON, 3600)
    yield made
    made.world.close()


def scheduled(agency: Agency, to: str = "me", **more: bool) -> ScheduleId:
    """By Ana, every day."""
    wish = ReportWish(for_team=True, group=Group.PROJECT, **more)  # type: ignore[arg-type]
    own = Schedules(agency.world.uow, agency.world.new_marker())
    made = own.add(who=agency.ana, now=NOON, wish=wish, rhythm=Rhythm(Beat.DAY), to=to)
    return made.schedule.id


def deliver(
    agency: Agency, mailbox: Mailbox, kind: str, id_: ScheduleId, *, unknown: bool = False
) -> None:
    """What is due the next morning."""
    runs = ScheduleRuns(agency.world.uow, agency.world.new_marker())
    at = int(NOON.timestamp()) + 24 * 3600
    item = OutboxItem(
        id=OutboxId(1),
        team_id=agency.world.team_id,
        kind=kind,
        payload={"schedule_id": id_, "at": at},
        marker="m",
        attempts=0,
        may_have_happened=unknown,
    )
    pool = Pool(1)
    files = ReportFiles(agency.world.uow)
    sending = ScheduleDeliveries(cast("Slack", mailbox), pool, runs, files, lambda: NOON)

    async def carry() -> None:
        await sending.kinds()[kind](item)

    try:
        asyncio.run(carry())
    finally:
        pool.close()


def why(agency: Agency, id_: ScheduleId) -> Paused | None:
    """Why it sends nothing."""
    own = Schedules(agency.world.uow, agency.world.new_marker())
    return own.one(who=agency.ana, schedule_id=id_).schedule.paused


def test_to_a_channel_with_a_picture(agency: Agency) -> None:
    """Without buttons, which would show everybody what who clicks may see; the picture below."""
    id_, mailbox = scheduled(agency, CHANNEL, as_chart=True), Mailbox()
    deliver(agency, mailbox, SEND, id_)
    ((to, message),) = mailbox.posted
    assert to == CHANNEL
    assert "Time on your projects" not in message.text
    assert message.text.startswith("Time on the projects of Ana. Yesterday, Fri 20 Nov: 1 h.")
    assert "Ana scheduled this, every day at 09:00." in message.text
    assert "EUR" not in str(message.blocks)
    assert not [block for block in message.blocks if block["type"] == "actions"]
    ((where, thread, alt),) = mailbox.drawn
    assert (where, thread) == (CHANNEL, "7.7")
    assert "Website: 1 h." in alt
    assert "EUR" not in alt


def test_to_oneself_with_everything(agency: Agency) -> None:
    """Buttons turn it, amounts are there, and the file comes as one that was asked for."""
    id_, mailbox = scheduled(agency, as_xlsx=True), Mailbox()
    deliver(agency, mailbox, SEND, id_)
    ((to, message),) = mailbox.posted
    assert to == agency.ana.slack_user_id
    assert "90.00 EUR" in message.text
    assert "By person" in str(message.blocks)
    assert [row.payload["form"] for row in owed(agency, REPORT_FILE)] == ["xlsx"]


def test_to_somebody_else(agency: Agency) -> None:
    """Who may stop it."""
    id_, mailbox = scheduled(agency, "@bo"), Mailbox()
    deliver(agency, mailbox, SEND, id_)
    assert "Stop sending me this" in str(mailbox.posted[0][1].blocks)


def test_a_day_without_time_has_no_picture(agency: Agency) -> None:
    """A sentence says so."""
    id_, mailbox = scheduled(agency, CHANNEL, as_chart=True), Mailbox()
    agency.entries(agency.bo)
    agency.manages(agency.ana, agency.website, manages=False)
    agency.manages(agency.ana, agency.shop)
    deliver(agency, mailbox, SEND, id_)
    assert "Nothing was tracked." in mailbox.posted[0][1].text
    assert not mailbox.drawn


@pytest.mark.parametrize(
    ("mailbox", "because"),
    [
        (Mailbox(channel_is=SlackRefused("channel_not_found")), Paused.CHANNEL),
        (Mailbox(channel_is=Channel(CHANNEL, True, is_archived=True)), Paused.CHANNEL),  # noqa: FBT003
        (Mailbox(channel_is=Channel(CHANNEL, False, is_member=False)), Paused.CHANNEL),  # noqa: FBT003
        (Mailbox(channel_is=Channel(CHANNEL, True, is_shared=True)), Paused.SHARED),  # noqa: FBT003
        (Mailbox(refuses="not_in_channel"), Paused.CHANNEL),
    ],
)
def test_a_channel_that_cannot_be_used(agency: Agency, mailbox: Mailbox, because: Paused) -> None:
    """It is paused, and its owner is told what to do; nothing goes to other organisations."""
    id_ = scheduled(agency, CHANNEL)
    deliver(agency, mailbox, SEND if mailbox.refuses else CHECK, id_)
    assert why(agency, id_) is because
    assert not mailbox.posted
    mailbox.refuses = ""
    deliver(agency, mailbox, PAUSED, id_)
    to, message = mailbox.posted[0]
    assert to == agency.ana.slack_user_id
    assert "is not sent any more." in message.text
    assert "Resume" in str(message.blocks)


def test_who_lost_the_right_is_told(agency: Agency) -> None:
    """Nothing goes to the channel."""
    id_, mailbox = scheduled(agency, CHANNEL), Mailbox()
    agency.manages(agency.ana, agency.website, manages=False)
    deliver(agency, mailbox, SEND, id_)
    assert not mailbox.posted
    assert why(agency, id_) is Paused.RIGHTS
    assert len(owed(agency, PAUSED)) == 1


@pytest.mark.parametrize(
    ("stands_there", "posts"),
    [(True, 0), (False, 1), (SlackRefused("missing_scope"), 0)],
)
def test_one_that_may_have_arrived(
    agency: Agency, *, stands_there: bool | SlackError, posts: int
) -> None:
    """It is looked for, and sent again only where it surely is not there."""
    id_, mailbox = scheduled(agency, CHANNEL), Mailbox(stands_there=stands_there)
    deliver(agency, mailbox, SEND, id_, unknown=True)
    assert len(mailbox.posted) == posts

"""Announcements on their way: posted once, found again, updated, or left to a person."""

from datetime import timedelta

import pytest

from bot.domain.ids import AnnouncementId
from bot.domain.linking.announcements import Announcement
from bot.domain.slack_errors import SlackOutcomeUnknown, SlackRefused, SlackTryLater
from bot.domain.states import AnnouncementState
from bot.jobs.deliveries.announcements import AnnouncementDeliveries
from bot.jobs.outbox import ATTEMPTS
from bot.views.providers import faces_of
from tests.jobs.recording_slack import RecordingSlack, item
from tests.jobs.sync_world import SyncWorld

POST, UPDATE = "announcement.post", "announcement.update"


@pytest.fixture
def slack() -> RecordingSlack:
    """Nothing is posted yet."""
    return RecordingSlack()


@pytest.fixture
async def deliveries(world: SyncWorld, slack: RecordingSlack) -> AnnouncementDeliveries:
    """Two projects were found, and their announcement is owed."""
    world.site.project("p1", "Acme Shop", key="SHOP")
    world.site.project("p2", "Acme Web", key="WEB")
    await world.job.run(world.here)
    return AnnouncementDeliveries(
        slack,
        world.pool,
        world.announcing,
        faces_of(world.registry.descriptors()),
        lambda: world.now,
    )


def _now(world: SyncWorld) -> Announcement:
    row = world.one("SELECT id FROM announcement")
    found = world.announcing.present(world.team_id, AnnouncementId(row.id))
    assert found is not None
    return found


async def test_posts_to_the_channel_and_updates_in_place(
    world: SyncWorld, slack: RecordingSlack, deliveries: AnnouncementDeliveries
) -> None:
    """The message says what is new, and later who did what with it."""
    await deliveries.post(item(world, POST))
    ((channel, message),) = slack.posts
    assert channel == "C0OPS"
    assert message.text.startswith("2 new projects in *Fake, ")
    assert _now(world).state is AnnouncementState.POSTED
    world.linking.ignore(who=world.admin, provider_project_id=world.source("p1"), now=world.now)
    await deliveries.update(item(world, UPDATE))
    ((posted, again),) = slack.edits
    assert (posted.channel_id, posted.ts) == ("C0OPS", "1.000")
    assert "*Acme Shop* (SHOP) ignored by Ana" in again.text


async def test_crash_after_posting_posts_no_second_message(
    world: SyncWorld, slack: RecordingSlack, deliveries: AnnouncementDeliveries
) -> None:
    """Slack's answer was lost; the message is found by its marker and kept."""
    slack.after_post = SlackOutcomeUnknown("chat.postMessage")
    with pytest.raises(SlackOutcomeUnknown):
        await deliveries.post(item(world, POST))
    slack.after_post = None
    await deliveries.post(item(world, POST, unknown=True))
    assert len(slack.posts) == 1
    assert (_now(world).state, _now(world).message_ts) == (AnnouncementState.POSTED, "1.000")
    await deliveries.post(item(world, POST, unknown=True))
    assert len(slack.posts) == 1


async def test_looked_for_and_not_there_is_posted(
    world: SyncWorld, slack: RecordingSlack, deliveries: AnnouncementDeliveries
) -> None:
    """The crash came before the post."""
    await deliveries.post(item(world, POST, unknown=True))
    assert len(slack.posts) == 1


async def test_not_found_long_after_proves_nothing(
    world: SyncWorld, slack: RecordingSlack, deliveries: AnnouncementDeliveries
) -> None:
    """It may have scrolled out of the newest hundred: a person decides."""
    world.later(minutes=30)
    await deliveries.post(item(world, POST, unknown=True))
    assert slack.posts == []
    assert _now(world).state is AnnouncementState.UNKNOWN


async def test_where_nobody_may_look_a_person_decides(
    world: SyncWorld, slack: RecordingSlack, deliveries: AnnouncementDeliveries
) -> None:
    """Without the history scope it is never posted again by itself, only when somebody says so."""
    slack.looking = SlackRefused("missing_scope")
    await deliveries.post(item(world, POST, unknown=True))
    assert slack.posts == []
    assert _now(world).state is AnnouncementState.UNKNOWN
    world.now += timedelta(seconds=5)
    world.announcing.post_again(who=world.admin, announcement_id=_now(world).id, now=world.now)
    await deliveries.post(item(world, POST))
    assert len(slack.posts) == 1
    assert _now(world).state is AnnouncementState.POSTED


async def test_channel_that_refuses_is_told_in_overview(
    world: SyncWorld, slack: RecordingSlack, deliveries: AnnouncementDeliveries
) -> None:
    """Hourlink is not in the channel, or it is archived: repeating will not help."""
    slack.before_post = SlackRefused("not_in_channel")
    with pytest.raises(SlackRefused):
        await deliveries.post(item(world, POST))
    assert _now(world).state is AnnouncementState.FAILED


async def test_busy_slack_is_waited_for_until_the_last_try(
    world: SyncWorld, slack: RecordingSlack, deliveries: AnnouncementDeliveries
) -> None:
    """It stays pending while the outbox tries again, and is a person's affair after that."""
    slack.before_post = SlackTryLater(30)
    with pytest.raises(SlackTryLater):
        await deliveries.post(item(world, POST))
    assert _now(world).state is AnnouncementState.PENDING
    with pytest.raises(SlackTryLater):
        await deliveries.post(item(world, POST, attempts=ATTEMPTS - 1))
    assert _now(world).state is AnnouncementState.FAILED


async def test_update_before_the_post_is_not_needed(
    world: SyncWorld, slack: RecordingSlack, deliveries: AnnouncementDeliveries
) -> None:
    """The post itself tells the state at that moment."""
    world.linking.ignore(who=world.admin, provider_project_id=world.source("p1"), now=world.now)
    await deliveries.update(item(world, UPDATE))
    assert slack.edits == []
    await deliveries.post(item(world, POST))
    assert "ignored by Ana" in slack.posts[0][1].text


async def test_nothing_is_posted_for_a_disconnected_site(
    world: SyncWorld, slack: RecordingSlack, deliveries: AnnouncementDeliveries
) -> None:
    """Its projects cannot be linked any more."""
    world.run("UPDATE integration SET state = 'disconnected'")
    await deliveries.post(item(world, POST))
    assert slack.posts == []

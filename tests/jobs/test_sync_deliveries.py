"""What people are told about syncs."""

import asyncio

import pytest

from bot.domain.ids import MemberId
from bot.domain.slack_errors import SlackOutcomeUnknown
from bot.integrations.errors import ProviderAuthFailed, ProviderRateLimited
from bot.jobs.deliveries.syncs import SyncDeliveries
from bot.views.providers import faces_of
from tests.jobs.recording_slack import RecordingSlack, item
from tests.jobs.sync_world import SyncWorld
from tests.jobs.waiting import until

REPORT = "run.report"


@pytest.fixture
def slack() -> RecordingSlack:
    """Nothing is posted yet."""
    return RecordingSlack()


@pytest.fixture
def deliveries(world: SyncWorld, slack: RecordingSlack) -> SyncDeliveries:
    """A linked project, as the second sync will find it."""
    world.site.project("p1", "Acme Web", key="WEB")
    world.site.task("t1", "p1", "Task", key="WEB-1")
    return SyncDeliveries(slack, world.pool, world.reports, faces_of(world.registry.descriptors()))


async def test_one_message_from_wish_to_result(
    world: SyncWorld, slack: RecordingSlack, deliveries: SyncDeliveries
) -> None:
    """Who asks gets one direct message, edited until it holds the result (L4, S2)."""
    await world.job.run(world.here)
    world.link_new("p1")
    world.ask(world.admin)
    await deliveries.report(item(world, REPORT))
    ((to, first),) = slack.posts
    assert to == world.admin.slack_user_id
    assert first.text.endswith("is about to start.")
    await world.sync()
    await deliveries.report(item(world, REPORT))
    assert len(slack.posts) == 1
    posted, last = slack.edits[-1]
    assert posted.ts == "1.000"
    assert "is in sync: 1 task in 1 linked project, 0 people, in less than a second." in last.text


async def test_a_project_that_was_deleted_is_not_in_sync(
    world: SyncWorld, slack: RecordingSlack, deliveries: SyncDeliveries
) -> None:
    """Neither it nor its tasks, which nobody can track any more."""
    world.site.project("p2", "Acme Shop", key="SHOP")
    world.site.task("t2", "p2", "Another task", key="SHOP-1")
    await world.job.run(world.here)
    world.link_new("p1")
    world.link_new("p2")
    await world.sync()
    del world.site.projects["p2"]
    world.ask(world.admin)
    await world.sync()
    await deliveries.report(item(world, REPORT))
    ((_, told),) = slack.posts
    assert "is in sync: 1 task in 1 linked project, " in told.text


async def test_asking_twice_is_one_wish_and_one_message(world: SyncWorld) -> None:
    """Impatience changes nothing; another person's wish is another message."""
    world.ask(world.admin)
    world.ask(world.admin, full=True)
    world.ask(world.member("bob", admin=True))
    world.ask()
    world.ask()
    assert len(world.owed(REPORT)) == 2
    assert len(world.rows("SELECT * FROM sync_wish")) == 3
    first = world.one("SELECT * FROM sync_wish WHERE member_id = :m", m=world.admin.id)
    assert first.is_full


async def test_long_run_is_told_while_it_goes(
    world: SyncWorld, slack: RecordingSlack, deliveries: SyncDeliveries
) -> None:
    """The message says what is being read; no more often than every two seconds."""
    world.ask(world.admin)
    await deliveries.report(item(world, REPORT))
    world.run("UPDATE outbox SET state = 'done'")
    world.site.meanwhile = lambda _: world.later(seconds=1.5)
    for number in range(2, 8):
        world.site.project(f"p{number}", f"Project {number}")
    world.site.stuck_at = "accounts"
    work = asyncio.create_task(world.job.run(world.here))
    await world.site.reached.wait()
    await until(lambda: len(world.owed(REPORT)) == 2)
    await deliveries.report(item(world, REPORT))
    assert "reading " in slack.edits[-1][1].text
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)


async def test_waiting_run_says_until_when(
    world: SyncWorld, slack: RecordingSlack, deliveries: SyncDeliveries
) -> None:
    """A provider that wants a pause is named, and when it goes on."""
    world.ask(world.admin)
    await deliveries.report(item(world, REPORT))
    world.run("UPDATE outbox SET state = 'done'")
    world.site.fails("projects", lambda: ProviderRateLimited("fake", retry_after=900.0))
    await world.job.run(world.here)
    await deliveries.report(item(world, REPORT))
    assert " waits: it goes on <!date^" in slack.edits[-1][1].text
    assert "too many requests" in slack.edits[-1][1].text


async def test_report_of_unknown_fate_is_not_repeated(
    world: SyncWorld, slack: RecordingSlack, deliveries: SyncDeliveries
) -> None:
    """The result comes as a message of its own instead, once."""
    world.ask(world.admin)
    slack.after_post = SlackOutcomeUnknown("chat.postMessage")
    with pytest.raises(SlackOutcomeUnknown):
        await deliveries.report(item(world, REPORT))
    await deliveries.report(item(world, REPORT, unknown=True))
    assert len(slack.posts) == 1
    slack.after_post = None
    await world.job.run(world.here)
    await deliveries.report(item(world, REPORT))
    assert len(slack.posts) == 2


async def test_broken_and_recovered_are_told_to_each_admin(
    world: SyncWorld, slack: RecordingSlack, deliveries: SyncDeliveries
) -> None:
    """What is true no more when the message goes out is not told."""
    world.site.fails("projects", lambda: ProviderAuthFailed("fake", "the key was revoked"))
    await world.job.run(world.here)
    owed = item(world, "integration.broken")
    await deliveries.broken(owed)
    ((to, message),) = slack.posts
    assert to == world.admin.slack_user_id
    assert "does not accept Hourlink's credentials any more" in message.text
    assert "the key was revoked" in message.text
    world.ask(world.admin)
    await world.job.run(world.here)
    await deliveries.broken(owed)
    assert len(slack.posts) == 1
    await deliveries.recovered(item(world, "integration.recovered"))
    assert slack.posts[-1][1].text.endswith("works again.")
    assert MemberId(owed.id_of("member_id")) == world.admin.id


async def test_failed_wish_says_what_to_do(
    world: SyncWorld, slack: RecordingSlack, deliveries: SyncDeliveries
) -> None:
    """Whoever asked for the sync reads the reason in the same message."""
    world.ask(world.admin)
    world.site.fails("projects", lambda: ProviderAuthFailed("fake", "the key was revoked"))
    await world.job.run(world.here)
    await deliveries.report(item(world, REPORT))
    text = slack.posts[-1][1].text
    assert "`/link connect`" in text
    assert "the key was revoked" in text


async def test_nobody_is_told_who_has_left(
    world: SyncWorld, slack: RecordingSlack, deliveries: SyncDeliveries
) -> None:
    """A deactivated admin gets no messages."""
    world.ask(world.admin)
    world.run("UPDATE member SET deactivated_at = refreshed_at")
    await deliveries.report(item(world, REPORT))
    assert slack.posts == []

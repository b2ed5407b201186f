"""Direct messages about forgotten timers: one question, whatever happens to it on the way (T11)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from bot.domain.slack_errors import SlackError, SlackOutcomeUnknown, SlackRefused, SlackTryLater
from bot.jobs.deliveries.forgotten import ForgottenDeliveries
from bot.jobs.outbox import OutboxJob
from bot.services.outbox import Outbox
from bot.services.pool import Pool
from playground.rules import check_message
from tests.jobs.recording_slack import RecordingSlack
from tests.services.tracking.watch import EVENING, MORNING, Watch

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


class Post:
    """Ana's timer since the morning, and the outbox with Slack behind it."""

    def __init__(self, database_url: str) -> None:
        self.watch = Watch(database_url)
        self.watch.office.start(now=MORNING)
        self.slack = RecordingSlack()
        self.pool = Pool(1)
        self.now: datetime = EVENING
        self.starts()

    def starts(self) -> None:
        """A new process, with the same database."""
        kinds = ForgottenDeliveries(
            self.slack, self.pool, self.watch.timers, lambda: self.now
        ).kinds()
        self.job = OutboxJob(Outbox(self.watch.world.uow), kinds, self.pool, lambda: self.now)

    async def passes(self, time: timedelta) -> None:
        """Time passes; the scheduler looks, and the outbox is worked off."""
        self.now += time
        self.watch.looks(self.now)
        await self.job.run_due()

    def said(self) -> list[str]:
        """What Ana read, after Slack's rules were held against it."""
        assert {to for to, _ in self.slack.posts} <= {"U0ANA"}
        for _, message in self.slack.posts:
            check_message(list(message.blocks), message.text)
        return [message.text for _, message in self.slack.posts]


@pytest.fixture
def post(database_url: str) -> Iterator[Post]:
    """Give the post, on each kind of database."""
    made = Post(database_url)
    yield made
    made.pool.close()
    made.watch.world.close()


@pytest.fixture
async def asked(post: Post) -> Post:
    """Ana has her question."""
    await post.passes(timedelta(0))
    return post


async def test_asked_and_told(asked: Post) -> None:
    """One question, and an hour later what became of the timer."""
    for _ in range(8):
        await asked.passes(10 * MINUTE)
    question, told = asked.said()
    assert question.endswith(
        "Still working? Without an answer by 19:00 it is stopped, and its time ends at 18:00."
    )
    assert told == (
        "You did not answer at 18:00 whether you were still working on *WEB-12 Fix the header*, "
        "so its timer is stopped. Its time ends at 18:00: 8 h 20 m is kept."
    )


async def test_a_process_that_dies_in_between_asks_once(asked: Post) -> None:
    """Restarted after the question was sent: the hour runs on."""
    asked.starts()
    await asked.passes(30 * MINUTE)
    asked.starts()
    await asked.passes(30 * MINUTE)
    assert len(asked.said()) == 2


async def test_killed_while_sending_it_is_not_sent_again(post: Post) -> None:
    """Nobody knows whether it arrived: better none than two; it counts as asked."""
    post.slack.after_post = SlackOutcomeUnknown("chat.postMessage")
    await post.passes(timedelta(0))
    post.slack.after_post = None
    await post.passes(MINUTE)
    assert len(post.said()) == 1
    await post.passes(HOUR)
    assert len(post.said()) == 2


async def test_slack_away_for_hours_costs_nobody_their_time(post: Post) -> None:
    """Asked when Slack is back, with an hour to answer from then."""
    post.slack.before_post = SlackTryLater(retry_after=60)
    for _ in range(12):
        await post.passes(15 * MINUTE)
    post.slack.before_post = None
    while not post.said():
        await post.passes(15 * MINUTE)
    await post.passes(59 * MINUTE)
    assert len(post.said()) == 1
    await post.passes(2 * MINUTE)
    assert len(post.said()) == 2


@pytest.mark.parametrize("error", [SlackRefused("cannot_dm_bot"), SlackRefused("user_not_found")])
async def test_who_cannot_be_written_to_counts_as_asked(post: Post, error: SlackError) -> None:
    """Their timer would run for ever otherwise."""
    post.slack.before_post = error
    await post.passes(timedelta(0))
    await post.passes(HOUR)
    assert post.watch.office.entries()[0].ended_at == EVENING


async def test_a_question_that_was_settled_is_not_sent(post: Post) -> None:
    """Stopped in the second between the decision and the message."""
    post.watch.looks(EVENING)
    post.watch.office.tracking.stop(who=post.watch.ana, now=EVENING)
    await post.job.run_due()
    assert post.said() == []

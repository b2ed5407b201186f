"""Warnings of budgets: posted once, whatever happens to them on the way (M2)."""

from datetime import datetime, timedelta

from bot.domain.slack_errors import SlackOutcomeUnknown
from bot.jobs.deliveries.budgets import BudgetDeliveries
from bot.jobs.outbox import OutboxJob
from bot.services.outbox import Outbox
from bot.services.pool import Pool
from tests.builders import NOON
from tests.jobs.recording_slack import RecordingSlack
from tests.services.money.test_budgets import Purser


async def test_one_that_may_have_arrived_is_not_sent_again(database_url: str) -> None:
    """Slack's answers are lost: Mia and the channel read it all the same, and once."""
    purser, pool, now = Purser(database_url), Pool(1), [NOON]
    slack = RecordingSlack()
    deliveries = BudgetDeliveries(slack, pool, purser.warnings)

    def clock() -> datetime:
        return now[0]

    job = OutboxJob(Outbox(purser.world.uow), deliveries.kinds(), pool, clock)
    purser.sets("1")
    purser.tracks(1)
    for team_id in purser.warnings.due():
        purser.warnings.look(team_id, NOON)
    slack.after_post = SlackOutcomeUnknown("chat.postMessage")
    await job.run_due()
    slack.after_post = None
    now[0] += timedelta(days=1)
    await job.run_due()
    assert sorted(to for to, _ in slack.posts) == ["C0WEB", "U0MIA"]
    pool.close()
    purser.world.close()

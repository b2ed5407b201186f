"""Scheduled reports on their way, and what is told of those that stop.

One of which it is not known whether it arrived is looked for in its channel; where Slack does not
let us look, as in direct messages, it is not sent again: a second one would be one too many.
"""

from collections.abc import Mapping
from functools import partial

from bot.domain.clock import Clock
from bot.domain.errors import Vanished
from bot.domain.ids import ScheduleId
from bot.domain.outbox import OutboxItem
from bot.domain.reports.charts import chart_of
from bot.domain.reports.schedules import Occurrence, Paused
from bot.domain.slack_errors import SlackError, SlackRefused
from bot.jobs.deliveries.charts import CHART_NAME, comment, drawn
from bot.jobs.outbox import Delivery
from bot.services.pool import Pool
from bot.services.reports.burn_charts import PICTURE
from bot.services.reports.files import ReportFiles
from bot.services.reports.schedule_runs import PAUSED, SEND, RightLost, ScheduleRuns
from bot.services.reports.schedules import CHECK
from bot.slack import Posted, Slack
from bot.views.reports import chart as chart_views
from bot.views.reports import schedules as views

_HIDDEN = "channel_not_found"
"""Slack's word for a private channel that we are not in."""


class ScheduleDeliveries:
    """Sends reports; pauses what cannot be sent."""

    def __init__(
        self, slack: Slack, pool: Pool, runs: ScheduleRuns, files: ReportFiles, clock: Clock
    ) -> None:
        self._files = files
        self._slack = slack
        self._pool = pool
        self._runs = runs
        self._clock = clock

    def kinds(self) -> Mapping[str, Delivery]:
        """By outbox kind."""
        return {SEND: self.send, CHECK: self.check, PAUSED: self.paused}

    async def check(self, item: OutboxItem) -> None:
        """``schedule.check``: a channel that cannot be used is told before the first report."""
        schedule_id = ScheduleId(item.id_of("schedule_id"))
        channel_id = await self._pool(self._runs.target, item.team_id, schedule_id)
        if channel_id is not None:
            await self._usable(item, channel_id)

    async def send(self, item: OutboxItem) -> None:
        """``schedule.send``."""
        schedule_id, at = ScheduleId(item.id_of("schedule_id")), item.id_of("at")
        try:
            found = await self._pool(self._runs.occurrence, item.team_id, schedule_id, at)
        except RightLost:
            await self._stop(item, Paused.RIGHTS)
            return
        except Vanished as vanished:
            await self._stop(item, Paused.LEFT if vanished.what == "reader" else Paused.GONE)
            return
        if found is None:
            return
        channel_id = found.schedule.channel_id
        if channel_id is not None and not await self._usable(item, channel_id):
            return
        if item.may_have_happened and not await self._surely_missing(item, channel_id):
            return
        try:
            posted = await self._slack.post(
                item.team_id, found.to, views.sent(found), marker=item.marker
            )
            await self._draw(item, found, posted)
            for form in found.schedule.told.forms:
                if form != PICTURE and found.report.total.seconds:
                    await self._file(found, form)
        except SlackRefused:
            await self._stop(item, Paused.CHANNEL if channel_id else Paused.LEFT)

    async def paused(self, item: OutboxItem) -> None:
        """``schedule.paused``."""
        if item.may_have_happened:
            return
        schedule_id = ScheduleId(item.id_of("schedule_id"))
        found = await self._pool(self._runs.stopped, item.team_id, schedule_id)
        if found is not None:
            to, view = found
            await self._slack.post(item.team_id, to, views.stopped(view), marker=item.marker)

    async def _usable(self, item: OutboxItem, channel_id: str) -> bool:
        """Whether it may go there; pauses it where it may not. What Slack does not say is yes."""
        try:
            channel = await self._slack.channel(item.team_id, channel_id)
        except SlackRefused as refused:
            if refused.code == _HIDDEN:
                await self._stop(item, Paused.CHANNEL)
                return False
            return True
        if channel.is_shared:
            await self._stop(item, Paused.SHARED)
            return False
        if channel.is_archived or not (channel.is_public or channel.is_member):
            await self._stop(item, Paused.CHANNEL)
            return False
        return True

    async def _surely_missing(self, item: OutboxItem, channel_id: str | None) -> bool:
        if channel_id is None:
            return False
        try:
            return await self._slack.find(item.team_id, channel_id, item.marker) is None
        except SlackError:
            return False

    async def _draw(self, item: OutboxItem, found: Occurrence, posted: Posted) -> None:
        """The picture stands in the report's thread."""
        report = found.every_row
        if PICTURE not in found.schedule.told.forms or not report.total.seconds:
            return
        whose = "" if found.schedule.is_for_owner else views.whose_of(found)
        bars, alt = chart_views.team_chart(report, chart_of(report), whose)
        await self._slack.upload(
            item.team_id,
            posted.channel_id,
            name=CHART_NAME,
            content=await drawn(bars),
            comment=comment(bars),
            alt=alt,
            thread=posted.ts,
        )

    async def _file(self, found: Occurrence, form: str) -> None:
        """To its owner, who alone gets any."""
        ask = partial(self._files.ask, who=found.owner, choice=found.report.choice, form=form)
        await self._pool(ask, now=self._clock())

    async def _stop(self, item: OutboxItem, because: Paused) -> None:
        schedule_id = ScheduleId(item.id_of("schedule_id"))
        await self._pool(self._runs.stop, item.team_id, schedule_id, because, self._clock())

"""Files of reports, in direct messages."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from bot.domain.clock import Clock
from bot.domain.errors import Vanished
from bot.domain.ids import MemberId
from bot.domain.outbox import OutboxItem
from bot.domain.periods import period_from
from bot.domain.reports.charts import chart_of, charted
from bot.domain.reports.reports import Group
from bot.domain.reports.team_reports import TeamChoice, filters_from
from bot.jobs.deliveries.charts import comment, drawn
from bot.jobs.outbox import Delivery
from bot.services.pool import Pool
from bot.services.reports.files import REPORT_FILE, ReportFiles, ReportPiece
from bot.slack import Slack
from bot.views.entries import files as file_views
from bot.views.message import Message
from bot.views.reports import chart as chart_views
from bot.views.reports import files as views
from bot.views.reports.team import PNG


class ReportFileDeliveries:
    """One of which it is not known whether it arrived is sent again: it is only a copy."""

    def __init__(self, slack: Slack, pool: Pool, files: ReportFiles, clock: Clock) -> None:
        self._slack = slack
        self._pool = pool
        self._files = files
        self._clock = clock

    def kinds(self) -> Mapping[str, Delivery]:
        """By outbox kind."""
        return {REPORT_FILE: self.send}

    async def send(self, item: OutboxItem) -> None:
        """``report.file``.

        Raises:
            Vanished: who asked has left, or may not see any more what it is about.
        """
        form = str(item.payload.get("form"))
        choice = _choice(item)
        if form == PNG:
            await self._picture(item, choice)
            return
        member_id = MemberId(item.id_of("member_id"))
        steps = self._files.making(item.team_id, member_id, choice, self._clock())
        first: ReportPiece | None = None
        try:
            # A step is a hop of its own: with one thread, everybody else goes in between.
            first = await self._pool(next, steps, None)
            if first is None:
                raise Vanished("report")
            writer = await asyncio.to_thread(views.writer, form, first.report)
            while (further := await self._pool(next, steps, None)) is not None:
                await asyncio.to_thread(writer.add, further.lines)
        finally:
            await self._pool(steps.close)
        # Packing a long workbook takes seconds, and needs no database: nobody waits for it.
        with await asyncio.to_thread(writer.finish) as content:
            await self._slack.upload(
                item.team_id,
                first.to,
                name=views.report_file_name(choice.period, form),
                content=content,
                comment=views.report_came(first.report, writer.added).text,
            )

    async def _picture(self, item: OutboxItem, choice: TeamChoice) -> None:
        """All rows are read, and no entries."""
        choice = replace(choice, group=charted(choice.group, choice.period))
        member_id = MemberId(item.id_of("member_id"))
        first = await self._pool(self._files.report, item.team_id, member_id, choice, self._clock())
        if not first.report.total.seconds:
            await self._slack.post(item.team_id, first.to, Message(file_views.NOTHING_DRAWN))
            return
        bars, alt = chart_views.team_chart(first.report, chart_of(first.report))
        await self._slack.upload(
            item.team_id,
            first.to,
            name=views.report_file_name(choice.period, PNG),
            content=await drawn(bars),
            comment=comment(bars),
            alt=alt,
        )


def _choice(item: OutboxItem) -> TeamChoice:
    period = period_from(str(item.payload.get("period")))
    filters = filters_from(str(item.payload.get("filters")))
    group = str(item.payload.get("group"))
    if period is None or filters is None or group not in set(Group):
        raise Vanished("period")
    return TeamChoice(period, Group(group), filters, bool(item.payload.get("team")))

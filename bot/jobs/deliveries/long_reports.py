"""Long reports: one direct message that is edited until it holds the result."""

import asyncio
from collections.abc import Mapping
from datetime import date

from bot.domain.clock import Clock
from bot.domain.errors import HourlinkError
from bot.domain.ids import ReportRunId
from bot.domain.outbox import OutboxItem
from bot.domain.reports.report_runs import Progress, ReportRun, RunState
from bot.jobs.deliveries.one_message import posted_at
from bot.jobs.outbox import Delivery
from bot.services.pool import Pool
from bot.services.reports.files import ReportPiece
from bot.services.reports.long_reports import REPORT_RUN, LongReports
from bot.slack import Posted, Slack
from bot.views import failures
from bot.views.message import Message
from bot.views.reports import files as file_views
from bot.views.reports import long_reports as views
from bot.views.reports.files import ReportWriter
from bot.views.reports.team import show_team_report

_BETWEEN = 3.0
"""Seconds between two edits: Slack takes about one a second from an app."""


class LongReportDeliveries:
    """Makes them. A killed one's work is taken up again, and told in the message that is there.

    If it is not known whether the first message arrived, none is sent again: who asked may ask
    once more.
    """

    def __init__(self, slack: Slack, pool: Pool, reports: LongReports, clock: Clock) -> None:
        self._slack = slack
        self._pool = pool
        self._reports = reports
        self._clock = clock

    def kinds(self) -> Mapping[str, Delivery]:
        """By outbox kind."""
        return {REPORT_RUN: self.run}

    async def run(self, item: OutboxItem) -> None:
        """``report.run``."""
        run_id = ReportRunId(item.id_of("report_run_id"))
        run = await self._pool(self._reports.under_way, item.team_id, run_id)
        if run is None:
            return
        posted = await self._message(item, run)
        if posted is None:
            await self._end(item, run, RunState.FAILED)
            return
        try:
            told = await self._made(item, run, posted)
        except HourlinkError as error:
            said = views.not_made(run.wish, self._today(), failures.sentence(error))
            if await self._end(item, run, RunState.FAILED):
                await self._slack.update(item.team_id, posted, said)
            return
        wanted = told is not None and await self._wanted(item, run)
        if told is None or not wanted:
            said = views.cancelled(run.wish, self._today())
            await self._slack.update(item.team_id, posted, said)
            return
        await self._slack.update(item.team_id, posted, told)
        await self._end(item, run, RunState.DONE)

    async def _message(self, item: OutboxItem, run: ReportRun) -> Posted | None:
        posted = posted_at(run.channel_id, run.message_ts)
        if posted is not None or item.may_have_happened:
            return posted
        first = views.working(run, Progress(0, 1), self._today())
        posted = await self._slack.post(item.team_id, run.to, first, marker=item.marker)
        place = {"channel_id": posted.channel_id, "ts": posted.ts}
        await self._pool(self._reports.posted, item.team_id, run.id, **place)
        return posted

    async def _made(self, item: OutboxItem, run: ReportRun, posted: Posted) -> Message | None:
        """What the message says at the end; None where it was called off."""
        steps = self._reports.making(item.team_id, run, self._clock())
        ticking = asyncio.get_running_loop().time
        told_at, piece, writer = ticking(), None, None
        try:
            # A step is a hop of its own: with one thread, everybody else goes in between.
            while (step := await self._pool(next, steps, None)) is not None:
                if isinstance(step, Progress):
                    if ticking() - told_at < _BETWEEN:
                        continue
                    if not await self._wanted(item, run):
                        return None
                    told_at = ticking()
                    said = views.working(run, step, self._today())
                    await self._slack.update(item.team_id, posted, said)
                    continue
                piece = step
                writer = await self._written(run, step, writer)
        finally:
            await self._pool(steps.close)
        if piece is None or not await self._wanted(item, run):
            return None
        if writer is None:
            return show_team_report(piece.report)
        return await self._sent(item, run, piece, writer)

    async def _written(
        self, run: ReportRun, piece: ReportPiece, writer: ReportWriter | None
    ) -> ReportWriter | None:
        if not run.wish.form:
            return None
        if writer is None:
            return await asyncio.to_thread(file_views.writer, run.wish.form, piece.report)
        await asyncio.to_thread(writer.add, piece.lines)
        return writer

    async def _sent(
        self, item: OutboxItem, run: ReportRun, piece: ReportPiece, writer: ReportWriter
    ) -> Message:
        """Sends the file. A copy is sent if it is not known whether it arrived."""
        said = file_views.report_came(piece.report, writer.added).text
        name = file_views.report_file_name(run.wish.choice.period, run.wish.form)
        with await asyncio.to_thread(writer.finish) as content:
            await self._slack.upload(
                item.team_id, piece.to, name=name, content=content, comment=said
            )
        return views.file_came(run.wish, self._today(), said)

    async def _wanted(self, item: OutboxItem, run: ReportRun) -> bool:
        return await self._pool(self._reports.under_way, item.team_id, run.id) is not None

    async def _end(self, item: OutboxItem, run: ReportRun, state: RunState) -> bool:
        return await self._pool(self._reports.end, item.team_id, run.id, state, self._clock())

    def _today(self) -> date:
        return self._clock().date()

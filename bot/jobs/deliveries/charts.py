"""Pictures of one's own time and of projects, in direct messages.

matplotlib is imported when the first one is drawn: it takes half a second, and whoever never asks
for one never waits for it. Drawing runs in a thread, so nobody else waits either.
"""

import asyncio
from collections.abc import Mapping

from bot.domain.clock import Clock
from bot.domain.errors import Vanished
from bot.domain.ids import MemberId, ProjectId
from bot.domain.outbox import OutboxItem
from bot.domain.periods import period_from
from bot.domain.reports.charts import own_chart_of
from bot.domain.reports.pictures import Bars, Climb
from bot.domain.reports.reports import OWN_GROUPS, Group, ReportChoice, narrowed_from
from bot.jobs.outbox import Delivery
from bot.services.pool import Pool
from bot.services.reports.burn_charts import BURN_CHART, BurnCharts
from bot.services.reports.own_charts import OWN_CHART, OwnCharts
from bot.slack import Slack
from bot.views.entries import files as file_views
from bot.views.message import Message, escaped
from bot.views.reports import burn_chart as burn_views
from bot.views.reports import chart as views


class ChartDeliveries:
    """One of which it is not known whether it arrived is sent again: it is only a copy."""

    def __init__(
        self, slack: Slack, pool: Pool, own: OwnCharts, burns: BurnCharts, clock: Clock
    ) -> None:
        self._slack = slack
        self._pool = pool
        self._own = own
        self._burns = burns
        self._clock = clock

    def kinds(self) -> Mapping[str, Delivery]:
        """By outbox kind."""
        return {OWN_CHART: self.own, BURN_CHART: self.burn}

    async def own(self, item: OutboxItem) -> None:
        """``report.chart``.

        Raises:
            Vanished: who asked has left, or what it is about is not there any more.
        """
        period = period_from(str(item.payload.get("period")))
        about = narrowed_from(str(item.payload.get("about")))
        group = str(item.payload.get("group"))
        if period is None or about is None or group not in set(OWN_GROUPS):
            raise Vanished("period")
        to, found = await self._pool(
            self._own.report,
            item.team_id,
            MemberId(item.id_of("member_id")),
            ReportChoice(period, Group(group), about),
            self._clock(),
        )
        if not found.total:
            await self._slack.post(item.team_id, to, Message(file_views.NOTHING_DRAWN))
            return
        bars, alt = views.own_chart(found, own_chart_of(found))
        await self._send(item, to, bars, alt)

    async def burn(self, item: OutboxItem) -> None:
        """``project.chart``.

        Raises:
            Vanished: the budget is gone, or who asked may not see it any more.
        """
        found = await self._pool(
            self._burns.chart,
            item.team_id,
            MemberId(item.id_of("member_id")),
            ProjectId(item.id_of("project_id")),
            self._clock(),
        )
        climb, alt = burn_views.burn_chart(found)
        await self._send(item, found.to, climb, alt)

    async def _send(self, item: OutboxItem, to: str, picture: Bars | Climb, alt: str) -> None:
        await self._slack.upload(
            item.team_id,
            to,
            name=CHART_NAME,
            content=await drawn(picture),
            comment=comment(picture),
            alt=alt,
        )


CHART_NAME = "hourlink-chart.png"


async def drawn(picture: Bars | Climb) -> bytes:
    """As PNG."""
    return await asyncio.to_thread(_draw, picture)


def comment(picture: Bars | Climb) -> str:
    """What is said with it."""
    return escaped(". ".join((picture.title, *picture.lines))) + "."


def _draw(picture: Bars | Climb) -> bytes:
    from bot.views.reports import burn_picture, chart_picture  # noqa: PLC0415 - see above

    if isinstance(picture, Climb):
        return burn_picture.draw(picture)
    return chart_picture.draw(picture)

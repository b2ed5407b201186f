"""Pictures of reports and budgets, in the direct messages of who asked."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import pytest

from bot.domain.errors import Vanished
from bot.domain.ids import OutboxId
from bot.domain.money.budgets import Budget, Every, Kind
from bot.domain.outbox import OutboxItem
from bot.jobs.deliveries.charts import ChartDeliveries
from bot.jobs.deliveries.report_files import ReportFileDeliveries
from bot.services.pool import Pool
from bot.services.reports.burn_charts import BURN_CHART, BurnCharts
from bot.services.reports.files import REPORT_FILE, ReportFiles
from bot.services.reports.own import Reports
from bot.services.reports.own_charts import OWN_CHART, OwnCharts
from bot.views.message import Message
from storage.money import budgets
from tests.builders import NOON
from tests.services.agency import Agency

if TYPE_CHECKING:
    from bot.slack import Slack

NOTHING = "There is nothing to draw: no time was tracked."


@dataclass
class Mailbox:
    """Takes what would go to Slack."""

    sent: list[tuple[str, str, str, str]] = field(default_factory=list)
    posted: list[str] = field(default_factory=list)

    async def upload(
        self, team_id: str, to: str, *, name: str, content: bytes, comment: str, alt: str
    ) -> None:
        """A picture in a direct message."""
        assert content.startswith(b"\x89PNG")
        self.sent.append((to, name, comment, alt))

    async def post(self, team_id: str, to: str, message: Message) -> None:
        """A sentence."""
        self.posted.append(message.text)


@pytest.fixture
def agency(sqlite_url: str) -> Iterator[Agency]:
    """With a day of Ana's and of Bo's time."""
    made = Agency(sqlite_url)
    made.world.length(made.ana, made.website, made.web12, NOON, 5400)
    made.world.length(made.bo, made.website, None, NOON, 3600)
    yield made
    made.world.close()


def item(agency: Agency, kind: str, **payload: str | int) -> OutboxItem:
    """A wish, as it waits in the outbox."""
    return OutboxItem(
        id=OutboxId(1),
        team_id=agency.world.team_id,
        kind=kind,
        payload={"member_id": agency.ana.id, **payload},
        marker="m",
        attempts=0,
        may_have_happened=False,
    )


def sends(agency: Agency, one: OutboxItem) -> Mailbox:
    """Delivers; what arrived."""
    mailbox, pool = Mailbox(), Pool(1)
    slack, uow = cast("Slack", mailbox), agency.world.uow
    files = ReportFiles(uow)
    charts = ChartDeliveries(
        slack, pool, OwnCharts(uow, Reports(uow)), BurnCharts(uow, files), lambda: NOON
    )
    of_reports = ReportFileDeliveries(slack, pool, files, lambda: NOON)
    kinds: Mapping[str, Callable[[OutboxItem], Awaitable[None]]] = {
        **charts.kinds(),
        REPORT_FILE: of_reports.send,
    }

    async def deliver() -> None:
        await kinds[one.kind](one)

    try:
        asyncio.run(deliver())
    finally:
        pool.close()
    return mailbox


TEAM: dict[str, str | int] = {
    "period": "m2026-11-01",
    "group": "person",
    "filters": ";;;;",
    "team": 1,
    "form": "png",
}
OWN: dict[str, str | int] = {"period": "m2026-11-01", "group": "task", "about": ""}


def test_a_team_report_as_a_picture(agency: Agency) -> None:
    """Named by its days, with a line that says whose time it is, and what it shows in words."""
    ((to, name, said, alt),) = sends(agency, item(agency, REPORT_FILE, **TEAM)).sent
    assert to == agency.ana.slack_user_id
    assert name == "hourlink-report-2026-11-01-to-2026-11-30.png"
    assert said == (
        "Time on your projects by person. November 2026. "
        "2 h 30 m in all, 100 % billable. Earned by the hour: 225.00 EUR."
    )
    assert alt.endswith("Ana: 1 h 30 m. Bo: 1 h.")


def test_ones_own_report_as_a_picture(agency: Agency) -> None:
    """With the running timer, which the text counts too."""
    ((_, _, said, alt),) = sends(agency, item(agency, OWN_CHART, **OWN)).sent
    assert said == "Your time by task. November 2026. 1 h 30 m in all."
    assert alt.endswith("WEB-12 Fix the header: 1 h 30 m.")


def test_a_picture_of_a_budget(agency: Agency) -> None:
    """It ends at what the project's page says is used."""
    budget = Budget(Kind.MONEY, 50_000, Every.MONTH, "EUR")
    with agency.world.uow.begin() as tx:
        budgets.replace(
            tx, agency.world.team_id, {agency.website: budget}, by=agency.admin.id, now=NOON
        )
    ((_, _, said, _),) = sends(agency, item(agency, BURN_CHART, project_id=agency.website)).sent
    assert said == (
        "Website. Budget of 500.00 EUR a month, this month: Sun 1 to Mon 30 Nov. "
        "45 % used, 225.00 EUR, 275.00 EUR left."
    )


def test_no_picture_of_nothing(agency: Agency) -> None:
    """A sentence comes in its place."""
    empty: dict[str, str | int] = {"period": "m2026-10-01"}
    for one in (
        item(agency, REPORT_FILE, **{**TEAM, **empty}),
        item(agency, OWN_CHART, **{**OWN, **empty}),
    ):
        mailbox = sends(agency, one)
        assert (mailbox.sent, mailbox.posted) == ([], [NOTHING])


def test_what_cannot_be_made_is_dropped(agency: Agency) -> None:
    """A period that is none, a budget that is gone, a project that is not theirs."""
    for one in (
        item(agency, OWN_CHART, **{**OWN, "period": "x"}),
        item(agency, OWN_CHART, **{**OWN, "about": "p999"}),
        item(agency, BURN_CHART, project_id=agency.website),
        item(agency, BURN_CHART, project_id=999),
    ):
        with pytest.raises(Vanished):
            sends(agency, one)

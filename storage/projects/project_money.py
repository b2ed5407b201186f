"""What a project's time has brought."""

from datetime import date

from sqlalchemy import case, select

from bot.domain.ids import ProjectId, TeamId
from bot.domain.projects.project_money import Earnings
from storage.entries.time_entries import TimeEntryRow
from storage.money.priced import eras, priced, purse
from storage.sql import table
from storage.unit_of_work import Tx

_E = table(TimeEntryRow).c


def earnings(
    tx: Tx, team_id: TeamId, project_id: ProjectId, month: date
) -> tuple[Earnings, Earnings]:
    """From a day on, and of all days."""
    is_recent = case((_E.work_date >= month, 1), else_=0).label("is_recent")
    where = (_E.team_id == team_id, _E.project_id == project_id)
    prices = priced(team_id, where, [is_recent], era=eras(tx, team_id, date.min, date.max))
    recent = prices.keys["is_recent"]
    query = (
        select(
            recent.label("is_recent"),
            prices.currency.label("currency"),
            prices.seconds.label("seconds"),
            prices.billable.label("billable"),
            prices.unpriced.label("unpriced"),
            prices.earned.label("earned"),
        )
        .select_from(prices.source)
        .group_by(recent, prices.currency)
    )
    rows = tx.execute(query).all()

    def added(*which: int) -> Earnings:
        some = [row for row in rows if row.is_recent in which]
        seconds, billable, unpriced = (
            sum(int(getattr(row, name)) for row in some)
            for name in ("seconds", "billable", "unpriced")
        )
        return Earnings(seconds, billable, tuple(purse(some)), unpriced)

    return added(1), added(0, 1)

"""A project's money, as far as who asks may see it (M1, M3)."""

from dataclasses import replace
from datetime import date

from bot.domain.ids import ProjectId, TeamId
from bot.domain.money.billing import Method, terms_on
from bot.domain.money.budgets import Burn, Kind
from bot.domain.money.money import AN_HOUR, Money
from bot.domain.projects.project_money import Earnings, ProjectMoney
from bot.services.money.budgets import burn_of
from storage.money import billing, clients
from storage.projects import project_money
from storage.unit_of_work import Tx


def money_of(
    tx: Tx, team_id: TeamId, project_id: ProjectId, today: date, *, own: bool, sees: bool
) -> ProjectMoney:
    """How the project is billed, and what it has brought.

    Args:
        tx: The open transaction.
        team_id: The fence; that who looks may see the project is known.
        project_id: The project.
        today: Their present day.
        own: They see their own time alone.
        sees: They may see amounts of money.
    """
    terms = terms_on(billing.terms(tx, team_id, [project_id]).get(project_id, ()), today)
    client = None
    if terms is not None and terms.client_id is not None:
        client = clients.names(tx, team_id, [terms.client_id]).get(terms.client_id)
    if own and not sees:
        return ProjectMoney(client, None)
    burn = burn_of(tx, team_id, project_id, today)
    month, total = project_money.earnings(tx, team_id, project_id, today.replace(day=1))
    if not sees:
        shown = None if terms is None else replace(terms, fee=None)
        return ProjectMoney(
            client, shown, month=_hours(month), total=_hours(total), burn=_veiled(burn)
        )
    rates = [
        one
        for one in billing.rates(tx, team_id, projects=[project_id])
        if one.member_id is None and one.from_day <= today
    ]
    per_hour = None
    if terms is not None and terms.method is Method.FIXED_FEE and terms.fee and total.billable:
        per_hour = Money(
            (2 * terms.fee * AN_HOUR + total.billable) // (2 * total.billable), terms.currency
        )
    return ProjectMoney(client, terms, tuple(rates), sees, month, total, per_hour, burn)


def _hours(one: Earnings) -> Earnings:
    return replace(one, earned=(), unpriced=0)


def _veiled(burn: Burn | None) -> Burn | None:
    """The same percentage without the amounts, where those are money."""
    if burn is None or burn.budget.kind is Kind.HOURS:
        return burn
    budget = replace(burn.budget, amount=_HUNDRED, currency=None)
    return replace(burn, budget=budget, spent=burn.percent * AN_HOUR)


_HUNDRED = 100

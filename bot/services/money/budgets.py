"""Budgets: setting them, seeing what of them is used, warning once as they fill up (M2)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.domain.days import work_date
from bot.domain.entries.entries import TaskLabel, zone_of
from bot.domain.ids import ProjectId, TeamId
from bot.domain.money.billing import terms_on
from bot.domain.money.billing_errors import AmountForNothing, BudgetMissing, CurrenciesMixed
from bot.domain.money.budgets import (
    Budget,
    BudgetForm,
    BudgetSet,
    BudgetWish,
    Burn,
    Every,
    Kind,
    OverBudget,
    money_of,
    period_of,
    read_hours,
    read_thresholds,
)
from bot.domain.money.money import read_amount
from bot.domain.people.people import Member
from bot.domain.preferences import TeamSettings
from bot.services import rights
from bot.services.money.billing import targets
from bot.services.money.budget_warnings import warn
from storage import members, teams
from storage.money import billing, budgets
from storage.operating import audit
from storage.projects import project_people
from storage.unit_of_work import Tx, UnitOfWork


class Budgets:
    """Use cases by admins, on one project or many."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._new_marker = new_marker

    def form(self, *, who: Member, project_ids: Sequence[ProjectId], now: datetime) -> BudgetForm:
        """What holds now.

        Raises:
            AdminOnly: who asks may not.
            Vanished: one of them is not this team's.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            found = targets(tx, who.team_id, project_ids)
            currencies = _currencies(tx, who, project_ids, now)
            if len(found) > 1:
                return BudgetForm(None, len(found), None, currencies)
            (project_id,) = found
            held = budgets.of_projects(tx, who.team_id, [project_id])
            return BudgetForm(found[project_id].name, 1, held.get(project_id), currencies)

    def set(
        self, *, who: Member, project_ids: Sequence[ProjectId], wish: BudgetWish, now: datetime
    ) -> BudgetSet:
        """The projects have this budget from now on; what it has reached already is told at once.

        Thresholds that a larger budget has not reached any more are warned of again.

        Raises:
            AdminOnly: who asks may not.
            Vanished: one of them is not this team's.
            BudgetMissing: a budget needs an amount.
            AmountForNothing: there is one, and neither is a budget wanted nor was there any.
            BadInput: the amount or the thresholds cannot be understood.
            CurrenciesMixed: one amount for projects in several currencies.
        """
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            team_id = who.team_id
            teams.lock(tx, team_id)
            targets(tx, team_id, project_ids)
            held = budgets.of_projects(tx, team_id, project_ids)
            # Where a budget is taken away, its amount is still in the field.
            if wish.kind is None and wish.amount.strip() and not held:
                raise AmountForNothing
            budget = _read(wish, _currencies(tx, who, project_ids, now))
            changed = [one for one in project_ids if held.get(one) != budget]
            wanted = dict.fromkeys(changed, budget)
            budgets.replace(tx, team_id, wanted, by=who.id, now=now)
            audit.record_many(
                tx,
                team_id,
                actor=who.id,
                action="project.budget",
                now=now,
                before={f"project:{one}": _told(held.get(one)) for one in changed},
                after=[(f"project:{one}", _told(budget)) for one in changed],
            )
            today = work_date(now, zone_of(who.zone))
            for one in changed if budget is not None else ():
                self._begin_anew(tx, team_id, one, today, now)
            idle = 0
            if budget is not None and budget.kind is Kind.MONEY:
                idle = len(set(project_ids) - budgets.hourly(tx, team_id, project_ids))
            return BudgetSet(len(project_ids), len(changed), budget, idle)

    def _begin_anew(
        self, tx: Tx, team_id: TeamId, project_id: ProjectId, today: date, now: datetime
    ) -> None:
        burn = burn_of(tx, team_id, project_id, today)
        if burn is None:
            return
        known = budgets.warned(tx, team_id, project_id, burn.first)
        gone = {one for one in known if not burn.budget.has_reached(one, burn.spent)}
        budgets.forget(tx, team_id, project_id, burn.first, gone)
        warn(tx, team_id, project_id, burn, now=now, new_marker=self._new_marker)


def burn_of(tx: Tx, team_id: TeamId, project_id: ProjectId, day: date) -> Burn | None:
    """What of a project's budget is used in the period around a day; None without a budget."""
    budget = budgets.of_projects(tx, team_id, [project_id]).get(project_id)
    if budget is None:
        return None
    when = period_of(budget.every, day, teams.settings(tx, team_id).week_start)
    return Burn(budget, when.first, budgets.spent(tx, team_id, project_id, budget, when))


def require_budget(tx: Tx, who: Member, on: TaskLabel, today: date, team: TeamSettings) -> None:
    """Refuses to start a timer where the budget is used up, if the team chose that.

    Raises:
        OverBudget: it is.
    """
    if not team.over_budget_blocks:
        return
    periods = {every: period_of(every, today, team.week_start) for every in Every}
    burn = budgets.at_start(tx, who.team_id, on.project_id, periods)
    if burn is None or not burn.budget.is_used_up(burn.spent):
        return
    named = project_people.managers(tx, who.team_id, on.project_id)
    people = members.by_ids(tx, who.team_id, named)
    names = tuple(people[one].name for one in named)
    raise OverBudget(on.project_name, burn.percent, names)


def _currencies(
    tx: Tx, who: Member, project_ids: Sequence[ProjectId], now: datetime
) -> tuple[str, ...]:
    today = work_date(now, zone_of(who.zone))
    own = teams.settings(tx, who.team_id).currency
    held = billing.terms(tx, who.team_id, project_ids)
    present = (terms_on(held.get(one, ()), today) for one in project_ids)
    return tuple(sorted({own if one is None else one.currency for one in present}))


def _read(wish: BudgetWish, currencies: tuple[str, ...]) -> Budget | None:
    if wish.kind is None:
        return None
    if not wish.amount.strip():
        raise BudgetMissing
    plain = Budget(wish.kind, 0, wish.every, thresholds=read_thresholds(wish.thresholds))
    if wish.kind is Kind.HOURS:
        return replace(plain, amount=read_hours(wish.amount))
    if len(currencies) > 1:
        raise CurrenciesMixed(currencies)
    amount = read_amount(wish.amount, currencies[0])
    if not amount.minor:
        raise BudgetMissing
    return replace(plain, amount=amount.minor, currency=amount.currency)


def _told(budget: Budget | None) -> dict[str, object]:
    if budget is None:
        return {"budget": ""}
    hours = f"{budget.amount / 3600:g} h"
    money = money_of(budget)
    return {
        "budget": hours if money is None else str(money),
        "every": budget.every.value,
        "warned at": [f"{one} %" for one in budget.thresholds],
    }

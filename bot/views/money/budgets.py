"""Budgets on the screen: the form, how much is used, and warnings (M2)."""

from collections.abc import Mapping

from bot.domain.money.budgets import (
    THRESHOLDS,
    Budget,
    BudgetForm,
    BudgetSet,
    BudgetWarning,
    Burn,
    Every,
    HoursNotUnderstood,
    Kind,
    OverBudget,
    ThresholdsNotUnderstood,
    money_of,
)
from bot.views.message import (
    Block,
    Message,
    Modal,
    actions,
    button,
    clipped,
    context,
    escaped,
    form_input,
    section,
)
from bot.views.money.budget_words import BUDGET, amount_of, whole
from bot.views.projects.forms import back
from bot.views.projects.listing import PROJECT
from bot.views.projects.place import Place
from bot.views.saying import says
from bot.views.settings.fields import one_of
from bot.views.times import day as dated
from bot.views.words import counted, quoted

KIND, AMOUNT, EVERY, WARN_AT = "kind", "amount", "every", "warn_at"
NO_BUDGET = "none"

_NAME = 120
_NAMED = 3
_KINDS: Mapping[str, str] = {
    NO_BUDGET: "No budget",
    Kind.HOURS.value: "Hours, billable or not",
    Kind.MONEY.value: "Money, what the hours earn",
}
_EVERY: Mapping[Every, str] = {
    Every.ONCE: "Once, for all the project's time",
    Every.WEEK: "Anew each week",
    Every.MONTH: "Anew each month",
}


def budget_form(found: BudgetForm, place: Place) -> Modal:
    """How much may be spent, how often anew, and when people are warned."""
    budget = found.budget
    amount: Block = {"type": "plain_text_input", "max_length": 30}
    if budget is not None:
        amount["initial_value"] = _typed(budget)
    at = THRESHOLDS if budget is None else budget.thresholds
    warn_at: Block = {"type": "plain_text_input", "max_length": 60}
    if at:
        warn_at["initial_value"] = ", ".join(str(one) for one in at)
    if found.project is None:
        which = f"each of the {counted(found.projects, 'ticked project')}"
    else:
        which = f"*{escaped(clipped(found.project, _NAME))}*"
    currencies = " and ".join(found.currencies)
    every = Every.ONCE if budget is None else budget.every
    blocks: list[Block] = [
        section(f"How much may be spent on {which}?"),
        one_of("Budget", KIND, _KINDS, NO_BUDGET if budget is None else budget.kind.value),
        form_input(
            "Amount", AMOUNT, amount, hint=f"Hours, or an amount in {currencies}.", optional=True
        ),
        one_of("It counts", EVERY, {one.value: said for one, said in _EVERY.items()}, every.value),
        form_input(
            "Warn at so many percent",
            WARN_AT,
            warn_at,
            hint="Once each in every period: the project's managers, and its channel without "
            "money. Empty warns nobody.",
            optional=True,
        ),
        actions(*back(place)),
    ]
    return Modal(BUDGET, "Budget", blocks, submit="Save", metadata=place.metadata())


def budget_set(done: BudgetSet) -> str:
    """What saving did."""
    if not done.changed:
        return "Nothing was different, so nothing was changed."
    where = "" if done.projects == 1 else f" on {counted(done.changed, 'project')}"
    if done.budget is None:
        return f"Saved{where}: no budget."
    said = f"Saved{where}: a budget of {whole(done.budget)}."
    if done.earning_nothing:
        which = (
            "Its hours earn" if done.projects == 1 else f"Hours of {done.earning_nothing:,} earn"
        )
        said += f" {which} nothing, so it does not fill up there: see *Billing*."
    return said


def told(warning: BudgetWarning) -> Message:
    """To one of those whom it concerns."""
    said = f"*{_project(warning)}* has used {_used(warning, sees_money=warning.sees_money)}"
    show = button("Open project", PROJECT, str(warning.project_id), says="Open the project")
    return Message(said, [section(said), actions(show)])


def posted(warning: BudgetWarning) -> Message:
    """To the project's channel, where no money is told."""
    said = f"*{_project(warning)}* has used {_used(warning, sees_money=False)}"
    return Message(said, [section(said), context("The project's managers were told, too.")])


def _used(warning: BudgetWarning, *, sees_money: bool) -> str:
    burn = warning.burn
    said = f"{burn.percent} % of its budget{_when(burn)}"
    if burn.budget.kind is Kind.HOURS or sees_money:
        said += (
            f": {amount_of(burn.budget, burn.spent)} of {amount_of(burn.budget, burn.budget.whole)}"
        )
    if burn.budget.is_used_up(burn.spent):
        return f"{said}. It is used up."
    return f"{said}."


def _when(burn: Burn) -> str:
    match burn.budget.every:
        case Every.ONCE:
            return ""
        case Every.WEEK:
            return f" for the week of {dated(burn.first)}"
        case Every.MONTH:
            return f" for {burn.first:%B %Y}"


def _project(warning: BudgetWarning) -> str:
    return escaped(clipped(warning.project, _NAME))


def _typed(budget: Budget) -> str:
    money = money_of(budget)
    return f"{budget.amount / 3600:g}" if money is None else str(money.plain)


@says(OverBudget)
def _over_budget(error: OverBudget) -> str:
    shown = ", ".join(escaped(one) for one in error.managers[:_NAMED])
    who = f"{shown} and the admins" if shown else "An admin"
    return (
        f"The budget of *{escaped(clipped(error.project, _NAME))}* is used up ({error.percent} %), "
        f"so no timer starts on it. Nothing was changed. {who} can see to it; time can be logged."
    )


@says(HoursNotUnderstood)
def _hours(error: HoursNotUnderstood) -> str:
    return f"{quoted(error.text)} is no number of hours. Write it like 120 or 37.5."


@says(ThresholdsNotUnderstood)
def _thresholds(error: ThresholdsNotUnderstood) -> str:
    return f"{quoted(error.text)} are no percentages. Write them like 50, 80, 100."

"""Clients, billing and budgets on the screen: within Slack's limits, whatever things are called."""

from datetime import date

import pytest

from bot.domain.entries.entries import TaskLabel
from bot.domain.ids import ClientId, MemberId, ProjectId, RateId, TaskId
from bot.domain.money.billing import ALWAYS, Client, Method, Rate, Terms
from bot.domain.money.billing_forms import (
    BillingForm,
    ClientLine,
    ClientQuery,
    ClientsPage,
    RateLine,
    RatesPage,
    TaskChoice,
    TasksForm,
    TermsLine,
)
from bot.domain.money.budgets import Budget, BudgetForm, BudgetWarning, Burn, Every, Kind
from bot.domain.money.money import MOST, Money
from bot.domain.projects.project_money import Earnings, ProjectMoney
from bot.domain.projects.project_summary import (
    Hours,
    PersonHours,
    ProjectSummary,
    Standing,
    TaskHours,
)
from bot.views.message import Modal
from bot.views.money import billing, budgets, clients, rates
from bot.views.money.clients import Place as ClientPlace
from bot.views.projects import table as projects_table
from bot.views.projects.place import Place, Room
from playground.rules import check_message, check_view

LONG = "<!channel> & *Müller* " * 9
DAY = date(2026, 11, 20)
PLACE = Place().at(Room.PROJECT, 7)
ACME = Client(ClientId(1), LONG, "EUR")
TERMS = Terms(DAY, Method.FIXED_FEE, "EUR", ACME.id, MOST)
RATE = Rate(RateId(10**17), DAY, "EUR", MOST, ProjectId(7), MemberId(3))
BUDGET = Budget(Kind.MONEY, MOST, Every.MONTH, "EUR", (50, 80, 100))
PAGE = ClientsPage(ClientQuery(LONG[:100], 3, 9), (ClientLine(ACME, 1200),) * 15, 400, "EUR")
FORM = BillingForm(
    LONG,
    1,
    ACME,
    TERMS,
    (TermsLine(TERMS, LONG),) * 12,
    (RATE,) * 40,
    ("EUR",),
    12,
    had_client=True,
)


@pytest.mark.parametrize(
    "modal",
    [
        clients.clients(PAGE),
        clients.client_form(ClientLine(ACME, 3), ClientPlace(PAGE.query, 1), "EUR"),
        clients.merge_form(ClientLine(ACME, 3), ClientPlace(PAGE.query, 1)),
        billing.client_form(FORM, PLACE, DAY),
        billing.billing_form(FORM, PLACE, DAY),
        rates.rates_form(
            RatesPage(ProjectId(7), LONG, "EUR", (RateLine(RATE, LONG),) * 15, 400, 2),
            PLACE.metadata(),
            DAY,
        ),
        rates.tasks_form(TasksForm(LONG, (TaskChoice(TaskId(1), LONG),) * 20, 900), PLACE),
        budgets.budget_form(BudgetForm(LONG, 1, BUDGET, ("EUR",)), PLACE),
    ],
    ids=lambda modal: modal.callback_id,
)
def test_every_form_fits_slack(modal: Modal) -> None:
    """Long names, large amounts, much history; nobody is called by a name that mentions."""
    view = check_view(modal.as_view(), "modal")
    said = [one["text"]["text"] for one in view["blocks"] if one["type"] == "section"]
    assert "<!channel>" not in " ".join(said)


def test_a_warning_fits_slack() -> None:
    """To a person and to a channel."""
    burn = Burn(BUDGET, DAY.replace(day=1), MOST * 3600)
    warning = BudgetWarning(ProjectId(7), LONG, burn, sees_money=True)
    for message in (budgets.told(warning), budgets.posted(warning)):
        check_message(list(message.blocks), message.text)
        assert "<!channel>" not in message.text
    assert "EUR" not in budgets.posted(warning).text


def test_a_project_as_a_table_fits_slack_and_says_everything_in_its_text() -> None:
    """Screen readers read the text alone."""
    hours = Hours(3600, 7200, 10**9)
    on = TaskLabel(ProjectId(7), LONG, TaskId(1), "WEB-12", LONG)
    found = ProjectSummary(
        id=ProjectId(7),
        name=LONG,
        code="WEB",
        colour=None,
        standing=Standing.ADMIN,
        follows_name=False,
        archived_at=None,
        is_archived_there=False,
        links=(),
        links_total=0,
        syncs=(),
        managers=(),
        people=(),
        people_total=0,
        running=0,
        hours=hours,
        by_person=(PersonHours("Mia", hours),) * 5,
        by_person_total=40,
        by_task=(TaskHours(on, hours),) * 5,
        by_task_total=1,
        money=ProjectMoney(
            LONG,
            Terms(ALWAYS, Method.PROJECT_RATE, "EUR"),
            (RATE,),
            sees_money=True,
            month=Earnings(10, 5, (Money(MOST, "EUR"), Money(MOST, "USD"))),
            total=Earnings(10, 5, (Money(MOST, "EUR"),), 3),
            burn=Burn(BUDGET, DAY, 5),
        ),
    )
    message = projects_table.as_message(found)
    check_message(list(message.blocks), message.text)
    for words in ("Mia: 1 h, 2 h,", "WEB-12", "EUR", "50 % billable", "35 more people"):
        assert words in message.text

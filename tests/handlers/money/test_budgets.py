"""The budget form, for one project and for many, at the keyboard of an admin (M2, L11)."""

from collections.abc import Iterator

import pytest

from bot.domain.ids import ProjectId
from bot.domain.money.budgets import Budget, Every, Kind
from handlers.replies import FieldErrors
from storage.money import budgets
from tests.handlers.projects_desk import Desk
from tests.services.office import Office


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """Website and Operations."""
    office = Office(database_url)
    office.second_site()
    made = Desk(office)
    yield made
    made.close()
    office.world.close()


def held(desk: Desk) -> dict[ProjectId, Budget]:
    """The budgets of all projects."""
    with desk.office.world.uow.read() as tx:
        ids = [ProjectId(one) for one in range(1, 10)]
        return budgets.of_projects(tx, desk.office.world.team_id, ids)


def test_a_budget_is_set_changed_and_taken_away(desk: Desk) -> None:
    """The form shows what holds; the page says how much is used."""
    desk.opens()
    desk.clicks("Open", on="Website")
    desk.clicks("Budget")
    assert desk.submits(kind="hours", amount="37,5", every="month") is None
    assert "a budget of 37 h 30 m a month" in desk.text()
    assert "0 % used this month" in desk.text()
    desk.clicks("Budget")
    assert "37.5" in desk.text()
    desk.submits(kind="money", amount="5,000", every="once", warn_at="90")
    assert "5,000.00 USD" in desk.text()
    assert "does not fill up" in desk.text()
    assert held(desk)[desk.office.website] == Budget(Kind.MONEY, 500_000, Every.ONCE, "USD", (90,))
    desk.clicks("Budget")
    desk.submits(kind="none")
    assert held(desk) == {}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "hours", "amount": ""}, "amount"),
        ({"kind": "hours", "amount": "many"}, "no number of hours"),
        ({"kind": "money", "amount": "0"}, "above zero"),
        ({"kind": "none", "amount": "80"}, "what the amount is for"),
        ({"kind": "hours", "amount": "10", "warn_at": "half"}, "percentages"),
    ],
)
def test_what_is_wrong_is_said_under_its_field(
    desk: Desk, fields: dict[str, str], said: str
) -> None:
    """Nothing is saved."""
    desk.opens()
    desk.clicks("Open", on="Website")
    desk.clicks("Budget")
    reply = desk.submits(None, **fields)
    assert isinstance(reply, FieldErrors)
    assert said in " ".join(reply.errors.values())
    assert held(desk) == {}


def test_many_projects_get_a_budget_at_once(desk: Desk) -> None:
    """Each of what is ticked has all of it."""
    desk.opens()
    desk.clicks("Choose several")
    desk.submits(ticks={"Website": True, "Operations": True})
    desk.clicks("Budget...")
    assert "each of the 2 ticked projects" in desk.text()
    desk.submits(kind="hours", amount="20", every="week")
    assert "on 2 projects" in desk.text()
    assert set(held(desk).values()) == {Budget(Kind.HOURS, 20 * 3600, Every.WEEK)}

"""What saving a client, a rate or a budget says, and what it leaves alone (M1, M2)."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from bot.domain.preferences import TeamSettings
from storage import teams
from tests.builders import NOON
from tests.handlers.money.billing_steps import makes, project, seen
from tests.handlers.projects_desk import Desk
from tests.services.office import Office

DAY = timedelta(days=1)
"""NOON is Friday, 20 November 2026."""


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """Website; Ana is on it."""
    made = Office(database_url)
    yield made
    made.world.close()


@pytest.fixture
def desk(office: Office) -> Iterator[Desk]:
    """The admin's."""
    made = Desk(office)
    yield made
    made.close()


def test_what_is_saved_is_told_with_its_amount_and_its_day(desk: Desk) -> None:
    """A rate that was read otherwise than it was meant shows at once."""
    project(desk)
    desk.clicks("Billing")
    desk.submits(method="project", amount="80")
    assert "one rate for the project, 80.00 USD, from the beginning." in desk.text()
    desk.clicks("Billing")
    desk.submits(method="project", amount="80.555", since="2026-11-15")
    assert "80,555.00 USD, from 15 Nov 2026." in desk.text()
    desk.clicks("Billing")
    desk.submits(method="person", amount="80", since="")
    assert "each person's own rate, from the beginning. The amount is not used" in desk.text()
    desk.clicks("Client")
    desk.submits(since="2026-11-15")
    assert "Nothing was different" in desk.text()


def test_a_second_rate_of_people_begins_today_and_one_of_no_use_is_told(
    desk: Desk, office: Office
) -> None:
    """A raise does not price the year anew by an empty field."""
    ana = office.ana.slack_user_id
    for day in (NOON - 10 * DAY, NOON):
        office.world.length(office.ana, office.website, None, day, 3600)
    project(desk)
    desk.clicks("Billing")
    desk.submits(method="person")
    desk.clicks("Billing")
    desk.clicks("People's rates here")
    desk.submits(people=ana, per_hour="60")
    assert "60.00 USD an hour, from the beginning." in desk.text()
    desk.submits(people=ana, per_hour="70")
    assert "70.00 USD an hour, from 20 Nov 2026." in desk.text()
    assert "130.00 USD" in seen(desk)
    desk.submits(people=ana, per_hour="80", currency="EUR")
    assert "The project is billed in USD, so this earns nothing there." in desk.text()


def test_prices_of_closed_months_do_not_change_in_silence(desk: Desk, office: Office) -> None:
    """A rate from the beginning touches October, which is closed; one from today does not."""
    closed = TeamSettings(closed_through=date(2026, 10, 31))
    with office.world.uow.begin() as tx:
        teams.save_settings(tx, office.world.team_id, closed)
    acme = makes(desk, "Acme")
    warned = "Time of closed months is priced anew by this, up to October 2026"
    project(desk)
    desk.clicks("Billing")
    desk.submits(method="project", amount="80")
    assert warned not in desk.text()  # nothing was tracked in them
    office.world.length(office.ana, office.website, None, NOON - 30 * DAY, 3600)
    for since, told in (("", True), ("2026-10-31", False), ("2026-11-01", False)):
        desk.clicks("Billing")
        desk.submits(method="project", amount="95", since=since)
        assert (warned in desk.text()) is told
    desk.clicks("Client")
    desk.submits(client=acme, since="2026-10-01")
    assert warned in desk.text()
    desk.clicks("Billing")
    desk.clicks("People's rates here")
    desk.submits(people=office.ana.slack_user_id, per_hour="60")
    assert warned in desk.text()
    desk.submits(people=office.admin.slack_user_id, per_hour="60", rate_since="")
    assert warned not in desk.text()


def test_what_is_removed_tells_of_closed_months_too(desk: Desk, office: Office) -> None:
    """Taking a price away changes what was billed as much as setting one."""
    closed = TeamSettings(closed_through=date(2026, 10, 31))
    with office.world.uow.begin() as tx:
        teams.save_settings(tx, office.world.team_id, closed)
    office.world.length(office.ana, office.website, None, NOON - 30 * DAY, 3600)
    warned = "Removed. Time of closed months is priced anew by this, up to October 2026"
    project(desk)
    desk.clicks("Billing")
    desk.submits(method="project", amount="80")
    desk.clicks("Billing")
    desk.submits(method="project", amount="95", since="2026-11-01")
    desk.clicks("Billing")
    desk.clicks("Remove", on="95.00 USD")
    assert "Removed." in desk.text()
    assert "closed months" not in desk.text()
    desk.clicks("Remove", on="80.00 USD")
    assert warned in desk.text()
    desk.clicks("Remove", on="from the beginning")
    assert warned in desk.text()
    desk.clicks("People's rates here")
    for person in (office.admin, office.ana):
        desk.submits(people=person.slack_user_id, per_hour="60", rate_since="")
        desk.clicks("Remove", on="60.00 USD")
        assert (warned in desk.text()) is (person == office.ana)


def test_a_budget_that_new_time_does_not_fill_says_so(desk: Desk) -> None:
    """Another currency than the project has by now, or hours that earn nothing."""
    acme = makes(desk, "Acme", "EUR")
    project(desk)
    desk.clicks("Billing")
    desk.submits(method="project", amount="80")
    desk.clicks("Budget")
    desk.submits(kind="money", amount="500")
    assert "does not fill" not in seen(desk)
    desk.clicks("Client")
    desk.submits(client=acme)
    assert "billed in EUR now, so new time does not fill a budget in USD" in seen(desk)
    desk.clicks("Client")
    desk.submits(client="", since="")
    desk.clicks("Billing")
    desk.submits(method="fixed", amount="500", since="")
    assert "Its hours earn nothing now, so new time does not fill the budget" in seen(desk)

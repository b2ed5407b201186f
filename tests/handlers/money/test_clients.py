"""Clients, billing, rates and tasks that are not billed, at the keyboard of an admin (M1)."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.domain.ids import ClientId
from bot.domain.money.billing import ALWAYS, Method, Terms
from bot.domain.money.billing_forms import nothing_agreed, with_client, with_method
from bot.domain.people.people import Member
from bot.domain.preferences import MoneySeenBy, TeamSettings
from bot.services.projects.summary import ProjectSummaries
from bot.views.projects.money import money
from handlers.replies import FieldErrors
from storage.money import billing
from storage.money.clients import ClientRow
from storage.operating.audit import AuditRow
from storage.projects import project_people
from tests.builders import NOON
from tests.handlers.money.billing_steps import makes, project, seen
from tests.handlers.projects_desk import Desk
from tests.services.office import Office

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
"""NOON is Friday, 20 November 2026."""


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """Website and Operations; Ana is on Website."""
    made = Office(database_url)
    made.second_site()
    yield made
    made.world.close()


@pytest.fixture
def desk(office: Office) -> Iterator[Desk]:
    """The admin's."""
    made = Desk(office)
    yield made
    made.close()


def wrong(reply: FieldErrors | None) -> str:
    """What is said under the fields."""
    assert isinstance(reply, FieldErrors)
    return " ".join(reply.errors.values())


def actions(office: Office) -> list[str]:
    """What stands in the audit log."""
    with office.world.uow.read() as tx:
        return list(tx.execute(select(col(AuditRow.action)).order_by(col(AuditRow.id))).scalars())


def test_a_client_is_made_renamed_archived_and_brought_back(desk: Desk, office: Office) -> None:
    """Each step says what it did, and stands in the audit log."""
    makes(desk, "Acme Inc.")
    assert "Acme Inc." in desk.text()
    desk.clicks("Open", on="Acme Inc.")
    assert desk.submits(name="Acme GmbH", currency="eur") is None
    assert "Acme GmbH" in desk.text()
    desk.clicks("Open", on="Acme GmbH")
    desk.clicks("Archive")
    assert "not offered any more" in desk.text()
    assert desk.looks_up("clients.find", "acme") == []
    desk.clicks("Bring back")
    assert actions(office) == ["client.create", "client.edit", "client.archive", "client.restore"]


def test_what_is_wrong_with_a_client_is_said_under_its_field(desk: Desk) -> None:
    """A name that is there, none at all, a currency that is none."""
    makes(desk, "Acme")
    desk.lists_clients()
    desk.clicks("New client")
    assert "already" in wrong(desk.submits(name="ACME", currency="EUR"))
    assert "no currency" in wrong(desk.submits(name="Other", currency="EUX"))
    assert wrong(desk.submits(name="  ", currency="EUR")) == "Give it a name."


def test_a_name_under_a_field_is_read_as_it_is_written(desk: Desk) -> None:
    """Slack marks up nothing there, so nothing is escaped."""
    makes(desk, "R&D")
    desk.lists_clients()
    desk.clicks("New client")
    assert "R&D" in wrong(desk.submits(name="R&D", currency="EUR"))


def test_the_list_is_searched_and_paged(desk: Desk) -> None:
    """Forty clients: fifteen a page, and words find one."""
    for number in range(40):
        makes(desk, f"Client {number:02d}")
    desk.lists_clients()
    assert "Client 14" in desk.text()
    assert "Client 15" not in desk.text()
    desk.clicks("Next")
    assert "Client 15" in desk.text()
    desk.chooses("clients.search", "37")
    assert "Client 37" in desk.text()
    assert "Client 15" not in desk.text()


def test_merging_moves_everything_of_all_days(desk: Desk, office: Office) -> None:
    """The project is the other's; the name is free again; another currency is refused."""
    one, other = makes(desk, "Acme"), makes(desk, "Acme Inc.")
    dollars = makes(desk, "Globex", "USD")
    project(desk)
    desk.clicks("Client")
    desk.submits(client=one)
    desk.lists_clients()
    desk.clicks("Open", on="*Acme*")
    desk.clicks("Merge...")
    assert "another currency" in wrong(desk.submits(other=dollars))
    assert "another client" in wrong(desk.submits(other=one))
    form = desk.view
    assert desk.submits(other=other) is None
    assert "*Acme* is *Acme Inc.* now, with 1 project." in desk.text()
    desk.view = form  # sent twice
    assert desk.submits(other=other) is None
    assert "*Acme* is *Acme Inc.* now." in desk.text()
    assert "Acme Inc." in seen(desk)
    assert makes(desk, "Acme") not in {one, other}
    with office.world.uow.read() as tx:
        assert tx.entities.get(ClientRow, int(one)) is not None


def test_a_project_gets_a_client_and_a_rate(desk: Desk, office: Office) -> None:
    """An hour and a half at 95 are 142.50, in the client's currency, and all of it billable."""
    office.world.length(office.ana, office.website, office.web12, NOON, 5400)
    client = makes(desk, "Acme")
    project(desk)
    desk.clicks("Client")
    desk.submits(client=client)
    assert "the client is" in desk.text()
    desk.clicks("Billing")
    assert "amount" in wrong(desk.submits(method="project"))
    assert "no amount" in wrong(desk.submits(method="project", amount="a lot"))
    assert "what the amount is for" in wrong(desk.submits(method="none", amount="95"))
    assert desk.submits(method="project", amount="95") is None
    told = seen(desk)
    for words in ("Client: *Acme*", "95.00 EUR", "142.50 EUR", "100 % billable"):
        assert words in told


def test_a_rate_that_changes_leaves_earlier_days_alone(desk: Desk, office: Office) -> None:
    """Two hours on the 10th at 100, two on the 20th at 110: 420."""
    for day in (NOON - 10 * DAY, NOON):
        office.world.length(office.ana, office.website, None, day, 7200)
    project(desk)
    desk.clicks("Billing")
    desk.submits(method="project", amount="100")
    desk.clicks("Billing")
    assert "2026-11-20" in desk.text()  # what the day begins with, once something is set
    desk.submits(method="project", amount="110", since="2026-11-15")
    assert "420.00 USD" in seen(desk)
    desk.clicks("Billing")
    desk.clicks("Remove", on="15 Nov 2026")
    assert "400.00 USD" in seen(desk)


def test_a_project_that_changes_its_client_leaves_earlier_time_to_the_old_one(
    desk: Desk, office: Office
) -> None:
    """Euros until the 15th, dollars since; never added to one another."""
    for day in (NOON - 10 * DAY, NOON):
        office.world.length(office.ana, office.website, None, day, 3600)
    acme, globex = makes(desk, "Acme", "EUR"), makes(desk, "Globex", "USD")
    project(desk)
    desk.clicks("Client")
    desk.submits(client=acme)
    desk.clicks("Billing")
    desk.submits(method="project", amount="80")
    desk.clicks("Client")
    desk.submits(client=globex, since="2026-11-15")
    assert "no rate in that currency" in desk.text()
    assert "1 h earn nothing" in seen(desk)
    desk.clicks("Billing")
    desk.submits(method="project", amount="90")
    told = seen(desk)
    assert "80.00 EUR and 90.00 USD" in told
    assert "earn nothing" not in told


def test_a_change_of_client_is_taken_away_in_the_form_that_shows_it(desk: Desk) -> None:
    """*Remove* stays in the form of the client, and says what it did."""
    acme, globex = makes(desk, "Acme", "EUR"), makes(desk, "Globex", "EUR")
    project(desk)
    desk.clicks("Client")
    desk.submits(client=acme)
    desk.clicks("Billing")
    desk.submits(method="project", amount="80")
    desk.clicks("Client")
    desk.submits(client=globex, since="2026-11-15")
    desk.clicks("Client")
    desk.clicks("Remove", on="15 Nov 2026")
    assert "Removed." in desk.text()
    assert "Whose *Website*?" in desk.text()
    assert "Globex" not in desk.text()
    desk.clicks("Remove", on="from the beginning")
    assert "divider" not in desk.text()


def test_people_have_rates_and_others_on_a_project(desk: Desk, office: Office) -> None:
    """Ana's 60 everywhere, 75 on Website."""
    office.world.length(office.ana, office.website, None, NOON, 3600)
    project(desk)
    desk.clicks("Billing")
    desk.submits(method="person")
    assert "earn nothing" in seen(desk)
    desk.lists_clients()
    desk.clicks("People's rates")
    assert "at least one person" in wrong(desk.submits(per_hour="60"))
    assert desk.submits(people=office.ana.slack_user_id, per_hour="60") is None
    assert "60.00 USD" in desk.text()
    assert "60.00 USD" in seen(desk)
    project(desk)
    desk.clicks("Billing")
    desk.clicks("People's rates here")
    desk.submits(people=office.ana.slack_user_id, per_hour="75,00")
    assert "75.00 USD" in seen(desk)
    desk.clicks("Remove", on="75.00 USD")
    assert "60.00 USD" in seen(desk)


def test_a_rate_that_was_set_leaves_the_fields_empty(desk: Desk, office: Office) -> None:
    """The same one again, too; who takes one away keeps what they had typed."""

    def fields() -> set[str]:
        return set(re.findall(r"'((?:people|per_hour|rate_since):[0-9.]+)'", desk.text()))

    desk.lists_clients()
    desk.clicks("People's rates")
    before = fields()
    for _ in range(2):
        desk.submits(people=office.ana.slack_user_id, per_hour="60", rate_since="")
        after = fields()
        assert len(after) == 3
        assert not after & before  # or Slack would keep what was chosen
        before = after
    desk.clicks("Remove", on="60.00 USD")
    assert len(fields() & after) == 2, "people and rate"


def test_a_task_is_not_billed(desk: Desk, office: Office) -> None:
    """Half of the time is then billable; it can be billed again."""
    for task in (office.web12, office.web9):
        office.world.length(office.ana, office.website, task, NOON, 3600)
    project(desk)
    desk.clicks("Billing")
    desk.submits(method="project", amount="50")
    desk.clicks("Billing")
    desk.clicks("Tasks not billed")
    header = f"WEB-12 Fix the header: {office.web12}"
    assert desk.looks_up("billing.find_task", "header") == [header]
    desk.submits(unbilled=str(office.web12))
    assert "1 task is not billed any more" in desk.text()
    after = desk.text()
    assert "50.00 USD, 50 % billable" in seen(desk)
    assert desk.looks_up("billing.find_unbilled", "") == [header]
    desk.submits(billed=str(office.web12))
    fields = set(re.findall(r"'((?:un)?billed:[0-9.]+)'", after))
    assert len(fields) == 2
    assert not any(one in desk.text() for one in fields)  # or Slack would keep what was chosen
    assert "100.00 USD, 100 % billable" in seen(desk)


def test_a_fixed_fee_is_earned_once(desk: Desk, office: Office) -> None:
    """However many hours: 1,000 in ten hours come to 100 an hour."""
    office.world.length(office.ana, office.website, None, NOON, 36_000)
    project(desk)
    desk.clicks("Billing")
    assert "amount" in wrong(desk.submits(method="fixed"))
    desk.submits(method="fixed", amount="1,000")
    told = seen(desk)
    assert "fixed fee of 1,000.00 USD" in told
    assert "100.00 USD an hour" in told


def test_many_projects_get_a_client_and_a_rate_at_once(desk: Desk, office: Office) -> None:
    """What is ticked; one amount for two currencies is refused."""
    client = makes(desk, "Acme", "EUR")
    project(desk)
    desk.clicks("Client")
    desk.submits(client=client)
    desk.opens()
    desk.clicks("Choose several")
    desk.submits(ticks={"Website": True, "Operations": True})
    desk.clicks("Billing...")
    assert "each currency" in wrong(desk.submits(method="project", amount="90"))
    desk.clicks("Back")
    desk.clicks("Client...")
    assert "2026-11-20" in desk.text()  # one had a client before, so that it is not rewritten
    desk.submits(client=client, since="")
    assert "on 1 project" in desk.text()
    desk.clicks("Billing...")
    desk.submits(method="project", amount="90")
    with office.world.uow.read() as tx:
        held = billing.terms(tx, office.world.team_id, [office.website])
        rates = billing.rates(tx, office.world.team_id, projects=[office.website])
    assert [(one.from_day, one.method) for one in held[office.website]] == [
        (ALWAYS, Method.PROJECT_RATE)
    ]
    assert [(one.per_hour, one.currency) for one in rates] == [(9000, "EUR")]


def test_a_clients_currency_changes_only_while_nothing_is_in_it(desk: Desk) -> None:
    """A rate of 90 euros does not become 90 dollars."""
    client = makes(desk, "Acme", "EUR")
    project(desk)
    desk.clicks("Client")
    desk.submits(client=client)
    desk.lists_clients()
    desk.clicks("Open", on="*Acme*")
    assert desk.submits(name="Acme", currency="GBP") is None
    project(desk)
    desk.clicks("Billing")
    desk.submits(method="project", amount="90")
    assert "90.00 GBP" in seen(desk)
    desk.lists_clients()
    desk.clicks("Open", on="*Acme*")
    assert "are in GBP" in wrong(desk.submits(name="Acme", currency="EUR"))


@pytest.mark.parametrize("seen_by", MoneySeenBy)
def test_nobody_sees_money_who_may_not(desk: Desk, office: Office, seen_by: MoneySeenBy) -> None:
    """Admins always; a manager, a member as the team chose: amounts are not even in the value."""
    office.choose(TeamSettings(money_seen_by=seen_by))
    office.world.length(office.ana, office.website, None, NOON, 3600)
    bo = office.world.member("bo")
    office.world.joins(bo, office.website)
    with office.world.uow.begin() as tx:
        project_people.set_manager(tx, bo.team_id, office.website, bo.id, manages=True)
    project(desk)
    desk.clicks("Billing")
    desk.submits(method="project", amount="77")
    summaries = ProjectSummaries(office.world.uow)

    def sees(who: Member) -> bool:
        found = summaries.summary(who=who, project_id=office.website, now=NOON)
        text = str(money(found.money, found.id, is_admin=False)) + repr(found)
        return "77.00" in text or "per_hour=7700" in text or "minor=" in text

    assert sees(office.admin)
    assert sees(bo) is (seen_by is not MoneySeenBy.ADMINS)
    assert sees(office.ana) is (seen_by is MoneySeenBy.ALL)


def test_a_change_holds_until_the_next_of_its_kind() -> None:
    """A client set from the beginning goes on through a later change of billing, not of client."""
    start = nothing_agreed("USD")
    october, november = date(2026, 10, 1), date(2026, 11, 1)
    held = with_method([], october, Method.PROJECT_RATE, None, start)
    held = with_client(held, november, ClientId(2), "EUR")
    held = with_client(held, ALWAYS, ClientId(1), "USD")
    assert held == [
        Terms(ALWAYS, Method.NON_BILLABLE, "USD", ClientId(1)),
        Terms(october, Method.PROJECT_RATE, "USD", ClientId(1)),
        Terms(november, Method.PROJECT_RATE, "EUR", ClientId(2)),
    ]
    assert with_client(held, november, ClientId(1), "USD") == held[:2]

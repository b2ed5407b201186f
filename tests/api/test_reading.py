"""What programs read: whose, how much, in which order, to the second and the cent."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.days import CalendarDay
from bot.domain.ids import TeamId, TimeEntryId
from bot.domain.money.billing import ALWAYS, Method, Terms
from bot.domain.preferences import MoneySeenBy, TeamSettings
from bot.domain.tasks.task_refs import KeyRef
from storage.entries.time_entries import TimeEntryRow
from storage.members import MemberRow
from storage.projects.projects import ProjectRow
from tests.api.desk import Api
from tests.builders import NOON
from tests.statements import heard

HOUR = timedelta(hours=1)


async def test_who_asks_is_told_how_far_they_see(api: Api) -> None:
    """A member, a manager, an admin; and the token's own name, never the token."""
    found = await api.got("/me", api.agency.bo)
    assert (found["person"]["slack_user_id"], found["reach"], found["zone"]) == (
        *("U0BO", "own", "Europe/Berlin"),
    )
    assert found["token"] == {"name": "sheet", "expires_at": None}
    assert (await api.got("/me", api.agency.ana))["reach"] == "managed"
    admin = await api.got("/me", api.agency.admin)
    assert (admin["reach"], admin["sees_money"], admin["today"]) == ("all", True, "2026-11-20")


async def test_an_entry_says_everything(api: Api) -> None:
    """With the offset of its person's clock, whose it is, for whom, and what it earned."""
    office = api.agency
    api.world.entry(office.ana, office.website, office.web12, NOON - 2 * HOUR, NOON - HOUR)
    (one,) = (await api.got("/time-entries", office.admin, scope="team"))["data"]
    assert (one["start"], one["end"], one["seconds"], one["day"]) == (
        *("2026-11-20T11:00:00+01:00", "2026-11-20T12:00:00+01:00", 3600, "2026-11-20"),
    )
    assert (one["person"]["name"], one["project"]["code"], one["task"]["key"]) == (
        *("Ana", "WEB", "WEB-12"),
    )
    assert one["client"]["name"] == "Acme Corp"
    assert one["rate"] == one["amount"] == {"amount": "90.00", "currency": "EUR"}
    assert (one["billable"], one["running"], one["deleted"]) == (True, False, False)


async def test_a_running_timer_is_marked_and_adds_nothing(api: Api) -> None:
    """Its length is nobody's yet; the report counts it among those that run."""
    office = api.agency
    api.world.timer(office.ana, office.website, office.web12, NOON - HOUR)
    found = await api.got("/time-entries", office.ana)
    (one,) = found["data"]
    assert (one["running"], one["seconds"], one["end"], one["billable"]) == (True, None, None, None)
    assert found["period"] == {"first": "2026-11-16", "last": "2026-11-22"}
    report = await api.got("/reports", office.ana)
    assert (report["running_timers"], report["total"]["seconds"]) == (1, 0)


async def test_everybody_reads_what_they_may_see_and_no_more(api: Api) -> None:
    """Own time; that on managed projects; all of it. Ids of others' things change nothing."""
    office = api.agency
    api.world.length(office.bo, office.website, None, NOON, 60)
    api.world.length(office.bo, office.shop, None, NOON, 120)
    api.world.length(office.ana, office.shop, None, NOON, 240)

    async def seen(who: Any, **params: object) -> int:  # noqa: ANN401
        rows = (await api.got("/time-entries", who, **params))["data"]
        return sum(row["seconds"] for row in rows)

    assert await seen(office.ana) == 240
    assert await seen(office.ana, scope="team") == 60
    assert await seen(office.bo, scope="team") == 180
    assert await seen(office.admin, scope="team") == 420
    assert await seen(office.bo, scope="team", person=office.ana.id) == 0
    assert await seen(office.ana, scope="team", project=office.shop) == 0
    office.manages(office.ana, office.website, manages=False)
    assert await seen(office.ana, scope="team") == 240


async def test_no_other_teams_things_are_there(api: Api) -> None:
    """An admin elsewhere finds nothing here, by whatever id."""
    office = api.agency
    entry = api.world.length(office.bo, office.website, None, NOON, 60)
    stranger = api.world.member("eve", admin=True, team_id=api.world.team(TeamId("T0EVIL")))
    assert entry
    for path in ("/time-entries?scope=team", "/projects?archived=any", "/clients"):
        found = await api.ask(path, stranger)
        assert (found.status_code, found.json()["data"]) == (200, [])
    for query in (f"project={office.website}", f"client={office.acme}", f"person={office.bo.id}"):
        found = await api.ask(f"/time-entries?scope=team&{query}", stranger)
        assert found.json()["data"] == []
        report = await api.ask(f"/reports?scope=team&{query}", stranger)
        assert report.status_code == 404


async def test_a_right_that_was_taken_is_taken_here(api: Api) -> None:
    """Between one page and the next as well: a cursor opens nothing by itself."""
    office = api.agency
    for _ in range(3):
        api.world.length(office.bo, office.website, None, NOON, 60)
    first = await api.got("/time-entries", office.ana, scope="team", limit=1)
    assert first["next_cursor"]
    office.manages(office.ana, office.website, manages=False)
    after = await api.got("/time-entries", office.ana, cursor=first["next_cursor"])
    assert (after["data"], after["reach"]) == ([], "own")
    office.change(MemberRow, office.ana.id, deactivated_at=NOON)
    answer = await api.ask("/time-entries", office.ana)
    assert answer.status_code == 401


async def test_no_money_for_who_may_not_see_it(api: Api) -> None:
    """Neither rates nor amounts, in entries nor reports."""
    office = api.agency
    office.choose(TeamSettings(money_seen_by=MoneySeenBy.ADMINS))
    api.world.length(office.ana, office.website, None, NOON, 3600)
    (one,) = (await api.got("/time-entries", office.ana, scope="team"))["data"]
    assert (one["rate"], one["amount"], one["billable"]) == (None, None, True)
    report = await api.got("/reports", office.ana, scope="team")
    assert (report["total"]["earned"], report["total"]["unpriced_seconds"]) == (None, None)
    assert report["rows"][0]["billable_seconds"] == 3600


async def test_pages_stand_still_while_entries_come(api: Api) -> None:
    """Nothing twice and nothing left out, whatever is added or deleted before and behind."""
    office = api.agency
    ids = [
        api.world.length(office.ana, office.website, None, NOON - timedelta(days=back), 60)
        for back in (3, 2, 2, 1, 0)
    ]
    page = await api.got("/time-entries", office.ana, limit=2)
    read = [row["id"] for row in page["data"]]
    api.world.length(office.ana, office.website, None, NOON - timedelta(days=4), 60)
    office.change(TimeEntryRow, ids[0], deleted_at=NOON)
    new = api.world.length(office.ana, office.website, None, NOON, 60)
    while page["next_cursor"]:
        page = await api.got("/time-entries", office.ana, cursor=page["next_cursor"])
        read += [row["id"] for row in page["data"]]
    assert read == [*ids, new]


async def test_the_amounts_of_all_pages_add_up(api: Api) -> None:
    """Thirds of a cent on every page: the column comes to the report's total all the same."""
    office = api.agency
    office.rate((office.website, None), "EUR", 1000)
    for _ in range(7):
        api.world.length(office.ana, office.website, None, NOON, 100)
    rows = await api.all_pages("/time-entries", office.admin, scope="team", limit=2)
    total = (await api.got("/reports", office.admin, scope="team"))["total"]
    assert total["earned"] == [{"amount": "1.94", "currency": "EUR"}]
    assert sum(Decimal(row["amount"]["amount"]) for row in rows) == Decimal("1.94")


async def test_a_link_leads_to_the_next_page(api: Api) -> None:
    """For programs that follow links."""
    api.hours(api.agency.ana, days=3)
    answer = await api.ask("/time-entries?limit=2", api.agency.ana)
    target, _, rel = answer.headers["link"].partition("; ")
    assert (rel, target[:33]) == ('rel="next"', "</api/v1/time-entries?cursor=eyJk")
    last = await api.ask(target.strip("<>").removeprefix("/api/v1"), api.agency.ana)
    assert (len(last.json()["data"]), "link" in last.headers) == (1, False)


async def test_only_what_changed_since(api: Api) -> None:
    """New, changed and deleted entries of any day; a deleted one says so."""
    office = api.agency
    for request in ("r1", "r2"):
        office.time_log.log(
            who=office.ana,
            ref=KeyRef("WEB-12"),
            amount=60,
            day=CalendarDay(2, 3),
            note="",
            now=NOON - 2 * HOUR,
            request_id=request,
        )
    kept, gone = (one.id or 0 for one in office.entries())
    since = (NOON - HOUR).isoformat()
    assert (await api.got("/time-entries", office.ana, updated_since=since))["data"] == []
    office.changing.delete(who=office.ana, entry_id=TimeEntryId(gone), now=NOON)
    found = await api.got("/time-entries", office.ana, updated_since=since)
    assert [(one["id"], one["deleted"]) for one in found["data"]] == [(gone, True)]
    assert (found["data"][0]["updated_at"], found["period"]) == ("2026-11-20T12:00:00Z", None)
    before = (NOON - 3 * HOUR).isoformat()
    both = await api.all_pages("/time-entries", office.ana, updated_since=before, limit=1)
    assert [one["id"] for one in both] == [kept, gone]
    assert await api.all_pages("/time-entries", office.bo, updated_since=before) == []


async def test_projects_and_clients(api: Api) -> None:
    """Members find what they belong to, admins everything; clients are an admin's affair."""
    office = api.agency
    every = await api.all_pages("/projects", office.admin, archived="any", limit=1)
    assert {one["name"] for one in every} >= {"Website", "Shop"}
    website = next(one for one in every if one["name"] == "Website")
    assert (website["client"]["name"], website["billing"], website["currency"]) == (
        *("Acme Corp", "project", "EUR"),
    )
    mine = await api.got("/projects", office.ana)
    assert [(one["name"], one["manages"]) for one in mine["data"] if one["manages"]] == [
        ("Website", True)
    ]
    assert "Shop" not in [one["name"] for one in mine["data"]]
    office.change(ProjectRow, office.shop, archived_at=NOON)
    archived = await api.got("/projects", office.admin, archived="true")
    assert [(one["name"], one["archived"]) for one in archived["data"]] == [("Shop", True)]
    assert (await api.ask("/clients", office.ana)).status_code == 403
    clients = await api.got("/clients", office.admin)
    assert [one["name"] for one in clients["data"]] == ["Acme Corp"]


ROW_NAMES = {
    "project": {"project", "task"},
    "task": {"project", "task"},
    "person": {"person"},
    "client": {"client"},
    "day": {"span"},
    "week": {"span"},
    "month": {"span"},
    "label": {"label"},
    "billable": {"billable"},
}


async def test_a_report_names_its_rows(api: Api) -> None:
    """Each row has the names of its grouping and no others."""
    office = api.agency
    api.world.length(office.ana, office.website, office.web12, NOON, 3600)
    api.world.length(office.bo, office.shop, None, NOON, 60)
    sums = {"seconds", "billable_seconds", "unpriced_seconds", "earned"}
    for group, named in ROW_NAMES.items():
        asked = {"scope": "team", "group": group, "period": "today"}
        found = await api.got("/reports", office.admin, **asked)
        assert all(set(row) - sums == named for row in found["rows"]), group
        assert sum(row["seconds"] for row in found["rows"]) == found["total"]["seconds"] == 3660
        pages = await api.all_pages("/reports", office.admin, name="rows", limit=1, **asked)
        assert pages == found["rows"], group


async def test_words_for_periods_are_slacks(api: Api) -> None:
    """And the comparison is with as many days of the period before."""
    office = api.agency
    api.world.length(office.ana, office.website, None, NOON - timedelta(days=30), 60)
    found = await api.got("/reports", office.ana, period="this month")
    assert found["period"] == {"first": "2026-11-01", "last": "2026-11-30"}
    assert found["compared_with"] == {"first": "2026-10-01", "last": "2026-10-20", "seconds": 0}
    days = await api.got("/reports", office.ana, **{"from": "2026-10-01"})
    assert (days["period"]["last"], days["total"]["seconds"]) == ("2026-11-20", 60)


@pytest.mark.parametrize("scope", ["own", "team"])
@pytest.mark.parametrize("path", ["/time-entries", "/projects", "/reports"])
async def test_a_page_asks_as_much_as_a_line(api: Api, path: str, scope: str) -> None:
    """No question for each row: fifty rows cost as many statements as one."""
    who = api.agency.admin
    query = "" if path == "/projects" else f"?scope={scope}&period=last+60+days"

    async def asked() -> int:
        with heard(api.world.engine) as said:
            answer = await api.ask(f"{path}{query}", who)
        assert answer.status_code == 200
        return len(said)

    api.hours(who, days=1)
    await asked()
    few = await asked()
    api.hours(who, days=50)
    for number in range(20):
        project = api.world.project(f"P{number}", f"P{chr(65 + number)}")
        api.agency.bill(project, Terms(ALWAYS, Method.NON_BILLABLE, "EUR", None))
    assert await asked() == few <= 13


async def test_a_filter_on_clients_holds_by_the_day(api: Api) -> None:
    """What was done for Acme before the project went to another client stays Acme's."""
    office = api.agency
    other = office.client("Beta", "EUR")
    office.bill(
        office.website,
        Terms(ALWAYS, Method.PROJECT_RATE, "EUR", office.acme),
        Terms(date(2026, 11, 19), Method.PROJECT_RATE, "EUR", other),
    )
    api.hours(office.ana, days=4)
    found = await api.got("/time-entries", office.admin, scope="team", client=office.acme)
    assert [one["day"] for one in found["data"]] == ["2026-11-17", "2026-11-18"]
    report = await api.got("/reports", office.admin, scope="team", client=office.acme)
    assert report["total"]["seconds"] == 7200

"""Every view of a report says the same, to the second and the cent (M4)."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, text
from starlette.datastructures import QueryParams

from bot.api import params
from bot.api.endpoints import ENDPOINTS
from bot.domain.ids import ApiTokenId
from bot.domain.money.billing import ALWAYS, Method, Terms
from bot.domain.money.money import Money, rounded
from bot.domain.operating.api_tokens import ApiToken
from bot.domain.preferences import TeamSettings
from bot.domain.reports.charts import chart_of
from bot.domain.reports.reports import Group
from bot.domain.reports.rounding import STEPS, Per, Rounding, Way
from bot.domain.reports.team_reports import TeamChoice
from bot.services.operating.api_reading import ApiReading
from bot.services.operating.api_tokens import Bearer
from bot.services.reports.files import ReportFiles
from bot.services.reports.team import TeamReports
from bot.views.reports import files as views
from bot.views.reports.chart import team_chart
from bot.views.reports.team import CSV, XLSX, amounts, show_team_report
from bot.views.times import length
from storage.entries.time_entries import TimeEntryRow
from storage.money import billing, unbilled_tasks
from storage.money.billing import ProjectTermsRow, RateRow
from storage.money.unbilled_tasks import UnbilledTaskRow
from storage.sql import table
from tests.builders import NOON
from tests.lengths import FIRST, Length, track
from tests.services.agency import Agency
from tests.services.reports.test_files import CHOICE, csv_rows, made
from tests.services.workbooks import sheets

_PAIR, _DAYS, _CURRENCY = st.integers(0, 1), st.integers(0, 9), st.sampled_from(["EUR", "USD"])
_LENGTHS = st.lists(
    st.builds(Length, _PAIR, _PAIR, st.integers(0, 2), _DAYS, st.integers(1, 30_000)), max_size=20
)
_TERMS = st.lists(st.tuples(_PAIR, _DAYS, st.sampled_from(Method), _CURRENCY), max_size=5)
_WHOSE = st.sampled_from([(0, None), (1, None), (0, 0), (0, 1), (None, 0), (None, 1)])
_RATES = st.lists(st.tuples(_WHOSE, _DAYS, _CURRENCY, st.integers(0, 30_000)), max_size=8)

_REPORTED: dict[str, st.SearchStrategy[Any]] = {
    "lengths": _LENGTHS,
    "terms": _TERMS,
    "rates": _RATES,
    "free": st.booleans(),
    "group": st.sampled_from(Group),
}
"""What was tracked, what it earns, and how it is reported."""

_UNHURRIED = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

_PLAIN_SQL = text("""
WITH priced AS (
  SELECT e.*,
    (SELECT t.method FROM project_terms t WHERE t.project_id = e.project_id
      AND t.from_day <= e.work_date ORDER BY t.from_day DESC LIMIT 1) AS method,
    (SELECT t.currency FROM project_terms t WHERE t.project_id = e.project_id
      AND t.from_day <= e.work_date ORDER BY t.from_day DESC LIMIT 1) AS currency
  FROM time_entry e WHERE e.deleted_at IS NULL AND e.seconds IS NOT NULL
)
SELECT currency, SUM(seconds) AS seconds, SUM(seconds * COALESCE(CASE
    WHEN EXISTS (SELECT 1 FROM unbilled_task u WHERE u.task_id = p.task_id) THEN 0
    WHEN method = 'project' THEN (SELECT r.per_hour FROM rate r
      WHERE r.project_id = p.project_id AND r.member_id IS NULL AND r.currency = p.currency
      AND r.from_day <= p.work_date ORDER BY r.from_day DESC LIMIT 1)
    WHEN method = 'person' THEN COALESCE((SELECT r.per_hour FROM rate r
      WHERE r.project_id = p.project_id AND r.member_id = p.member_id AND r.currency = p.currency
      AND r.from_day <= p.work_date ORDER BY r.from_day DESC LIMIT 1), (SELECT r.per_hour
      FROM rate r WHERE r.project_id IS NULL AND r.member_id = p.member_id
      AND r.currency = p.currency AND r.from_day <= p.work_date ORDER BY r.from_day DESC LIMIT 1))
    END, 0)) AS earned
FROM priced p GROUP BY currency
""")


@settings(_UNHURRIED, max_examples=25)
@given(**_REPORTED)
def test_everything_says_the_same(
    *,
    agency: Agency,
    lengths: Sequence[Length],
    terms: Sequence[tuple[int, int, Method, str]],
    rates: Sequence[tuple[tuple[int | None, int | None], int, str, int]],
    free: bool,
    group: Group,
) -> None:
    """Text, table, chart, CSV, XLSX, JSON and plain SQL agree to the second and the cent."""
    _fill(agency, lengths, terms, rates, free=free)
    with agency.world.uow.read() as tx:
        found = tx.execute(_PLAIN_SQL).all()
    seconds = sum(int(row.seconds) for row in found)
    earned = {row.currency: int(row.earned) for row in found if row.currency and row.earned}
    money = tuple(Money(rounded(earned[one]), one) for one in sorted(earned))

    choice = replace(CHOICE, group=group)
    reports = TeamReports(agency.world.uow)
    report = reports.chosen(who=agency.admin, now=NOON, choice=choice)
    assert (report.total.seconds, report.total.earned) == (seconds, money)
    said = show_team_report(report).text
    assert (f"Earned by the hour: {amounts(money)}." in said) is bool(money)
    _chart_says_the_same(agency, choice, seconds, money)
    if group is not Group.LABEL and report.number == len(report.rows):
        assert sum(row.sums.seconds for row in report.rows) == seconds

    rows = csv_rows(made(agency, agency.admin, CSV, choice)[0])
    assert sum(int(row["seconds"]) for row in rows) == seconds
    for one in money:
        column = [Decimal(row["amount"]) for row in rows if row["currency"] == one.currency]
        assert sum(column) == one.plain
    book = sheets(made(agency, agency.admin, XLSX, choice)[0])
    total = book["Report"].named()[-1]
    assert total["Seconds"] == seconds
    assert {one: total[one] for one in earned} == {m.currency: float(m.plain) for m in money}
    entries = [row for row in book["Entries"].named() if "zone" in row]
    assert sum(int(row["seconds"]) for row in entries) == seconds
    for one in money:
        cents = [
            Decimal(str(row["amount"])) for row in entries if row.get("currency") == one.currency
        ]
        assert sum(cents) == one.plain

    _json_says_the_same(agency, group, seconds, money)


def _json_says_the_same(
    agency: Agency, group: Group, seconds: int, money: tuple[Money, ...]
) -> None:
    """The API's report in pages of three rows, and its entries in pages of four."""
    told = [{"amount": str(one.plain), "currency": one.currency} for one in money]
    pages = list(read_over_api(agency, f"/reports?group={group}&limit=3"))
    for page in pages:
        assert (page["total"]["seconds"], page["total"]["earned"]) == (seconds, told)
    if group is not Group.LABEL:
        assert sum(row["seconds"] for page in pages for row in page["rows"]) == seconds
    entries = [
        one for page in read_over_api(agency, "/time-entries?limit=4") for one in page["data"]
    ]
    assert sum(one["seconds"] for one in entries) == seconds
    for one in money:
        amounts = [each["amount"] for each in entries if each["amount"]]
        column = [Decimal(each["amount"]) for each in amounts if each["currency"] == one.currency]
        assert sum(column) == one.plain


def read_over_api(agency: Agency, address: str) -> Iterator[dict[str, Any]]:
    """Page after page of an admin's November."""
    path, _, query = address.partition("?")
    query += "&scope=team&period=2026-11"
    endpoint = next(one for one in ENDPOINTS if one.path == path)
    token = ApiToken(ApiTokenId(1), "sheet", NOON, None, None)
    reading, bearer = ApiReading(agency.world.uow), Bearer(agency.admin, token)
    while True:
        asked = params.read(endpoint.params, QueryParams(query))
        answer = endpoint.find(reading, bearer, asked, NOON)
        page: dict[str, Any] = json.loads(answer.model_dump_json(exclude_unset=True))
        yield page
        if page["next_cursor"] is None:
            return
        query = f"cursor={page['next_cursor']}"


_RULES = st.builds(Rounding, st.sampled_from(Way), st.sampled_from(STEPS), st.sampled_from(Per))


@settings(_UNHURRIED, max_examples=20)
@given(**_REPORTED, rule=_RULES)
def test_everything_is_rounded_alike(
    *,
    agency: Agency,
    lengths: Sequence[Length],
    terms: Sequence[tuple[int, int, Method, str]],
    rates: Sequence[tuple[tuple[int | None, int | None], int, str, int]],
    free: bool,
    group: Group,
    rule: Rounding,
) -> None:
    """Text, chart, CSV and XLSX by the team's rule, reckoned here by hand from real seconds."""
    _fill(agency, lengths, terms, rates, free=free)
    agency.choose(TeamSettings())
    choice = replace(CHOICE, group=group)
    real = csv_rows(made(agency, agency.admin, CSV, choice)[0])
    agency.choose(TeamSettings(rounding=rule))
    counts, so_far, earned = [], dict[tuple[str, ...], int](), dict[str, int]()
    for row in real:
        seconds = int(row["seconds"])
        if rule.per is Per.ENTRY:
            counts.append(rule.whole(seconds))
        else:
            place = (row["person"], row["project"], row["date"])
            before = so_far.get(place, 0)
            so_far[place] = before + seconds
            counts.append(rule.whole(before + seconds) - rule.whole(before))
        if row["rate"]:
            minor = int(Decimal(row["rate"]) * 100)
            earned[row["currency"]] = earned.get(row["currency"], 0) + counts[-1] * minor
    total = sum(counts)
    money = tuple(Money(rounded(earned[one]), one) for one in sorted(earned) if earned[one])

    report = TeamReports(agency.world.uow).chosen(who=agency.admin, now=NOON, choice=choice)
    assert (report.total.seconds, report.total.earned) == (total, money)
    if group is not Group.LABEL and report.number == len(report.rows):
        assert sum(row.sums.seconds for row in report.rows) == total
    assert ("is rounded" in show_team_report(report).text) is bool(total)
    _chart_says_the_same(agency, choice, total, money)
    content, every, writer = made(agency, agency.admin, CSV, choice)
    rows = csv_rows(content)
    assert [int(row["rounded seconds"]) for row in rows] == counts
    assert [row["seconds"] for row in rows] == [row["seconds"] for row in real]
    assert f"{length(total)} in " in views.report_came(every, writer.added).text
    for one in money:
        column = [Decimal(row["amount"]) for row in rows if row["currency"] == one.currency]
        assert sum(column) == one.plain
    book = sheets(made(agency, agency.admin, XLSX, choice)[0])
    assert book["Report"].named()[-1]["Seconds"] == total
    last = next(row for row in book["Entries"].named() if row["date"] == "Total")
    assert last["rounded seconds"] == total
    assert last["seconds"] == sum(int(row["seconds"]) for row in real)


def _chart_says_the_same(
    agency: Agency, choice: TeamChoice, seconds: int, money: tuple[Money, ...]
) -> None:
    """Its bars come to the total, its billable parts too, and so do the words beside it."""
    every = ReportFiles(agency.world.uow).report(
        agency.world.team_id, agency.admin.id, choice, NOON
    )
    data = chart_of(every.report)
    assert (data.total, data.billable or 0) == (
        seconds,
        0 if choice.group is Group.BILLABLE else every.report.total.billable,
    )
    if choice.group is not Group.LABEL:
        assert sum(bar.seconds for bar in data.bars) == seconds
        assert sum(bar.billable or 0 for bar in data.bars) == (data.billable or 0)
    if seconds:
        _, described = team_chart(every.report, data)
        assert f"{length(seconds)} in all" in described
        assert (f"Earned by the hour: {amounts(money)}." in described) is bool(money)


def _fill(
    agency: Agency,
    lengths: Sequence[Length],
    terms: Sequence[tuple[int, int, Method, str]],
    rates: Sequence[tuple[tuple[int | None, int | None], int, str, int]],
    *,
    free: bool,
) -> None:
    """Replaces all time, terms and rates."""
    projects = [agency.website, agency.shop]
    people = [agency.ana.id, agency.bo.id]
    tasks = [None, agency.web12, agency.web9]
    team_id, by = agency.world.team_id, agency.admin.id
    with agency.world.uow.begin() as tx:
        for model in (TimeEntryRow, ProjectTermsRow, RateRow, UnbilledTaskRow):
            tx.execute(delete(table(model)))
        held = {one: dict[date, Terms]() for one in projects}
        for project, day, method, currency in terms:
            held[projects[project]][_day(day)] = Terms(_day(day), method, currency)
        wanted = {project: list(days.values()) for project, days in held.items()}
        billing.replace_terms(tx, team_id, wanted, by=by, now=NOON)
        for (of_project, of_person), day, currency, per_hour in rates:
            whose = (
                None if of_project is None else projects[of_project],
                None if of_person is None else people[of_person],
            )
            more = {"currency": currency, "per_hour": per_hour, "from_day": _day(day)}
            billing.set_rates(tx, team_id, [whose], by=by, now=NOON, **more)  # type: ignore[arg-type]
        if free:
            unbilled_tasks.set_billed(tx, team_id, {agency.web9}, billed=False, by=by, now=NOON)
        track(tx, team_id, lengths, projects=projects, people=people, tasks=tasks)


def _day(day: int) -> date:
    return FIRST + timedelta(days=day) if day else ALWAYS

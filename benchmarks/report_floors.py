"""The reports that are measured, and what each costs the database alone.

The floor of a report is one statement of plain SQL that answers the very same: hours and billable
hours by the same key, as the terms of each entry's day have it, and where the report tells money
what was earned, by currency, at the rates of each entry's day; and one for the hours of the period
before, where the report compares. ``hours`` is less than a report says: seconds by key, whatever
they are billed and earn.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, text

from benchmarks import report_world as world
from bot.domain.ids import ClientId, MemberId
from bot.domain.periods import Period
from bot.domain.reports.reports import Group
from bot.domain.reports.team_reports import Filters, TeamChoice
from storage.engine import READ_ONLY

_DAYS = (
    "e.work_date >= :first AND e.work_date < :after_last AND e.deleted_at IS NULL "
    "AND e.seconds IS NOT NULL"
)
_TEAMS = "e.project_id IN (SELECT id FROM project WHERE team_id = :team)"
_KEYS = {
    Group.PROJECT: "e.project_id",
    Group.TASK: "e.project_id, e.task_id",
    Group.PERSON: "e.member_id",
    Group.DAY: "e.work_date",
    Group.WEEK: "e.work_date",
    Group.MONTH: "e.work_date",
    Group.CLIENT: "t.client_id",
    Group.LABEL: "l.value",
    Group.BILLABLE: "1",
}
_TERMS = """WITH t AS (SELECT project_id, client_id, method, currency,
    CASE WHEN from_day < :first THEN :first ELSE from_day END AS from_day,
    CASE WHEN until > :after_last THEN :after_last ELSE until END AS until
  FROM (SELECT project_id, client_id, method, currency, from_day,
    LEAD(from_day, 1, '9999-12-31') OVER (PARTITION BY project_id ORDER BY from_day) AS until
    FROM project_terms WHERE team_id = :team) held WHERE until > :first AND from_day < :after_last)
"""
_SOURCE = """t CROSS JOIN time_entry e LEFT JOIN unbilled_task u ON u.task_id = e.task_id
    {label} WHERE e.project_id = t.project_id AND e.work_date >= t.from_day
    AND e.work_date < t.until AND e.deleted_at IS NULL AND e.seconds IS NOT NULL"""
_NEWEST = """(SELECT r.per_hour FROM rate r WHERE {whose} AND r.currency = t.currency
    AND r.from_day <= e.work_date AND r.team_id = :team ORDER BY r.from_day DESC LIMIT 1)"""
_OF_PROJECT, _OWN, _OF_PERSON = (
    _NEWEST.format(whose=whose)
    for whose in (
        "r.project_id = e.project_id AND r.member_id IS NULL",
        "r.project_id = e.project_id AND r.member_id = e.member_id",
        "r.project_id IS NULL AND r.member_id = e.member_id",
    )
)
_RATE = f"""CASE t.method WHEN 'project' THEN {_OF_PROJECT}
    WHEN 'person' THEN COALESCE({_OWN}, {_OF_PERSON}) END"""
_BILLED = "t.method <> 'none' AND u.task_id IS NULL"
_LABELLED = {
    "sqlite": "JOIN task k ON k.id = e.task_id CROSS JOIN json_each(k.labels) l",
    "postgresql": "JOIN task k ON k.id = e.task_id "
    "CROSS JOIN json_array_elements_text(k.labels) l (value)",
}

Asked = Callable[[], list[Sequence[Any]]]
"""Asks; the rows of each statement."""


@dataclass(frozen=True, slots=True)
class Case:
    """A report, and who asks for it."""

    name: str
    who: str
    choice: TeamChoice
    where: str = ""
    """What the floor is narrowed by."""
    is_money_seen: bool = True


def cases(period: Period, asking: world.Asking) -> Iterator[Case]:
    """Every report of a period."""
    for group in Group:
        yield Case(f"by {group.value}", "admin", TeamChoice(period, group))
    for group in (Group.PROJECT, Group.PERSON, Group.TASK):
        without = Case(f"by {group.value}, no money", "lead", TeamChoice(period, group))
        yield Case(without.name, without.who, without.choice, is_money_seen=False)
    person = Filters(people=(MemberId(5),))
    yield Case("of a person", "admin", TeamChoice(period, Group.TASK, person), "e.member_id = 5")
    for name, filters, where in (
        ("of a client", Filters(clients=(ClientId(3),)), "t.client_id = 3"),
        ("billable", Filters(billable=True), _BILLED),
        ("not billable", Filters(billable=False), f"NOT ({_BILLED})"),
        ("with a label", Filters(label="urgent"), "l.value = 'urgent'"),
    ):
        yield Case(name, "admin", TeamChoice(period, Group.PROJECT, filters), where)
    for group in (Group.PROJECT, Group.TASK):
        choice = TeamChoice(period, group)
        yield Case(f"a manager's, by {group.value}", "manager", choice, "e.project_id <= 10")
    own = TeamChoice(period, Group.PROJECT, for_team=False)
    yield Case("one's own", "somebody", own, f"e.member_id = {asking.somebody.id}")


def bare(engine: Engine, case: Case) -> Asked:
    """The very same sums in plain SQL, and the hours before."""
    key, where = _KEYS[case.choice.group], f" AND {case.where}" if case.where else ""
    source, whole_source = (
        _SOURCE.format(label=_LABELLED[engine.name] if "l.value" in told else "") + where
        for told in (key + where, where)
    )
    told = f"SUM(e.seconds) AS s, SUM(CASE WHEN {_BILLED} THEN e.seconds ELSE 0 END)"
    if case.is_money_seen:
        key += ", t.currency"
        told += f", SUM(CASE WHEN {_BILLED} THEN e.seconds * {_RATE} ELSE 0 END)"
    sums = f"{_TERMS} SELECT {key}, {told} FROM {source} GROUP BY {key} "  # noqa: S608
    sums += "ORDER BY s DESC LIMIT 20"
    whole = f"{_TERMS} SELECT COALESCE(SUM(e.seconds), 0) FROM {whole_source}"  # noqa: S608
    return _asked(engine, case.choice.period, sums, whole)


def hours(engine: Engine, case: Case) -> Asked:
    """Only hours, without knowing which are billable or what they earned."""
    key = _KEYS[case.choice.group].replace("t.client_id", "e.project_id")
    label = _LABELLED[engine.name] if key == "l.value" else ""
    where = f"{_TEAMS} AND {_DAYS}"
    if case.where.startswith("e."):
        where += f" AND {case.where}"
    sums = f"SELECT {key}, SUM(e.seconds) AS s FROM time_entry e {label} WHERE {where} "  # noqa: S608
    whole = f"SELECT SUM(e.seconds) FROM time_entry e WHERE {where}"  # noqa: S608
    sums += f"GROUP BY {key} ORDER BY s DESC LIMIT 20"
    return _asked(engine, case.choice.period, sums, whole)


def _asked(engine: Engine, period: Period, sums: str, whole: str) -> Asked:
    reading = engine.execution_options(**{READ_ONLY: True})

    def ask() -> list[Sequence[Any]]:
        found: list[Sequence[Any]] = []
        with reading.connect() as connection:
            for sql, days in ((sums, period), (whole, period.moved(-1))):
                if days is not None:
                    names = {"team": world.TEAM, "first": str(days.first)}
                    names["after_last"] = str(days.after_last)
                    found.append(connection.execute(text(sql), names).all())
        return found

    return ask

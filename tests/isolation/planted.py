"""A second team, with rows in every table whose ids and words can be told from anybody else's.

Its rows have the same few ids in every table, which nobody else's have: one planted number stands
for its task, its project, its entry and everything else at once.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from functools import cache
from hashlib import sha256
from typing import Any

from cryptography.fernet import Fernet
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Engine,
    Integer,
    Table,
    insert,
    select,
)

from bot.domain.ids import ProviderProjectId, SlackUserId, TaskId, TeamId
from bot.domain.linking.link_search import search_text
from bot.domain.operating.installations import Installation
from bot.domain.people.account_matching import spelled
from bot.domain.tasks.task_terms import index_terms
from bot.services.operating.installations import Installations
from bot.services.vault import Vault
from storage.operating.installations import InstallationRow, OAuthStateRow
from storage.sql import table
from storage.tables import METADATA
from storage.tasks import task_index
from storage.tasks.task_index import Indexed
from storage.types import UtcDateTime
from storage.unit_of_work import UnitOfWork
from tests.builders import NOON

TEAM = TeamId("T0ZQX")
COPIES = 3
FIRST = 900_001
"""The ids of its rows, in every table: this one and those after it."""

IDS = tuple(range(FIRST, FIRST + COPIES))
NOBODY = FIRST - 800_000
"""Ids that no row of any table has, from this one on."""

WORD = re.compile(r"(?:[Zz]qx-?[a-z]*|ZQX-?[A-Z]*)\d+[A-Za-z]?")
"""What every text of it begins with, and no other text has; codes of projects have no digit.

Not in whatever mixture of large and small letters: what is sealed has all of them, by chance.
"""

TIMESHEETS = {"timesheets": True}
KEY = Fernet.generate_key().decode()

NOT_A_TEAMS = {
    table(OAuthStateRow).name: "a browser on its way to Slack, before anybody knows whose",
    table(InstallationRow).name: "tokens of workspaces: found by team_id, made in its own way",
}
"""Tables that are not filled here, with the reason."""

_FEWER: Mapping[str, Sequence[int]] = {"unbilled_task": (0, 2)}
"""Copies of what not everything has."""

_LATER = NOON + timedelta(days=3)
_DAY = NOON.date()

_CHOSEN: Mapping[str, Sequence[object]] = {
    "account_link.state": ("connected", "invited", "awaiting_approval"),
    "account_link.request": (1,),
    "account_link.slot": (0,),
    "account_link.expires_at": (_LATER,),
    "account_link.provider_account_id": (FIRST, None, FIRST + 2),
    "account_link.chosen_by_admin": (True,),
    "announcement.state": ("posted", "unknown", "posted"),
    "announcement.sync_run_id": IDS,
    "announcement.message_ts": ("1.1",),
    "audit.action": ("project.create",),
    "audit.actor_id": IDS,
    "budget.kind": ("hours",),
    "budget.every": ("once",),
    "budget.thresholds": ([50, 100],),
    "channel_default.channel_id": ("C0OPS", "C0ZQX1", "C0ZQX2"),
    "client.currency": ("EUR",),
    "client.archived_at": (None, None, NOON),
    "completion.state": ("done", "refused", "unknown"),
    "integration.provider": ("board", "redmine", "board"),
    "integration.link_policy": ("announce",),
    "integration.members_policy": ("provider_access",),
    "integration.write_mode": ("off",),
    "integration.state": ("active", "active", "broken"),
    "integration.site_url": tuple(f"https://zqx{at}.test" for at in range(COPIES)),
    "member.slack_admin": (True, False, False),
    "member.zone": ("Europe/Berlin",),
    "member.slack_user_id": tuple(f"U0ZQX{at}" for at in range(COPIES)),
    "member.email": tuple(f"zqx{at}@zqx.test" for at in range(COPIES)),
    "outbox.state": ("done",),
    "pending_entry.seconds": (3600,),
    "pending_entry.is_log": (True,),
    "pending_entry.work_date": (_DAY,),
    "project.code": tuple(f"ZQX{'ABC'[at]}" for at in range(COPIES)),
    "project_link.state": ("active", "active", "ended"),
    "project_link.ended_at": (None, None, NOON),
    "project_member.is_manager": (True,),
    "project_terms.method": ("person",),
    "project_terms.currency": ("EUR",),
    "project_terms.client_id": IDS,
    "provider_account.is_active": (True,),
    "provider_project.everyone_has_access": (True,),
    "provider_project.tasks_synced_from": (NOON,),
    "rate.currency": ("EUR",),
    "rate.member_id": IDS,
    "rate.project_id": IDS,
    "report_run.state": ("under_way",),
    "report_run.period": ("m2026-10-01",),
    "report_run.grouped_by": ("project",),
    "report_run.filters": tuple(f"p{one};;;;" for one in IDS),
    "report_run.form": ("csv",),
    "report_schedule.beat": ("week",),
    "report_schedule.on_day": (0,),
    "report_schedule.at": ("09:00",),
    "report_schedule.period": ("last week",),
    "report_schedule.report_group": ("project",),
    "report_schedule.filters": tuple(f"p{one};;;;" for one in IDS),
    "report_schedule.forms": (["csv"],),
    "report_schedule.reach": ("all",),
    "report_schedule.to_member_id": IDS,
    "report_schedule.due_at": (_LATER,),
    "selected.kind": ("project", "provider_project", "account_link"),
    "sync_run.state": ("done", "failed", "running"),
    "task.key": tuple(f"ZQX-{at}" for at in range(COPIES)),
    "task.key_folded": tuple(f"zqx-{at}" for at in range(COPIES)),
    "time_entry.task_id": IDS,
    "time_entry.started_at": (NOON - timedelta(hours=3),),
    "time_entry.ended_at": (NOON - timedelta(hours=1), None, NOON - timedelta(hours=1)),
    "time_entry.seconds": (7200, None, 7200),
    "time_entry_change.actor_id": IDS,
    "time_entry_change.action": ("started",),
    "timer_question.state": ("stopped", "asked", "stopped"),
    "timer_question.is_delivered": (True,),
    "unlock.state": ("asked", "granted", "asked"),
    "unlock.project_id": IDS,
    "unlock.until": (_LATER,),
    "week_sheet.state": ("submitted",),
    "week_sheet.first_day": (_DAY - timedelta(days=_DAY.weekday()),),
    "week_sheet_part.state": ("waiting",),
    "worklog.state": ("conflict", "failed", "written"),
    "worklog.task_id": IDS,
}
"""What a column holds, copy for copy (the last for all further ones), where no rule below fits."""


INSTALLED = Installation(
    team_id=TEAM,
    enterprise_id=None,
    name="zqxinstalled",
    bot_id="B0ZQX",
    bot_user_id="U0ZQXBOT",
    scopes=("commands",),
    installed_by=SlackUserId("U0ZQX0"),
    token="xoxb-zqx",
)


def plant(engine: Engine) -> None:
    """Fills every table for the team."""
    with engine.begin() as connection:
        for one in METADATA.sorted_tables:
            if one.name in NOT_A_TEAMS:
                continue
            copies = _FEWER.get(one.name, range(1 if _has_one_row(one) else COPIES))
            rows = [{c.name: _value(one, c, at) for c in one.columns} for at in copies]
            connection.execute(insert(one), rows)
    uow = UnitOfWork(engine)
    with uow.begin() as tx:
        terms = [_terms(at) for at in range(COPIES)]
        indexed = map(Indexed, map(ProviderProjectId, IDS), terms)
        task_index.replace(tx, {}, dict(zip(map(TaskId, IDS), indexed, strict=True)))
        task_index.learn_words(tx, TEAM, terms, task_index.KnownWords())
    Installations(uow, Vault([KEY]), str).save(INSTALLED, NOON)


def standing(engine: Engine) -> dict[str, str]:
    """A digest of all that the team has, by table."""
    return {name: sha256(repr(rows).encode()).hexdigest() for name, rows in _rows(engine)}


def references(engine: Engine) -> list[str]:
    """Rows of other teams that hold one of the team's ids."""
    found = []
    with engine.connect() as connection:
        for one in METADATA.sorted_tables:
            if "team_id" not in one.c:
                continue
            for column in one.columns:
                if not column.foreign_keys or not isinstance(column.type, BigInteger | Integer):
                    continue
                strangers = select(column).where(one.c.team_id != TEAM, column.in_(IDS))
                found += [f"{one.name}.{column.name}" for _ in connection.execute(strangers)]
    return found


def _rows(engine: Engine) -> Iterator[tuple[str, list[tuple[object, ...]]]]:
    with engine.connect() as connection:
        for one in METADATA.sorted_tables:
            whose = one.c.get("team_id", one.c.id if one.name == "team" else None)
            if whose is not None:
                mine = select(one).where(whose == TEAM).order_by(*one.primary_key)
                yield one.name, [tuple(row) for row in connection.execute(mine)]


def _value(one: Table, column: "Column[Any]", at: int) -> object:  # noqa: PLR0911 - a rule a line
    name = f"{one.name}.{column.name}"
    if chosen := _CHOSEN.get(name):
        return chosen[min(at, len(chosen) - 1)]
    if name == "team.id" or column.name == "team_id":
        return TEAM
    if name == "team.settings":
        return TIMESHEETS
    if name == "task.terms":
        return _terms(at)
    if name == "time_entry_change.after":
        return _snapshot(at)
    if name in _MADE_OF_NAMES:
        return _MADE_OF_NAMES[name](word(one.name, "name", at))
    if isinstance(column.type, BigInteger) and (column.primary_key or not column.nullable):
        return IDS[at]
    if column.name in _SEALED:
        return Vault([KEY]).seal(_SEALED[column.name])
    return None if column.nullable else _plain(one, column, at)


_SEALED: Mapping[str, Mapping[str, str]] = {
    "sealed_credentials": {"board": "acme", "key": "zqxkey"},
    "sealed_secrets": {"": "zqxsecret"},
}

_MADE_OF_NAMES: Mapping[str, Any] = {
    "member.name_words": spelled,
    "provider_account.name_words": spelled,
    "provider_project.search_text": lambda name: search_text(name, None, ""),
    "project.name_folded": str.casefold,
    "client.name_folded": str.casefold,
}


def _plain(one: Table, column: "Column[Any]", at: int) -> object:
    match column.type:
        case UtcDateTime():
            return NOON
        case Date():
            return _DAY
        case Boolean():
            return False
        case JSON():
            return [] if column.name in {"rules", "labels", "assignee_ids"} else {}
        case Integer():
            return 60
        case _:
            return _text(one, column, at)


def _text(one: Table, column: "Column[Any]", at: int) -> str:
    length = getattr(column.type, "length", None)
    return _one_of(one, column.name) or word(one.name, column.name, at)[:length]


def _one_of(one: Table, column: str) -> str | None:
    """The first of the words that a constraint lets in."""
    for constraint in one.constraints:
        if isinstance(constraint, CheckConstraint):
            found = re.match(rf"{column} IN \('(\w+)'", str(constraint.sqltext))
            if found:
                return found[1]
    return None


def word(one: str, column: str, at: int) -> str:
    """What a column of a copy says."""
    return f"zqx{_number(one, column)}{'abc'[at]}"


@cache
def _number(one: str, column: str) -> int:
    names = [f"{t.name}.{c.name}" for t in METADATA.sorted_tables for c in t.columns]
    return names.index(f"{one}.{column}")


def _snapshot(at: int) -> dict[str, object]:
    return {
        "id": IDS[at],
        "team_id": TEAM,
        "member_id": IDS[at],
        "project_id": IDS[at],
        "task_id": IDS[at],
        "started_at": NOON.isoformat(),
        "ended_at": None,
        "seconds": None,
        "work_date": _DAY.isoformat(),
        "note": word("time_entry", "note", at),
        "continues_id": None,
        "stopped_because": None,
        "deleted_at": None,
        "permalink": "",
    }


def _terms(at: int) -> str:
    return index_terms(
        key=f"ZQX-{at}",
        title=word("task", "title", at),
        provider_project_id=IDS[at],
        integration_id=IDS[at],
        assignee_ids=(),
    )


def _has_one_row(one: Table) -> bool:
    return [column.name for column in one.primary_key] == ["team_id"] or one.name == "team"

"""What has to be so when everything is quiet again: each finding is a sentence."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Table, select, text
from sqlalchemy.sql.elements import ColumnElement

from benchmarks import soak_names as names
from bot.domain.states import AnnouncementState, IntegrationState, OutboxState
from bot.domain.writing.worklogs import WorklogState
from storage.tables import METADATA

_MARK = re.compile(rf"{names.MARK}(\d+)x")
_FEW = 5
_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Evidence:
    """What others say."""

    done: Sequence[int]
    """Commands that were told as done."""
    unchanged: Sequence[int]
    """Commands of which it was said that nothing was changed."""
    integrations: Sequence[int]
    """Ids of the integrations, in the order of ``records``."""
    writes: Sequence[bool]
    records: Sequence[Mapping[str, Sequence[Any]]]
    """What each tool has: task, seconds and text by id."""
    posts: Sequence[Sequence[Any]]
    """Team, channel, marker and text of what was posted."""
    grown: Sequence[str]
    """Projects that appeared."""
    strangers: Sequence[str]


def findings(engine: Engine, found: Evidence) -> list[str]:
    """Everything that is wrong."""
    with engine.connect() as connection:
        return [
            *_commands(connection, found),
            *_outbox(connection),
            *_announcements(connection, found),
            *_claims(connection),
            *_worklogs(connection, found),
            *_fences(connection),
            *(f"Slack was asked for another team's: {one}" for one in found.strangers[:_FEW]),
        ]


def locks(engine: Engine) -> list[str]:
    """What is still held once every process has ended."""
    if engine.dialect.name == "sqlite":
        return []
    engine.dispose()  # our own connections are not meant
    with engine.connect() as connection:
        questions = {
            "advisory locks are held": "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'",
            "jobs are still being done by nobody": (
                "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'"
            ),
            "other sessions are open": (
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            ),
        }
        counted = {what: _count(connection, query) for what, query in questions.items()}
    return [f"{number} {what}" for what, number in counted.items() if number]


def _commands(connection: Connection, found: Evidence) -> Iterator[str]:
    """Every command that was told as done is there exactly once, and none is there twice."""
    notes = connection.execute(text("SELECT note FROM time_entry")).scalars()
    there = Counter(int(mark) for note in notes for mark in _MARK.findall(note))
    lost = [one for one in found.done if not there[one]]
    twice = [one for one, often in there.items() if often > 1]
    denied = [one for one in found.unchanged if there[one]]
    if lost:
        yield f"{len(lost)} commands were told as done and are not there: {lost[:_FEW]}"
    if twice:
        yield f"{len(twice)} commands are there more than once: {twice[:_FEW]}"
    if denied:
        yield f"{len(denied)} commands are there though nothing was changed: {denied[:_FEW]}"
    again = (
        "SELECT count(*) FROM (SELECT member_id FROM time_entry WHERE seconds IS NULL "
        "AND deleted_at IS NULL GROUP BY member_id HAVING count(*) > 1) AS twice"
    )
    if several := _count(connection, again):
        yield f"{several} people have several timers running"


def _outbox(connection: Connection) -> Iterator[str]:
    query = text("SELECT kind, state, count(*), max(last_error) FROM outbox GROUP BY kind, state")
    for kind, state, number, error in connection.execute(query):
        if state in {OutboxState.PENDING, OutboxState.SENDING}:
            yield f"{number} rows of {kind} are stuck in the outbox ({state}): {error}"
        elif state == OutboxState.FAILED:
            yield f"{number} rows of {kind} were given up: {error}"


def _announcements(connection: Connection, found: Evidence) -> Iterator[str]:
    """No message was posted twice, and no project was announced twice."""
    marked = Counter((post[0], post[2]) for post in found.posts if post[2])
    if twice := [one for one, often in marked.items() if often > 1]:
        yield f"{len(twice)} messages were posted twice: {twice[:_FEW]}"
    texts = [str(post[3]) for post in found.posts]
    named = Counter(
        name for name in found.grown for said in texts if re.search(rf"{name}\b", spaced(said))
    )
    if often := [name for name, number in named.items() if number > 1]:
        yield f"{len(often)} projects were announced twice: {often[:_FEW]}"
    rows = connection.execute(
        text(
            "SELECT provider_project.name, announcement.state FROM announced_project "
            "JOIN announcement ON announcement.id = announced_project.announcement_id "
            "JOIN provider_project "
            "ON provider_project.id = announced_project.provider_project_id"
        )
    )
    states = {spaced(name.rpartition("/")[2]): state for name, state in rows}
    open_ = [AnnouncementState.PENDING, AnnouncementState.FAILED]
    for name in found.grown:
        state = states.get(name)
        if state is None:
            yield f"{name} was never announced"
        elif state in open_ or (state == AnnouncementState.POSTED and not named[name]):
            yield f"{name} is {state} and was posted {named[name]} times"


def spaced(name: str) -> str:
    """As it was given to the tool: GitHub has no spaces in names."""
    return name.replace("Grown-", "Grown ")


def _claims(connection: Connection) -> Iterator[str]:
    """Nothing that one process had to itself is still taken."""
    questions = {
        "sync runs were never ended": "SELECT count(*) FROM sync_run WHERE state = 'running'",
        "integrations have no next sync": (
            "SELECT count(*) FROM integration WHERE next_sync_at IS NULL"
        ),
        "tokens are claimed": (
            "SELECT count(*) FROM installation WHERE rotating_until IS NOT NULL"
        ),
        "integrations do not work": (
            f"SELECT count(*) FROM integration WHERE state <> '{IntegrationState.ACTIVE}'"  # noqa: S608
        ),
    }
    for what, query in questions.items():
        if number := _count(connection, query):
            yield f"{number} {what}"


def _worklogs(connection: Connection, found: Evidence) -> Iterator[str]:
    """What each tool has equals what is here, one to one."""
    settled = {WorklogState.WRITTEN, WorklogState.OFF}
    query = text("SELECT state, count(*), max(reason) FROM worklog GROUP BY state")
    for state, number, reason in connection.execute(query):
        if state not in settled:
            yield f"{number} worklogs are {state}: {reason}"
    missing = (
        "SELECT count(*) FROM time_entry JOIN task ON task.id = time_entry.task_id "
        "JOIN integration ON integration.id = task.integration_id "
        "LEFT JOIN worklog ON worklog.time_entry_id = time_entry.id "
        "AND worklog.integration_id = integration.id AND worklog.state = 'written' "
        "WHERE integration.write_mode = 'on' AND time_entry.seconds IS NOT NULL "
        "AND time_entry.deleted_at IS NULL AND worklog.id IS NULL"
    )
    if number := _count(connection, missing):
        yield f"{number} finished entries were not written"
    ours = text(
        "SELECT worklog.external_id, worklog.task_external, worklog.kept_seconds, "
        "time_entry.seconds FROM worklog "
        "JOIN time_entry ON time_entry.id = worklog.time_entry_id "
        "WHERE worklog.integration_id = :site AND worklog.state = 'written' "
        "AND time_entry.deleted_at IS NULL"
    )
    for number, writes, theirs in zip(found.integrations, found.writes, found.records, strict=True):
        rows = list(connection.execute(ours, {"site": number})) if writes else []
        here = {str(row[0]).rpartition("/")[2]: (str(row[1]), int(row[2])) for row in rows}
        there = {one: (str(kept[0]), int(kept[1])) for one, kept in theirs.items()}
        if here != there or len(here) != len(rows):
            more, less = there.keys() - here.keys(), here.keys() - there.keys()
            yield (
                f"tool {number} differs: {len(more)} too many, {len(less)} missing there: "
                f"{[theirs[one] for one in more][:_FEW]} {[here[one] for one in less][:_FEW]}"
            )
        if wrong := [row for row in rows if abs(int(row[2]) - int(row[3])) >= _MINUTE]:
            yield f"tool {number}: {len(wrong)} records are of another length"


def _fences(connection: Connection) -> Iterator[str]:
    """No row of one team points at a row of another."""
    for here in METADATA.sorted_tables:
        for column in here.columns:
            for key in column.foreign_keys:
                there = key.column.table
                if "team_id" in here.columns and "team_id" in there.columns:
                    across = _across(connection, here, column, there, key.column)
                    if across:
                        yield f"{across} rows of {here.name}.{column.name} point at another team"


def _across(
    connection: Connection,
    here: Table,
    column: ColumnElement[Any],
    there: Table,
    target: ColumnElement[Any],
) -> int:
    other = there.alias("other")
    query = (
        select(here.c.team_id)
        .join(other, column == other.c[str(getattr(target, "name", "id"))])
        .where(here.c.team_id != other.c.team_id)
    )
    return len(connection.execute(query).all())


def _count(connection: Connection, query: str) -> int:
    return int(connection.execute(text(query)).scalar_one())

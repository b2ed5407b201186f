"""From a board's rows to the contract's values. The columns are told in ``docs/board.md``."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from hashlib import sha256

from bot.domain.values import dataclass
from bot.integrations.api import (
    ProviderAccount,
    ProviderProject,
    ProviderTask,
    Worklog,
    WorklogRecord,
)
from bot.providers.board.folder import BoardSettings
from bot.providers.board.table import Row, Style, Table

TIME_FILE = "time.csv"
EVERYONE = "*"

_YES = frozenset({"yes", "y", "true", "1", "x", "done"})
_NO = frozenset({"", "no", "n", "false", "0", "-"})
_SEPARATORS = re.compile(r"[,;|]")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_TIME_COLUMNS = (
    "marker",
    "task",
    "person",
    "name",
    "day",
    "started_at",
    "seconds",
    "hours",
    "note",
)


@dataclass(frozen=True, slots=True)
class Frame:
    """What reading a task needs to know of the rest of the board."""

    settings: BoardSettings
    projects: dict[str, ProviderProject]
    """By id."""


def projects_of(table: Table, settings: BoardSettings) -> dict[str, ProviderProject]:
    """Every project, by id.

    Raises:
        TableProblem: a row cannot be understood.
    """
    return {
        key: ProviderProject(
            external_id=key,
            name=_needed(table, row, "name"),
            url=table.text(row, "url") or settings.url,
            key=table.text(row, "key") or None,
            workspace_id=table.text(row, "workspace"),
            workspace_name=table.text(row, "workspace"),
            is_archived=_flag(table, row, "archived"),
            is_personal=_flag(table, row, "personal"),
        )
        for key, row in _identified(table.requiring("id", "name"))
    }


def accounts_of(table: Table) -> dict[str, ProviderAccount]:
    """Every person, by id. Whoever keeps the files vouches for the addresses in them.

    Raises:
        TableProblem: a row cannot be understood.
    """
    return {
        key: ProviderAccount(
            external_id=key,
            name=_needed(table, row, "name"),
            email=table.text(row, "email") or None,
            email_is_verified=bool(table.text(row, "email")),
            is_active=not table.text(row, "active") or _flag(table, row, "active"),
        )
        for key, row in _identified(table.requiring("id", "name"))
    }


def tasks_of(table: Table, board: Frame) -> dict[str, ProviderTask]:
    """Every task of every project, by id.

    Raises:
        TableProblem: a row cannot be understood.
    """
    table.requiring("id", "project", "title")
    found: dict[str, ProviderTask] = {}
    numbers: dict[tuple[str, int], int] = {}
    for key, row in _identified(table):
        task = _task(table, key, row, board)
        if task.number is not None:
            earlier = numbers.setdefault((task.project_id, task.number), row.number)
            if earlier != row.number:
                raise table.problem(row, f"Row {earlier} has the same project and number.")
        found[key] = task
    return found


def task_row(table: Table, task_id: str) -> Row | None:
    """The row of one task."""
    return next((row for row in table.rows if table.text(row, "id") == task_id), None)


def access_of(table: Table, project_id: str) -> frozenset[str] | None:
    """Who may see a project: only those listed, unless a row says everyone.

    Raises:
        TableProblem: a row cannot be understood.
    """
    table.requiring("project", "person")
    people = {
        _needed(table, row, "person")
        for row in table.rows
        if _needed(table, row, "project") == project_id
    }
    return None if EVERYONE in people else frozenset(people)


def with_completion(
    table: Table, row: Row, settings: BoardSettings, *, is_done: bool, now: datetime
) -> Table:
    """The task table with one task marked done or open, in whichever columns it has for that."""
    changes = {
        "done": "yes" if is_done else "no",
        "updated_at": now.astimezone(UTC).isoformat(timespec="seconds"),
    }
    if is_done or table.text(row, "status").casefold() == settings.done_status.casefold():
        changes["status"] = settings.done_status if is_done else settings.open_status
    position = table.rows.index(row)
    if not table.has("done") and not table.has("status"):
        table = table.with_column("done")
    return table.with_cells(table.rows[position], changes)


def empty_time_table() -> Table:
    """The first version of ``time.csv``."""
    return Table(TIME_FILE, Style(), _TIME_COLUMNS, ())


def time_row(table: Table, marker: str) -> Row | None:
    """The row that carries a marker.

    Raises:
        TableProblem: the file has no column for it.
    """
    table.requiring("marker", "task", "seconds", "day")
    return next((row for row in table.rows if table.text(row, "marker") == marker), None)


def time_cells(worklog: Worklog) -> dict[str, str]:
    """What a worklog looks like in ``time.csv``."""
    started = worklog.started_at
    return {
        "marker": worklog.marker,
        "task": worklog.task_id,
        "person": worklog.account_id or "",
        "name": _harmless(worklog.member_name),
        "day": worklog.day.isoformat(),
        "started_at": started.isoformat(timespec="seconds") if started else "",
        "seconds": str(worklog.seconds),
        "hours": f"{worklog.seconds / 3600:.2f}",
        "note": _harmless(worklog.note),
    }


def record_of(table: Table, row: Row) -> WorklogRecord:
    """A row of ``time.csv`` as a record.

    Raises:
        TableProblem: its day or its seconds cannot be understood.
    """
    written = "\0".join(table.text(row, c) for c in ("task", "person", "day", "seconds", "note"))
    return WorklogRecord(
        external_id=table.text(row, "marker"),
        seconds=_whole(table, row, "seconds"),
        day=_day(table, row, "day"),
        version=sha256(written.encode("utf-8", "replace")).hexdigest()[:16],
    )


def _task(table: Table, key: str, row: Row, board: Frame) -> ProviderTask:
    project_id = _needed(table, row, "project")
    project = board.projects.get(project_id)
    if project is None:
        raise table.problem(row, f'There is no project "{project_id}" in projects.csv.')
    number = _whole(table, row, "number") if table.text(row, "number") else None
    status = table.text(row, "status")
    if table.has("done"):
        is_done = _flag(table, row, "done")
    else:
        is_done = status.casefold() == board.settings.done_status.casefold()
    full_key = f"{project.key}-{number}" if project.key and number is not None else None
    return ProviderTask(
        external_id=key,
        project_id=project_id,
        title=_needed(table, row, "title"),
        url=table.text(row, "url") or _task_url(board.settings, full_key or key),
        key=full_key,
        number=number,
        is_done=is_done,
        status=status,
        section=table.text(row, "section"),
        labels=_words(table.text(row, "labels")),
        assignee_ids=_words(table.text(row, "assignees")),
        estimate_seconds=_estimate(table, row),
        updated_at=_moment(table, row, "updated_at"),
    )


def _task_url(settings: BoardSettings, name: str) -> str:
    return f"{settings.url}/{name}" if settings.url else ""


def _identified(table: Table) -> Iterator[tuple[str, Row]]:
    """Rows with their ids, each of which is there once."""
    seen: dict[str, int] = {}
    for row in table.rows:
        key = _needed(table, row, "id")
        if key in seen:
            raise table.problem(row, f'The id "{key}" is already used in row {seen[key]}.')
        seen[key] = row.number
        yield key, row


def _needed(table: Table, row: Row, column: str) -> str:
    value = table.text(row, column)
    if not value:
        raise table.problem(row, f'The cell "{column}" is empty.')
    return value


def _flag(table: Table, row: Row, column: str) -> bool:
    value = table.text(row, column).casefold()
    if value not in _YES | _NO:
        raise table.problem(row, f'"{value}" in "{column}" is neither yes nor no.')
    return value in _YES


def _whole(table: Table, row: Row, column: str) -> int:
    value = table.text(row, column)
    if not (value.isascii() and value.isdigit()):
        raise table.problem(row, f'"{value}" in "{column}" is not a whole number.')
    return int(value)


def _estimate(table: Table, row: Row) -> int | None:
    value = table.text(row, "estimate_hours").replace(",", ".")
    if not value:
        return None
    if not re.fullmatch(r"\d{1,6}(\.\d*)?", value):
        raise table.problem(row, f'"{value}" in "estimate_hours" is not a number of hours.')
    return round(float(value) * 3600)


def _moment(table: Table, row: Row, column: str) -> datetime | None:
    """A moment; without a zone it is taken as UTC."""
    value = table.text(row, column)
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        example = "2026-11-20 09:30"
        raise table.problem(row, f'"{value}" in "{column}" is not like {example}.') from None


def _day(table: Table, row: Row, column: str) -> date:
    value = table.text(row, column)
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise table.problem(row, f'"{value}" in "{column}" is not like 2026-11-20.') from None


def _words(cell: str) -> tuple[str, ...]:
    """What stands between commas, semicolons or bars, each once."""
    parts = (part.strip() for part in _SEPARATORS.split(cell))
    return tuple(dict.fromkeys(part for part in parts if part))


def _harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text

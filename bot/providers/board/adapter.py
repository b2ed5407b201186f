"""A file-based board: a folder of CSV files that people edit with any spreadsheet.

The folder and its columns are described in ``docs/board.md``.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime, timedelta
from typing import ClassVar, TypeVar

from bot.integrations.api import (
    Capability,
    CredentialField,
    Credentials,
    Descriptor,
    FieldKind,
    Page,
    ProviderAccount,
    ProviderProject,
    ProviderTask,
    Site,
    Worklog,
    WorklogRecord,
)
from bot.integrations.context import AdapterContext
from bot.integrations.errors import ProviderAuthFailed, ProviderRefused, ProviderUnavailable
from bot.providers.board import rows
from bot.providers.board.folder import SLUG, BoardBusy, BoardFolder, BoardSettings, refused
from bot.providers.board.table import TableProblem

Result = TypeVar("Result")
Item = TypeVar("Item")

_PAGE_SIZE = 200
_FILE_CLOCK_SLACK = timedelta(seconds=2)
_LOCK_TRIES = 100
_LOCK_WAIT_SECONDS = 0.05
_GONE = 404


class Board:
    """One board. It keeps nothing between calls: the files are the truth."""

    descriptor: ClassVar[Descriptor] = Descriptor(
        slug=SLUG,
        name="File board",
        icon=":card_index_dividers:",
        capabilities=frozenset(
            {
                Capability.ACCESS,
                Capability.INCREMENTAL,
                Capability.TIME,
                Capability.COMPLETION,
            }
        ),
        credentials=(
            CredentialField(
                name="board",
                label="Board folder",
                kind=FieldKind.TEXT,
                hint="The name of a folder on Hourlink's server, in its boards directory.",
                placeholder="acme",
            ),
            CredentialField(
                name="key",
                label="Access key",
                kind=FieldKind.SECRET,
                hint="The key written in that folder's board.toml.",
            ),
        ),
        own_credentials=(
            CredentialField(
                name="key",
                label="Your own key",
                kind=FieldKind.SECRET,
                hint="Whoever keeps the board gave it to you; it is in its keys.csv.",
            ),
        ),
    )

    def __init__(self, credentials: Credentials, context: AdapterContext) -> None:
        self._folder = BoardFolder(context.boards_dir, credentials["board"], credentials["key"])
        self._clock = context.clock
        self._sleep = context.sleep

    @property
    def requests(self) -> int:
        """Files read so far."""
        return self._folder.reads

    async def check(self) -> Site:
        """Reads ``board.toml`` and the two files no board can do without."""
        return await self._read(self._site)

    async def projects(self, cursor: str | None = None) -> AsyncIterator[Page[ProviderProject]]:
        """Every project, archived ones too."""
        found = await self._read(lambda: self._visible(self._board()))
        for page in _pages(found, cursor):
            yield page

    async def project(self, external_id: str) -> ProviderProject | None:
        """One project; None when no row has its id."""
        found = await self._read(lambda: self._visible(self._board()))
        return found.get(external_id)

    async def tasks(
        self, project_id: str, since: datetime | None = None, cursor: str | None = None
    ) -> AsyncIterator[Page[ProviderTask]]:
        """The tasks of one project.

        With ``since``, nothing where no file changed from then on, else everything: people who
        edit a table by hand do not keep a column with the moment of each change.
        """
        found = await self._read(lambda: self._tasks(project_id, since))
        for page in _pages(found, cursor):
            yield page

    async def task(self, external_id: str) -> ProviderTask | None:
        """One task; None when no row has its id."""
        return (await self._read(self._every_task)).get(external_id)

    async def accounts(self, cursor: str | None = None) -> AsyncIterator[Page[ProviderAccount]]:
        """The people of the board."""
        for page in _pages(await self._read(self._people), cursor):
            yield page

    async def account(self, external_id: str) -> ProviderAccount | None:
        """One person; None when no row has their id."""
        return (await self._read(self._people)).get(external_id)

    async def access(self, project_id: str) -> frozenset[str] | None:
        """Who may see a project; everyone where the board has no ``access.csv``."""
        return await self._read(lambda: self._access(project_id))

    async def write_time(self, worklog: Worklog) -> WorklogRecord:
        """Adds a row to ``time.csv``; a row that carries the marker already is brought up to date.

        Raises:
            ProviderRefused: the board knows neither such a task nor such a person, or its folder
                cannot be written to.
        """
        return await self._write(lambda: self._write_time(worklog))

    async def update_time(self, external_id: str, worklog: Worklog) -> WorklogRecord:
        """Makes a row say what the worklog says.

        Raises:
            ProviderRefused: the row is gone, or the new task or person is unknown.
        """
        return await self._write(lambda: self._update_time(external_id, worklog))

    async def delete_time(self, external_id: str) -> None:
        """Removes a row; one that is already gone is no error."""
        await self._write(lambda: self._delete_time(external_id))

    async def find_time(self, worklog: Worklog) -> WorklogRecord | None:
        """The row that carries this worklog's marker."""
        return await self._read(lambda: self._find_time(worklog.marker))

    async def complete(self, task_id: str) -> ProviderTask:
        """Marks a task done in ``tasks.csv``."""
        return await self._write(lambda: self._complete(task_id, is_done=True))

    async def reopen(self, task_id: str) -> ProviderTask:
        """Marks a task open in ``tasks.csv``."""
        return await self._write(lambda: self._complete(task_id, is_done=False))

    # What follows blocks, and runs in a thread.

    async def _read(self, work: Callable[[], Result]) -> Result:
        return await asyncio.to_thread(_speaking_plainly, work)

    async def _write(self, work: Callable[[], Result]) -> Result:
        await self._read(self._settings)  # a wrong key must not even take the lock
        for _ in range(_LOCK_TRIES):
            try:
                return await self._read(lambda: self._folder.locked(work))
            except BoardBusy:
                await self._sleep(_LOCK_WAIT_SECONDS)
        raise ProviderUnavailable(SLUG, "the board stayed locked by another writer")

    def _settings(self) -> BoardSettings:
        """What ``board.toml`` says to who may open the board.

        Raises:
            ProviderAuthFailed: the key opens nothing, or is of somebody who is no active person.
        """
        settings = self._folder.settings()
        if settings.person is not None:
            person = rows.accounts_of(self._folder.table("people.csv").table).get(settings.person)
            if person is None or not person.is_active:
                raise ProviderAuthFailed(SLUG, "the key of nobody who is active here")
        return settings

    def _site(self) -> Site:
        settings = self._settings()
        projects = self._projects(settings)
        people = self._people()
        warnings = []
        if not any(person.email for person in people.values()):
            warnings.append("No person has an e-mail address, so people pick themselves by name.")
        if not projects:
            warnings.append("There are no projects in projects.csv yet.")
        return Site(
            external_id=self._folder.name,
            name=settings.name,
            url=settings.url,
            account_name=people[settings.person].name if settings.person else "the files' owner",
            account_id=settings.person,
            warnings=tuple(warnings),
        )

    def _board(self) -> rows.Frame:
        settings = self._settings()
        return rows.Frame(settings, self._projects(settings))

    def _projects(self, settings: BoardSettings) -> dict[str, ProviderProject]:
        return rows.projects_of(self._folder.table("projects.csv").table, settings)

    def _visible(self, board: rows.Frame) -> dict[str, ProviderProject]:
        """The projects that the key's holder may see; all with the board's own key."""
        stored = self._folder.table_if_any("access.csv") if board.settings.person else None
        if stored is None:
            return board.projects
        return {
            key: project
            for key, project in board.projects.items()
            if (people := rows.access_of(stored.table, key)) is None
            or board.settings.person in people
        }

    def _people(self) -> dict[str, ProviderAccount]:
        self._settings()
        return rows.accounts_of(self._folder.table("people.csv").table)

    def _every_task(self) -> dict[str, ProviderTask]:
        board = self._board()
        every = rows.tasks_of(self._folder.table("tasks.csv").table, board)
        visible = self._visible(board)
        return {key: task for key, task in every.items() if task.project_id in visible}

    def _tasks(self, project_id: str, since: datetime | None) -> dict[str, ProviderTask]:
        board = self._board()
        if project_id not in self._visible(board):
            raise _gone(f'There is no project "{project_id}" in projects.csv.')
        stored = self._folder.table("tasks.csv")
        # A project's key is part of its tasks' keys, so its file counts too.
        changed = max(stored.changed_at, self._folder.table("projects.csv").changed_at)
        every = rows.tasks_of(stored.table, board)
        if since is not None and changed + _FILE_CLOCK_SLACK < since:
            return {}
        return {key: task for key, task in every.items() if task.project_id == project_id}

    def _access(self, project_id: str) -> frozenset[str] | None:
        if project_id not in self._visible(self._board()):
            raise _gone(f'There is no project "{project_id}" in projects.csv.')
        stored = self._folder.table_if_any("access.csv")
        return None if stored is None else rows.access_of(stored.table, project_id)

    def _find_time(self, marker: str) -> WorklogRecord | None:
        self._settings()
        stored = self._folder.table_if_any(rows.TIME_FILE)
        row = rows.time_row(stored.table, marker) if stored else None
        return rows.record_of(stored.table, row) if stored and row else None

    def _write_time(self, worklog: Worklog) -> WorklogRecord:
        self._refuse_strangers(worklog)
        stored = self._folder.table_if_any(rows.TIME_FILE)
        table = stored.table if stored else rows.empty_time_table()
        row = rows.time_row(table, worklog.marker)
        cells = rows.time_cells(worklog)
        table = table.with_cells(row, cells) if row else table.with_row(cells)
        self._folder.replace(table, stored)
        return self._written(worklog.marker)

    def _update_time(self, external_id: str, worklog: Worklog) -> WorklogRecord:
        self._refuse_strangers(worklog)
        stored = self._folder.table_if_any(rows.TIME_FILE)
        row = rows.time_row(stored.table, external_id) if stored else None
        if stored is None or row is None:
            raise _gone(f"{rows.TIME_FILE}: The row of this time entry is gone.")
        self._folder.replace(stored.table.with_cells(row, rows.time_cells(worklog)), stored)
        return self._written(worklog.marker)

    def _delete_time(self, external_id: str) -> None:
        stored = self._folder.table_if_any(rows.TIME_FILE)
        row = rows.time_row(stored.table, external_id) if stored else None
        if stored is not None and row is not None:
            self._folder.replace(stored.table.without(row), stored)

    def _written(self, marker: str) -> WorklogRecord:
        record = self._find_time(marker)
        if record is None:
            raise ProviderUnavailable(SLUG, f"{rows.TIME_FILE} lost a row that was just written")
        return record

    def _refuse_strangers(self, worklog: Worklog) -> None:
        if worklog.task_id not in self._every_task():
            raise _gone(f'There is no task "{worklog.task_id}" in tasks.csv.')
        if worklog.account_id is not None and worklog.account_id not in self._people():
            raise _gone(f'There is no person "{worklog.account_id}" in people.csv.')
        person = self._settings().person
        if person is not None and worklog.account_id not in {None, person}:
            raise refused("Somebody's own key writes nobody else's time.")

    def _complete(self, task_id: str, *, is_done: bool) -> ProviderTask:
        board = self._board()
        stored = self._folder.table("tasks.csv")
        task = rows.tasks_of(stored.table, board).get(task_id)
        row = rows.task_row(stored.table, task_id)
        if task is None or row is None or task.project_id not in self._visible(board):
            raise _gone(f'There is no task "{task_id}" in tasks.csv.')
        if task.is_done == is_done:
            return task
        if board.projects[task.project_id].is_archived:
            raise refused(f"{board.projects[task.project_id].name} is archived.")
        table = rows.with_completion(
            stored.table, row, board.settings, is_done=is_done, now=self._clock()
        )
        self._folder.replace(table, stored)
        return self._every_task()[task_id]


def _speaking_plainly(work: Callable[[], Result]) -> Result:
    """Turns a complaint about a table into the contract's refusal."""
    try:
        return work()
    except TableProblem as problem:
        raise refused(str(problem)) from None


def _gone(sentence: str) -> ProviderRefused:
    return ProviderRefused(SLUG, sentence, status=_GONE, reason=sentence)


def _pages(items: Mapping[str, Item], cursor: str | None) -> list[Page[Item]]:
    """Items in the order of their ids.

    The cursor is the last id of a page, so that rows added, moved or deleted between two pages
    make nothing appear twice or not at all.
    """
    left = [key for key in sorted(items) if cursor is None or key > cursor]
    starts = range(0, max(len(left), 1), _PAGE_SIZE)
    return [
        Page(
            items=tuple(items[key] for key in left[start : start + _PAGE_SIZE]),
            cursor=left[start + _PAGE_SIZE - 1] if start + _PAGE_SIZE < len(left) else None,
        )
        for start in starts
    ]

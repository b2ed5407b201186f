"""Mirroring the tasks of linked provider projects here, and who may see them."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from bot.domain.ids import ProjectId, ProviderProjectId, TaskId
from bot.domain.sync.problems import Problem
from bot.domain.sync.sync import (
    Bookmark,
    Counts,
    MissingTask,
    SyncPlan,
    SyncRun,
    TaskSource,
)
from bot.domain.values import dataclass
from bot.integrations.api import ProviderTask
from bot.services.people import membership
from bot.services.sync import mirror_rows
from bot.services.sync.gone_tasks import find_again, lose
from bot.services.sync.mirror_rows import TaskKey
from bot.services.sync.moved_tasks import stop_where_they_went
from bot.services.sync.run_pages import Footing, advance, hold
from bot.services.sync.task_places import settled
from storage.sync import provider_project_sync, task_sync
from storage.sync.provider_project_sync import LinkedProject
from storage.sync.task_sync import StoredTask
from storage.tasks.task_index import KnownWords
from storage.unit_of_work import Tx, UnitOfWork

OVERLAP = timedelta(minutes=2)
"""How far back an incremental read begins: clocks differ, and providers save late."""

SOURCES = 20
"""Provider projects that are looked up together, because most of them have no news."""

MOST_MISSING = 50
"""Tasks that are re-read one by one between two savings."""


@dataclass(frozen=True, slots=True)
class _Fresh:
    """A task that is new or has changed, and what was known of it."""

    task: ProviderTask
    place: ProviderProjectId
    row_hash: str
    known: StoredTask | None


class TaskMirroring:
    """One page a transaction, saved together with the run's bookmark."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._new_marker = new_marker
        self._words = KnownWords()

    def next_sources(self, plan: SyncPlan) -> list[TaskSource]:
        """The linked provider projects to read now, beginning with the one that was left.

        Some of them, and none at the end. Nothing is written: a run is at a source from the first
        page of it that is saved.
        """
        with self._uow.read() as tx:
            mark = hold(tx, plan, lock=False).bookmark
            left = mark.project if mark.reading_from is not None else None
            found = provider_project_sync.next_linked(
                tx,
                plan.team_id,
                plan.integration_id,
                start=left if left is not None else (mark.project or 0) + 1,
                among=None if mark.heard is None else mark.heard.projects,
                most=SOURCES,
            )
            return [_source(plan, mark, one, is_resumed=one.id == left) for one in found]

    def save_tasks(
        self,
        plan: SyncPlan,
        source: TaskSource,
        tasks: Sequence[ProviderTask],
        *,
        cursor: str | None,
        footing: Footing,
    ) -> None:
        """Saves a page; only what changed is written."""
        with self._uow.begin() as tx:
            run = hold(tx, plan)
            counts = self._save(tx, plan, source, tasks, footing.now)
            advance(tx, run, lambda mark: replace(mark.at(source), page=cursor), footing, counts)

    def save_last_tasks(
        self,
        plan: SyncPlan,
        source: TaskSource,
        tasks: Sequence[ProviderTask],
        *,
        footing: Footing,
    ) -> bool:
        """Saves what the list of a project ends with; whether something was missing in the list.

        An incremental read says nothing about what it left out. A full one is finished with this
        when it met everything that is known.
        """
        with self._uow.begin() as tx:
            run = hold(tx, plan)
            counts = self._save(tx, plan, source, tasks, footing.now) if tasks else None
            is_missing = plan.is_full and bool(
                task_sync.missing(tx, plan.team_id, source.id, plan.run_id, most=1)
            )
            move: Callable[[Bookmark], Bookmark] = _all_pages_read
            if not is_missing:
                move = self._finished(tx, run, source, footing.now)
            advance(tx, run, lambda mark: move(mark.at(source)), footing, counts)
            return is_missing

    def missing_tasks(self, plan: SyncPlan, source: TaskSource) -> list[MissingTask]:
        """Some tasks that the full sweep did not meet: re-read each of them."""
        with self._uow.read() as tx:
            return task_sync.missing(tx, plan.team_id, source.id, plan.run_id, most=MOST_MISSING)

    def confirm_tasks(
        self,
        plan: SyncPlan,
        source: TaskSource,
        *,
        found: Sequence[ProviderTask],
        met: Collection[TaskId],
        gone: Collection[TaskId],
        footing: Footing,
    ) -> None:
        """Saves what single re-reads said: moved, there after all, or deleted or hidden.

        Args:
            plan: The run.
            source: Where they were missing.
            found: The tasks as they are now.
            met: Those of ours that were found, under whatever id the provider gives them now.
            gone: Those that the provider does not know or show any more.
            footing: What it cost.
        """
        with self._uow.begin() as tx:
            run = hold(tx, plan)
            counts = self._save(tx, plan, source, found, footing.now)
            if met:
                task_sync.mark_seen(tx, plan.team_id, met, plan.run_id)
            gone_now = lose(tx, plan, gone, footing.now) if gone else 0
            advance(tx, run, _same, footing, replace(counts, gone=gone_now))

    def finish_tasks(self, plan: SyncPlan, source: TaskSource, footing: Footing) -> None:
        """The provider project is in step, as of the moment its read began."""
        with self._uow.begin() as tx:
            run = hold(tx, plan)
            advance(tx, run, self._finished(tx, run, source, footing.now), footing)

    def note(self, plan: SyncPlan, problem: Problem, footing: Footing) -> None:
        """Something could not be read, and the rest goes on; the run ends as a failed one."""
        with self._uow.begin() as tx:
            run = hold(tx, plan)
            advance(tx, run, lambda mark: mark.with_problem(problem), footing)

    def give_up(
        self, plan: SyncPlan, source: TaskSource, *, problem: Problem | None, footing: Footing
    ) -> None:
        """Goes on without this provider project; the next run tries it again."""
        with self._uow.begin() as tx:
            run = hold(tx, plan)
            advance(
                tx,
                run,
                lambda mark: mark.with_problem(problem).finished_project(source.id),
                footing,
            )

    def _finished(
        self, tx: Tx, run: SyncRun, source: TaskSource, now: datetime
    ) -> Callable[[Bookmark], Bookmark]:
        reading_from = run.bookmark.at(source).reading_from
        if reading_from is not None:
            provider_project_sync.tasks_read(tx, run.team_id, [source.id], reading_from)
            project = task_sync.project_of(tx, run.team_id, source.id) if source.is_first else None
            if project is not None:
                membership.join_project(tx, run.team_id, project[0], now)
        return lambda mark: mark.finished_project(source.id)

    def _save(
        self,
        tx: Tx,
        plan: SyncPlan,
        source: TaskSource,
        tasks: Sequence[ProviderTask],
        now: datetime,
    ) -> Counts:
        fresh = {task.external_id: task for task in tasks}
        known = task_sync.stored(tx, plan.team_id, plan.integration_id, fresh.keys())
        fresh = {task.external_id: task for task in settled(tx, plan, fresh.values(), known)}
        places = self._places(tx, plan, source, fresh.values())
        write: list[_Fresh] = []
        unchanged: list[TaskId] = []
        for name, task in fresh.items():
            before = known.get(name)
            if task.project_id not in places:
                # Moved to where our credentials see it, but no list shows that place: left as is.
                if before is not None:
                    unchanged.append(before.id)
                continue
            place = places[task.project_id]
            row_hash = mirror_rows.task_hash(task, place)
            if before is None or before.row_hash != row_hash or before.gone_at is not None:
                write.append(_Fresh(task, place, row_hash, before))
            else:
                unchanged.append(before.id)
        if write:
            write = self._write(tx, plan, source, write)
        if back := [one.known.id for one in write if one.known and one.known.gone_at]:
            find_again(tx, plan, back, now)
        moved = {one.place for one in write if one.known and one.known.place != one.place}
        if moved:
            stop_where_they_went(tx, plan, moved, now=now, new_marker=self._new_marker)
        if plan.is_full and unchanged:
            task_sync.mark_seen(tx, plan.team_id, unchanged, plan.run_id)
        created = sum(one.known is None for one in write)
        return Counts(created, len(write) - created, len(unchanged))

    def _places(
        self, tx: Tx, plan: SyncPlan, source: TaskSource, tasks: Collection[ProviderTask]
    ) -> dict[str, ProviderProjectId]:
        """Our provider projects by provider id, as far as these tasks name them."""
        places = {source.external_id: source.id}
        others = {task.project_id for task in tasks} - places.keys()
        if others:
            stored = provider_project_sync.stored(tx, plan.team_id, plan.integration_id, others)
            places |= {name: project.id for name, project in stored.items()}
        return places

    def _write(
        self, tx: Tx, plan: SyncPlan, source: TaskSource, write: Sequence[_Fresh]
    ) -> list[_Fresh]:
        """Saves what is new or changed; new tasks of a project unlinked meanwhile are left out."""
        project = None
        if any(one.known is None for one in write):
            project = task_sync.project_of(tx, plan.team_id, source.id)
            if project is None:
                write = [one for one in write if one.known is not None]
        keys = _keys(tx, plan, project, write)
        team_id, site = plan.team_id, plan.integration_id
        rows = [
            mirror_rows.task_row(one.task, (team_id, site, one.place), one.row_hash, key)
            for one, key in zip(write, keys, strict=True)
        ]
        seen_in_run = plan.run_id if plan.is_full else None
        for row in rows:
            row["seen_in_run"] = seen_in_run
        old = [one.task.external_id for one in write if one.known is not None]
        task_sync.write(tx, team_id, site, rows, self._words, known=old)
        task_sync.remember_keys(
            tx,
            plan.team_id,
            (
                (one.known.id, one.known.key)
                for one, key in zip(write, keys, strict=True)
                if one.known is not None and one.known.key.casefold() != key.text.casefold()
            ),
        )
        return list(write)


def _keys(
    tx: Tx, plan: SyncPlan, project: tuple[ProjectId, str] | None, write: Sequence[_Fresh]
) -> list[TaskKey]:
    """What people type (T2): the provider's own key, the one it has had, or one of ours."""
    kept = [mirror_rows.kept_key(one.task, one.known.key if one.known else None) for one in write]
    if project is None:
        return [key for key in kept if key is not None]
    project_id, code = project
    numbers = [mirror_rows.number_of(one.task) for one in write]
    wanting = sum(key is None and number is None for key, number in zip(kept, numbers, strict=True))
    counter = count(task_sync.take_numbers(tx, plan.team_id, project_id, wanting) if wanting else 0)
    keys: list[TaskKey] = []
    for key, own in zip(kept, numbers, strict=True):
        number = next(counter) if key is None and own is None else own
        keys.append(key or TaskKey(f"{code}-{number}", number, is_ours=True))
    return keys


def _source(
    plan: SyncPlan, mark: Bookmark, found: LinkedProject, *, is_resumed: bool
) -> TaskSource:
    since = None if plan.is_full else found.tasks_synced_from
    return TaskSource(
        id=found.id,
        external_id=found.external_id,
        name=found.name,
        since=None if since is None else since - OVERLAP,
        page=mark.page if is_resumed else None,
        is_first=found.tasks_synced_from is None,
        pages_read=is_resumed and mark.pages_read,
    )


def _same(bookmark: Bookmark) -> Bookmark:
    return bookmark


def _all_pages_read(bookmark: Bookmark) -> Bookmark:
    return replace(bookmark, page=None, pages_read=True)

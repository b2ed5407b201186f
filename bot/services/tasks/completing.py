"""``/track done`` and its undo (W5): what is asked, and what came of it.

Nothing is written to a provider here. The wish is a row, what is owed is a row of the outbox in
the same transaction; a delivery carries it out and says how it went.
"""

from collections.abc import Callable
from datetime import datetime

from bot.domain.entries.entries import OnTask, TaskLabel
from bot.domain.errors import NotYourButton
from bot.domain.ids import CompletionId, TaskId, TeamId
from bot.domain.input_errors import MissingTask
from bot.domain.people.people import Member
from bot.domain.tasks.completion import (
    Asked,
    CannotComplete,
    Completion,
    CompletionState,
    CompletionUnderWay,
    CompletionWork,
    ProjectsAreNotDone,
    StandsLikeThat,
    WhichToComplete,
)
from bot.domain.tasks.finding import Candidate, Found, Several
from bot.domain.tasks.task_refs import TaskRef, ref_words
from bot.domain.tracking.tracking_errors import ChangedSince, NothingToUndo, TargetUnknown
from bot.integrations.api import ProviderTask
from bot.services.sync import mirror_rows
from bot.services.tasks.refusals import ProviderName
from bot.services.tracking.desk import AtDesk, Desk
from bot.services.tracking.undoing import LATELY
from storage import members, outbox
from storage.entries import entry_history
from storage.sync import provider_project_sync, task_sync
from storage.tasks import completions
from storage.tasks.task_index import KnownWords
from storage.unit_of_work import Tx, UnitOfWork

COMPLETE = "task.complete"
"""Outbox kind: carry it out in the provider. Its subject is the task, so that writes to one task
come one after another."""

TELL = "completion.tell"
"""Outbox kind: the direct message, sent once and edited from then on."""

CanComplete = Callable[[str], bool]
"""Whether a provider, by its slug, lets tasks be marked done."""


class Completing(AtDesk):
    """What people ask for."""

    def __init__(
        self,
        uow: UnitOfWork,
        new_marker: Callable[[], str],
        provider_name: ProviderName,
        can_complete: CanComplete,
    ) -> None:
        super().__init__(uow, new_marker, provider_name)
        self._can = can_complete

    def can(self, *, who: Member, on: TaskLabel, now: datetime) -> bool:
        """Whether *Done* is worth offering: the task is open, and its tool and the member may."""
        if on.task_id is None:
            return False
        with self._uow.read() as tx:
            found = self._looking(tx, who, now).finder.peek(on.task_id)
            return found is not None and not found.is_done and self.tool_can(found)

    def tool_can(self, one: Candidate) -> bool:
        """Whether the tool that a task comes from lets tasks be marked done."""
        source = one.place.source
        return source is not None and self._can(source.provider)

    def ask(
        self,
        *,
        who: Member,
        ref: TaskRef | None,
        now: datetime,
        channel_id: str | None = None,
    ) -> Asked | WhichToComplete:
        """Wants a task done: the one that is named, else the one that the timer runs on.

        Raises:
            MissingTask: none is named, and no timer runs on one.
            NotAllowed: it is not for this member, and why may be told.
            NotPossible: its project is archived, or its tool cannot.
            StandsLikeThat: it is done already.
            CompletionUnderWay: somebody asked before.
        """
        with self._uow.begin() as tx:
            desk = self._looking(tx, who, now).lock()
            if ref is None:
                running = desk.running()
                if running is None or running.on.task_id is None:
                    raise MissingTask("done")
                candidate = desk.finder.by_target(OnTask(running.on.task_id))
                return self._asked(desk, candidate, is_done=True)
            match desk.finder.find(ref, channel_id=channel_id):
                case Found(candidate):
                    return self._asked(desk, candidate, is_done=True)
                case Several() as several:
                    fit = tuple(one for one in several.candidates if self._fits(one))
                    return WhichToComplete(ref_words(ref), fit, several.total if fit else 0)
                case nothing:
                    near = tuple(one for one in nothing.near if self._fits(one))
                    return WhichToComplete(ref_words(ref), near, 0)

    def mark(self, *, who: Member, task_id: TaskId, is_done: bool, now: datetime) -> Asked:
        """The same for the task that a button names, or its opposite.

        Raises: as ``ask``.
        """
        with self._uow.begin() as tx:
            desk = self._looking(tx, who, now).lock()
            candidate = desk.finder.by_target(OnTask(task_id))
            return self._asked(desk, candidate, is_done=is_done)

    def undo(self, *, who: Member, completion_id: CompletionId, now: datetime) -> Asked:
        """Takes back what a message tells, as long as nothing newer was asked for.

        Raises:
            TargetUnknown: there is no such wish.
            NotYourButton: it was somebody else's.
            ChangedSince: it did not come to pass, or something newer was asked for.
            HourlinkError: as ``ask``.
        """
        with self._uow.begin() as tx:
            desk = self._looking(tx, who, now).lock()
            done = completions.by_id(tx, who.team_id, completion_id)
            if done is None:
                raise TargetUnknown
            if done.member_id != who.id:
                raise NotYourButton
            newest = completions.last_of(tx, who.team_id, done.task_id)
            if newest != done.id or done.state is not CompletionState.DONE:
                raise ChangedSince
            candidate = desk.finder.by_target(OnTask(done.task_id))
            return self._asked(desk, candidate, is_done=not done.is_done)

    def undo_last(self, *, who: Member, now: datetime) -> Asked | None:
        """Takes back the last that the member asked for, lately; one step, not a history of them.

        Returns:
            None where they did something to their time after it, or nothing like this; and where
            others changed the task since, or it is not the member's to change any more.

        Raises:
            NothingToUndo: it was taken back, or opened a task.
            CompletionUnderWay: the tool has not answered yet.
        """
        with self._uow.begin() as tx:
            desk = self._looking(tx, who, now).lock()
            last = completions.newest_by(tx, who.team_id, who.id, now - LATELY)
            if last is None:
                return None
            if entry_history.last_step_of(tx, who.team_id, who.id, last.asked_at):
                return None
            if not last.is_done:
                raise NothingToUndo
            if last.state is CompletionState.PENDING:
                raise self._under_way(desk, last)
            newest = completions.last_of(tx, who.team_id, last.task_id)
            found = desk.finder.peek(last.task_id)
            if found is None or not found.is_done or newest != last.id:
                return None
            return self._asked(desk, found, is_done=False)

    def _fits(self, one: Candidate) -> bool:
        return one.on.task_id is not None and self.tool_can(one)

    def _asked(self, desk: Desk, one: Candidate, *, is_done: bool) -> Asked:
        on, source = one.on, one.place.source
        if on.task_id is None or source is None:
            raise ProjectsAreNotDone(on.project_name)
        if not self._can(source.provider):
            raise CannotComplete(self._provider_name(source.provider))
        waiting = completions.pending(desk.tx, desk.team_id, on.task_id)
        if waiting is not None:
            raise self._under_way(desk, waiting)
        if one.is_done == is_done:
            raise StandsLikeThat(on, is_done)
        made = completions.add(
            desk.tx,
            desk.team_id,
            task_id=on.task_id,
            project_id=on.project_id,
            member_id=desk.who.id,
            is_done=is_done,
            now=desk.now,
        )
        found = None if made is None else completions.by_id(desk.tx, desk.team_id, made)
        if found is None:
            raise CompletionUnderWay(on, is_done, None)
        self._owe(desk, found)
        running = desk.running()
        is_on_it = running is not None and running.on.task_id == on.task_id
        return Asked(found, desk.timer(running) if running and is_on_it else None)

    def _under_way(self, desk: Desk, waiting: Completion) -> CompletionUnderWay:
        by = None
        if waiting.member_id != desk.who.id:
            other = members.by_id(desk.tx, desk.team_id, waiting.member_id)
            by = other.name if other else None
        return CompletionUnderWay(waiting.on, waiting.is_done, by)

    def _owe(self, desk: Desk, made: Completion) -> None:
        for kind, subject in (
            (TELL, _telling(made.id)),
            (COMPLETE, f"task:{made.task_id}"),
        ):
            outbox.add(
                desk.tx,
                desk.team_id,
                kind=kind,
                subject=subject,
                payload={"completion_id": made.id},
                marker=desk.new_marker(),
                now=desk.now,
            )


class CompletionResults:
    """What the delivery needs to know, and what it found out."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._new_marker = new_marker

    def work(self, team_id: TeamId, completion_id: CompletionId) -> CompletionWork | None:
        """What is to be done; None where that is over."""
        with self._uow.read() as tx:
            found = completions.work(tx, team_id, completion_id)
        if found is None or found.completion.state is not CompletionState.PENDING:
            return None
        return found

    def present(self, team_id: TeamId, completion_id: CompletionId) -> Completion | None:
        """How it stands."""
        with self._uow.read() as tx:
            return completions.by_id(tx, team_id, completion_id)

    def read_again(self, work: CompletionWork, task: ProviderTask, now: datetime) -> bool:
        """Saves the task as the provider tells it now; whether it is as it was wanted."""
        team_id = work.completion.team_id
        with self._uow.begin() as tx:
            _save(tx, work, task)
            is_so = task.is_done == work.completion.is_done
            if is_so and completions.end(
                tx, team_id, work.completion.id, CompletionState.DONE, now=now
            ):
                self._tell(tx, work.completion, now)
            return is_so

    def ended(
        self, completion: Completion, state: CompletionState, reason: str, now: datetime
    ) -> None:
        """It did not come to pass, or nobody knows."""
        with self._uow.begin() as tx:
            if completions.end(
                tx, completion.team_id, completion.id, state, now=now, reason=reason
            ):
                self._tell(tx, completion, now)

    def waits(self, completion: Completion, reason: str, now: datetime) -> None:
        """The provider does not answer now; whoever asked is told once."""
        if completion.reason == reason:
            return
        with self._uow.begin() as tx:
            completions.wait(tx, completion.team_id, completion.id, reason)
            self._tell(tx, completion, now)

    def told(
        self, team_id: TeamId, completion_id: CompletionId, *, channel_id: str, ts: str
    ) -> None:
        """The direct message was sent."""
        with self._uow.begin() as tx:
            completions.told(tx, team_id, completion_id, channel_id=channel_id, ts=ts)

    def _tell(self, tx: Tx, completion: Completion, now: datetime) -> None:
        outbox.add(
            tx,
            completion.team_id,
            kind=TELL,
            subject=_telling(completion.id),
            payload={"completion_id": completion.id},
            marker=self._new_marker(),
            now=now,
        )


def _telling(completion_id: CompletionId) -> str:
    return f"completion:{completion_id}"


def _save(tx: Tx, work: CompletionWork, task: ProviderTask) -> None:
    """The task's row, as a sync would write it; one that moved out of sight stays where it was."""
    team_id, site = work.completion.team_id, work.integration_id
    known = task_sync.stored(tx, team_id, site, [task.external_id]).get(task.external_id)
    places = provider_project_sync.stored(tx, team_id, site, [task.project_id])
    if known is None:
        return
    found = places.get(task.project_id)
    place = work.place if found is None else found.id
    key = mirror_rows.kept_key(task, known.key)
    if key is None:
        return
    row_hash = mirror_rows.task_hash(task, place)
    row = mirror_rows.task_row(task, (team_id, site, place), row_hash, key)
    task_sync.write(tx, team_id, site, [row], KnownWords(), known=[task.external_id])

"""An entry opened to be changed: with all its parts, its owner's desk, and the right to do so."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.domain.entries.editing import Kind, Owner, Shown
from bot.domain.entries.editing_errors import EntryDeleted, EntryOutOfReach, NotYourEntry
from bot.domain.entries.entries import Action, LabelledEntry
from bot.domain.errors import OtherOrganisation
from bot.domain.ids import MemberId, ProjectId, TimeEntryId
from bot.domain.people.people import Member
from bot.domain.tasks.finding import Obstacle, Place
from bot.domain.tracking.tracking_errors import AccountNotConnected, TargetUnknown
from bot.domain.values import dataclass
from bot.services import rights
from bot.services.tasks.refusals import ProviderName, whom_to_ask
from bot.services.tracking.desk import AtDesk, Desk
from storage import members
from storage.entries import continued_entries, entry_history, time_entries
from storage.projects import managers, project_people
from storage.tasks import trackable
from storage.unit_of_work import Tx
from storage.writing import worklogs_shown


@dataclass(frozen=True, slots=True)
class Case:
    """What is open."""

    desk: Desk
    """The owner's; what is written down names who asked."""
    actor: Member
    parts: tuple[LabelledEntry, ...]
    """All of them, in order; one unless it crosses midnight."""
    version: int

    @property
    def head(self) -> LabelledEntry:
        """The first part, which names the whole."""
        return self.parts[0]

    @property
    def ids(self) -> list[TimeEntryId]:
        """Of all parts."""
        return [part.entry.id for part in self.parts]

    def shown(self) -> Shown:
        """The entry, to be shown."""
        return shown(self.desk, self.parts, self.version)

    def with_worklogs(self) -> Shown:
        """The same, with where its parts stand in their tools."""
        desk = self.desk
        written = worklogs_shown.of_entries(desk.tx, desk.team_id, self.ids)
        found = tuple(written[one] for one in self.ids if one in written)
        return replace(self.shown(), worklogs=found)


class Files:
    """Opens entries in one transaction for who asks."""

    def __init__(
        self,
        tx: Tx,
        who: Member,
        now: datetime,
        *,
        new_marker: Callable[[], str],
        provider_name: ProviderName,
    ) -> None:
        actor = members.by_id(tx, who.team_id, who.id)
        if actor is None or not actor.is_active:
            raise OtherOrganisation
        self.tx = tx
        self.actor = actor
        self._now = now
        self._new_marker = new_marker
        self._provider_name = provider_name

    def open(self, entry_id: TimeEntryId, *, lock: bool = False) -> Case:
        """The entry, for somebody who may see and change it.

        Args:
            entry_id: Any of its parts.
            lock: Hold its owner's row until the transaction ends.

        Raises:
            TargetUnknown: there never was such an entry.
            NotYourEntry: it is another's, on a project that who asks does not manage.
            EntryDeleted: it was deleted.
        """
        found = time_entries.ever(self.tx, self.actor.team_id, entry_id)
        if found is None:
            raise TargetUnknown
        self._check_right(found)
        desk = self.desk_of(found.entry.member_id, lock=lock)
        parts = continued_entries.chain(self.tx, desk.team_id, entry_id)
        if not parts:
            raise self._deleted(desk, found)
        ids = [part.entry.id for part in parts]
        version = entry_history.version(self.tx, desk.team_id, ids)
        return Case(desk, self.actor, tuple(parts), version)

    def desk_of(self, owner_id: MemberId, *, lock: bool = False) -> Desk:
        """The desk of whose time it is, at which who asks writes."""
        owner = members.by_id(self.tx, self.actor.team_id, owner_id)
        if owner is None:
            raise TargetUnknown
        desk = Desk(
            self.tx,
            owner,
            self._now,
            new_marker=self._new_marker,
            provider_name=self._provider_name,
            actor=self.actor.id,
        )
        desk = desk.lock() if lock else desk
        # An admin may put anybody's time on any project that the owner's account may see.
        return desk.with_role(self.actor.role) if self.actor.is_admin else desk

    def managed(self) -> frozenset[ProjectId]:
        """The projects that who asks manages."""
        return managers.managed_by(self.tx, self.actor.team_id, self.actor.id)

    def check_manages(self, project_id: ProjectId) -> None:
        """Whether who asks may change other people's time on a project.

        Raises:
            NotYourEntry: they may not.
        """
        if not rights.manages(self.tx, self.actor, project_id):
            raise NotYourEntry

    def _check_right(self, found: LabelledEntry) -> None:
        if found.entry.member_id != self.actor.id:
            self.check_manages(found.entry.project_id)

    def _deleted(self, desk: Desk, found: LabelledEntry) -> EntryDeleted:
        (last,) = entry_history.of_entries(self.tx, desk.team_id, [found.entry.id], limit=1) or (
            None,
        )
        if last is None:
            raise TargetUnknown
        mine = last.actor == self.actor.id
        name = ""
        if last.actor is not None:
            name = members.by_ids(self.tx, desk.team_id, [last.actor])[last.actor].name
        back = last.change.action in {Action.DELETED, Action.CANCELLED}
        return EntryDeleted(
            found.on,
            who=name,
            by_asker=mine,
            at=desk.local(last.at),
            now=desk.local(desk.now),
            step=last.step if mine and back else "",
        )


class AtFiles(AtDesk):
    """The same for time that may be somebody else's."""

    def _files(self, tx: Tx, who: Member, now: datetime) -> Files:
        """Opens entries for who asks."""
        return Files(tx, who, now, new_marker=self._new_marker, provider_name=self._provider_name)


def check_reach(desk: Desk, actor: Member, found: LabelledEntry) -> None:
    """Whether time that is on something may be changed as things stand now.

    Admins may always. Managers may while the project is not archived. Members may while they could
    still log time there, were it not for what became of the task itself.

    Raises:
        ProjectArchived: the project is archived.
        EntryOutOfReach: its owner is not on the project, or the tool does not show it to them.
        AccountNotConnected: their account there is not connected.
    """
    if actor.is_admin:
        return
    if desk.is_own:
        _check_place(desk, found)
    rights.change_time(desk.tx, actor, found.entry.project_id, found.entry.task_id)


def _check_place(desk: Desk, found: LabelledEntry) -> None:
    on = found.on
    place = _place(desk, found)
    if place is not None and place.source is not None:
        if place.obstacle is Obstacle.NOT_CONNECTED:
            source = place.source
            tool = desk.provider_name(source.provider)
            raise AccountNotConnected(
                source.integration_id,
                tool,
                source.site,
                on.project_name,
                for_guest=whom_to_ask(desk.tx, desk.who, source.integration_id),
            )
        if place.obstacle is Obstacle.NO_ACCESS:
            raise EntryOutOfReach(on.project_name)
    if not project_people.belongs(desk.tx, desk.team_id, on.project_id, desk.who.id):
        raise EntryOutOfReach(on.project_name)


def _place(desk: Desk, found: LabelledEntry) -> Place | None:
    """Where the tasks of an entry come from; None where they come from nowhere any more."""
    if found.entry.task_id is not None:
        task = trackable.by_id(desk.tx, desk.who, found.entry.task_id)
        return None if task is None else task.place
    places = trackable.places_of(desk.tx, desk.who, found.entry.project_id)
    free = [one for one in places if one.obstacle is None]
    return next(iter(free or places), None)


def shown(desk: Desk, parts: tuple[LabelledEntry, ...], version: int) -> Shown:
    """An entry with all its parts, to be shown."""
    first, last = parts[0].entry, parts[-1].entry
    start = None if first.started_at is None else desk.local(first.started_at)
    end = None if last.ended_at is None else desk.local(last.ended_at)
    days = tuple((part.entry.work_date, desk.line(part).seconds) for part in parts)
    kind = Kind.TIMER if last.is_running else Kind.LENGTH if start is None else Kind.SPAN
    return Shown(
        first.id,
        version,
        kind,
        Owner(desk.who.name, desk.who.zone, is_asker=desk.is_own),
        parts[0].on,
        first.work_date if start is None else start.date(),
        start,
        end,
        sum(seconds for _, seconds in days),
        first.note,
        days,
        desk.local(desk.now),
        first.permalink,
    )

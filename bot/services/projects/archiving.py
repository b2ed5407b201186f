"""Archiving projects here, and bringing them back (A3)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from bot.domain.entries.entries import StopReason, TimersOf
from bot.domain.errors import Vanished
from bot.domain.ids import ProjectId
from bot.domain.linking.linking import Target
from bot.domain.people.people import Member
from bot.domain.projects.projects import Archived, ArchivePreview
from bot.services import rights
from bot.services.tracking.stopping import stop_timers
from storage.linking import link_targets
from storage.operating import audit
from storage.projects import archived, project_edits
from storage.tracking import running_timers
from storage.unit_of_work import Tx, UnitOfWork


class ProjectArchiving:
    """Use cases by admins, on one project or many."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._new_marker = new_marker

    def preview(
        self, *, who: Member, project_ids: Sequence[ProjectId], now: datetime
    ) -> ArchivePreview:
        """What archiving these would do now.

        Raises:
            AdminOnly: who asks may not.
            Vanished: one of them is not this team's.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            targets = link_targets.by_ids(tx, who.team_id, project_ids)
            _check(targets, project_ids)
            running = running_timers.running_where(
                tx, who.team_id, TimersOf(projects=frozenset(project_ids)), now
            )
            open_ones = [one.name for one in targets.values() if not one.is_archived]
            others = [one.name for one in targets.values() if one.is_archived]
            return ArchivePreview(_sorted(open_ones), _sorted(others), len(running))

    def archive(self, *, who: Member, project_ids: Sequence[ProjectId], now: datetime) -> Archived:
        """Timers there stop and are kept; nothing is started, logged or edited any more.

        Raises: as ``preview``.
        """
        with self._uow.begin() as tx:
            names = self._names(tx, who, project_ids)
            done = project_edits.archive(tx, who.team_id, project_ids, now)
            stopped = stop_timers(
                tx,
                who.team_id,
                because=StopReason.PROJECT_ARCHIVED,
                now=now,
                projects=done,
                new_marker=self._new_marker,
            )
            _audit(tx, who, "project.archive", [(one, names[one]) for one in done], now)
            changed = _sorted(names[one] for one in done)
            return Archived(changed, len(names) - len(done), len(stopped))

    def restore(self, *, who: Member, project_ids: Sequence[ProjectId], now: datetime) -> Archived:
        """Takes an archiving here back; what its tool has archived stays so.

        Raises: as ``preview``.
        """
        with self._uow.begin() as tx:
            names = self._names(tx, who, project_ids)
            done = project_edits.restore(tx, who.team_id, project_ids)
            _audit(tx, who, "project.restore", [(one, names[one]) for one in done], now)
            changed = sorted((names[one] for one in done), key=str.casefold)
            there = archived.archived_there(tx, who.team_id, done)
            return Archived(tuple(changed), len(names) - len(done), archived_there=tuple(there))

    def _names(self, tx: Tx, who: Member, project_ids: Sequence[ProjectId]) -> dict[ProjectId, str]:
        rights.admin(tx, who)
        link_targets.lock(tx, who.team_id)
        targets = link_targets.by_ids(tx, who.team_id, project_ids)
        _check(targets, project_ids)
        return {id_: one.name for id_, one in targets.items()}


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(names, key=str.casefold))


def _check(found: Mapping[ProjectId, Target], wanted: Sequence[ProjectId]) -> None:
    if not wanted or any(one not in found for one in wanted):
        raise Vanished("project")


def _audit(
    tx: Tx, who: Member, action: str, done: Sequence[tuple[ProjectId, str]], now: datetime
) -> None:
    is_archived = action == "project.archive"
    audit.record_many(
        tx,
        who.team_id,
        actor=who.id,
        action=action,
        now=now,
        before={
            f"project:{id_}": {"name": name, "archived": not is_archived} for id_, name in done
        },
        after=[(f"project:{id_}", {"name": name, "archived": is_archived}) for id_, name in done],
    )

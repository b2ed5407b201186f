"""Ending project links (L6), by admins."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.entries import StopReason, TimersOf
from bot.domain.errors import Vanished
from bot.domain.ids import ProviderProjectId, TeamId
from bot.domain.linking import AlreadyUnlinked, LinkedProject, ProjectUnknown, UnlinkPreview
from bot.domain.people import Member
from bot.domain.task_refs import ProjectRef, ref_words
from bot.services import rights
from bot.services.finding_projects import meant, nearest
from bot.services.link_making import draw_announcements
from bot.services.stopping import stop_timers
from storage import audit, link_candidates, link_targets, project_links, running_timers, tracked
from storage.unit_of_work import Tx, UnitOfWork


class Unlinking:
    """Use cases that end a project link."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._new_marker = new_marker

    def linked(self, *, who: Member, ref: ProjectRef | None = None) -> list[LinkedProject]:
        """Everything that is linked, or what the words mean of it.

        Raises:
            AdminOnly: who asks may not.
            ProjectUnknown: nothing that is linked is called that.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            every = project_links.every_linked(tx, who.team_id)
        if ref is None:
            return every
        found = meant(ref, every, names=_linked_names)
        if not found:
            raise ProjectUnknown(
                ref_words(ref).strip('"'), nearest(ref, every, names=_linked_names)
            )
        return found

    def preview_unlink(
        self, *, who: Member, provider_project_id: ProviderProjectId, now: datetime
    ) -> UnlinkPreview:
        """What unlinking would do now.

        Raises:
            AdminOnly: who asks may not.
            Vanished: it is not this team's.
            AlreadyUnlinked: it is not linked.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            link = self._active(tx, who.team_id, provider_project_id)
            tasks, seconds = tracked.on_provider_project(tx, who.team_id, provider_project_id)
            timers = TimersOf(provider_projects=frozenset({provider_project_id}))
            running = running_timers.running_where(tx, who.team_id, timers, now)
            return UnlinkPreview(link, tasks, seconds, len(running))

    def unlink(
        self, *, who: Member, provider_project_id: ProviderProjectId, now: datetime
    ) -> UnlinkPreview:
        """Ends a link: time stays, tasks become read-only, timers on them stop and are kept.

        Raises: as ``preview_unlink``.
        """
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            link_targets.lock(tx, who.team_id)
            link = self._active(tx, who.team_id, provider_project_id)
            tasks, seconds = tracked.on_provider_project(tx, who.team_id, provider_project_id)
            standing = project_links.active(tx, who.team_id, [provider_project_id])
            project_links.end(tx, who.team_id, standing[provider_project_id].id, by=who.id, now=now)
            stopped = stop_timers(
                tx,
                who.team_id,
                because=StopReason.PROJECT_UNLINKED,
                now=now,
                provider_projects=[provider_project_id],
                new_marker=self._new_marker,
            )
            audit.record(
                tx,
                who.team_id,
                actor=who.id,
                action="project.unlink",
                subject=f"project_link:{standing[provider_project_id].id}",
                now=now,
                before={"provider_project": link.provider_project, "project": link.project},
            )
            draw_announcements(
                tx, who.team_id, [provider_project_id], now=now, new_marker=self._new_marker
            )
            return UnlinkPreview(link, tasks, seconds, len(stopped))

    def _active(
        self, tx: Tx, team_id: TeamId, provider_project_id: ProviderProjectId
    ) -> LinkedProject:
        for link in project_links.every_linked(tx, team_id, [provider_project_id]):
            return link
        found = link_candidates.by_ids(tx, team_id, [provider_project_id])
        if provider_project_id not in found:
            raise Vanished("provider project")
        name = found[provider_project_id].project.name
        ended = project_links.former(tx, team_id, [provider_project_id]).get(provider_project_id)
        if ended is None:
            raise AlreadyUnlinked(name)
        raise AlreadyUnlinked(name, ended.by, ended.at)


def _linked_names(one: LinkedProject) -> tuple[str, ...]:
    return tuple(name for name in (one.project, one.code, one.provider_project, one.key) if name)

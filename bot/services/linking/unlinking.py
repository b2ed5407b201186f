"""Ending project links, one or many (L6), by admins."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.domain.entries.entries import StopReason, TimersOf
from bot.domain.errors import Vanished
from bot.domain.ids import ProjectId, ProviderProjectId, TeamId
from bot.domain.linking.linking import AlreadyUnlinked, LinkedProject, ProjectUnknown, UnlinkPreview
from bot.domain.people.people import Member
from bot.domain.tasks.task_refs import ProjectRef, ref_words
from bot.services import rights
from bot.services.linking.finding import linked_meant, linked_nearest, unlinked_name
from bot.services.linking.redrawing import draw_announcements
from bot.services.tracking.stopping import stop_timers
from storage.chunks import chunked
from storage.linking import link_candidates, link_targets, project_links, tracked
from storage.operating import audit
from storage.tracking import running_timers
from storage.unit_of_work import Tx, UnitOfWork
from storage.writing import worklog_leaving


class Unlinking:
    """Use cases that end project links."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._new_marker = new_marker

    def linked(self, *, who: Member, ref: ProjectRef) -> list[LinkedProject]:
        """What the words mean of everything that is linked.

        Raises:
            AdminOnly: who asks may not.
            AlreadyUnlinked: what is called that is not linked.
            ProjectUnknown: nothing is called that.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            found = linked_meant(tx, who.team_id, ref)
            if not found:
                if name := unlinked_name(tx, who.team_id, ref):
                    raise AlreadyUnlinked(name)
                close = linked_nearest(tx, who.team_id, ref)
                raise ProjectUnknown(ref_words(ref).strip('"'), close)
            return found

    def feeding(self, *, who: Member, project_ids: Sequence[ProjectId]) -> list[ProviderProjectId]:
        """The provider projects that feed these projects now.

        Raises:
            AdminOnly: who asks may not.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            return project_links.feeding(tx, who.team_id, project_ids)

    def preview(
        self, *, who: Member, provider_project_ids: Sequence[ProviderProjectId], now: datetime
    ) -> UnlinkPreview:
        """What unlinking these would do now, all together.

        Raises:
            AdminOnly: who asks may not.
            Vanished: one of them is not this team's.
            AlreadyUnlinked: none of them is linked.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            links = _active(tx, who.team_id, provider_project_ids)
            ids = [link.provider_project_id for link in links]
            tasks = tracked.tasks(tx, who.team_id, ids)
            seconds = tracked.seconds(tx, who.team_id, links)
            running = sum(_running(tx, who.team_id, some, now) for some in chunked(ids))
            left_out = len(set(provider_project_ids)) - len(links)
            owed = worklog_leaving.owed_on(tx, who.team_id, ids)
            return UnlinkPreview(tuple(links), tasks, seconds, running, left_out, owed)

    def unlink(
        self,
        *,
        who: Member,
        provider_project_ids: Sequence[ProviderProjectId],
        now: datetime,
        writes_owed: bool = True,
    ) -> UnlinkPreview:
        """Ends the links: time stays, tasks become read-only, timers on them stop and are kept.

        Args:
            who: An admin.
            provider_project_ids: Which.
            now: The present moment.
            writes_owed: Time that is not written to the tool yet still is, that of the timers too.

        Raises: as ``preview``.
        """
        team_id = who.team_id
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            link_targets.lock(tx, team_id)
            links = _active(tx, team_id, provider_project_ids)
            ids = [link.provider_project_id for link in links]
            tasks, seconds = tracked.tasks(tx, team_id, ids), tracked.seconds(tx, team_id, links)
            ended = project_links.end_many(tx, team_id, ids, by=who.id, now=now)
            stopped = 0
            for some in chunked(ids):
                stopped += len(
                    stop_timers(
                        tx,
                        team_id,
                        because=StopReason.PROJECT_UNLINKED,
                        now=now,
                        provider_projects=some,
                        new_marker=self._new_marker,
                    )
                )
            owed = worklog_leaving.owed_on(tx, team_id, ids)
            if not writes_owed:
                worklog_leaving.leave_on(tx, team_id, ids)
            audit.record_many(
                tx,
                team_id,
                actor=who.id,
                action="project.unlink",
                now=now,
                before={
                    f"project_link:{ended[link.provider_project_id]}": _audited(link, link.project)
                    for link in links
                },
                after=[
                    (f"project_link:{ended[link.provider_project_id]}", _audited(link, None))
                    for link in links
                ],
            )
            draw_announcements(tx, team_id, ids, now=now, new_marker=self._new_marker)
            left_out = len(set(provider_project_ids)) - len(links)
            return UnlinkPreview(
                tuple(links), tasks, seconds, stopped, left_out, owed, writes_owed=writes_owed
            )


def _audited(link: LinkedProject, project: str | None) -> dict[str, object]:
    return {"provider_project": link.provider_project, "project": project}


def _running(tx: Tx, team_id: TeamId, ids: Sequence[ProviderProjectId], now: datetime) -> int:
    timers = TimersOf(provider_projects=frozenset(ids))
    return len(running_timers.running_where(tx, team_id, timers, now))


def _active(tx: Tx, team_id: TeamId, ids: Sequence[ProviderProjectId]) -> list[LinkedProject]:
    """Those of the provider projects that are linked."""
    links = project_links.every_linked(tx, team_id, ids)
    if links:
        missing = set(ids) - {link.provider_project_id for link in links}
        if missing - link_candidates.by_ids(tx, team_id, list(missing)).keys():
            raise Vanished("provider project")
        return links
    found = link_candidates.by_ids(tx, team_id, ids)
    if not ids or ids[0] not in found:
        raise Vanished("provider project")
    name = found[ids[0]].project.name
    ended = project_links.former(tx, team_id, ids[:1]).get(ids[0])
    if ended is None:
        raise AlreadyUnlinked(name)
    raise AlreadyUnlinked(name, ended.by, ended.at)

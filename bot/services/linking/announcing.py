"""Announcing unlinked projects in a channel: each of them once, ever (L8, L9)."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.domain.errors import Vanished
from bot.domain.ids import AnnouncementId, ProviderProjectId, TeamId
from bot.domain.linking.announcements import MOST_ROWS, Announcement, AnnouncementDelivered
from bot.domain.linking.linking import AlreadyLinked, LinkWish
from bot.domain.people.people import Member
from bot.domain.states import AnnouncementState, IntegrationState, LinkPolicy
from bot.domain.sync.sync import SyncRun
from bot.services import rights
from bot.services.linking.making import make_links, usable
from bot.services.linking.redrawing import ANNOUNCEMENT_UPDATE as UPDATE
from bot.services.sync import syncing
from storage import outbox
from storage.linking import announced_projects, announcements, link_candidates, project_links
from storage.operating import audit
from storage.sync import integration_sync
from storage.sync.integration_sync import SyncedIntegration
from storage.unit_of_work import Tx, UnitOfWork

POST = "announcement.post"

AT_ONCE = 2000
"""Provider projects that one run links by itself, so that commands get their turn."""

_UNDELIVERED = (AnnouncementState.UNKNOWN, AnnouncementState.FAILED)


class Announcing:
    """From what a sync found to a message in a channel, and what becomes of that."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._new_marker = new_marker

    def collect(self, tx: Tx, run: SyncRun, now: datetime) -> None:
        """At the end of a run's project phase: owes the channel a message about what is new.

        Called in the run's own transaction. That a provider project is announced is written down
        under its id, so neither another worker nor another run can announce it again.
        """
        found = integration_sync.find(tx, run.team_id, run.integration_id)
        if found is None or found.state is IntegrationState.DISCONNECTED:
            return
        new = announcements.new_unlinked(
            tx, run.team_id, found.id, personal=found.personal_projects
        )
        if not new:
            return
        if found.link_policy is LinkPolicy.AUTO:
            self._link(tx, run.team_id, new[:AT_ONCE], now)
            self._announce(tx, run, found, new[:AT_ONCE], now)
            if len(new) > AT_ONCE:  # the next run, which begins at once, goes on
                syncing.ask(tx, run.team_id, found.id, asked_by=None, now=now)
            return
        is_first = found.synced_at is None and announcements.is_first(tx, run.team_id, found.id)
        self._announce(tx, run, found, new, now, is_summary=is_first and len(new) > MOST_ROWS)

    def _announce(
        self,
        tx: Tx,
        run: SyncRun,
        site: SyncedIntegration,
        projects: Sequence[ProviderProjectId],
        now: datetime,
        *,
        is_summary: bool = False,
    ) -> None:
        made = announcements.add(
            tx,
            run.team_id,
            site.id,
            projects,
            run_id=run.id,
            is_summary=is_summary,
            channel_id=site.channel_id,
            now=now,
        )
        if made is not None:
            _owe(tx, run.team_id, made, POST, marker=f"{POST}:{made}", now=now)

    def _link(
        self, tx: Tx, team_id: TeamId, provider_projects: Sequence[ProviderProjectId], now: datetime
    ) -> None:
        """The link policy ``auto``: each new provider project gets a project of its own."""
        wishes = [LinkWish(one) for one in provider_projects]
        make_links(tx, team_id, wishes, by=None, now=now, new_marker=self._new_marker)

    def present(self, team_id: TeamId, announcement_id: AnnouncementId) -> Announcement | None:
        """The announcement as it stands now."""
        with self._uow.read() as tx:
            return announcements.present(tx, team_id, announcement_id, most=MOST_ROWS)

    def posted(
        self, team_id: TeamId, announcement_id: AnnouncementId, *, channel_id: str, ts: str
    ) -> None:
        """It is in its channel."""
        with self._uow.begin() as tx:
            announcements.move(
                tx,
                team_id,
                announcement_id,
                since=tuple(AnnouncementState),
                to=AnnouncementState.POSTED,
                message_ts=ts,
                channel_id=channel_id,
            )

    def outcome_unknown(self, team_id: TeamId, announcement_id: AnnouncementId) -> None:
        """It may or may not have been posted, and nobody can look: a person decides."""
        self._move(team_id, announcement_id, AnnouncementState.UNKNOWN)

    def failed(self, team_id: TeamId, announcement_id: AnnouncementId) -> None:
        """Slack would not take it; a person decides."""
        self._move(team_id, announcement_id, AnnouncementState.FAILED)

    def post_again(self, *, who: Member, announcement_id: AnnouncementId, now: datetime) -> None:
        """A person saw that it is not there: it goes to where the integration announces now.

        Raises:
            AdminOnly: who asks may not.
            Vanished: there is no such announcement.
            AnnouncementDelivered: it is there, or somebody was quicker.
        """
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            found = announcements.present(tx, who.team_id, announcement_id, most=0)
            if found is None:
                raise Vanished("announcement")
            site = integration_sync.find(tx, who.team_id, found.integration_id)
            if not announcements.move(
                tx,
                who.team_id,
                announcement_id,
                since=_UNDELIVERED,
                to=AnnouncementState.PENDING,
                channel_id=None if site is None else site.channel_id,
            ):
                raise AnnouncementDelivered(found.state is AnnouncementState.POSTED)
            marker = f"{POST}:{announcement_id}:{int(now.timestamp() * 1000)}"
            _owe(tx, who.team_id, announcement_id, POST, marker=marker, now=now)
            audit.record(
                tx,
                who.team_id,
                actor=who.id,
                action="announcement.post_again",
                subject=f"announcement:{announcement_id}",
                before={"state": found.state},
                after={"state": AnnouncementState.PENDING},
                now=now,
            )

    def waiting(self, *, who: Member, provider_project_id: ProviderProjectId) -> str:
        """The name of a provider project that waits for a decision.

        Raises:
            AdminOnly: who asks may not decide.
            Vanished: it is not this team's.
            AlreadyLinked, NotPossible: it does not wait any more.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            ids = [provider_project_id]
            found = link_candidates.by_ids(tx, who.team_id, ids).get(provider_project_id)
            link = project_links.active(tx, who.team_id, ids).get(provider_project_id)
            if found is not None and link is not None:
                name = found.project.name
                raise AlreadyLinked(provider_project_id, name, link.project, link.by, link.at)
            return usable(tx, who.team_id, found).project.name

    def met(
        self,
        team_id: TeamId,
        announcement_id: AnnouncementId,
        *,
        channel_id: str,
        ts: str,
        now: datetime,
    ) -> bool:
        """Somebody clicked in this message; whether it is a copy of the one that is kept current.

        One of which nobody knew that it arrived is known from now on, and is drawn anew.

        Raises:
            Vanished: there is no such announcement.
        """
        with self._uow.read() as tx:
            place = announcements.place(tx, team_id, announcement_id)
        if place is None:
            raise Vanished("announcement")
        if place[1] is not None:
            return place != (channel_id, ts)
        self.posted(team_id, announcement_id, channel_id=channel_id, ts=ts)
        with self._uow.begin() as tx:
            marker = f"{UPDATE}:{announcement_id}:met:{int(now.timestamp() * 1000)}"
            _owe(tx, team_id, announcement_id, UPDATE, marker=marker, now=now)
        return False

    def naming(
        self, team_id: TeamId, provider_project_id: ProviderProjectId
    ) -> AnnouncementId | None:
        """The announcement in which a provider project stands."""
        with self._uow.read() as tx:
            found = announced_projects.naming(tx, team_id, [provider_project_id])
            return found[0] if found else None

    def refresh(
        self, team_id: TeamId, provider_project_id: ProviderProjectId, now: datetime
    ) -> None:
        """Somebody clicked on what is out of date: the messages that name it are drawn anew."""
        with self._uow.begin() as tx:
            for announcement_id in announced_projects.naming(tx, team_id, [provider_project_id]):
                marker = f"{UPDATE}:{announcement_id}:{int(now.timestamp() * 1000)}"
                if not outbox.is_owed(tx, team_id, f"announcement:{announcement_id}"):
                    _owe(tx, team_id, announcement_id, UPDATE, marker=marker, now=now)

    def _move(
        self, team_id: TeamId, announcement_id: AnnouncementId, to: AnnouncementState
    ) -> None:
        with self._uow.begin() as tx:
            announcements.move(
                tx, team_id, announcement_id, since=(AnnouncementState.PENDING,), to=to
            )


def _owe(
    tx: Tx,
    team_id: TeamId,
    announcement_id: AnnouncementId,
    kind: str,
    *,
    marker: str,
    now: datetime,
) -> None:
    # Two clicks in one instant ask for the same.
    outbox.add_once(
        tx,
        team_id,
        kind=kind,
        subject=f"announcement:{announcement_id}",
        payload={"announcement_id": announcement_id},
        marker=marker,
        now=now,
    )

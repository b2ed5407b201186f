"""``/link sync``: which integrations somebody means, and that they wait for the result."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.errors import Vanished
from bot.domain.ids import IntegrationId, ProjectId, ProviderProjectId
from bot.domain.linking.integrations import Integration
from bot.domain.linking.linking import IntegrationUnknown
from bot.domain.people.people import Member
from bot.domain.projects.projects import NothingToSync
from bot.domain.sync.sync import SyncAsked
from bot.domain.tasks.task_refs import ProjectRef, ref_words
from bot.services import rights
from bot.services.linking.connecting import Connecting
from bot.services.linking.finding import linked_meant
from bot.services.sync import syncing
from storage.linking import integrations, project_links
from storage.sync import provider_project_sync
from storage.unit_of_work import Tx, UnitOfWork

_Parts = Mapping[IntegrationId, Sequence[ProviderProjectId]]

_MOST_NAMED = 100
"""Projects whose names are read, to tell what is begun."""


class SyncAsking:
    """Asking for a refresh, by admins."""

    def __init__(self, uow: UnitOfWork, connecting: Connecting) -> None:
        self._uow = uow
        self._connecting = connecting

    def ask(self, *, who: Member, target: ProjectRef | None, now: datetime) -> SyncAsked:
        """Makes everything due that the words name: integrations, or what feeds a project.

        Raises:
            AdminOnly: who asks may not.
            IntegrationUnknown: nothing connected is called that, or nothing is connected.
        """
        wanted, parts = self._meant(who, target)
        if not wanted:
            raise IntegrationUnknown("" if target is None else ref_words(target))
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            return _ask(tx, who, wanted, parts, now)

    def ask_one(self, *, who: Member, integration_id: IntegrationId, now: datetime) -> SyncAsked:
        """The same for one integration.

        Raises:
            AdminOnly: who asks may not.
            Vanished: it is not this team's, or disconnected.
        """
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            syncing.ask(tx, who.team_id, integration_id, asked_by=who.id, now=now, full=True)
            found = integrations.by_id(tx, who.team_id, integration_id)
            if found is None:
                raise Vanished("integration")
            return SyncAsked((found.site_name,))

    def ask_for(
        self,
        *,
        who: Member,
        project_ids: Sequence[ProjectId],
        now: datetime,
        of: IntegrationId | None = None,
    ) -> SyncAsked:
        """The same for what feeds one of these projects, and nothing else of its integrations.

        Args:
            who: The admin.
            project_ids: Ours.
            now: The present moment.
            of: Only what this integration feeds them; None for all.

        Raises:
            AdminOnly: who asks may not.
            NothingToSync: none of them is fed by anything.
        """
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            feeding = project_links.feeding_by_integration(tx, who.team_id, project_ids)
            wanted = [
                one
                for one in integrations.live(tx, who.team_id)
                if one.id in feeding and of in (None, one.id)
            ]
            if not wanted:
                raise NothingToSync
            return _ask(tx, who, wanted, feeding, now)

    def _meant(
        self, who: Member, target: ProjectRef | None
    ) -> tuple[list[Integration], _Parts | None]:
        every = self._connecting.every(who=who)
        if target is None:
            return every, None
        text = ref_words(target).strip('"')
        try:
            return self._connecting.named(who=who, text=text), None
        except IntegrationUnknown:
            with self._uow.read() as tx:
                feeding: dict[IntegrationId, list[ProviderProjectId]] = {}
                for one in linked_meant(tx, who.team_id, target):
                    feeding.setdefault(one.integration_id, []).append(one.provider_project_id)
            found = [one for one in every if one.id in feeding]
            if not found:
                raise
            return found, feeding


def _ask(
    tx: Tx, who: Member, wanted: Sequence[Integration], parts: _Parts | None, now: datetime
) -> SyncAsked:
    """All of each, or the parts of it, from end to end."""
    for one in wanted:
        syncing.ask(
            tx,
            who.team_id,
            one.id,
            asked_by=who.id,
            now=now,
            full=True,
            projects=None if parts is None else parts[one.id],
        )
    read = [part for one in wanted for part in (parts or {}).get(one.id, ())]
    few = read if len(read) <= _MOST_NAMED else ()
    names = provider_project_sync.names_by_id(tx, who.team_id, few) if few else ()
    return SyncAsked(tuple(one.site_name for one in wanted), tuple(names))

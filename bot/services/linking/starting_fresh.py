"""*Start fresh* for what is linked: its tasks freeze and new ones take over (L7), by admins."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.entries.entries import StopReason
from bot.domain.errors import Vanished
from bot.domain.ids import ProviderProjectId
from bot.domain.linking.linking import AlreadyUnlinked, Linked, LinkWish
from bot.domain.people.people import Member
from bot.services import rights
from bot.services.linking.making import make_links
from bot.services.tracking.stopping import stop_timers
from storage.linking import link_candidates, link_targets, project_links
from storage.unit_of_work import UnitOfWork


class StartingFresh:
    """After a link was resumed, when that was not what was wanted."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._new_marker = new_marker

    def start(
        self, *, who: Member, provider_project_id: ProviderProjectId, now: datetime
    ) -> Linked:
        """Ends the link and makes it anew, with second copies of the tasks; timers are kept.

        Raises:
            AdminOnly: who asks may not.
            Vanished: it is not this team's.
            AlreadyUnlinked: it is not linked any more.
            NotPossible: it is gone, archived, or its integration is disconnected.
        """
        team_id, ids = who.team_id, [provider_project_id]
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            link_targets.lock(tx, team_id)
            link = project_links.active(tx, team_id, ids).get(provider_project_id)
            if link is None:
                found = link_candidates.by_ids(tx, team_id, ids).get(provider_project_id)
                if found is None:
                    raise Vanished("provider project")
                raise AlreadyUnlinked(found.project.name)
            project_links.end_many(tx, team_id, ids, by=who.id, now=now)
            stop_timers(
                tx,
                team_id,
                because=StopReason.PROJECT_UNLINKED,
                now=now,
                provider_projects=ids,
                new_marker=self._new_marker,
            )
            wish = LinkWish(provider_project_id, link.project_id, fresh=True)
            [made] = make_links(
                tx, team_id, [wish], by=who.id, now=now, new_marker=self._new_marker
            )
            return made

"""*Connect all*: every provider project that waits, linked in one go (L3), by admins."""

from collections.abc import Callable, Collection
from datetime import datetime

from bot.domain.ids import IntegrationId, ProviderProjectId, TeamId
from bot.domain.linking.link_plan import plan
from bot.domain.linking.linking import Linked, LinkWish, NothingToLink, Plan
from bot.domain.people.people import Member
from bot.services import rights
from bot.services.linking.making import make_links
from storage.linking import link_plans, link_targets
from storage.unit_of_work import Tx, UnitOfWork

AT_ONCE = 2000
"""Links made in one transaction."""


class ConnectAll:
    """What it would do, and doing it."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._new_marker = new_marker

    def preview(
        self,
        *,
        who: Member,
        integrations: Collection[IntegrationId] | None = None,
        only: Collection[ProviderProjectId] | None = None,
    ) -> Plan:
        """What connecting everything would do now, in these integrations or in all.

        Args:
            who: The admin.
            integrations: Where; None for everywhere.
            only: Nothing but these provider projects, where they are given.

        Raises:
            AdminOnly: who asks may not.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            return _plan(tx, who.team_id, integrations, only)

    def connect(
        self,
        *,
        who: Member,
        integrations: Collection[IntegrationId] | None = None,
        only: Collection[ProviderProjectId] | None = None,
        now: datetime,
    ) -> tuple[tuple[Linked, ...], Plan]:
        """Connects everything, as it stands at this moment; what was linked, and the plan.

        Very many are linked in turns, between which commands get theirs at the database.

        Raises:
            AdminOnly: who asks may not.
            NothingToLink: nothing is waiting any more.
        """
        first: Plan | None = None
        made: list[Linked] = []
        while True:
            with self._uow.begin() as tx:
                rights.admin(tx, who)
                link_targets.lock(tx, who.team_id)
                decided = _plan(tx, who.team_id, integrations, only)
                first = first or decided
                if not decided.links:
                    break
                some = decided.links[:AT_ONCE]
                wishes = [LinkWish(one.provider_project_id, one.project_id) for one in some]
                made += make_links(
                    tx, who.team_id, wishes, by=who.id, now=now, new_marker=self._new_marker
                )
            if len(decided.links) <= AT_ONCE:
                break
        if not made:
            raise NothingToLink
        return tuple(made), first


def _plan(
    tx: Tx,
    team_id: TeamId,
    integrations: Collection[IntegrationId] | None,
    only: Collection[ProviderProjectId] | None,
) -> Plan:
    waiting = link_plans.waiting(tx, team_id, integrations)
    if only is not None:
        wanted = set(only)
        waiting = [one for one in waiting if one.id in wanted]
    return plan(
        waiting,
        link_plans.internal(tx, team_id),
        link_plans.former(tx, team_id, integrations),
    )

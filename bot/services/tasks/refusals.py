"""Why somebody may not track on something, where telling it gives nothing away."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from bot.domain.entries.entries import Target
from bot.domain.ids import IntegrationId
from bot.domain.people.people import Member
from bot.domain.tasks.finding import Candidate, Obstacle, Place, Source
from bot.domain.tracking.tracking_errors import (
    AccountNotConnected,
    NoProviderAccess,
    NothingToTrackOn,
    ProjectArchived,
    ProjectUnlinked,
)
from bot.services.people import sites
from bot.services.tasks.reach import Reach
from storage import members
from storage.entries import time_entries
from storage.linking import integrations
from storage.people import account_links
from storage.tasks import trackable
from storage.unit_of_work import Tx

ProviderName: TypeAlias = Callable[[str], str]
"""The name of a provider, for people, by its slug."""


class Refusals:
    """Of one member, in one transaction."""

    def __init__(self, tx: Tx, who: Member, reach: Reach, provider_name: ProviderName) -> None:
        self._tx = tx
        self._who = who
        self._reach = reach
        self._name = provider_name

    def is_free(self, place: Place, *, may_log: bool) -> bool:
        """Whether nothing stands in the way; where time is logged by hand, for an admin (A3)."""
        by_hand = may_log and self._who.is_admin and place.obstacle is Obstacle.ARCHIVED
        return place.obstacle is None or by_hand

    def explain(self, refused: Iterable[Place], target: Target | None = None) -> None:
        """Says why, where that gives nothing away; silence answers like an unknown name.

        Raises:
            ProjectArchived: one of these places is archived.
            AccountNotConnected: one is of a tool where this member has yet to connect.
            NoProviderAccess: a tool hides one from an admin, who may know of it.
        """
        for place in refused:
            source = place.source
            if place.obstacle is Obstacle.ARCHIVED:
                raise ProjectArchived(place.project_name, is_admin=self._who.is_admin)
            if place.obstacle is Obstacle.NOT_CONNECTED and source is not None:
                raise AccountNotConnected(
                    source.integration_id,
                    self._name(source.provider),
                    source.site,
                    place.project_name if place.is_known else "",  # who guesses learns no name
                    target,
                    whom_to_ask(self._tx, self._who, source.integration_id),
                )
            if place.obstacle is Obstacle.NO_ACCESS and source is not None and self._who.is_admin:
                raise NoProviderAccess(self._name(source.provider), source.site, place.project_name)

    def check_linked(self, unlinked: Sequence[Candidate]) -> None:
        """Says that a project was unlinked, to who would still see this task were it linked.

        Raises:
            ProjectUnlinked: that of the first such task.
        """
        for one in unlinked:
            source = one.place.source
            if one.place.obstacle is None and source is not None:
                itself = one.place.project_id if self._reach.may_do_without_task else None
                raise ProjectUnlinked(
                    one.on.key,
                    one.place.project_name,
                    itself,
                    self._name(source.provider),
                    source.site,
                    is_admin=self._who.is_admin,
                    admins=members.admin_names(self._tx, self._who.team_id),
                )

    def check_reach(self, *, may_log: bool = False) -> None:
        """Nothing, where there is something to search in; ``may_log`` is as with ``find``.

        Raises:
            AccountNotConnected: there is none before an account is connected.
            NothingToTrackOn: this member is on no project.
        """
        if self._reach.places:
            return
        # Most likely somebody who has yet to connect.
        every = trackable.places(self._tx, self._who)
        if may_log and any(self.is_free(place, may_log=True) for place in every):
            return
        waiting = [place for place in every if place.obstacle is Obstacle.NOT_CONNECTED]
        self.explain(place._replace(project_name="") for place in waiting)
        raise self._nothing(every)

    def check_deleted(self) -> None:
        """Nothing, unless all that this member could track on went with its tool's project.

        Raises:
            NothingToTrackOn: with the name of the one they tracked on last.
        """
        if self._reach.places:
            return
        nothing = self._nothing(trackable.places(self._tx, self._who))
        if nothing.deleted:
            raise nothing

    def _nothing(self, every: Iterable[Place]) -> NothingToTrackOn:
        sites_left = {one.id for one in integrations.live(self._tx, self._who.team_id)}
        name, source = self._deleted(every)
        if source is not None and source.integration_id not in sites_left:
            name, source = "", None  # the tool is what went
        return NothingToTrackOn(
            has_tools=bool(sites_left),
            is_admin=self._who.is_admin,
            admins=members.admin_names(self._tx, self._who.team_id),
            deleted=name,
            provider=self._name(source.provider) if source else "",
            site=source.site if source else "",
        )

    def _deleted(self, places: Iterable[Place]) -> tuple[str, Source | None]:
        """The project they tracked on last, if it is gone, and from where; their time names it."""
        last = time_entries.last(self._tx, self._who.team_id, self._who.id)
        for one in places:
            if last and one.project_id == last.on.project_id and one.obstacle is Obstacle.GONE:
                return one.project_name, one.source
        return "", None


def whom_to_ask(tx: Tx, who: Member, integration_id: IntegrationId) -> tuple[str, ...] | None:
    """The admins, for a guest whom nobody has asked to connect there; None for everybody else."""
    if not who.is_guest:
        return None
    link = account_links.between(tx, who.team_id, who.id, integration_id)
    if link is not None and link.state in sites.ASKED:
        return None
    return members.admin_names(tx, who.team_id)

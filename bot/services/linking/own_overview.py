"""What ``/link`` tells whoever is no admin: what is linked for them, and whom to ask for more."""

from bot.domain.linking.overview import OwnOverview, OwnProject
from bot.domain.people.people import Member
from bot.services.people import sites
from bot.services.tasks.reach import projects_among
from storage import members
from storage.tasks import free_places
from storage.unit_of_work import UnitOfWork

SHOWN = 10
"""Projects that are told by name."""


class OwnOverviews:
    """For members and managers; what is not theirs to see is not in it (A1)."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def show(self, *, who: Member) -> OwnOverview:
        """Their projects by name, their accounts, and the admins."""
        with self._uow.read() as tx:
            found = projects_among(free_places.of_member(tx, who))
            found.sort(key=lambda one: one.on.project_name.casefold())
            return OwnOverview(
                projects=tuple(
                    OwnProject(
                        one.on.project_name,
                        one.place.source.provider if one.place.source else "",
                        one.place.source.site if one.place.source else "",
                    )
                    for one in found[:SHOWN]
                ),
                total=len(found),
                standings=tuple(sites.standings(tx, who)),
                admins=members.admin_names(tx, who.team_id),
            )

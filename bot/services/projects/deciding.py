"""Ignoring many provider projects at once, and taking that back, by admins."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.domain.ids import ProviderProjectId
from bot.domain.people.people import Member
from bot.services import rights
from bot.services.linking.redrawing import draw_announcements
from storage.linking import link_candidates, link_targets
from storage.operating import audit
from storage.projects import project_lists
from storage.unit_of_work import UnitOfWork


class ProjectDeciding:
    """Whatever does not wait for this decision any more is left as it is."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._new_marker = new_marker

    def ignore(self, *, who: Member, ids: Sequence[ProviderProjectId], now: datetime) -> int:
        """Sets aside those that wait; how many.

        Raises:
            AdminOnly: who asks may not.
        """
        return self._set(who, ids, now, ignored=True)

    def notice(self, *, who: Member, ids: Sequence[ProviderProjectId], now: datetime) -> int:
        """Takes an *Ignore* back where there is one; how many.

        Raises:
            AdminOnly: who asks may not.
        """
        return self._set(who, ids, now, ignored=False)

    def _set(
        self, who: Member, ids: Sequence[ProviderProjectId], now: datetime, *, ignored: bool
    ) -> int:
        team_id = who.team_id
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            link_targets.lock(tx, team_id)
            found = project_lists.undecided(tx, team_id, ids, ignored=not ignored)
            link_candidates.set_ignored(
                tx,
                team_id,
                list(found),
                at=now if ignored else None,
                by=who.id if ignored else None,
            )
            audit.record_many(
                tx,
                team_id,
                actor=who.id,
                action="provider_project.ignore" if ignored else "provider_project.notice",
                now=now,
                before={
                    f"provider_project:{id_}": {"name": name, "ignored": not ignored}
                    for id_, name in found.items()
                },
                after=[
                    (f"provider_project:{id_}", {"name": name, "ignored": ignored})
                    for id_, name in found.items()
                ],
            )
            draw_announcements(tx, team_id, list(found), now=now, new_marker=self._new_marker)
            return len(found)

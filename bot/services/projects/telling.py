"""Telling people that they manage a project, or no longer."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.ids import MemberId, ProjectId, SlackUserId, TeamId
from bot.domain.people.people import Member
from bot.domain.projects.projects import ManagerNotice
from storage import outbox
from storage.projects import project_people
from storage.unit_of_work import Tx, UnitOfWork

NAMED = "manager.named"
REMOVED = "manager.removed"
"""Outbox kinds; the payload names project, member and who did it."""


def owe_notice(
    tx: Tx,
    who: Member,
    project_id: ProjectId,
    member_id: MemberId,
    *,
    manages: bool,
    now: datetime,
    new_marker: Callable[[], str],
) -> None:
    """The member hears of it, unless they did it themselves."""
    if member_id == who.id:
        return
    outbox.add(
        tx,
        who.team_id,
        kind=NAMED if manages else REMOVED,
        subject=f"manager:{project_id}:{member_id}",
        payload={"project_id": project_id, "member_id": member_id, "by": who.id},
        marker=new_marker(),
        now=now,
    )


class ManagerNotices:
    """Read when the message is sent, so that it tells the present state."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def notice(
        self,
        team_id: TeamId,
        *,
        project_id: ProjectId,
        member_id: MemberId,
        by: MemberId,
        manages: bool,
    ) -> ManagerNotice | None:
        """What to tell; None when that is not so any more, or they have left."""
        with self._uow.read() as tx:
            found = project_people.notice(tx, team_id, project_id, member_id, by)
            if found is None or bool(found.manages) is not manages:
                return None
            user_id = SlackUserId(found.slack_user_id)
            return ManagerNotice(user_id, project_id, found.project, found.actor or "")

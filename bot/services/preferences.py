"""What a team and a member choose."""

from dataclasses import replace
from datetime import datetime

from bot.domain.people.people import Member
from bot.domain.people.people_errors import LastAdmin
from bot.domain.preferences import MemberSettings, TeamSettings
from bot.services import rights
from storage import choices, members, teams
from storage.approval import week_watch
from storage.operating import audit
from storage.tracking import timer_questions
from storage.unit_of_work import UnitOfWork


class Preferences:
    """Reads and keeps choices."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def team(self, *, who: Member) -> TeamSettings:
        """What the team chose.

        Raises:
            AdminOnly: who asks is no admin.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            return teams.settings(tx, who.team_id)

    def save_team(
        self, *, who: Member, chosen: TeamSettings, now: datetime
    ) -> tuple[TeamSettings, TeamSettings]:
        """Keeps what an admin chose in the form; what it was before, and what it is now.

        Months are closed elsewhere, so that one stays as it is.

        Raises:
            AdminOnly: who asks is no admin.
            LastAdmin: nobody would be left to administer.
        """
        with self._uow.begin() as tx:
            teams.lock(tx, who.team_id)
            rights.admin(tx, who)
            before = teams.settings(tx, who.team_id)
            after = replace(chosen, closed_through=before.closed_through)
            if after == before:
                return before, after
            teams.save_settings(tx, who.team_id, after)
            if not members.admin_rights(tx, who.team_id):
                raise LastAdmin
            timer_questions.plan_anew(tx, who.team_id)
            week_watch.watch(tx, who.team_id, now, is_on=after.timesheets)
            was, becomes = before.stored(), after.stored()
            changed = [name for name in was | becomes if was.get(name) != becomes.get(name)]
            audit.record(
                tx,
                who.team_id,
                actor=who.id,
                action="team.settings",
                subject=f"team:{who.team_id}",
                before={name: was.get(name) for name in changed},
                after={name: becomes.get(name) for name in changed},
                now=now,
            )
            return before, after

    def own(self, *, who: Member) -> tuple[MemberSettings, TeamSettings]:
        """What a member chose for themselves, and the team's choices behind it."""
        with self._uow.read() as tx:
            chosen = choices.of_member(tx, who.team_id, who.id)
            return chosen.own, chosen.team

    def save_own(self, *, who: Member, chosen: MemberSettings) -> None:
        """Keeps what a member chose."""
        with self._uow.begin() as tx:
            members.by_id(tx, who.team_id, who.id, lock=True)
            members.save_settings(tx, who.team_id, who.id, chosen)
            timer_questions.plan_anew(tx, who.team_id, [who.id])

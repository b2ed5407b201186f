"""Knowing who is asking."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta

from bot.domain.entries.entries import StopReason
from bot.domain.errors import TeamNotInstalled
from bot.domain.ids import MemberId, SlackUserId, TeamId
from bot.domain.people.people import Member, RightSource, SlackPerson
from bot.services.operating.removal import remove_team
from bot.services.tracking.stopping import stop_timers
from storage import members, teams
from storage.operating import api_tokens, audit
from storage.people import account_link_changes
from storage.tracking import timer_questions
from storage.unit_of_work import Tx, UnitOfWork

SAME_MOMENT = timedelta(minutes=1)
"""What Slack tells by itself may be on its way for seconds, and its clock is not ours."""


class Members:
    """Slack people as members of a team."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._new_marker = new_marker

    def find(self, team_id: TeamId, user_id: SlackUserId) -> tuple[Member, datetime] | None:
        """The member and when Slack was last asked about them; None for a stranger.

        Raises:
            TeamNotInstalled: the team removed Hourlink, so nothing is done for it any more.
        """
        with self._uow.read(brief=True) as tx:
            found = members.asking(tx, team_id, user_id)
            if found is None:
                team = teams.find(tx, team_id)
                if team is None or not team.is_installed:
                    raise TeamNotInstalled
        return found

    def team_name(self, team_id: TeamId) -> str:
        """What Slack calls the workspace.

        Raises:
            TeamNotInstalled: it removed Hourlink.
        """
        with self._uow.read() as tx:
            team = teams.find(tx, team_id)
        if team is None or not team.is_installed:
            raise TeamNotInstalled
        return team.name

    def admins(self, team_id: TeamId) -> tuple[str, ...]:
        """Who administers Hourlink there, by name."""
        with self._uow.read() as tx:
            return members.admin_names(tx, team_id)

    def save(
        self,
        team_id: TeamId,
        person: SlackPerson,
        now: datetime,
        *,
        as_of: datetime | None = None,
    ) -> Member | None:
        """Takes in what Slack says about a person; None for who is nobody's member here.

        Somebody deactivated tracks no more: their timer is stopped and kept (T15), what they had
        to answer is withdrawn, their own tokens are destroyed, and they administer no more.
        Somebody who moved to another time zone is asked about their timer by the new one.

        Args:
            team_id: The fence.
            person: What Slack says.
            now: The moment.
            as_of: When Slack knew it, where that is not now: an event that could not be delivered
                comes again behind later ones. What was told since then stays.
        """
        if not person.works_at(team_id):
            return None
        with self._uow.begin() as tx:
            known = None if as_of is None else members.asking(tx, team_id, person.user_id)
            if known is not None and as_of is not None and known[1] > as_of + SAME_MOMENT:
                return known[0]
            before = members.by_slack_id(tx, team_id, person.user_id)
            members.save(tx, team_id, person, now)
            if before is not None and before.zone != person.zone:
                timer_questions.plan_anew(tx, team_id, [before.id])
            member = members.by_slack_id(tx, team_id, person.user_id)
            if member is not None and not member.is_active:
                self._leave(tx, team_id, [member.id], now)
            return member

    def save_many(self, team_id: TeamId, people: Iterable[SlackPerson], now: datetime) -> None:
        """Takes in the whole list of people that Slack gives, without bots and strangers.

        Who turns out to be deactivated tracks no more, as with ``save``.
        """
        ours = [one for one in people if one.works_at(team_id)]
        left = {one.user_id for one in ours if one.is_deactivated}
        zones = {one.user_id: one.zone for one in ours}
        with self._uow.begin() as tx:
            worked = members.active(tx, team_id)
            members.save_many(tx, team_id, ours, now)
            moved = [one for one in worked if zones.get(one.slack_user_id, one.zone) != one.zone]
            timer_questions.plan_anew(tx, team_id, [one.id for one in moved])
            gone = [member.id for member in worked if member.slack_user_id in left]
            self._leave(tx, team_id, gone, now)

    def _leave(self, tx: Tx, team_id: TeamId, gone: Collection[MemberId], now: datetime) -> None:
        """What a person leaves behind. Their connections stay, for the day they come back."""
        if not gone:
            return
        account_link_changes.withdraw_open(tx, team_id, gone, now)
        account_link_changes.destroy_tokens(tx, team_id, members=gone)
        api_tokens.remove_all(tx, team_id, members=gone)
        for member_id in members.forget_naming(tx, team_id, gone):
            audit.record(
                tx,
                team_id,
                actor=None,
                action="admin.remove",
                subject=f"member:{member_id}",
                before={"admin": [RightSource.NAMED]},
                after={"admin": [], "because": "deactivated in Slack"},
                now=now,
            )
        stop_timers(
            tx,
            team_id,
            because=StopReason.MEMBER_DEACTIVATED,
            now=now,
            members=gone,
            new_marker=self._new_marker,
        )

    def installed(self, team_id: TeamId, *, name: str, bot_user_id: str, now: datetime) -> None:
        """Remembers that the team has Hourlink."""
        with self._uow.begin() as tx:
            teams.save_installed(tx, team_id, name=name, bot_user_id=bot_user_id, now=now)

    def uninstalled(self, team_id: TeamId, now: datetime) -> None:
        """Stops all work for the team, timers too, and destroys its members' tokens."""
        with self._uow.begin() as tx:
            remove_team(tx, team_id, now=now, new_marker=self._new_marker)

"""Who administers: listing them, naming one, and taking that back."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.errors import Vanished
from bot.domain.ids import MemberId, TeamId
from bot.domain.people.people import (
    AdminChange,
    AdminList,
    AdminNotice,
    AdminRight,
    Member,
    RightSource,
)
from bot.domain.people.people_errors import CannotAdminister, LastAdmin, NamedNowhere
from bot.services import rights
from storage import members, outbox, teams
from storage.operating import audit
from storage.unit_of_work import Tx, UnitOfWork

NAMED = "admin.named"
REMOVED = "admin.removed"


class Admins:
    """Use cases around the right to administer."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._new_marker = new_marker

    def every(self, who: Member) -> AdminList:
        """Everyone who administers, and where each right comes from.

        Raises:
            AdminOnly: who asks is none.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            decides = teams.settings(tx, who.team_id).slack_admins
            return AdminList(tuple(members.admin_rights(tx, who.team_id)), decides)

    def name(self, who: Member, member_id: MemberId, now: datetime) -> AdminChange:
        """Names somebody an admin here, whatever Slack says of them.

        Raises:
            AdminOnly: who asks is none.
            Vanished: they are not here any more.
            CannotAdminister: they are a guest.
        """
        with self._uow.begin() as tx:
            teams.lock(tx, who.team_id)
            rights.admin(tx, who)
            person = _person(tx, who.team_id, member_id)
            if person.is_guest:
                raise CannotAdminister(person.name)
            was = members.admin_right(tx, who.team_id, member_id)
            if was is not None and RightSource.NAMED in was.sources:
                return AdminChange(person, changed=False)
            self._set(tx, who, was, person, now, is_named=True)
            return AdminChange(_person(tx, who.team_id, member_id), changed=True)

    def remove(self, who: Member, member_id: MemberId, now: datetime) -> AdminChange:
        """Takes a naming back; who administers by Slack's word goes on doing so.

        Raises:
            AdminOnly: who asks is none.
            Vanished: they are not here any more.
            NamedNowhere: they were not named here.
            LastAdmin: nobody would be left to administer.
        """
        with self._uow.begin() as tx:
            teams.lock(tx, who.team_id)
            rights.admin(tx, who)
            person = _person(tx, who.team_id, member_id)
            was = members.admin_right(tx, who.team_id, member_id)
            if was is None or RightSource.NAMED not in was.sources:
                by_slack = was is not None
                is_owner = was is not None and RightSource.OWNER in was.sources
                raise NamedNowhere(person.name, by_slack=by_slack, is_owner=is_owner)
            self._set(tx, who, was, person, now, is_named=False)
            if not members.admin_rights(tx, who.team_id):
                raise LastAdmin
            return AdminChange(_person(tx, who.team_id, member_id), changed=True)

    def notice(
        self, team_id: TeamId, *, member_id: MemberId, by: MemberId, is_admin: bool
    ) -> AdminNotice | None:
        """What to tell somebody; None when that is not so any more, or they have left."""
        with self._uow.read() as tx:
            person = members.by_id(tx, team_id, member_id)
            actor = members.by_id(tx, team_id, by)
        if person is None or not person.is_active or person.is_admin is not is_admin:
            return None
        return AdminNotice(person, actor.name if actor else "")

    def _set(
        self,
        tx: Tx,
        who: Member,
        was: AdminRight | None,
        person: Member,
        now: datetime,
        *,
        is_named: bool,
    ) -> None:
        members.name_admin(tx, who.team_id, person.id, is_named=is_named)
        after = members.admin_right(tx, who.team_id, person.id)
        audit.record(
            tx,
            who.team_id,
            actor=who.id,
            action="admin.name" if is_named else "admin.remove",
            subject=f"member:{person.id}",
            before={"member": person.name, "admin": _words(was)},
            after={"member": person.name, "admin": _words(after)},
            now=now,
        )
        if person.id != who.id and (was is None) is not (after is None):
            outbox.add(
                tx,
                who.team_id,
                kind=NAMED if is_named else REMOVED,
                subject=f"admin:{person.id}",
                payload={"member_id": person.id, "by": who.id},
                marker=self._new_marker(),
                now=now,
            )


def _person(tx: Tx, team_id: TeamId, member_id: MemberId) -> Member:
    person = members.by_id(tx, team_id, member_id)
    if person is None or not person.is_active:
        raise Vanished("person")
    return person


def _words(right: AdminRight | None) -> list[str]:
    return sorted(right.sources) if right else []

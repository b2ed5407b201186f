"""Opening locked time: asking for it, granting it with a reason, locking it again (T13).

Managers open time on their projects, admins any. Everything about one wish happens under a lock on
its row, so a second answer finds the first.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.domain.approval.closing_months import ReasonMissing
from bot.domain.approval.unlocks import (
    LASTING,
    Lasting,
    Stretch,
    Unlock,
    UnlockAnswered,
    UnlockAsked,
    UnlockEvent,
    UnlockState,
    UnlockView,
    WishMade,
    checked,
    moved,
)
from bot.domain.errors import Vanished
from bot.domain.ids import MemberId, ProjectId, UnlockId
from bot.domain.people.people import Member
from bot.services.approval.unlocked import asked_about, may_open, project_name, view_of
from storage import members, outbox
from storage.approval import unlocks
from storage.operating import audit
from storage.projects import project_people
from storage.unit_of_work import Tx, UnitOfWork

ASKED = "unlock.asked"
"""Outbox kind of a wish, once for everybody who may answer it."""

ANSWERED = "unlock.answered"
"""Outbox kind of telling the person whose time it is."""

_NEW = UnlockId(0)


class Unlocking:
    """Use cases around unlocks."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._new_marker = new_marker

    def ask(self, *, who: Member, stretch: Stretch, wish: str, now: datetime) -> WishMade:
        """Asks the managers of the project, or the admins where it has none, to open one's time.

        Raises:
            UnlockAsked: the same was asked for before.
            DaysUnusual: the days are no stretch of time.
            ReasonMissing: it does not say why.
            Vanished: there is no such project, or not for them.
        """
        with self._uow.begin() as tx:
            members.by_id(tx, who.team_id, who.id, lock=True)
            project = asked_about(tx, who, stretch.project_id)
            if not wish:
                raise ReasonMissing
            checked(stretch)
            waiting = unlocks.asked_by(tx, who.team_id, who.id)
            if any(stretch.within(one.stretch) for one in waiting):
                raise UnlockAsked
            unlock = Unlock(
                id=_NEW,
                team_id=who.team_id,
                stretch=replace(stretch, member_id=who.id),
                state=UnlockState.ASKED,
                wish=wish,
                asked_at=now,
                reason="",
                decided_by=None,
                decided_at=None,
                until=None,
            )
            unlock = replace(unlock, id=unlocks.add(tx, unlock))
            people = _who_may(tx, who, stretch.project_id)
            for one in people:
                self._owe(tx, ASKED, unlock, one.id, now)
            return WishMade(unlock, project, tuple(one.name for one in people))

    def grant(
        self,
        *,
        who: Member,
        stretch: Stretch,
        lasting: Lasting,
        reason: str,
        now: datetime,
        unlock_id: UnlockId | None = None,
    ) -> UnlockView:
        """Opens time for a while, in answer to a wish or without one.

        Raises:
            AdminOnly: every project is meant, and who asks is no admin.
            ManagerOnly: who asks does not manage the project.
            UnlockAnswered: the wish was answered before.
            ReasonMissing: no reason is given.
            DaysUnusual: the days are no stretch of time.
            Vanished: the wish, the person or the project is not there.
        """
        with self._uow.begin() as tx:
            wish = None if unlock_id is None else self._open_wish(tx, who, unlock_id, now)
            owner_id = wish.stretch.member_id if wish else stretch.member_id
            owner = members.by_id(tx, who.team_id, owner_id)
            if owner is None or not owner.is_active:
                raise Vanished("person")
            project_name(tx, who.team_id, stretch.project_id)
            may_open(tx, who, stretch.project_id)
            if not reason:
                raise ReasonMissing
            granted = Unlock(
                id=wish.id if wish else _NEW,
                team_id=who.team_id,
                stretch=checked(replace(stretch, member_id=owner_id)),
                state=UnlockState.GRANTED,
                wish=wish.wish if wish else "",
                asked_at=wish.asked_at if wish else None,
                reason=reason,
                decided_by=who.id,
                decided_at=now,
                until=now + LASTING[lasting],
            )
            if wish:
                unlocks.save(tx, granted)
            else:
                granted = replace(granted, id=unlocks.add(tx, granted))
            self._written(tx, who, "time.unlock", granted, now)
            if owner_id != who.id:
                self._owe(tx, ANSWERED, granted, owner_id, now)
            return view_of(tx, granted, who, now)

    def refuse(self, *, who: Member, unlock_id: UnlockId, reason: str, now: datetime) -> UnlockView:
        """Leaves the time locked, and tells the person who asked.

        Raises:
            HourlinkError: as ``grant``.
        """
        with self._uow.begin() as tx:
            wish = self._open_wish(tx, who, unlock_id, now)
            may_open(tx, who, wish.stretch.project_id)
            refused = replace(
                wish,
                state=UnlockState.REFUSED,
                reason=reason,
                decided_by=who.id,
                decided_at=now,
            )
            unlocks.save(tx, refused)
            self._written(tx, who, "time.unlock_refuse", refused, now)
            self._owe(tx, ANSWERED, refused, wish.stretch.member_id, now)
            return view_of(tx, refused, who, now)

    def end(self, *, who: Member, unlock_id: UnlockId, now: datetime) -> UnlockView:
        """Locks time again before its moment comes; a second time changes nothing.

        Raises:
            HourlinkError: as ``grant``.
        """
        with self._uow.begin() as tx:
            unlock = _found(tx, who, unlock_id, lock=True)
            may_open(tx, who, unlock.stretch.project_id)
            state = moved(unlock.state, UnlockEvent.END)
            if state is None or not unlock.is_open(now):
                return view_of(tx, unlock, who, now)
            ended = replace(unlock, state=state)
            unlocks.save(tx, ended)
            self._written(tx, who, "time.lock_again", ended, now)
            return view_of(tx, ended, who, now)

    def wish(self, *, who: Member, unlock_id: UnlockId, now: datetime) -> UnlockView:
        """A wish, to be answered.

        Raises:
            HourlinkError: as ``grant``.
        """
        with self._uow.begin() as tx:
            wish = self._open_wish(tx, who, unlock_id, now)
            may_open(tx, who, wish.stretch.project_id)
            return view_of(tx, wish, who, now)

    def _open_wish(self, tx: Tx, who: Member, unlock_id: UnlockId, now: datetime) -> Unlock:
        wish = _found(tx, who, unlock_id, lock=True)
        if moved(wish.state, UnlockEvent.GRANT) is None:
            may_open(tx, who, wish.stretch.project_id)
            raise UnlockAnswered(view_of(tx, wish, who, now))
        return wish

    def _owe(self, tx: Tx, kind: str, unlock: Unlock, member_id: MemberId, now: datetime) -> None:
        outbox.add(
            tx,
            unlock.team_id,
            kind=kind,
            subject=f"unlock:{unlock.id}:{member_id}",
            payload={"unlock_id": unlock.id, "member_id": member_id},
            marker=self._new_marker(),
            now=now,
        )

    def _written(self, tx: Tx, who: Member, action: str, unlock: Unlock, now: datetime) -> None:
        stretch = unlock.stretch
        audit.record(
            tx,
            who.team_id,
            actor=who.id,
            action=action,
            subject=f"member:{stretch.member_id}",
            before=None,  # locked, as time is that old
            after={
                "project_id": stretch.project_id,
                "first_day": stretch.first.isoformat(),
                "last_day": stretch.last.isoformat(),
                "until": unlock.until.isoformat() if unlock.until else None,
                "wish": unlock.wish,
                "reason": unlock.reason,
            },
            now=now,
        )


def _found(tx: Tx, who: Member, unlock_id: UnlockId, *, lock: bool) -> Unlock:
    found = unlocks.find(tx, who.team_id, unlock_id, lock=lock)
    if found is None:
        raise Vanished("request")
    return found


def _who_may(tx: Tx, who: Member, project_id: ProjectId | None) -> list[Member]:
    """Whom to ask: the project's managers, else the admins; not the person who asks."""
    named = [] if project_id is None else project_people.managers(tx, who.team_id, project_id)
    people = members.by_ids(tx, who.team_id, named)
    asked = [people[one] for one in named if one != who.id]
    return asked or [one for one in members.admins(tx, who.team_id) if one.id != who.id]

"""Disconnecting an integration, and resuming what it fed when it comes back (L1, L7), by admins."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from bot.domain.entries.entries import StopReason, TimersOf
from bot.domain.errors import Vanished
from bot.domain.ids import IntegrationId, MemberId, TeamId
from bot.domain.linking.connecting import AlreadyDisconnected, Disconnection, DisconnectNotice
from bot.domain.linking.integrations import Integration
from bot.domain.linking.linking import IntegrationDisconnected, Linked, NothingToLink
from bot.domain.people.people import Member
from bot.domain.states import IntegrationState
from bot.services import rights
from bot.services.linking.making import make_links, name_of
from bot.services.linking.redrawing import draw_open_announcements
from bot.services.tracking.stopping import stop_timers
from storage import members, outbox
from storage.linking import integration_ending, integration_setup, integrations, link_targets
from storage.operating import audit
from storage.tracking import running_timers
from storage.unit_of_work import Tx, UnitOfWork
from storage.writing import worklog_leaving

DISCONNECTED = "integration.disconnected"
"""Outbox kind of what people are told; its payload names the member and who did it."""

FORGET = "integration.forget"
"""Outbox kind of destroying credentials that were kept until what was owed is written."""

MOST_NAMED = 10


class Disconnecting:
    """Use cases at the end of an integration, and at its return."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._new_marker = new_marker

    def preview(
        self, *, who: Member, integration_id: IntegrationId, now: datetime
    ) -> Disconnection:
        """What disconnecting would do now.

        Raises:
            AdminOnly: who asks may not.
            Vanished: it is not this team's.
            AlreadyDisconnected: somebody did it before.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            found = _connected(tx, who.team_id, integration_id)
            timers = TimersOf(integrations=frozenset({integration_id}))
            running = running_timers.running_where(tx, who.team_id, timers, now)
            return _disconnection(tx, found, len(running))

    def disconnect(
        self,
        *,
        who: Member,
        integration_id: IntegrationId,
        now: datetime,
        writes_owed: bool = True,
    ) -> Disconnection:
        """Destroys the credentials and everything that rests on them; time stays.

        Its projects are unlinked, its people's connections end and their own keys are destroyed,
        timers there are stopped and kept, and everybody concerned is told.

        Args:
            who: An admin.
            integration_id: Which.
            now: The present moment.
            writes_owed: Time that is not written there yet is written first, with the credentials
                of the integration, which are destroyed once that is done.

        Raises: as ``preview``.
        """
        team_id = who.team_id
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            link_targets.lock(tx, team_id)
            found = _connected(tx, team_id, integration_id, lock=True)
            people = integration_ending.connected(tx, team_id, integration_id)
            before = _disconnection(tx, found, 0)
            integration_setup.disconnect(tx, team_id, integration_id, now)
            integration_ending.end_accounts(tx, team_id, integration_id, by=who.id, now=now)
            integration_ending.end_links(tx, team_id, integration_id, by=who.id, now=now)
            stopped = stop_timers(
                tx,
                team_id,
                because=StopReason.INTEGRATION_DISCONNECTED,
                now=now,
                integrations=[integration_id],
                new_marker=self._new_marker,
            )
            owed = worklog_leaving.owed_to(tx, team_id, integration_id)
            self._forget(tx, found, writes_owed=writes_owed, now=now)
            self._tell(tx, who, integration_id, people, now)
            draw_open_announcements(
                tx, team_id, integration_id, now=now, new_marker=self._new_marker
            )
            audit.record(
                tx,
                team_id,
                actor=who.id,
                action="integration.disconnect",
                subject=f"integration:{integration_id}",
                now=now,
                before={"provider": found.provider, "site": found.site_name},
                after={
                    "projects": before.projects,
                    "people": before.people,
                    "keys": before.keys,
                    "timers": len(stopped),
                },
            )
            return replace(before, timers=len(stopped), owed=owed, writes_owed=writes_owed)

    def forget(self, team_id: TeamId, integration_id: IntegrationId, *, is_last: bool) -> bool:
        """Destroys the credentials that were kept to write what was owed, if that is done.

        Args:
            team_id: The fence.
            integration_id: Which.
            is_last: They are destroyed whatever is owed still.
        """
        with self._uow.begin() as tx:
            found = integrations.by_id(tx, team_id, integration_id, lock=True)
            if found is None or found.state is not IntegrationState.DISCONNECTED:
                return True
            if worklog_leaving.is_under_way(tx, team_id, integration_id) and not is_last:
                return False
            worklog_leaving.leave_to(tx, team_id, integration_id)
            integration_setup.destroy_credentials(tx, team_id, integration_id)
            return True

    def resume(
        self, *, who: Member, integration_id: IntegrationId, now: datetime
    ) -> tuple[Linked, ...]:
        """Links what was unlinked by the last disconnect, each to the project that it fed.

        Raises:
            AdminOnly: who asks may not.
            Vanished: it is not this team's.
            IntegrationDisconnected: it is not connected now.
            NothingToLink: nothing is left to resume.
        """
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            link_targets.lock(tx, who.team_id)
            found = integrations.by_id(tx, who.team_id, integration_id)
            if found is None:
                raise Vanished("integration")
            if found.state is IntegrationState.DISCONNECTED:
                raise IntegrationDisconnected(found.site_name)
            wishes = integration_ending.resumable(tx, who.team_id, integration_id)
            if not wishes:
                raise NothingToLink
            return make_links(
                tx, who.team_id, wishes, by=who.id, now=now, new_marker=self._new_marker
            )

    def notice(
        self,
        team_id: TeamId,
        integration_id: IntegrationId,
        *,
        member_id: MemberId,
        by: MemberId,
        had: str,
    ) -> DisconnectNotice | None:
        """What a person is told; None when they have left."""
        with self._uow.read() as tx:
            found = integrations.by_id(tx, team_id, integration_id)
            who = members.by_id(tx, team_id, member_id)
            if found is None or who is None or not who.is_active:
                return None
            return DisconnectNotice(
                slack_user_id=who.slack_user_id,
                provider=found.provider,
                site_name=found.site_name,
                by=name_of(tx, team_id, by),
                was_connected=had != "nothing",
                had_key=had == "key",
                is_admin=who.is_admin,
            )

    def _forget(self, tx: Tx, found: Integration, *, writes_owed: bool, now: datetime) -> None:
        team_id, integration_id = found.team_id, found.id
        if writes_owed and worklog_leaving.is_under_way(tx, team_id, integration_id):
            outbox.add(
                tx,
                team_id,
                kind=FORGET,
                subject=f"integration:{integration_id}:forget",
                payload={"integration_id": integration_id},
                marker=self._new_marker(),
                now=now,
            )
            return
        worklog_leaving.leave_to(tx, team_id, integration_id)
        integration_setup.destroy_credentials(tx, team_id, integration_id)

    def _tell(
        self,
        tx: Tx,
        who: Member,
        integration_id: IntegrationId,
        people: Mapping[MemberId, bool],
        now: datetime,
    ) -> None:
        """Everybody whose connection ends, and every other admin; not who did it."""
        admins = [admin.id for admin in members.admins(tx, who.team_id)]
        had = dict.fromkeys(admins, "nothing") | {
            member_id: "key" if has_key else "account" for member_id, has_key in people.items()
        }
        outbox.add_many(
            tx,
            who.team_id,
            kind=DISCONNECTED,
            owed=[
                (
                    f"integration:{integration_id}:{member_id}",
                    {
                        "integration_id": integration_id,
                        "member_id": member_id,
                        "by": who.id,
                        "had": kind,
                    },
                    self._new_marker(),
                )
                for member_id, kind in had.items()
                if member_id != who.id
            ],
            now=now,
        )


def _connected(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId, *, lock: bool = False
) -> Integration:
    found = integrations.by_id(tx, team_id, integration_id, lock=lock)
    if found is None:
        raise Vanished("integration")
    if found.state is IntegrationState.DISCONNECTED:
        raise AlreadyDisconnected(found.site_name)
    return found


def _disconnection(tx: Tx, found: Integration, timers: int) -> Disconnection:
    team_id = found.team_id
    linked = integration_ending.linked(tx, team_id, found.id, MOST_NAMED)
    people = integration_ending.connected(tx, team_id, found.id)
    return Disconnection(
        integration=found,
        projects=linked.total,
        named=linked.first,
        people=len(people),
        keys=sum(people.values()),
        requests=integration_ending.asked(tx, team_id, found.id),
        timers=timers,
        owed=worklog_leaving.owed_to(tx, team_id, found.id),
    )

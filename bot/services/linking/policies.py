"""An integration's settings (L5, L8): shown with what they mean, saved, and made to hold now."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.errors import Vanished
from bot.domain.ids import IntegrationId, TeamId
from bot.domain.linking.integration_settings import (
    IntegrationSettings,
    Joining,
    Reach,
    SettingsChange,
    SettingsChangedMeanwhile,
    SettingsSaved,
    SettingsShown,
)
from bot.domain.linking.integrations import Integration
from bot.domain.linking.link_rules import lets_in, tidy
from bot.domain.linking.linking import IntegrationDisconnected
from bot.domain.people.people import Member
from bot.domain.states import IntegrationState
from bot.services import rights
from bot.services.people import membership
from bot.services.sync import syncing
from storage.linking import announcements, integration_rules, integrations
from storage.operating import audit
from storage.projects import project_members
from storage.sync import integration_sync
from storage.unit_of_work import Tx, UnitOfWork
from storage.writing import worklog_again

MOST_WORKSPACES = 100
"""Options that a select takes."""

_BRINGS = frozenset({"rules", "personal_projects", "link_policy"})
"""Settings that may bring provider projects; then a sync begins at once."""

_NAMED = 5
"""Names that stand for the others of their kind."""


class LinkPolicies:
    """Use cases around an integration's settings, by admins."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._new_marker = new_marker

    def show(
        self,
        *,
        who: Member,
        integration_id: IntegrationId,
        chosen: IntegrationSettings | None = None,
    ) -> SettingsShown:
        """The settings, or others that somebody is about to choose, and what they mean.

        Raises:
            AdminOnly: who asks may not.
            Vanished: it is not this team's.
            IntegrationDisconnected: it is not connected any more.
            NotPossible: too many rules, or a pattern that is too long.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            found = _live(tx, who.team_id, integration_id)
            wanted = _tidied(chosen or IntegrationSettings.of(found))
            some = integration_rules.workspaces(tx, who.team_id, integration_id, limit=1)
            return SettingsShown(
                found, wanted, _reach(tx, who.team_id, integration_id, wanted), bool(some)
            )

    def workspaces(self, *, who: Member, integration_id: IntegrationId, text: str) -> list[str]:
        """What a select of workspaces finds.

        Raises:
            AdminOnly: who asks may not.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            return integration_rules.workspaces(
                tx, who.team_id, integration_id, text, limit=MOST_WORKSPACES
            )

    def save(
        self,
        *,
        who: Member,
        integration_id: IntegrationId,
        chosen: IntegrationSettings,
        version: str,
        now: datetime,
    ) -> SettingsSaved:
        """Keeps a form.

        Args:
            who: An admin.
            integration_id: Which.
            chosen: Everything that stood in the form.
            version: Of the settings as they were when the form was opened.
            now: The present moment.

        Raises:
            SettingsChangedMeanwhile: somebody else saved others since then.
            As ``show``.
        """
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            found = _live(tx, who.team_id, integration_id, lock=True)
            if IntegrationSettings.of(found).version != version:
                raise SettingsChangedMeanwhile(found.site_name)
            return self._save(tx, who, found, chosen, now)

    def change(
        self,
        *,
        who: Member,
        integrations: Sequence[IntegrationId],
        change: SettingsChange,
        now: datetime,
    ) -> list[SettingsSaved]:
        """Changes what a command names, of all these integrations or of none.

        Raises: as ``show``.
        """
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            done = []
            for integration_id in sorted(integrations):
                found = _live(tx, who.team_id, integration_id, lock=True)
                chosen = _changed(found, change)
                done.append(self._save(tx, who, found, chosen, now))
            return done

    def add_people(
        self, *, who: Member, integration_id: IntegrationId, now: datetime
    ) -> tuple[Integration, int, int]:
        """Makes the members policy hold for what is linked; how many joined how many projects.

        Raises: as ``show``.
        """
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            found = _live(tx, who.team_id, integration_id, lock=True)
            people, _ = project_members.joining(tx, who.team_id, integration_id)
            joined = membership.join_integration(tx, who.team_id, integration_id, now)
            if joined:
                audit.record(
                    tx,
                    who.team_id,
                    actor=who.id,
                    action="integration.add_people",
                    subject=f"integration:{integration_id}",
                    now=now,
                    before=None,
                    after={"people": people, "projects": len(joined)},
                )
            return found, people, joined.total()

    def _save(
        self,
        tx: Tx,
        who: Member,
        found: Integration,
        chosen: IntegrationSettings,
        now: datetime,
    ) -> SettingsSaved:
        team_id, before, after = who.team_id, IntegrationSettings.of(found), _tidied(chosen)
        old, new = before.plain(), after.plain()
        changed = frozenset(name for name in new if new[name] != old[name])
        if changed:
            integration_rules.save(tx, team_id, found.id, after)
            audit.record(
                tx,
                team_id,
                actor=who.id,
                action="integration.settings",
                subject=f"integration:{found.id}",
                now=now,
                before={"site": found.site_name} | {name: old[name] for name in sorted(changed)},
                after={"site": found.site_name} | {name: new[name] for name in sorted(changed)},
            )
        if "rules" in changed:
            integration_rules.apply(tx, team_id, found.id, lets_in(after.rules))
        if "write_back" in changed and after.write_back.is_on:
            # What waited for an approval may be wanted now.
            worklog_again.waiting(tx, team_id, found.id, call=self._new_marker(), now=now)
        coming = announcements.new_unlinked(tx, team_id, found.id, personal=after.personal_projects)
        if coming and changed & _BRINGS and found.state is IntegrationState.ACTIVE:
            syncing.ask(tx, team_id, found.id, asked_by=None, now=now)
        if "read_every" in changed:
            integration_sync.hasten(tx, team_id, found.id, now)  # a long wait may be under way
        return SettingsSaved(
            integration=replace(
                found,
                channel_id=after.channel_id,
                link_policy=after.link_policy,
                members_policy=after.members_policy,
                personal_projects=after.personal_projects,
                rules=after.rules,
                write_back=after.write_back,
                sync_minutes=after.sync_minutes,
            ),
            changed=changed,
            reach=_reach(tx, team_id, found.id, after),
            coming=len(coming),
            joining=Joining(*project_members.joining(tx, team_id, found.id)),
        )


def _live(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId, *, lock: bool = False
) -> Integration:
    found = integrations.by_id(tx, team_id, integration_id, lock=lock)
    if found is None:
        raise Vanished("integration")
    if found.state is IntegrationState.DISCONNECTED:
        raise IntegrationDisconnected(found.site_name)
    return found


def _tidied(chosen: IntegrationSettings) -> IntegrationSettings:
    return replace(chosen, rules=tidy(chosen.rules))


def _changed(found: Integration, change: SettingsChange) -> IntegrationSettings:
    now = IntegrationSettings.of(found)
    return IntegrationSettings(
        channel_id=change.channel_id or now.channel_id,
        link_policy=change.link_policy or now.link_policy,
        members_policy=change.members_policy or now.members_policy,
        personal_projects=(
            now.personal_projects if change.personal_projects is None else change.personal_projects
        ),
        rules=(*now.rules, *change.rules),
        write_back=replace(
            now.write_back, mode=change.write_modes.get(found.id, now.write_back.mode)
        ),
        sync_minutes=now.sync_minutes,
    )


def _reach(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId, chosen: IntegrationSettings
) -> Reach:
    decide = lets_in(chosen.rules)
    total = let_in = unlinked = 0
    some_in: list[str] = []
    some_out: list[str] = []
    for one in integration_rules.names(tx, team_id, integration_id):
        total += 1
        if decide(one.name, one.workspace) and (chosen.personal_projects or not one.is_personal):
            let_in += 1
            unlinked += one.waits
            if len(some_in) < _NAMED:
                some_in.append(one.name)
        elif len(some_out) < _NAMED:
            some_out.append(one.name)
    return Reach(total, let_in, unlinked, tuple(some_in), tuple(some_out))

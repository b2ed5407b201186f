"""Connecting a provider's site to a team (L1), by admins.

A site that was disconnected comes back as the same integration: its provider projects, tasks and
announcements are attached to that row, so nothing is announced or made twice.
"""

from collections.abc import Callable
from datetime import datetime

from bot.domain.errors import Vanished
from bot.domain.ids import IntegrationId
from bot.domain.linking.connecting import (
    Arrival,
    Connected,
    OtherSite,
    Renewal,
    SiteAlreadyConnected,
    UnknownProvider,
)
from bot.domain.linking.integrations import Integration
from bot.domain.linking.link_plan import folded
from bot.domain.linking.linking import IntegrationUnknown
from bot.domain.linking.write_back import WriteBack
from bot.domain.people.people import Member
from bot.domain.states import IntegrationState
from bot.integrations.api import Capability, Credentials, Descriptor, FieldKind, Site
from bot.integrations.oauth import due_at
from bot.integrations.registry import Registry
from bot.services import rights
from bot.services.linking.making import name_of
from bot.services.linking.redrawing import draw_open_announcements
from bot.services.sync.syncing import RECOVERED
from bot.services.vault import SealBroken, Vault
from storage import members, outbox
from storage.linking import integration_ending, integration_setup, integrations
from storage.linking.integration_setup import Setup
from storage.operating import audit
from storage.people import token_renewals
from storage.unit_of_work import Tx, UnitOfWork
from storage.writing import worklog_again

_ARRIVALS = {
    IntegrationState.ACTIVE: Arrival.RENEWED,
    IntegrationState.BROKEN: Arrival.MENDED,
    IntegrationState.DISCONNECTED: Arrival.RETURNED,
}


_BEFORE = {
    Arrival.RETURNED: IntegrationState.DISCONNECTED.value,
    Arrival.MENDED: IntegrationState.BROKEN.value,
    Arrival.RENEWED: IntegrationState.ACTIVE.value,
}


class Connecting:
    """Use cases around integrations."""

    def __init__(
        self, uow: UnitOfWork, registry: Registry, vault: Vault, new_marker: Callable[[], str]
    ) -> None:
        self._uow = uow
        self._registry = registry
        self._vault = vault
        self._new_marker = new_marker

    def providers(self, *, who: Member) -> tuple[Descriptor, ...]:
        """Every adapter, for the chooser.

        Raises:
            AdminOnly: who asks may not connect.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
        return self._registry.descriptors()

    def prepare(self, *, who: Member, provider: str) -> Descriptor:
        """What the form for a provider is made of; it is named as people or the registry do.

        Raises:
            AdminOnly: who asks may not connect.
            UnknownProvider: no adapter is called that.
        """
        wanted = folded(provider)
        every = self.providers(who=who)
        for descriptor in every:
            if wanted in {descriptor.slug.casefold(), folded(descriptor.name)}:
                return descriptor
        begun = [one for one in every if wanted and wanted in folded(one.name)]
        if len(begun) == 1:
            return begun[0]
        raise UnknownProvider(provider, tuple(one.name for one in every))

    def renewal(self, *, who: Member, integration_id: IntegrationId) -> Renewal:
        """What the form for new credentials begins with: all but the secrets.

        Raises:
            AdminOnly: who asks may not connect.
            Vanished: it is not this team's.
            UnknownProvider: its adapter is not installed any more.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            found = self._one(tx, who, integration_id)
            sealed = integration_setup.sealed(tx, who.team_id, integration_id)
        descriptor = self.prepare(who=who, provider=found.provider)
        shown = {one.name for one in descriptor.credentials if one.kind is not FieldKind.SECRET}
        try:
            opened = self._vault.open(sealed) if sealed else {}
        except SealBroken:  # the operator's keys have changed; then everything is typed anew
            opened = {}
        return Renewal(found, {name: value for name, value in opened.items() if name in shown})

    def save(
        self,
        *,
        who: Member,
        provider: str,
        site: Site,
        credentials: Credentials,
        channel_id: str,
        write_back: WriteBack,
        instead: IntegrationId | None = None,
        now: datetime,
    ) -> Connected:
        """Keeps what a check has proved; the first sync is due at once.

        Args:
            who: An admin.
            provider: The adapter's slug.
            site: What the check found.
            credentials: What opened it.
            channel_id: Where new projects are announced.
            write_back: What is written there; one that is connected keeps its choice.
            instead: The integration that is given new credentials, also where it works.
            now: The present moment.

        Raises:
            AdminOnly: who asks may not connect, or not any more.
            SiteAlreadyConnected: the site is connected and works.
            OtherSite: the credentials open another site than that of ``instead``.
            Vanished: ``instead`` is not this team's.
        """
        keeps_time = Capability.TIME in self._registry.descriptor(provider).capabilities
        setup = Setup(
            provider=provider,
            site_id=site.external_id,
            site_name=site.name,
            site_url=site.url,
            sealed_credentials=self._vault.seal(credentials),
            channel_id=channel_id,
            write_back=write_back if keeps_time else WriteBack(),
            connected_by=who.id,
            connected_at=now,
        )
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            if instead is not None:
                _same_site(self._one(tx, who, instead), setup)
            made = integration_setup.create(tx, who.team_id, setup)
            if made is not None:
                integration_id, arrival = made, Arrival.NEW
            else:
                integration_id, arrival = self._set_up_again(tx, who, setup, instead)
            saved = self._one(tx, who, integration_id)
            _record_set_up(tx, setup, saved, arrival, account=site.account_name)
            token_renewals.plan_site(tx, who.team_id, integration_id, due_at(credentials))
            worklog_again.after_new_credentials(
                tx, who.team_id, integration_id, call=self._new_marker(), now=now
            )
            if arrival is Arrival.MENDED:
                self._tell_others(tx, who, integration_id, now)
            if arrival is not Arrival.RETURNED:
                return Connected(saved, arrival)
            draw_open_announcements(
                tx, who.team_id, integration_id, now=now, new_marker=self._new_marker
            )
            return Connected(
                saved,
                arrival,
                resumable=len(integration_ending.resumable(tx, who.team_id, integration_id)),
                people=integration_ending.were_connected(tx, who.team_id, integration_id),
            )

    def every(self, *, who: Member) -> list[Integration]:
        """Every integration that is not disconnected.

        Raises:
            AdminOnly: who asks may not see them.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            return integrations.live(tx, who.team_id)

    def named(self, *, who: Member, text: str) -> list[Integration]:
        """The integrations that a word means: by site, or by provider; all where there is none.

        Raises:
            AdminOnly: who asks may not.
            IntegrationUnknown: none is called that.
        """
        every = self.every(who=who)
        if not text.strip():
            return every
        wanted = folded(text)
        names = {one.id: self._names(one) for one in every}
        exact = [one for one in every if wanted in names[one.id]]
        found = exact or [one for one in every if any(wanted in name for name in names[one.id])]
        if not found:
            raise IntegrationUnknown(text, tuple(one.site_name for one in every))
        return found

    def _set_up_again(
        self, tx: Tx, who: Member, setup: Setup, instead: IntegrationId | None
    ) -> tuple[IntegrationId, Arrival]:
        integration_id, state = integration_setup.of_site(tx, who.team_id, setup)
        if state is IntegrationState.ACTIVE and integration_id != instead:
            found = self._one(tx, who, integration_id)
            by = name_of(tx, who.team_id, found.connected_by)
            raise SiteAlreadyConnected(found.id, found.site_name, by, found.connected_at)
        integration_setup.set_up_again(tx, who.team_id, integration_id, setup)
        if state is IntegrationState.DISCONNECTED:  # the form asked whether time is written there
            integration_setup.choose_mode(tx, who.team_id, integration_id, setup.write_back.mode)
        return integration_id, _ARRIVALS[state]

    def _tell_others(
        self, tx: Tx, who: Member, integration_id: IntegrationId, now: datetime
    ) -> None:
        """Every admin heard that it broke; who mended it knows, the others hear it."""
        for admin in members.admins(tx, who.team_id):
            if admin.id != who.id:
                outbox.add(
                    tx,
                    who.team_id,
                    kind=RECOVERED,
                    subject=f"integration:{integration_id}:{admin.id}",
                    payload={"integration_id": integration_id, "member_id": admin.id},
                    marker=self._new_marker(),
                    now=now,
                )

    def _names(self, integration: Integration) -> tuple[str, ...]:
        known = {one.slug: one.name for one in self._registry.descriptors()}
        provider = known.get(integration.provider, integration.provider)
        return folded(integration.site_name), integration.provider.casefold(), folded(provider)

    def _one(self, tx: Tx, who: Member, integration_id: IntegrationId) -> Integration:
        found = integrations.by_id(tx, who.team_id, integration_id)
        if found is None:
            raise Vanished("integration")
        return found


def _record_set_up(
    tx: Tx, setup: Setup, saved: Integration, arrival: Arrival, *, account: str
) -> None:
    audit.record(
        tx,
        saved.team_id,
        actor=setup.connected_by,
        action="integration.connect",
        subject=f"integration:{saved.id}",
        now=setup.connected_at,
        before={"state": _BEFORE[arrival]} if arrival in _BEFORE else None,
        after={
            "state": saved.state.value,
            "provider": setup.provider,
            "site": saved.site_name,
            "account": account,
            "channel_id": setup.channel_id,
            "write_back": saved.write_back.mode.value,
            "arrival": arrival.value,
        },
    )


def _same_site(found: Integration, setup: Setup) -> None:
    if (found.provider, found.site_id) != (setup.provider, setup.site_id):
        raise OtherSite(found.site_name, setup.site_name)

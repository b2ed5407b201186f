"""Setting webhooks up by hand: what a person has to enter in the tool."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.errors import Vanished
from bot.domain.ids import IntegrationId
from bot.domain.people.people import Member
from bot.domain.states import IntegrationState
from bot.domain.sync.hooks import HookStanding
from bot.integrations.registry import Registry
from bot.services import rights
from bot.services.sync.hook_addresses import HookAddresses
from bot.services.sync.hooks import begun
from bot.services.vault import Vault
from storage.linking import integrations
from storage.operating import audit
from storage.unit_of_work import UnitOfWork


class HookSetup:
    """For admins."""

    def __init__(
        self,
        uow: UnitOfWork,
        registry: Registry,
        vault: Vault,
        addresses: HookAddresses,
        new_marker: Callable[[], str],
    ) -> None:
        self._uow = uow
        self._registry = registry
        self._vault = vault
        self._addresses = addresses
        self._new_marker = new_marker

    def show(self, *, who: Member, integration_id: IntegrationId, now: datetime) -> HookStanding:
        """How the webhooks are; with the secret only where somebody has to enter it.

        Raises:
            AdminOnly: who asks may not.
            Vanished: it is not this team's, disconnected, or its tool has no webhooks.
        """
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            found = integrations.by_id(tx, who.team_id, integration_id)
            if (
                found is None
                or found.state is IntegrationState.DISCONNECTED
                or self._registry.hearing(found.provider) is None
            ):
                raise Vanished("integration")
            hook = begun(tx, who.team_id, found.id, vault=self._vault, new_marker=self._new_marker)
            problem = hook.problem or ""
            address = self._addresses.of(found.id)
            sets_up = self._registry.sets_up_hooks(found.provider)
            descriptor = self._registry.descriptor(found.provider)
            is_missing = address is not None and (bool(problem) or not sets_up)
            is_by_hand = is_missing and descriptor.hooks_by_hand
            if is_by_hand:
                audit.record(
                    tx,
                    who.team_id,
                    actor=who.id,
                    action="integration.show_hook_secret",
                    subject=f"integration:{found.id}",
                    before=None,
                    after=None,
                    now=now,
                )
            return HookStanding(
                provider=found.provider,
                site_name=found.site_name,
                address=address,
                is_by_hand=is_by_hand,
                problem=problem,
                steps=descriptor.hook_steps,
                secret=self._vault.open(hook.sealed_secrets)[""] if is_by_hand else None,
                heard_at=hook.heard_at,
            )

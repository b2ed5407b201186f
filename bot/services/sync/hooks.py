"""Webhooks: asking providers for them, and hearing what they tell (S3)."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256

from bot.domain.ids import IntegrationId, TeamId
from bot.domain.states import IntegrationState
from bot.domain.sync.hooks import HookAnswer, HookGone, HookUnknown, HookWish
from bot.domain.sync.sync import SyncPlan
from bot.integrations.hooks import HookForged, HookRequest, News, Watch
from bot.integrations.registry import Registry
from bot.services.sync.hook_addresses import HookAddresses
from bot.services.sync.run_pages import hold
from bot.services.vault import Vault
from storage import requests
from storage.sync import hooks, integration_sync, provider_project_sync, task_sync
from storage.sync.hooks import Hook
from storage.sync.integration_sync import SyncedIntegration
from storage.unit_of_work import Tx, UnitOfWork

HANDSHAKE_TIME = timedelta(minutes=5)
"""How long after asking a provider for webhooks its handshake is believed."""

ASK_AGAIN = timedelta(hours=24)
"""How long a refusal to set them up is taken for an answer."""

WIDE_PAUSE = timedelta(seconds=30)
"""The least between two ordinary syncs that webhooks bring about."""

LONGEST_ID = 255
LONGEST_PROBLEM = 500


class Hooks:
    """The webhooks of every integration."""

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

    def is_address(self, token: str) -> bool:
        """Whether we made this address; asks nobody."""
        return self._addresses.integration_of(token) is not None

    def hear(
        self,
        *,
        token: str,
        behind: str,
        headers: Mapping[str, str],
        body: bytes,
        now: datetime,
    ) -> HookAnswer:
        """Proves a request, and keeps what it says is to be read again; a repeated one nothing.

        Args:
            token: The part of the address that says whose it is.
            behind: What stands behind it, with its slash; empty where nothing does.
            headers: Names in lower case.
            body: As it came.
            now: The present moment.

        Raises:
            HookUnknown: we never gave anybody this address.
            HookGone: its integration is disconnected.
            HookForged: nothing proves that the provider sent it.
        """
        integration_id = self._addresses.integration_of(token)
        if integration_id is None:
            raise HookUnknown
        with self._uow.read() as tx:
            found, hook = self._there(tx, integration_id)
            secrets = self._vault.open(hook.sealed_secrets)
        adapter = self._registry.hearing(found.provider)
        address = self._addresses.of(integration_id)
        if adapter is None or address is None:
            raise HookGone
        request = HookRequest(address + behind, headers, body)
        news = adapter.hear(request, secrets.get(behind))
        if news.secret is not None:
            self._shake_hands(integration_id, behind, news.secret, now)
        elif news.projects or news.tasks or news.is_wide:
            return HookAnswer(news.headers, is_news=self._keep(integration_id, request, news, now))
        return HookAnswer(news.headers, is_news=False)

    def wish(self, plan: SyncPlan, now: datetime) -> HookWish | None:
        """What this integration's provider is to be asked for; None while all is as it should be.

        From here on its handshakes are believed for a while.
        """
        address = self._addresses.of(plan.integration_id)
        if address is None or not self._registry.sets_up_hooks(plan.provider):
            return None
        with self._uow.begin() as tx:
            hold(tx, plan)
            hook = self._begun(tx, plan)
            projects = provider_project_sync.linked_ids(tx, plan.team_id, plan.integration_id)
            told = "\n".join((address, *projects)) if projects else ""
            watched = sha256(told.encode()).hexdigest() if told else ""
            is_old = hook.renew_at is not None and hook.renew_at <= now
            if watched == hook.watched and not is_old:
                return None
            hooks.save(tx, plan.team_id, plan.integration_id, asked_until=now + HANDSHAKE_TIME)
            secret = self._vault.open(hook.sealed_secrets)[""]
        return HookWish(address, secret, tuple(projects), watched)

    def watched(self, plan: SyncPlan, wish: HookWish, watch: Watch) -> None:
        """The provider has set them up."""
        with self._uow.begin() as tx:
            hold(tx, plan)
            hook = self._begun(tx, plan, lock=True)
            secrets = self._vault.open(hook.sealed_secrets) | dict(watch.secrets)
            hooks.save(
                tx,
                plan.team_id,
                plan.integration_id,
                sealed_secrets=self._vault.seal(secrets),
                asked_until=None,
                watched=wish.watched,
                renew_at=watch.renew_at,
                problem=None,
            )

    def refused(self, plan: SyncPlan, wish: HookWish, problem: str, now: datetime) -> None:
        """The provider will not; a person may set them up, and it is asked again tomorrow."""
        with self._uow.begin() as tx:
            hold(tx, plan)
            hooks.save(
                tx,
                plan.team_id,
                plan.integration_id,
                asked_until=None,
                watched=wish.watched,
                renew_at=now + ASK_AGAIN,
                problem=problem[:LONGEST_PROBLEM],
            )

    def _there(
        self, tx: Tx, integration_id: IntegrationId, *, lock: bool = False
    ) -> tuple[SyncedIntegration, Hook]:
        found = integration_sync.of_installed(tx, integration_id)
        if found is None or found.state is IntegrationState.DISCONNECTED:
            raise HookGone
        hook = hooks.of(tx, found.team_id, integration_id, lock=lock)
        if hook is None:
            raise HookGone
        return found, hook

    def _begun(self, tx: Tx, plan: SyncPlan, *, lock: bool = False) -> Hook:
        ids = (plan.team_id, plan.integration_id)
        return begun(tx, *ids, vault=self._vault, new_marker=self._new_marker, lock=lock)

    def _shake_hands(
        self, integration_id: IntegrationId, behind: str, secret: str, now: datetime
    ) -> None:
        """Believes a secret that a request brought, while we are waiting for one."""
        with self._uow.begin() as tx:
            found, hook = self._there(tx, integration_id, lock=True)
            secrets = self._vault.open(hook.sealed_secrets)
            if hook.asked_until is None or hook.asked_until < now or behind in secrets:
                raise HookForged
            sealed = self._vault.seal(secrets | {behind: secret})
            hooks.save(tx, found.team_id, found.id, sealed_secrets=sealed)

    def _keep(
        self, integration_id: IntegrationId, request: HookRequest, news: News, now: datetime
    ) -> bool:
        """Keeps what concerns us, once; whether anything does.

        A request is known again by its body, which alone is signed: a copy of it, with whatever
        headers, brings about nothing.
        """
        fingerprint = f"hook:{integration_id}:{sha256(request.body).hexdigest()}"
        with self._uow.begin() as tx:
            found, _ = self._there(tx, integration_id, lock=True)
            if not requests.take_on(tx, found.team_id, fingerprint, now):
                return False
            hooks.save(tx, found.team_id, found.id, heard_at=now)
            linked = set(provider_project_sync.linked_ids(tx, found.team_id, found.id))
            projects = [one for one in news.projects if one in linked]
            tasks = [one for one in news.tasks if 0 < len(one) <= LONGEST_ID]
            known = task_sync.stored(tx, found.team_id, found.id, tasks)
            is_elsewhere = bool(news.projects) and not projects
            tasks = [one for one in tasks if one in known or not is_elsewhere]
            hooks.add_news(tx, found.team_id, found.id, projects=projects, tasks=tasks, now=now)
            if news.is_wide:
                last = found.synced_at
                soon = now if last is None else max(now, last + WIDE_PAUSE)
                integration_sync.hasten(tx, found.team_id, found.id, soon)
            return bool(projects or tasks or news.is_wide)


def begun(
    tx: Tx,
    team_id: TeamId,
    integration_id: IntegrationId,
    *,
    vault: Vault,
    new_marker: Callable[[], str],
    lock: bool = False,
) -> Hook:
    """The integration's row, with a secret of ours in it from the start."""
    hooks.begin(tx, team_id, integration_id, vault.seal({"": new_marker() + new_marker()}))
    found = hooks.of(tx, team_id, integration_id, lock=lock)
    if found is None:
        raise LookupError(integration_id)
    return found

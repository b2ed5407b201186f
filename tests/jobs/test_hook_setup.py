"""Setting webhooks up by hand: what an admin is shown, and nobody else."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.domain.errors import AdminOnly, Vanished
from bot.domain.ids import IntegrationId
from bot.domain.sync.hooks import HookStanding
from bot.integrations.errors import ProviderRefused
from bot.integrations.hooks import Watch
from bot.services.sync.hook_addresses import HookAddresses
from bot.services.sync.hook_setup import HookSetup
from bot.views.sync import hooks as views
from playground.rules import check_view
from tests.jobs.hooked_provider import Asked, HookedAdapter, told
from tests.jobs.sync_world import SyncWorld, opened


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[SyncWorld]:
    """Give a linked project whose tool refuses to set webhooks up."""
    HookedAdapter.asked = Asked(
        error=ProviderRefused("fake", "403", status=403, reason="Only administrators may.")
    )
    async with opened(SyncWorld(database_url, factory=HookedAdapter)) as made:
        made.site.project("p1", "Acme Web", key="WEB")
        made.site.task("t1", "p1", "Header", key="WEB-1", updated_at=made.now)
        await made.job.run(made.here)
        made.link_new("p1")
        await made.sync()
        yield made


def _shown(world: SyncWorld, *, public: bool = True) -> HookStanding:
    addresses = world.addresses if public else HookAddresses(None, ["x"])
    setup = HookSetup(world.uow, world.registry, world.vault, addresses, world.marker)
    return setup.show(who=world.admin, integration_id=world.here, now=world.now)


def _words(found: HookStanding) -> str:
    faces = {"fake": HookedAdapter.descriptor}
    modal = views.standing(found, faces)
    return str(modal.as_view())


async def test_what_is_shown_can_be_entered_and_works(world: SyncWorld) -> None:
    """Address and secret, once entered in the tool, make its changes show within seconds."""
    found = _shown(world)
    assert found.is_by_hand
    assert found.address is not None
    assert found.secret is not None
    words = _words(found)
    for said in ("Only administrators may.", "In its settings.", found.address, found.secret):
        assert said in words
    headers, body = told(found.secret, projects=["p1"])
    token = found.address.rpartition("/")[2]
    answer = world.hooks.hear(token=token, behind="", headers=headers, body=body, now=world.now)
    assert answer.is_news
    again = _shown(world)
    assert (again.secret, again.heard_at) == (found.secret, world.now)
    assert "last told of a change" in _words(again)


async def test_secret_stays_hidden_where_nobody_needs_it(world: SyncWorld) -> None:
    """Hourlink has set them up itself, or nobody could reach it anyway."""
    assert _shown(world, public=False).secret is None
    assert "no public address" in _words(_shown(world, public=False))
    HookedAdapter.asked.error = None
    HookedAdapter.asked.answer = Watch()
    await world.sweep()
    found = _shown(world)
    assert (found.is_by_hand, found.secret) == (False, None)
    assert "sets them up in Fake" in _words(found)


async def test_secret_that_nobody_can_enter_is_not_shown(
    world: SyncWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a tool makes its secret itself there is nothing to enter, but something to do."""
    alone = replace(HookedAdapter.descriptor, hooks_by_hand=False)
    monkeypatch.setattr(HookedAdapter, "descriptor", alone)
    found = _shown(world)
    assert (found.is_by_hand, found.secret) == (False, None)
    words = _words(found)
    assert "Only administrators may." in words
    assert "In its settings." in words
    assert "Secret:" not in words
    assert world.rows("SELECT * FROM audit WHERE action = 'integration.show_hook_secret'") == []


async def test_only_admins_of_the_team_see_it(world: SyncWorld) -> None:
    """It is asked again on the server, whatever the button showed; a look is recorded."""
    setup = HookSetup(world.uow, world.registry, world.vault, world.addresses, world.marker)
    with pytest.raises(AdminOnly):
        setup.show(who=world.member("mia"), integration_id=world.here, now=world.now)
    world.team("T0OTHER")
    stranger = world.member("eve", admin=True, team_id=world.team("T0OTHER"))
    with pytest.raises(Vanished):
        setup.show(who=stranger, integration_id=world.here, now=world.now)
    with pytest.raises(Vanished):
        setup.show(who=world.admin, integration_id=IntegrationId(99), now=world.now)
    assert world.rows("SELECT * FROM audit WHERE action = 'integration.show_hook_secret'") == []
    _shown(world)
    (row,) = world.rows("SELECT * FROM audit WHERE action = 'integration.show_hook_secret'")
    assert row.actor_id == world.admin.id


async def test_form_keeps_slacks_rules(world: SyncWorld) -> None:
    """As the playground knows them."""
    faces = {"fake": HookedAdapter.descriptor}
    for public in (True, False):
        check_view(views.standing(_shown(world, public=public), faces).as_view(), "modal")

"""What Asana's webhook requests lead to, and how its webhooks are kept."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.integrations.context import AdapterContext
from bot.integrations.errors import ProviderRefused
from bot.integrations.hooks import HookForged, HookRequest, News
from bot.providers.asana import hooks
from bot.providers.asana.adapter import Asana
from tests.http_server import Say, Seen, serving
from tests.jobs.sync_world import PUBLIC_URL, SyncWorld, opened
from tests.providers.asana.hooks import headers
from tests.providers.asana.stand_in import AsanaStandIn
from tests.providers.hook_listener import HookListener, listening
from tests.providers.stand_in import NOON

SECRET = "b537207f20cbfa02357cf448134da559e8bd39d61597dcd5631b8012eae53e81"
ADDRESS = "https://hourlink.test/hooks/x"


@pytest.fixture
async def listener() -> AsyncIterator[HookListener]:
    """Give a place where webhooks arrive."""
    async with listening(Asana) as made:
        yield made


def heard(*events: object, behind: str = "/1207-1795867200") -> News:
    """What Hourlink makes of events."""
    body = json.dumps({"events": events}).encode()
    return Asana.hear(signed(body, behind), SECRET)


def signed(body: bytes, behind: str = "/1207-1795867200") -> HookRequest:
    """A request as Asana signs one."""
    sent = {name.lower(): value for name, value in headers(body, SECRET).items()}
    return HookRequest(ADDRESS + behind, sent, body)


def event(action: str, gid: str = "9001", kind: str = "task") -> dict[str, object]:
    """An event."""
    return {"action": action, "resource": {"gid": gid, "resource_type": kind}, "parent": None}


def test_handshake_gives_the_secret_back() -> None:
    """Asana sets no webhook up whose target does not answer with the same header."""
    request = HookRequest(ADDRESS, {"x-hook-secret": SECRET}, b"")
    assert Asana.hear(request, None) == News(secret=SECRET, headers={"X-Hook-Secret": SECRET})


def test_handshake_replaces_no_secret() -> None:
    """Else whoever knows the address could put their own secret in the place of Asana's."""
    request = HookRequest(ADDRESS, {"x-hook-secret": "mine"}, b"")
    with pytest.raises(HookForged):
        Asana.hear(request, SECRET)
    mine = HookRequest(ADDRESS, {"x-hook-secret": "mine\r\nX-Other: 1"}, b"")
    with pytest.raises(HookForged):
        Asana.hear(mine, None)


def test_signature_is_hexadecimal_over_the_very_bytes() -> None:
    """As documented; another form of the same JSON is another body."""
    assert Asana.hear(signed(b'{"events":[]}'), SECRET) == News()
    right = signed(b'{"events":[]}')
    with pytest.raises(HookForged):
        Asana.hear(HookRequest(ADDRESS, right.headers, b'{"events": []}'), SECRET)


def test_heartbeat_is_no_news() -> None:
    """Every eight hours an empty list says that the webhook is alive."""
    assert heard() == News()


@pytest.mark.parametrize("action", ["changed", "added", "removed", "deleted", "undeleted"])
def test_tasks_lead_to_themselves(action: str) -> None:
    """Subtasks and moves are in no list of changes, and deletions neither."""
    assert heard(event(action)) == News(tasks=frozenset({"9001"}))


def test_very_many_edits_are_one_list() -> None:
    """Somebody edits fifty tasks at once; what else happened is still looked at one by one."""
    edits = [event("changed", str(number)) for number in range(50)]
    assert heard(*edits, event("deleted", "77")) == News(frozenset({"1207"}), frozenset({"77"}))


def test_projects_lead_to_an_ordinary_sync() -> None:
    """New ones are announced within seconds."""
    assert heard(event("added", "1300", "project"), behind="/all-1795867200") == News(is_wide=True)


def test_what_changes_no_task_is_no_news() -> None:
    """Comments and sections cost nothing."""
    assert heard(event("added", "5", "story"), event("changed", "6", "section")) == News()


def test_events_of_another_shape_lead_to_an_ordinary_sync() -> None:
    """What cannot be read is not guessed at."""
    assert heard({"action": "changed"}) == News(is_wide=True)


async def test_one_webhook_a_project_and_one_for_all(
    asana: AsanaStandIn, context: AdapterContext, listener: HookListener
) -> None:
    """Each has a secret of its own, from a handshake at an address of its own."""
    web, ops, *_ = asana.projects
    watch = await Asana(asana.credentials, context).watch(listener.address, "", (web, ops))
    behind = [one.removeprefix(listener.address) for one in asana.hooks.addresses()]
    moment = int(NOON.timestamp())
    assert behind == [f"/all-{moment}", f"/{web}-{moment}", f"/{ops}-{moment}"]
    assert len(set(listener.secrets.values())) == 3
    assert watch.renew_at == NOON + timedelta(days=1)


async def test_webhook_that_asana_deleted_is_made_anew(
    asana: AsanaStandIn, context: AdapterContext, listener: HookListener
) -> None:
    """With another secret, so at another address; one that is switched off counts as deleted."""
    web, ops, *_ = asana.projects
    adapter = Asana(asana.credentials, context)
    await adapter.watch(listener.address, "", (web, ops))
    _, of_web, of_ops = asana.hooks.kept.values()
    del asana.hooks.kept[of_web.gid]
    of_ops.is_active = False
    tomorrow = replace(context, clock=lambda: NOON + timedelta(days=1))
    await Asana(asana.credentials, tomorrow).watch(listener.address, "", (web, ops))
    assert len(asana.hooks.kept) == 3
    assert of_ops.gid not in asana.hooks.kept
    assert sum(one.is_active for one in asana.hooks.kept.values()) == 3


async def test_refusal_for_one_project_leaves_the_others(
    asana: AsanaStandIn, context: AdapterContext, listener: HookListener
) -> None:
    """What cannot be heard of is read every few minutes all the same."""
    web, ops, *_ = asana.projects
    adapter = Asana(asana.credentials, context)
    asana.hooks.refused = {ops, *asana.workspaces}
    await adapter.watch(listener.address, "", (web, ops))
    assert [one.resource for one in asana.hooks.kept.values()] == [web]
    await adapter.watch(listener.address, "", ())
    asana.hooks.refused = {web, ops}
    with pytest.raises(ProviderRefused):
        await adapter.watch(listener.address, "", (web, ops))


async def test_very_many_are_made_in_several_goes(
    asana: AsanaStandIn,
    context: AdapterContext,
    listener: HookListener,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Handshakes are believed for a few minutes only; the next sync goes on."""
    monkeypatch.setattr(hooks, "_MOST", 2)
    web, ops, *_ = asana.projects
    adapter = Asana(asana.credentials, context)
    first = await adapter.watch(listener.address, "", (web, ops))
    assert (first.renew_at, len(asana.hooks.kept)) == (NOON, 2)
    second = await adapter.watch(listener.address, "", (web, ops))
    assert (second.renew_at, len(asana.hooks.kept)) == (NOON + timedelta(days=1), 3)


async def test_running_hourlink_shakes_hands_and_hears(
    asana: AsanaStandIn, sqlite_url: str
) -> None:
    """An edited task is here within seconds, for one request."""
    world = SyncWorld(sqlite_url, factory=Asana, credentials=asana.credentials)

    def door(seen: Seen) -> Say:
        token, slash, behind = seen.path.removeprefix("/hooks/").partition("/")
        answer = world.hooks.hear(
            token=token,
            behind=slash + behind,
            headers=seen.headers,
            body=seen.content,
            now=world.now,
        )
        return Say(headers=answer.headers)

    async with opened(world), serving(door) as server:
        asana.hooks.reach = lambda target: target.replace(PUBLIC_URL, server.url)
        await world.job.run(world.here)
        world.link_new(asana.project_id)
        await world.sync()
        assert len(asana.hooks.kept) == 2
        edited = next(iter(asana.titles()))
        asana.retitle(edited, "Write it down")
        await asana.hooks.tell("changed", asana.tasks[edited], "name")
        world.later(seconds=5)
        before = len(asana.seen)
        await world.job.run(world.here)
        row = world.one("SELECT title FROM task WHERE external_id = :e", e=edited)
        assert (row.title, len(asana.seen) - before) == ("Write it down", 1)

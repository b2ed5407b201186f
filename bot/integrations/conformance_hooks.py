"""Does an adapter keep what it declares about webhooks? A part of the conformance suite."""

from collections.abc import Sequence
from dataclasses import replace

from bot.integrations.conformance_world import HookWorld, World, expect, fail
from bot.integrations.hooks import (
    HookForged,
    HookRequest,
    News,
    SendsHooks,
    SetsUpHooks,
    Watch,
)

_NONSENSE = (
    b"",
    b"null",
    b"[]",
    b"{}",
    b"42",
    b"\xff\xfe",
    b'{"a":',
    b"[" * 100_000,
    b'{"issue": 1, "action": [], "events": {}, "data": null, "event": 0}',
)


class HookChecks:
    """Capability.HOOKS and Capability.HOOK_SETUP."""

    async def test_proved_nonsense_is_survived(self, world: World) -> None:
        """A provider that changes its payloads costs a wide sync, not an error for each."""
        adapter = world.open()
        if not isinstance(adapter, SendsHooks):
            return
        hooks = _hooks(world)
        for body in _NONSENSE:
            try:
                news = adapter.hear(hooks.sign(body), hooks.secret)
            except HookForged:
                continue
            expect(news.secret is None, "nonsense was taken for a handshake", None, body)

    async def test_forged_requests_are_refused(self, world: World) -> None:
        """Whoever knows the address alone can make nothing happen."""
        adapter = world.open()
        if not isinstance(adapter, SendsHooks):
            return
        hooks = _hooks(world)
        right = hooks.sign(b'{"hello": "there"}')
        forged = {
            "another body": replace(right, body=b'{"hello": "here"}'),
            "no headers": replace(right, headers={}),
            "strange headers": replace(right, headers=dict.fromkeys(right.headers, "\xe9=\x00")),
            "empty headers": replace(right, headers=dict.fromkeys(right.headers, "")),
        }
        adapter.hear(right, hooks.secret)
        for what, request in forged.items():
            _refused(adapter, request, hooks.secret, what)
        _refused(adapter, right, hooks.secret + "x", "another secret")
        _refused(adapter, right, None, "no secret yet")

    async def test_webhooks_are_set_up_once_and_removed(self, world: World) -> None:
        """Asked again, nothing is doubled; what others set up at the provider stays."""
        adapter = world.open()
        if not isinstance(adapter, SetsUpHooks):
            return
        hooks = _hooks(world)
        before = sorted(hooks.standing())
        await adapter.watch(hooks.address, hooks.secret, world.project_ids)
        once = sorted(hooks.standing())
        await adapter.watch(hooks.address, hooks.secret, world.project_ids)
        expect(once != before, "no webhook was set up")
        expect(sorted(hooks.standing()) == once, "set up twice", once, hooks.standing())
        await adapter.watch(hooks.address, hooks.secret, (world.project_id,))
        await adapter.watch(hooks.address, hooks.secret, ())
        expect(sorted(hooks.standing()) == before, "not removed", before, hooks.standing())

    async def test_a_change_is_heard_of(self, world: World) -> None:
        """What arrives after somebody edits a task leads to that task."""
        adapter = world.open()
        if not isinstance(adapter, SendsHooks) or not isinstance(adapter, SetsUpHooks):
            return
        hooks = _hooks(world)
        if world.change is None:
            fail("HOOK_SETUP needs the world's change")
        watch = await adapter.watch(hooks.address, hooks.secret, (world.project_id,))
        try:
            before = len(hooks.sent())
            task_id = await world.change()
            arrived = list(hooks.sent())[before:]
            news = [_heard(adapter, request, watch, hooks) for request in arrived]
        finally:
            await adapter.watch(hooks.address, hooks.secret, ())
        _expect_named(news, world.project_id, task_id)


def _hooks(world: World) -> HookWorld:
    if world.hooks is None:
        fail("HOOKS needs the world's hooks")
    return world.hooks


def _heard(adapter: SendsHooks, request: HookRequest, watch: Watch, hooks: HookWorld) -> News:
    behind = request.address.removeprefix(hooks.address)
    secret = watch.secrets.get(behind, watch.secrets.get("")) or hooks.secret_of(request.address)
    expect(secret is not None, f"nobody knows what signs {behind!r}")
    return adapter.hear(request, secret)


def _expect_named(news: Sequence[News], project_id: str, task_id: str) -> None:
    projects = {project for one in news for project in one.projects}
    tasks = {task for one in news for task in one.tasks}
    is_named = project_id in projects or task_id in tasks
    expect(is_named, f"task {task_id} of project {project_id} was not heard of", None, news)


def _refused(adapter: SendsHooks, request: HookRequest, secret: str | None, what: str) -> None:
    try:
        news = adapter.hear(request, secret)
    except HookForged:
        return
    fail(f"a forged request was taken ({what}): {news!r}")

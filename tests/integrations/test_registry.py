"""Who is let in as an adapter, and who is told why not."""

import asyncio
from collections.abc import AsyncIterator, Collection
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any, ClassVar, cast

import pytest

from bot.integrations.api import (
    Capability,
    CredentialField,
    Credentials,
    Descriptor,
    FieldKind,
    Page,
    ProviderAccount,
    ProviderProject,
    ProviderTask,
    ReportsAccess,
    Site,
)
from bot.integrations.client import HttpPool
from bot.integrations.context import AdapterContext
from bot.integrations.errors import ProviderAuthFailed
from bot.integrations.hooks import HookRequest, News, Watch
from bot.integrations.oauth import OAuth
from bot.integrations.registry import GROUP, AdapterRejected, ProviderUnknown, Registry

KEY = CredentialField(name="api_key", label="Key", kind=FieldKind.SECRET)
OWN = replace(KEY, label="Your key")
OAUTH = OAuth("https://a.test/consent", "https://a.test/token", "api_key")
BELOW = replace(OAUTH, consent_url="/oauth/authorize", token_url="/oauth/token", below="url")
NOTE = CredentialField(name="note", label="Note", kind=FieldKind.TEXT, optional=True)


class Sound:
    """The smallest adapter there can be."""

    descriptor: ClassVar[Descriptor] = Descriptor(
        slug="sound",
        name="Sound",
        icon=":sound:",
        capabilities=frozenset(),
        credentials=(KEY, NOTE),
    )
    requests = 0

    def __init__(self, credentials: Credentials, context: AdapterContext) -> None:
        self.credentials = credentials
        self.context = context

    async def check(self) -> Site:
        """Answer at once."""
        return Site("1", "Sound", "", "Ana")

    async def projects(self, cursor: str | None = None) -> AsyncIterator[Page[ProviderProject]]:
        """List none."""
        yield Page((), cursor)

    async def project(self, external_id: str) -> ProviderProject | None:
        """Know none."""
        del external_id
        return None

    async def tasks(
        self, project_id: str, since: datetime | None = None, cursor: str | None = None
    ) -> AsyncIterator[Page[ProviderTask]]:
        """List none."""
        del project_id, since
        yield Page((), cursor)

    async def task(self, external_id: str) -> ProviderTask | None:
        """Know none."""
        del external_id
        return None

    async def accounts(self, cursor: str | None = None) -> AsyncIterator[Page[ProviderAccount]]:
        """List none."""
        yield Page((), cursor)

    async def account(self, external_id: str) -> ProviderAccount | None:
        """Know nobody."""
        del external_id
        return None


async def _access(self: Sound, project_id: str) -> None:
    del self, project_id


def _hear(request: HookRequest, secret: str | None) -> News:
    del request, secret
    return News()


async def _watch(self: Sound, address: str, secret: str, projects: Collection[str]) -> Watch:
    del self, address, secret, projects
    return Watch()


HOOKS: dict[str, Any] = {
    "capabilities": frozenset({Capability.HOOKS}),
    "hook_steps": "In its settings.",
}


async def _without_since(self: Sound, project_id: str) -> None:
    del self, project_id


def variant(attributes: dict[str, Any] | None = None, **described: Any) -> Any:  # noqa: ANN401
    """A sound adapter with something changed."""
    descriptor = replace(Sound.descriptor, **described)
    return type("Variant", (Sound,), {"descriptor": descriptor, **(attributes or {})})


def point(name: str, value: str = "strangers.package:Adapter") -> EntryPoint:
    """An entry point of an installed package."""
    return EntryPoint(name=name, value=value, group=GROUP)


def test_a_sound_adapter_is_let_in() -> None:
    """Nothing more than the contract asks for is needed."""
    registry = Registry([Sound])
    assert registry.descriptors() == (Sound.descriptor,)
    assert registry.descriptor("sound") is Sound.descriptor


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        (variant(capabilities=frozenset({Capability.ACCESS})), "declares access but has no access"),
        (variant({"access": _access}), "has access but does not declare access"),
        (variant(capabilities=frozenset({Capability.TIME})), "declares time but has no write_time"),
        (variant({"check": lambda _: None}), "check is not an async method"),
        (variant({"task": None}), "has no method task"),
        (variant({"tasks": _without_since}), "tasks is awaited"),
        (variant({"tasks": lambda _, project_id: project_id}), "tasks does not take since, cursor"),
        (variant(capabilities=frozenset({"telepathy"})), "capabilities nobody knows"),
        (variant(slug="Jira Cloud"), "slug 'Jira Cloud'"),
        (variant(slug="x" * 40), "at most 32 long"),
        (variant(slug=""), "slug ''"),
        (variant(name=" "), "has no name"),
        (variant(icon="tada"), "icon 'tada'"),
        (variant(credentials=()), "asks for no credentials"),
        (variant(credentials=(KEY, KEY)), "asks for 'api_key' twice"),
        (variant(credentials=(replace(KEY, name="API key"),)), "credential name 'API key'"),
        (variant(credentials=(replace(KEY, label=""),)), "'api_key' has no label"),
        (variant(credentials=(replace(KEY, kind=cast("FieldKind", "password")),)), "unknown kind"),
        (variant(own_credentials=(OWN, OWN)), "asks for 'api_key' twice"),
        (variant(own_credentials=(replace(OWN, name="pin"),)), "'pin', which is no credential"),
        (variant(own_credentials=(NOTE,)), "not asked for 'api_key'"),
        (
            variant(capabilities=frozenset({Capability.HOOKS}), hook_steps="Settings."),
            "declares hooks but has no hear",
        ),
        (variant({"hear": _hear}, **HOOKS), "hear is not a static method"),
        (variant({"hear": staticmethod(lambda body: body)}, **HOOKS), "does not take request"),
        (
            variant({"hear": staticmethod(_hear)}, **{**HOOKS, "hook_steps": ""}),
            "belong to webhooks",
        ),
        (variant(hook_steps="Settings."), "belong to webhooks"),
        (
            variant({"hear": staticmethod(_hear)}, **HOOKS, hooks_by_hand=False),
            "neither by a person nor by Hourlink",
        ),
        (
            variant({"watch": _watch}, capabilities=frozenset({Capability.HOOK_SETUP})),
            "does not hear them",
        ),
        (variant(oauth=replace(OAUTH, credential="note")), "place of 'note', which is no secret"),
        (variant(oauth=replace(OAUTH, consent_url="http://a.test/x")), "is not one over https"),
        (variant(oauth=replace(OAUTH, token_url="https://a.test/?x")), "is not a plain one"),
        (variant(oauth=replace(OAUTH, below="url")), "is no path below a server's"),
        (variant(oauth=replace(BELOW, token_url="//a.test/x")), "is no path below a server's"),
        (variant(oauth=replace(BELOW, below="note")), "below 'note', which is no address"),
        (type("Bare", (), {}), "has no descriptor"),
        (lambda: None, "not a class"),
    ],
)
def test_what_disagrees_is_named(broken: Any, problem: str) -> None:  # noqa: ANN401
    """The author of an adapter reads what to mend, not a traceback from a later click."""
    with pytest.raises(AdapterRejected, match=problem):
        Registry([broken])


def test_an_adapter_whose_servers_people_run_themselves_is_let_in() -> None:
    """Its pages are below the address that is typed."""
    url = CredentialField(name="url", label="Address", kind=FieldKind.URL)
    registry = Registry([variant(credentials=(KEY, url), oauth=BELOW)])
    assert registry.descriptor("sound").oauth == BELOW


def test_an_adapter_with_webhooks_is_let_in() -> None:
    """Hearing needs no instance: a stranger's request must not open any credentials."""
    both = frozenset({Capability.HOOKS, Capability.HOOK_SETUP})
    methods = {"hear": staticmethod(_hear), "watch": _watch}
    registry = Registry([variant(methods, capabilities=both, hook_steps="In its settings.")])
    assert registry.descriptor("sound").hook_steps


def test_a_method_inherited_from_the_protocol_alone_does_not_count() -> None:
    """``class Mine(ReportsAccess)`` without an ``access`` of its own would answer nothing."""
    lazy: Any = type(
        "Lazy",
        (Sound, ReportsAccess),
        {"descriptor": replace(Sound.descriptor, capabilities=frozenset({Capability.ACCESS}))},
    )
    with pytest.raises(AdapterRejected, match="declares access but has no access"):
        Registry([lazy])


def test_two_adapters_cannot_share_a_slug() -> None:
    """An integration is found by its slug."""
    with pytest.raises(AdapterRejected, match="already belongs to"):
        Registry([Sound, variant()])


def test_ours_are_installed() -> None:
    """The project's own entry points load, all of them."""
    slugs = {descriptor.slug for descriptor in Registry.load().descriptors()}
    assert {"board", "redmine"} <= slugs


def test_a_strangers_broken_package_is_skipped_and_reported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One bad plug-in does not take the app down; nor can it take our slug, or change its own."""
    mine = "bot.providers.board.adapter:Board"
    targets = {"board": Sound, "other": Sound, "bad": variant(name="")}
    load = EntryPoint.load

    def pretended(self: EntryPoint) -> Any:  # noqa: ANN401
        if self.value == mine or self.name == "missing":
            return load(self)
        return targets[self.name]

    monkeypatch.setattr(EntryPoint, "load", pretended)
    points = [point("board"), point("other"), point("bad"), point("missing"), point("board", mine)]
    registry = Registry.load(points)
    assert [descriptor.slug for descriptor in registry.descriptors()] == ["board"]
    assert registry.descriptor("board").name == "File board"
    reasons = {skipped.name: skipped.reason for skipped in registry.skipped}
    assert reasons.keys() == {"board", "other", "bad", "missing"}
    assert "its slug is sound" in reasons["other"]
    assert "has no name" in reasons["bad"]
    assert "could not be imported" in reasons["missing"]


def test_our_own_broken_adapter_stops_the_start() -> None:
    """A release without Redmine is a broken release."""
    with pytest.raises(AdapterRejected, match="could not be imported"):
        Registry.load([point("redmine", "bot.providers.redmine.adapter:NoSuchClass")])


async def test_opening_needs_the_credentials_that_are_not_optional(tmp_path: Path) -> None:
    """Blanks around a pasted key are dropped; a blank key is no key."""
    pool = HttpPool(clock=lambda: datetime(2026, 11, 20, tzinfo=UTC), sleep=asyncio.sleep)
    context = AdapterContext(pool, tmp_path, pool.clock, pool.sleep)
    registry = Registry([Sound])
    opened = registry.open("sound", {"api_key": " abc\n"}, context)
    assert isinstance(opened, Sound)
    assert opened.credentials == {"api_key": "abc"}
    with pytest.raises(ProviderAuthFailed, match="api_key"):
        registry.open("sound", {"api_key": "  "}, context)
    with pytest.raises(ProviderUnknown):
        registry.open("nobody", {}, context)
    await pool.aclose()


async def test_a_members_own_key_takes_the_integrations_place(tmp_path: Path) -> None:
    """What acts in somebody's name never falls back to the integration's secret."""
    pool = HttpPool(clock=lambda: datetime(2026, 11, 20, tzinfo=UTC), sleep=asyncio.sleep)
    context = AdapterContext(pool, tmp_path, pool.clock, pool.sleep)
    shared = {"api_key": "the integration's", "note": "kept"}
    registry = Registry([variant(own_credentials=(OWN,))])
    opened = registry.open_own("sound", shared, {"api_key": "mine", "other": "x"}, context)
    assert isinstance(opened, Sound)
    assert opened.credentials == {"api_key": "mine", "note": "kept"}
    with pytest.raises(ProviderAuthFailed, match="api_key"):
        registry.open_own("sound", shared, {}, context)
    with pytest.raises(ProviderAuthFailed, match="nobody signs in"):
        Registry([Sound]).open_own("sound", shared, {"api_key": "mine"}, context)
    await pool.aclose()

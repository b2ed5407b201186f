"""What the tests of an adapter tell the conformance suite about the provider they run against."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import field
from datetime import datetime
from typing import NoReturn

from bot.domain.values import dataclass
from bot.integrations.api import Adapter, Worklog
from bot.integrations.hooks import HookRequest


@dataclass(frozen=True, kw_only=True)
class HookWorld:
    """How the provider's webhooks reach the tests."""

    address: str
    """Where the provider can send them."""
    secret: str
    """What they are signed with, where the provider takes a secret of ours."""
    sent: Callable[[], Collection[HookRequest]]
    """What has arrived there so far, in order. Handshakes are answered as the adapter says."""
    sign: Callable[[bytes], HookRequest]
    """A request with this body, signed with ``secret`` as the provider would."""
    secret_of: Callable[[str], str | None] = lambda _: None
    """What a handshake at this address has handed over."""
    standing: Callable[[], Collection[str]] = tuple
    """The addresses of all webhooks that the provider has; needed by HOOK_SETUP."""


@dataclass(frozen=True, kw_only=True)
class World:
    """What the adapter's tests know about the provider they run against."""

    open: Callable[[], Adapter]
    """A new adapter with right credentials."""
    open_wrong: Callable[[], Adapter]
    """A new adapter with wrong ones."""
    open_own: Callable[[], Adapter] | None = None
    """A new adapter with one person's own credentials, where the provider gives people such."""
    own_account_id: str | None = None
    """The account of that person."""
    project_id: str
    """A project with tasks; with more than one page of them, if it can be arranged."""
    project_ids: Collection[str]
    """Projects that have to be listed, ``project_id`` among them."""
    archived_ids: Collection[str] = ()
    """Projects that are archived: listed as such, or not at all."""
    task_ids: Collection[str]
    """Every task of ``project_id``, done ones too."""
    done_ids: Collection[str] = ()
    """Those of ``task_ids`` that are done; at least one makes the test worth something."""
    unknown_project_id: str
    """Well-formed, and nobody's."""
    unknown_task_id: str
    unknown_account_id: str
    emails: Mapping[str, str | None]
    """Accounts that have to be listed, and their e-mail addresses; None where hidden."""
    access: Mapping[str, Collection[str] | None] = field(default_factory=dict)
    """Who may see which project; None for everyone."""
    changeable_task_id: str | None = None
    """A task of ``project_id`` that may be completed and reopened."""
    change: Callable[[], Awaitable[str]] | None = None
    """Changes one task of ``project_id`` without the adapter, and tells its id."""
    now: Callable[[], datetime] | None = None
    """The provider's present moment, aware; needed by INCREMENTAL."""
    worklog: Callable[[], Worklog] | None = None
    """A worklog with a marker never used before, on a task of ``project_id``."""
    rounding_seconds: int = 0
    """How far a time record may be off what was asked."""
    hooks: "HookWorld | None" = None
    """Needed by HOOKS."""


def fail(problem: str) -> NoReturn:
    """Says what is wrong about the adapter."""
    raise AssertionError(problem)


_UNSAID = object()


def expect(
    condition: object, problem: str, expected: object = _UNSAID, found: object = _UNSAID
) -> None:
    """An assertion that says what is wrong about the adapter, without pytest's rewriting."""
    if condition:
        return
    said = problem
    if expected is not _UNSAID:
        said += f"\nexpected: {expected!r}"
    if found is not _UNSAID:
        said += f"\nfound:    {found!r}"
    fail(said)

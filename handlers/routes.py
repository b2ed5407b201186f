"""The dictionaries behind Bolt's few listeners: every listener costs on every request."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeAlias, TypeVar

from bot.domain.ids import TeamId
from handlers.asking import (
    Ask,
    Click,
    Command,
    Lookup,
    Opened,
    PostedLinks,
    Shortcut,
    Submission,
)
from handlers.replies import Reply

Asked = TypeVar("Asked", bound=Ask)

Handler: TypeAlias = Callable[[Asked], Reply | AsyncIterator[Reply]]
"""Parse, service, view. An ordinary function is run in the pool. An async generator is for what
takes time: its first answer goes out at once, each further one replaces it."""


@dataclass(frozen=True, slots=True)
class Route(Generic[Asked]):
    """A handler and who may reach it."""

    handler: Handler[Asked]
    admin: bool = False
    fresh: bool = False
    """Slack is asked anew who they are; the handler itself refuses those who may not."""


@dataclass(slots=True)
class Routes:
    """Every handler, by what leads to it."""

    commands: dict[str, Route[Command]] = field(default_factory=dict)
    """By ``/track`` and ``/link``; the verb is the grammar's affair."""
    clicks: dict[str, Route[Click]] = field(default_factory=dict)
    submissions: dict[str, Route[Submission]] = field(default_factory=dict)
    lookups: dict[str, Route[Lookup]] = field(default_factory=dict)
    shortcuts: dict[str, Route[Shortcut]] = field(default_factory=dict)
    home: Route[Opened] | None = None
    links: Callable[[TeamId, PostedLinks, datetime], None] | None = None
    redraws: dict[str, Route[Click]] = field(default_factory=dict)
    """Forms that only show something, by callback id: a click whose value is its ``#suffix``."""

    def command(self, name: str, handler: Handler[Command], *, fresh: bool = False) -> None:
        """What a slash command does."""
        _add(self.commands, name, Route(handler, fresh=fresh))

    def click(self, action: str, handler: Handler[Click], *, admin: bool = False) -> None:
        """What a button or select does, by action id."""
        _add(self.clicks, action, Route(handler, admin))

    def submission(
        self, callback_id: str, handler: Handler[Submission], *, admin: bool = False
    ) -> None:
        """What sending a form does."""
        _add(self.submissions, callback_id, Route(handler, admin))

    def lookup(self, action: str, handler: Handler[Lookup], *, admin: bool = False) -> None:
        """What a searching select finds."""
        _add(self.lookups, action, Route(handler, admin))

    def redraw(self, callback_id: str, handler: Handler[Click]) -> None:
        """What draws a form again after something was done in it."""
        _add(self.redraws, callback_id, Route(handler))

    def shortcut(self, callback_id: str, handler: Handler[Shortcut]) -> None:
        """What a shortcut does."""
        _add(self.shortcuts, callback_id, Route(handler))


def _add(routes: dict[str, Route[Asked]], name: str, route: Route[Asked]) -> None:
    if name in routes:
        raise ValueError(f"two handlers for {name}")
    routes[name] = route

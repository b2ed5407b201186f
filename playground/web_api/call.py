"""One call of a Web API method, and the table of methods."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from playground.backend import Backend
from playground.errors import SlackError
from playground.shapes import Json, is_true


@dataclass(frozen=True)
class Call:
    """The arguments of one call, read the way Slack reads them."""

    backend: Backend
    args: Json

    def text(self, key: str) -> str:
        """An argument as a string; absent is empty."""
        value = self.args.get(key)
        return "" if value is None else str(value)

    def required(self, key: str) -> str:
        """An argument the method cannot do without."""
        value = self.text(key)
        if not value:
            raise SlackError("invalid_arguments", [f"[ERROR] missing required field: {key}"])
        return value

    def flag(self, key: str) -> bool:
        """A boolean argument."""
        return is_true(self.args.get(key))

    def page(self, rows: list[Json], key: str, default: int = 100) -> Json:
        """One page of a list, by `limit` and `cursor`."""
        wanted = self.text("limit") or str(default)
        if not wanted.isdigit():
            raise SlackError("invalid_limit")
        limit = min(max(int(wanted), 1), 1000)
        cursor = self.text("cursor")
        if cursor and not cursor.removeprefix("next:").isdigit():
            raise SlackError("invalid_cursor")
        start = int(cursor.removeprefix("next:")) if cursor else 0
        end = start + limit
        following = f"next:{end}" if end < len(rows) else ""
        return {key: rows[start:end], "response_metadata": {"next_cursor": following}}


Method: TypeAlias = Callable[[Call], Json]


@dataclass(frozen=True)
class Entry:
    """A method and the scopes of which a token needs one."""

    run: Method
    scopes: tuple[str, ...] = ()


def check_scopes(backend: Backend, wanted: tuple[str, ...]) -> None:
    """Refuse an app whose manifest asks for none of these scopes."""
    manifest = backend.manifest
    if wanted and not manifest.is_open and not manifest.scopes & set(wanted):
        provided = ",".join(sorted(manifest.scopes))
        raise SlackError("missing_scope", needed=",".join(wanted), provided=provided)


METHODS: dict[str, Entry] = {}


def method(name: str, *scopes: str) -> Callable[[Method], Method]:
    """Register a Web API method under Slack's name for it."""

    def register(run: Method) -> Method:
        METHODS[name] = Entry(run, scopes)
        return run

    return register

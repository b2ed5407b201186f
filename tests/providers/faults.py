"""What goes wrong with providers: the same list for every adapter.

Some faults are of the way: an answer that does not come, or comes broken. Some are of the
content: answers in good form whose rows are not what was promised.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, TypeAlias

from tests.http_server import Say, Seen
from tests.providers.stand_in import Spoiling, StandIn, rows_of

NEVER = 3600.0
"""Seconds before an answer that nobody waits for."""

HTML = "<!DOCTYPE html><html><body><h1>Down for maintenance</h1></body></html>"

Arranging: TypeAlias = Callable[[StandIn], Iterator[None]]
"""Makes one variant of a fault after another; a run follows each."""


@dataclass(frozen=True)
class Fault:
    """One row of the table."""

    slug: str
    name: str
    """As the table says it."""
    spoil: Spoiling | None = None
    """A fault of the way, at any request of a run; None refuses the connection."""
    arrange: Arranging | None = None
    """A fault of the content."""


def _status(status: int, **headers: str) -> Spoiling:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: Say(status, {}, named)


def _cut(say: Say) -> Say:
    """Half of an answer, and a length that says so itself."""
    whole = json.dumps(say.body)
    return Say(say.status, whole[: len(whole) // 2], {"Content-Type": "application/json"})


def _reset(say: Say) -> Say:
    return replace(say, cut_after=max(1, len(json.dumps(say.body)) // 2))


def _twice(stand_in: StandIn) -> Iterator[None]:
    """The last task of each page opens the next one as well."""
    last: list[Any] = []

    def rewrite(seen: Seen, body: Any) -> Any:  # noqa: ANN401 - any API's answer
        rows = rows_of(body) if stand_in.lists_tasks(seen) else None
        if rows:
            opening = rows[-1]
            rows[:0] = last
            last[:] = [opening]
        return body

    stand_in.rewrite = rewrite
    yield


def _moving(stand_in: StandIn) -> Iterator[None]:
    """Between two pages somebody edits a task already read, deletes another, makes a third."""
    for step in range(2):
        pages = 0

        def before(seen: Seen) -> None:
            nonlocal pages
            pages += stand_in.lists_tasks(seen)
            if pages == 2 and stand_in.lists_tasks(seen):
                first, second, *_ = stand_in.titles()
                stand_in.retitle(first, f"Edited while paging {step}")  # noqa: B023 - used at once
                stand_in.remove(second)
                stand_in.add_task("Made while paging")

        stand_in.before = before
        yield


def _skewed(stand_in: StandIn) -> Iterator[None]:
    """The provider's clock is an hour behind, then an hour ahead, while somebody edits."""
    for skew in (timedelta(hours=-1), timedelta(hours=1)):
        stand_in.skew = skew
        first, *_ = stand_in.titles()
        stand_in.retitle(first, f"Edited at {skew}")
        yield


def _long(stand_in: StandIn) -> Iterator[None]:
    """10,000 characters, of the kind that take four bytes each."""
    first, *_ = stand_in.titles()
    stand_in.retitle(first, "\N{HERB}" * 10_000)
    yield


def _nulls(stand_in: StandIn) -> Iterator[None]:
    """Each field of a task in turn is null in the row of a task that somebody edits."""
    for number, path in enumerate(stand_in.shape_of_a_task):
        first, *_ = stand_in.titles()
        stand_in.retitle(first, f"Edited before {number}")
        stand_in.rewrite = _replacing(stand_in, path, None)
        yield


def _unknown(stand_in: StandIn) -> Iterator[None]:
    """Each counted-up field in turn has a value that nobody has heard of."""
    for path in stand_in.enumerated:
        stand_in.rewrite = _replacing(stand_in, tuple(path.split(".")), "hourlink-unknown")
        yield


def _replacing(
    stand_in: StandIn, path: tuple[str, ...], value: object
) -> Callable[[Seen, Any], Any]:
    def rewrite(seen: Seen, body: Any) -> Any:  # noqa: ANN401 - any API's answer
        rows = rows_of(body) if stand_in.lists_tasks(seen) else None
        for row in rows or ():
            place = row
            for name in path[:-1]:
                place = place.get(name) if isinstance(place, dict) else None
            if isinstance(place, dict) and path[-1] in place:
                place[path[-1]] = value
        return body

    return rewrite


FAULTS = (
    Fault("refused", "Connection refused"),
    Fault("timeout", "No answer in time", lambda say: replace(say, wait=NEVER)),
    Fault("reset", "Connection reset in the middle of an answer", _reset),
    Fault("truncated", "Half of the JSON", _cut),
    Fault("html", "HTML instead of JSON", lambda _: Say(body=HTML)),
    Fault("401", "401", _status(401)),
    Fault("403", "403", _status(403)),
    Fault("404", "404", _status(404)),
    Fault("410", "410", _status(410)),
    Fault("429-told", "429 with `Retry-After`", _status(429, Retry_After="60")),
    Fault("429", "429 without `Retry-After`", _status(429)),
    Fault("500", "500", _status(500)),
    Fault("503", "503", _status(503)),
    Fault("twice", "The same task on two pages", arrange=_twice),
    Fault("moving", "Tasks edited, deleted and made between two pages", arrange=_moving),
    Fault("skew", "A clock that is an hour off", arrange=_skewed),
    Fault("long", "A title of 10,000 characters", arrange=_long),
    Fault("null", "null in place of any field of a task", arrange=_nulls),
    Fault("unknown", "Values that the API has never named", arrange=_unknown),
)

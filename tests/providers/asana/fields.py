"""Asana tells of a thing the fields that were asked for, and of others in it their short form."""

from collections.abc import Iterable, Mapping
from typing import Any

_ALWAYS = ("gid", "resource_type")
_COMPACT = (*_ALWAYS, "name", "resource_subtype")


def picked(item: object, fields: Iterable[str]) -> Any:  # noqa: ANN401 - JSON of any shape
    """A thing with ``opt_fields``; the short form without any."""
    names = list(fields)
    if isinstance(item, list):
        return [picked(one, names) for one in item]
    if not isinstance(item, Mapping):
        return item
    asked: dict[str, list[str]] = {}
    for name in names:
        head, _, rest = name.partition(".")
        asked.setdefault(head, []).append(rest)
    if not asked:
        return compact(item)
    found = {always: item[always] for always in _ALWAYS if always in item}
    for head, below in asked.items():
        if head in item:
            deeper = [name for name in below if name]
            found[head] = picked(item[head], deeper) if deeper else compact(item[head])
    return found


def compact(item: object) -> Any:  # noqa: ANN401
    """The short form."""
    if isinstance(item, list):
        return [compact(one) for one in item]
    if isinstance(item, Mapping):
        return {name: item[name] for name in _COMPACT if name in item}
    return item

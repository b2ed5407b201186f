"""Collecting what is wrong, in Slack's words and with its pointers."""

import re
from collections.abc import Callable, Mapping, Sequence

from playground.shapes import Json, text_of

Check = Callable[["Problems", Json, str], None]


class Problems:
    """What is wrong, in Slack's words and with its pointers."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, what: str, pointer: str) -> None:
        """Note a problem at a place."""
        self.found.append(f"{what} [json-pointer:{pointer}]")

    def text(
        self, owner: Json, key: str, pointer: str, limit: int, *, required: bool = True
    ) -> None:
        """Check a text object: present, not empty, not too long."""
        if owner.get(key) is None:
            if required:
                self.add(f"missing required field: {key}", pointer)
            return
        self.words(owner[key], f"{pointer}/{key}", limit)

    def words(self, value: object, pointer: str, limit: int) -> None:
        """Check a text object at a place."""
        if not isinstance(value, Mapping):
            self.add("must provide an object", pointer)
            return
        if value.get("type") not in {"plain_text", "mrkdwn"}:
            self.add("must provide an object with a valid type", pointer)
        self._length(text_of(value), f"{pointer}/text", limit)

    def line(self, owner: Json, key: str, pointer: str, limit: int) -> None:
        """Check a string: present, not empty, not too long."""
        value = owner.get(key)
        if value is None:
            self.add(f"missing required field: {key}", pointer)
        elif not isinstance(value, str):
            self.add("must be a string", f"{pointer}/{key}")
        else:
            self._length(value, f"{pointer}/{key}", limit)

    def _length(self, text: str, place: str, limit: int) -> None:
        length = len(text)
        if length == 0:
            self.add("must be more than 0 characters", place)
        if length > limit:
            self.add(f"must be less than {limit + 1} characters", place)

    def plain(
        self, owner: Json, key: str, pointer: str, limit: int, *, required: bool = True
    ) -> None:
        """Check a text object that may not hold mrkdwn."""
        self.text(owner, key, pointer, limit, required=required)
        value = owner.get(key)
        if value is not None and (not isinstance(value, dict) or value.get("type") != "plain_text"):
            self.add("must provide an object of type plain_text", f"{pointer}/{key}")

    def string(self, owner: Json, key: str, pointer: str, limit: int) -> None:
        """Check an optional string."""
        value = owner.get(key)
        if value is None:
            return
        if not isinstance(value, str):
            self.add("must be a string", f"{pointer}/{key}")
        elif len(value) > limit:
            self.add(f"must be less than {limit + 1} characters", f"{pointer}/{key}")

    def count(self, owner: Json, key: str, pointer: str, limit: int, least: int = 1) -> None:
        """Check how many items a list has."""
        items = owner.get(key)
        if isinstance(items, list):
            self.many(items, f"{pointer}/{key}", limit, least)
        else:
            self.add(f"missing required field: {key}", pointer)

    def many(self, items: Sequence[object], pointer: str, limit: int, least: int = 1) -> None:
        """Check how long a list is."""
        if len(items) > limit:
            self.add(f"no more than {limit} items allowed", pointer)
        elif len(items) < least:
            self.add(f"no fewer than {least} items required", pointer)

    def number(self, owner: Json, key: str, pointer: str, least: float, most: float) -> None:
        """Check an optional number."""
        value = owner.get(key)
        if value is None:
            return
        if not isinstance(value, int | float):
            self.add("must be a number", f"{pointer}/{key}")
        elif not least <= value <= most:
            self.add(f"must be between {least} and {most}", f"{pointer}/{key}")

    def choice(self, owner: Json, key: str, pointer: str, *allowed: str) -> None:
        """Check an optional word out of a few."""
        if owner.get(key) is not None and owner[key] not in allowed:
            self.add(f"must be one of: {', '.join(allowed)}", f"{pointer}/{key}")

    def form(self, owner: Json, key: str, pointer: str, pattern: str, shown: str) -> None:
        """Check an optional string that has a form, as a date has."""
        value = owner.get(key)
        if value is not None and not re.fullmatch(pattern, str(value)):
            self.add(f"must be in the format {shown}", f"{pointer}/{key}")

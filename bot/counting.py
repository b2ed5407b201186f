"""What a process counts of its work, where somebody asks for the numbers."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol, TypeVar

Asked = TypeVar("Asked")
Done = TypeVar("Done")


class Counting(Protocol):
    """Counts and times what passes by."""

    def answered(self, kind: str, outcome: str, seconds: float) -> None:
        """A request of Slack's got its first answer."""

    def counting_deliveries(
        self, works: Mapping[str, Callable[[Asked], Awaitable[Done]]]
    ) -> Mapping[str, Callable[[Asked], Awaitable[Done]]]:
        """The same deliveries, counted by kind."""

    def timing_syncs(
        self, work: Callable[[Asked], Awaitable[Done]]
    ) -> Callable[[Asked], Awaitable[Done]]:
        """The same sync, timed."""


class Uncounted:
    """Counts nothing."""

    def answered(self, kind: str, outcome: str, seconds: float) -> None:
        """Forgotten."""

    def counting_deliveries(
        self, works: Mapping[str, Callable[[Asked], Awaitable[Done]]]
    ) -> Mapping[str, Callable[[Asked], Awaitable[Done]]]:
        """As they are."""
        return works

    def timing_syncs(
        self, work: Callable[[Asked], Awaitable[Done]]
    ) -> Callable[[Asked], Awaitable[Done]]:
        """As it is."""
        return work

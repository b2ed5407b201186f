"""What this process counts and times, for Prometheus. Labels are words of ours, never a team's."""

import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_1_0_0

from bot.counting import Asked, Done
from bot.services.operating.operating import Standing

ANSWERS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
"""Seconds. Slack hangs up after three."""

SYNCS = (0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 1800.0)
"""Seconds."""


class Metrics:
    """The numbers of one process, and those of the database that it asks for."""

    content_type = CONTENT_TYPE_PLAIN_1_0_0
    """Of the page."""

    def __init__(self) -> None:
        own = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=own)
        self._registry = own
        self._answers = Histogram(
            "hourlink_answer_seconds",
            "From a request of Slack's until the first answer to it",
            ("kind", "outcome"),
            buckets=ANSWERS,
            registry=own,
        )
        self._deliveries = Counter(
            "hourlink_deliveries",
            "Tries to send something to Slack or a tool",
            ("kind", "outcome"),
            registry=own,
        )
        self._syncs = Histogram(
            "hourlink_sync_seconds", "Sync runs of integrations", buckets=SYNCS, registry=own
        )
        self._waiting = Gauge(
            "hourlink_outbox_waiting", "Messages and writes that wait to be sent", registry=own
        )
        self._oldest = Gauge(
            "hourlink_outbox_oldest_seconds", "How long the oldest is due", registry=own
        )
        self._given_up = Gauge(
            "hourlink_outbox_given_up", "Given up in the last week", registry=own
        )
        self._integrations = Gauge(
            "hourlink_integrations", "Connected tools", ("state",), registry=own
        )
        self._teams = Gauge("hourlink_teams", "Workspaces that use Hourlink", registry=own)
        self._timers = Gauge("hourlink_running_timers", "Timers that run", registry=own)

    def answered(self, kind: str, outcome: str, seconds: float) -> None:
        """A request of Slack's got its first answer."""
        self._answers.labels(kind, outcome).observe(seconds)

    def counting_deliveries(
        self, works: Mapping[str, Callable[[Asked], Awaitable[Done]]]
    ) -> dict[str, Callable[[Asked], Awaitable[Done]]]:
        """The same deliveries, counted by kind."""
        return {kind: self._counted(kind, work) for kind, work in works.items()}

    def timing_syncs(
        self, work: Callable[[Asked], Awaitable[Done]]
    ) -> Callable[[Asked], Awaitable[Done]]:
        """The same sync, timed."""

        async def timed(asked: Asked) -> Done:
            started = time.perf_counter()
            try:
                return await work(asked)
            finally:
                self._syncs.observe(time.perf_counter() - started)

        return timed

    def families(self) -> frozenset[str]:
        """The name of everything that is counted here."""
        return frozenset(family.name for family in self._registry.collect())

    def page(self, standing: Standing, now: datetime) -> bytes:
        """Everything, in Prometheus's text format."""
        owed, size = standing.owed, standing.size
        late = 0.0 if owed.oldest_due is None else (now - owed.oldest_due).total_seconds()
        self._waiting.set(owed.waiting)
        self._oldest.set(max(late, 0.0))
        self._given_up.set(owed.given_up)
        self._teams.set(size.teams)
        self._timers.set(size.running_timers)
        for state, number in size.integrations.items():
            self._integrations.labels(state.value).set(number)
        return generate_latest(self._registry)

    def _counted(
        self, kind: str, work: Callable[[Asked], Awaitable[Done]]
    ) -> Callable[[Asked], Awaitable[Done]]:
        async def counted(asked: Asked) -> Done:
            try:
                done = await work(asked)
            except Exception:
                self._deliveries.labels(kind, "failed").inc()
                raise
            self._deliveries.labels(kind, "sent").inc()
            return done

        return counted

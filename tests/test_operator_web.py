"""What a monitor sees: health, readiness and numbers."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import Metrics
from bot.operator_web import Probes, build_operator_web
from bot.services.operating.operating import Operating
from bot.services.pool import Pool
from bot.web import Readiness
from storage import outbox
from storage.engine import open_engine
from storage.unit_of_work import UnitOfWork
from tests.builders import NOON, World


class Desk:
    """A process's operator's web over one database."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.ready = Readiness()
        self.metrics = Metrics()
        self.pool = Pool(1)
        operating = Operating(uow)
        probes = Probes(operating, self.pool, self.ready)
        later = NOON + timedelta(seconds=90)
        web = build_operator_web(probes, operating, self.metrics, self.pool, lambda: later)
        transport = httpx.ASGITransport(web)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://hourlink.test")

    async def numbers(self) -> dict[str, float]:
        """Every sample, by its name and labels, as Prometheus reads them."""
        answer = await self.http.get("/metrics")
        assert answer.status_code == 200
        return {
            sample.name + "".join(f" {value}" for value in sample.labels.values()): sample.value
            for family in text_string_to_metric_families(answer.text)
            for sample in family.samples
        }


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """Give a database with a team in it."""
    made = World(database_url)
    yield made
    made.close()


@pytest.fixture
async def desk(world: World) -> AsyncIterator[Desk]:
    """Give the operator's web over it."""
    made = Desk(world.uow)
    async with made.http:
        yield made
    made.pool.close()


async def test_a_process_lives_before_it_is_ready(desk: Desk) -> None:
    """A balancer sends nothing to it until Slack has accepted the token; nobody restarts it."""
    assert (await desk.http.get("/healthz")).json() == {"status": "ok", "slack": "unknown"}
    waiting = await desk.http.get("/readyz")
    assert waiting.status_code == 503
    assert waiting.json() == {"status": "not ready", "database": "ok", "slack": "unknown"}
    desk.ready.slack = "ok"
    ready = await desk.http.get("/readyz")
    assert ready.status_code == 200
    assert ready.json() == {"status": "ready", "database": "ok", "slack": "ok"}


async def test_without_its_database_a_process_is_not_ready() -> None:
    """It still lives: restarting it would not bring the database back."""
    engine = open_engine("postgresql+psycopg://nobody@127.0.0.1:9/none")
    desk = Desk(UnitOfWork(engine))
    desk.ready.slack = "ok"
    async with desk.http:
        answer = await desk.http.get("/readyz")
        assert answer.status_code == 503
        assert answer.json()["database"] == "no answer"
        assert (await desk.http.get("/healthz")).status_code == 200
    desk.pool.close()
    engine.dispose()


async def test_numbers_tell_what_waits_and_what_was_done(desk: Desk, world: World) -> None:
    """Enough to be woken by: what is late, what was given up, what breaks."""
    ana = world.member(admin=True)
    world.integration(ana)
    with world.uow.begin() as tx:
        outbox.add(tx, ana.team_id, kind="x", subject="x", payload={}, marker="m", now=NOON)
    desk.metrics.answered("command", "done", 0.02)
    desk.metrics.answered("command", "broken", 0.02)

    async def send(what: str) -> None:
        if what == "broken":
            raise ConnectionError

    works = desk.metrics.counting_deliveries({"run.report": send})
    await works["run.report"]("fine")
    with pytest.raises(ConnectionError):
        await works["run.report"]("broken")
    await desk.metrics.timing_syncs(send)("fine")
    found = await desk.numbers()
    assert found["hourlink_outbox_waiting"] == 1
    assert found["hourlink_outbox_oldest_seconds"] == 90
    assert found["hourlink_integrations active"] == 1
    assert found["hourlink_integrations broken"] == 0
    assert found["hourlink_teams"] == 1
    assert found["hourlink_answer_seconds_count command done"] == 1
    assert found["hourlink_answer_seconds_count command broken"] == 1
    assert found["hourlink_deliveries_total run.report sent"] == 1
    assert found["hourlink_deliveries_total run.report failed"] == 1
    assert found["hourlink_sync_seconds_count"] == 1


async def test_no_number_names_anybody(desk: Desk, world: World) -> None:
    """Metrics end up on screens and with hosts that no team chose."""
    ana = world.member("ana", admin=True)
    world.integration(ana, site="acme board")
    page = (await desk.http.get("/metrics")).text
    for name in ("Ana", "acme", str(ana.team_id)):
        assert name not in page


def test_the_dashboard_asks_for_nothing_that_is_not_counted() -> None:
    """A panel for a number that was renamed would stay empty, and nobody would notice."""
    folder = Path(__file__).parents[1] / "docs"
    asked = set(re.findall(r"hourlink_\w+", (folder / "grafana-dashboard.json").read_text("utf-8")))
    families = Metrics().families()
    counted = {
        f"{name}{suffix}" for name in families for suffix in ("", "_bucket", "_count", "_total")
    }
    assert asked <= counted
    assert asked

"""What the operator's tools ask a process: does it live, can it work, what does it count."""

import asyncio
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.domain.clock import Clock
from bot.domain.errors import Busy
from bot.services.operating.operating import Operating
from bot.services.pool import Pool
from bot.web import Readiness

if TYPE_CHECKING:
    from bot.metrics import Metrics

PATIENCE = 2.0
"""Seconds for the database to answer in."""


class Probes:
    """Whether this process can do what it is for."""

    def __init__(self, operating: Operating, pool: Pool, ready: Readiness) -> None:
        self._operating = operating
        self._pool = pool
        self._ready = ready

    def routes(self) -> list[Route]:
        """``/healthz``: the process lives. ``/readyz``: it reaches what it needs, else 503."""
        return [
            Route("/healthz", self._health, methods=["GET"]),
            Route("/readyz", self._readiness, methods=["GET"]),
        ]

    async def _health(self, request: Request) -> Response:
        del request
        return JSONResponse({"status": "ok", "slack": self._ready.slack})

    async def _readiness(self, request: Request) -> Response:
        del request
        found = {"database": await self._database(), "slack": self._ready.slack}
        is_ready = set(found.values()) == {"ok"}
        status = "ready" if is_ready else "not ready"
        return JSONResponse({"status": status, **found}, status_code=200 if is_ready else 503)

    async def _database(self) -> str:
        try:
            async with asyncio.timeout(PATIENCE):
                await self._pool(self._operating.answers)
        except (SQLAlchemyError, Busy, TimeoutError):
            return "no answer"
        return "ok"


def build_operator_web(
    probes: Probes, operating: Operating, metrics: "Metrics", pool: Pool, clock: Clock
) -> Starlette:
    """The routes of ``HOURLINK_METRICS_PORT``."""

    async def numbers(request: Request) -> Response:
        del request
        try:
            standing = await pool(operating.standing)
        except Busy:
            return PlainTextResponse("The database does not answer.\n", status_code=503)
        return Response(metrics.page(standing, clock()), media_type=metrics.content_type)

    return Starlette(routes=[*probes.routes(), Route("/metrics", numbers, methods=["GET"])])

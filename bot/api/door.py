"""Takes the requests of programs: who asks, what for, how often; and answers in JSON."""

import math
from collections.abc import Callable
from http import HTTPStatus

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.api import params
from bot.api.description import description
from bot.api.endpoints import BASE, ENDPOINTS, Endpoint, no_such
from bot.api.problems import Refused, refusal
from bot.domain.clock import Clock
from bot.domain.errors import HourlinkError
from bot.domain.input_errors import BadInput
from bot.domain.operating.api_tokens import ApiTokenRefused
from bot.domain.sync.pacing import Pacing
from bot.services.operating.api_reading import ApiReading
from bot.services.operating.api_tokens import ApiTokens, Bearer
from bot.services.pool import Pool
from bot.views import failures

log = structlog.get_logger(__name__)

DESCRIPTION = "/openapi.json"
_READS = ("GET", "HEAD")
_ACCEPTED = ("application/json", "application/*", "*/*")
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Authorization",
}


class ApiDoor:
    """Everything below ``/api``; bodies are never read."""

    def __init__(
        self,
        *,
        tokens: ApiTokens,
        reading: ApiReading,
        pool: Pool,
        reading_pool: Pool,
        clock: Clock,
        new_reference: Callable[[], str],
        pacing: Pacing | None = None,
    ) -> None:
        """Takes what it works with.

        Args:
            tokens: Knows who shows a token.
            reading: Finds out what is answered.
            pool: Where services run that somebody in Slack waits for; a token is looked up there.
            reading_pool: Where answers are found, so that a long one keeps nobody waiting.
            clock: The time.
            new_reference: Makes the id of something that broke on our side.
            pacing: How often a token may ask.
        """
        self._tokens = tokens
        self._reading = reading
        self._pool = pool
        self._reading_pool = reading_pool
        self._clock = clock
        self._new_reference = new_reference
        self._pacing = pacing or Pacing()
        self._endpoints = {BASE + one.path: one for one in ENDPOINTS}

    def routes(self) -> list[Route]:
        """To be served with the others; every method arrives here."""
        return [Route("/api", self), Route("/api/{rest:path}", self)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        request = Request(scope)
        try:
            response = await self._answered(request)
        except Refused as refused:
            response = refused.response()
        except (HourlinkError, BadInput) as error:
            response = refusal(error).response()
        except Exception:
            reference = self._new_reference()
            log.exception("api_failed", reference=reference)
            said = f"Something broke on our side. Reference {reference}."
            status = HTTPStatus.INTERNAL_SERVER_ERROR
            response = Refused(status, "broken", said, reference=reference).response()
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if request.method == "HEAD":
            response.body = b""
        await response(scope, receive, send)

    async def _answered(self, request: Request) -> Response:
        path = request.url.path
        endpoint = self._endpoints.get(path)
        if endpoint is None and path != BASE + DESCRIPTION:
            raise no_such()
        if request.method not in _READS:
            raise Refused(
                HTTPStatus.METHOD_NOT_ALLOWED,
                "only-reading",
                "This API only reads: use GET.",
                headers={"Allow": ", ".join(_READS)},
            )
        if endpoint is None:
            return _described()
        return await self._found(endpoint, request)

    async def _found(self, endpoint: Endpoint, request: Request) -> Response:
        now = self._clock()
        bearer = await self._bearer(request)
        if wait := self._pacing.wait(bearer.token.id, now):
            raise Refused(
                HTTPStatus.TOO_MANY_REQUESTS,
                "too-many-requests",
                "That is more than 120 requests a minute. Wait as many seconds as Retry-After "
                "says, and ask for larger pages.",
                headers={"Retry-After": str(math.ceil(wait))},
            )
        _acceptable(request)
        asked = params.read(endpoint.params, request.query_params)
        answer = await self._reading_pool(endpoint.find, self._reading, bearer, asked, now)
        headers = {}
        if cursor := getattr(answer, "next_cursor", None):
            headers["Link"] = f'<{request.url.path}?cursor={cursor}>; rel="next"'
        return Response(
            answer.model_dump_json(exclude_unset=True),
            headers=headers,
            media_type="application/json",
        )

    async def _bearer(self, request: Request) -> Bearer:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        said = 'Show a token: "Authorization: Bearer hlk_...". Make one in Slack: /track token.'
        challenge = {"WWW-Authenticate": 'Bearer realm="Hourlink"'}
        if scheme.lower() == "bearer":
            try:
                return await self._pool(self._tokens.bearer, token.strip(), self._clock())
            except ApiTokenRefused as error:
                said = failures.sentence(error).text.replace("`", "")
                challenge["WWW-Authenticate"] += ', error="invalid_token"'
        raise Refused(HTTPStatus.UNAUTHORIZED, "token-refused", said, headers=challenge)


def _described() -> Response:
    return Response(
        description(), media_type="application/json", headers={"Cache-Control": "max-age=3600"}
    )


def _acceptable(request: Request) -> None:
    """Whether whoever asks takes JSON.

    Raises:
        Refused: they want something else only.
    """
    wanted = request.headers.get("accept", "*/*").lower()
    for one in wanted.split(","):
        kind, _, rest = one.partition(";")
        weight = rest.replace(" ", "")
        if kind.strip() in _ACCEPTED and weight not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}:
            return
    raise Refused(
        HTTPStatus.NOT_ACCEPTABLE, "only-json", "This API answers in application/json only."
    )

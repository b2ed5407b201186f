"""What went wrong, as RFC 9457 has it: a sentence for people, a code for programs."""

import html
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from pydantic import BaseModel, Field
from starlette.responses import Response

from bot.domain.errors import Busy, HourlinkError, NotAllowed, NotFound
from bot.domain.input_errors import BadInput
from bot.views import failures

MEDIA_TYPE = "application/problem+json"


class Wrong(BaseModel):
    """One parameter that cannot be used."""

    parameter: str = Field(description="Its name.")
    detail: str = Field(description="What is wrong with it.")


class Problem(BaseModel):
    """Why there is no answer."""

    type: str = Field(default="about:blank", description="Always `about:blank`; see `code`.")
    title: str = Field(description="The name of the HTTP status.")
    status: int = Field(description="The HTTP status.", ge=400, le=599)
    code: str = Field(description="For programs: what it was, in a word or two.")
    detail: str = Field(description="For people: what it was, and what to do.")
    errors: tuple[Wrong, ...] = Field(default=(), description="Each parameter that is wrong.")
    reference: str | None = Field(
        default=None, description="Names something that broke on our side in the server's log."
    )


class Refused(Exception):
    """A request that gets no answer but a problem."""

    def __init__(
        self,
        status: HTTPStatus,
        code: str,
        detail: str,
        *,
        errors: Sequence[Wrong] = (),
        headers: Mapping[str, str] | None = None,
        reference: str | None = None,
    ) -> None:
        super().__init__(code)
        self.problem = Problem(
            title=status.phrase,
            status=status,
            code=code,
            detail=detail,
            errors=tuple(errors),
            reference=reference,
        )
        self.headers = dict(headers or {})

    def response(self) -> Response:
        """The answer."""
        content = self.problem.model_dump_json(exclude_none=True)
        return Response(content, self.problem.status, headers=self.headers, media_type=MEDIA_TYPE)


def refusal(error: HourlinkError | BadInput) -> Refused:
    """An expected error as what is answered."""
    said = _spoken(failures.sentence(error).text)
    if isinstance(error, Busy):
        headers = {"Retry-After": "1"}
        return Refused(HTTPStatus.SERVICE_UNAVAILABLE, "busy", said, headers=headers)
    if isinstance(error, NotAllowed):
        return Refused(HTTPStatus.FORBIDDEN, "not-allowed", said)
    if isinstance(error, NotFound):
        return Refused(HTTPStatus.NOT_FOUND, "not-found", said)
    return Refused(HTTPStatus.BAD_REQUEST, "bad-request", said)


def _spoken(text: str) -> str:
    """A sentence without Slack's marks."""
    return html.unescape(text.replace("*", "").replace("`", ""))

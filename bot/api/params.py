"""What may stand behind the question mark, read strictly: a slip is told, not guessed around."""

import re
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from starlette.datastructures import QueryParams

from bot.api.problems import Refused, Wrong
from bot.domain.ids import ClientId, MemberId, ProjectId, TaskId
from bot.domain.operating.api_reading import MOST_ROWS, Days
from bot.domain.period_words import read_period
from bot.domain.periods import Period, PeriodWords
from bot.domain.reports.reports import Group, Narrowed
from bot.domain.reports.team_reports import LONGEST_LABEL, Filters

_LONGEST_CURSOR = 4000
_LARGEST_ID = 2**53 - 1
"""Beyond that, numbers in JSON are not exact."""
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})",
    re.ASCII,
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_BARE_PLUS = re.compile(r" (?=[0-9]{2}:[0-9]{2}$)")


def _id(text: object) -> int:
    if isinstance(text, str) and re.fullmatch(r"[1-9][0-9]{0,15}", text, re.ASCII):
        found = int(text)
        if found <= _LARGEST_ID:
            return found
    raise ValueError("Give an id: a whole number, as the API tells it.")


def _limit(text: object) -> int:
    if isinstance(text, int):  # the default
        return text
    if isinstance(text, str) and re.fullmatch(r"[1-9][0-9]{0,2}", text, re.ASCII):
        found = int(text)
        if found <= MOST_ROWS:
            return found
    raise ValueError(f"Give a whole number from 1 to {MOST_ROWS}.")


def _day(text: object) -> date:
    try:
        if isinstance(text, str) and _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError("Give a day like 2026-11-20.")


def _moment(text: object) -> datetime:
    # A plus that nobody escaped arrives as a space.
    plain = _BARE_PLUS.sub("+", text) if isinstance(text, str) else ""
    try:
        if _MOMENT.fullmatch(plain):
            # Years at either end of the calendar have no moment in UTC, or none a minute before.
            found = datetime.fromisoformat(plain.upper()).astimezone(UTC)
            if 1 < found.year < date.max.year:
                return found
    except (ValueError, OverflowError):
        pass
    raise ValueError("Give a moment with its offset, like 2026-11-20T09:00:00+01:00.")


def _words(text: object) -> PeriodWords:
    found = read_period(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError("Give a period like last month, 2026-11, 2026-W45 or 1-15 nov.")
    return found


Id = Annotated[
    int,
    BeforeValidator(_id),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": _LARGEST_ID}),
]
Limit = Annotated[
    int,
    BeforeValidator(_limit),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": 100}),
]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Words = Annotated[
    Any,
    BeforeValidator(_words),
    WithJsonSchema({"type": "string", "maxLength": 60, "examples": ["last month", "2026-W45"]}),
]


class Params(BaseModel):
    """Nothing at all."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Paged(Params):
    """A page of a list."""

    limit: Limit = Field(default=100, description="How many at most.")
    cursor: str | None = Field(
        default=None,
        min_length=1,
        max_length=_LONGEST_CURSOR,
        description="`next_cursor` of the page before. It stands alone: what was asked for is in "
        "it.",
    )


class Dated(Paged):
    """Days, and what it is about."""

    scope: Literal["own", "team"] = Field(
        default="own",
        description="Your own time, or everybody's as far as you may see it: that on the projects "
        "you manage, or all of it.",
    )
    period: Words | None = Field(
        default=None,
        description="The days in the words that `/track report` takes: `last month`, `2026-W45`, "
        "`1-15 nov`. Without it, and without `from`, this week.",
    )
    first: Day | None = Field(default=None, alias="from", description="The first day.")
    last: Day | None = Field(
        default=None, alias="to", description="The last day; today where only `from` is given."
    )
    project: tuple[Id, ...] = Field(default=(), max_length=10, description="Only these projects.")
    task: tuple[Id, ...] = Field(default=(), max_length=10, description="Only these tasks.")
    person: tuple[Id, ...] = Field(
        default=(), max_length=5, description="Only these people, by `person.id`."
    )
    client: tuple[Id, ...] = Field(
        default=(), max_length=5, description="Only what was done for these clients."
    )
    label: str = Field(
        default="",
        max_length=LONGEST_LABEL,
        pattern=r"^[^\x00]*$",
        description="Only tasks with this label.",
    )
    billable: Literal["true", "false"] | None = Field(
        default=None, description="Only what is billable, or only what is not."
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.period is not None and (self.first or self.last):
            raise ValueError("Give either period, or from and to.")
        if self.last and not self.first:
            raise ValueError("Give from as well: a period needs its first day.")
        if self.first and self.last and self.first > self.last:
            raise ValueError("Give a from that is not after to.")
        return self

    def days(self, today: date) -> Days:
        """The days, as far as they are known here."""
        if self.first is None:
            found: Days = self.period
            return found
        last = max(self.first, self.last or today)
        try:
            return Period(self.first, last + timedelta(days=1))
        except OverflowError:
            return Period(self.first, last)

    @property
    def filters(self) -> Filters:
        """What it is about."""
        return Filters(
            Narrowed(tuple(map(ProjectId, self.project)), tuple(map(TaskId, self.task))),
            tuple(map(ClientId, self.client)),
            tuple(map(MemberId, self.person)),
            self.label,
            None if self.billable is None else self.billable == "true",
        )


class EntryParams(Dated):
    """Which time entries."""

    updated_since: Moment | None = Field(
        default=None,
        description="Only what was made, changed or deleted since this moment; deleted entries "
        "are marked. Without a period it means entries of any day.",
    )


class ReportParams(Dated):
    """Which report."""

    group: Group | None = Field(
        default=None,
        description="What there is a row for. Without it, what suits period and subject.",
    )


class ProjectParams(Paged):
    """Which projects."""

    archived: Literal["true", "false", "any"] = Field(
        default="false", description="Those in use, the archived, or both."
    )


AnyParams = TypeVar("AnyParams", bound=Params)


def read(model: type[AnyParams], query: QueryParams) -> AnyParams:
    """The parameters of a request.

    Raises:
        Refused: some of them cannot be used; each is named.
    """
    several = {
        field.alias or name for name, field in model.model_fields.items() if field.default == ()
    }
    values: dict[str, Any] = {}
    wrong: list[Wrong] = []
    for name in query:
        given = query.getlist(name)
        if name not in several and len(given) > 1:
            wrong.append(Wrong(parameter=name[:100], detail="Give it once."))
        values[name] = given if name in several else given[0]
    if "cursor" in values and len(values) > 1:
        wrong.append(Wrong(parameter="cursor", detail="Give it alone: it holds all the rest."))
    try:
        found = model.model_validate(values)
    except ValidationError as error:
        wrong += [_wrong(one) for one in error.errors(include_url=False, include_input=False)]
    if wrong:
        raise Refused(
            HTTPStatus.BAD_REQUEST,
            "bad-parameters",
            "Some parameters cannot be used. " + " ".join(one.detail for one in wrong[:1]),
            errors=wrong[:20],
        )
    return found


def _wrong(error: Any) -> Wrong:  # noqa: ANN401 - pydantic's own dictionary
    where = tuple(error["loc"])
    if error["type"] == "extra_forbidden":
        return Wrong(parameter=str(where[0])[:100], detail="There is no such parameter here.")
    said = str(error["msg"]).removeprefix("Value error, ").rstrip(".")
    return Wrong(parameter=str(where[0]) if where else "from", detail=f"{said}.")

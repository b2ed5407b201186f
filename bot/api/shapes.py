"""What the API answers, as it is described and as it is sent."""

from datetime import UTC, date, datetime

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.money import money
from bot.domain.money.billing import Method
from bot.domain.reports.reports import Group
from bot.domain.reports.team_reports import Reach
from bot.domain.states import Role


class Shape(BaseModel):
    """Never changed once it is made; validators are built when somebody asks, not at the start."""

    model_config = ConfigDict(frozen=True, defer_build=True)


class Money(Shape):
    """An amount of money in one currency."""

    amount: str = Field(description="A decimal number.", examples=["135.00"])
    currency: str = Field(description="ISO 4217.", examples=["EUR"])


class Client(Shape):
    """Whom work is done for."""

    id: int
    name: str


class ListedClient(Client):
    """A client with its terms."""

    currency: str
    archived: bool


class Person(Shape):
    """Somebody of the workspace."""

    id: int
    slack_user_id: str
    name: str


class PersonName(Shape):
    """A person, as a report names them."""

    id: int
    name: str


class ProjectName(Shape):
    """A project, as other things name it."""

    id: int
    name: str


class CodedProject(ProjectName):
    """A project with the code of its keys."""

    code: str


class Source(Shape):
    """Where a connected project comes from."""

    provider: str = Field(examples=["jira"])
    site: str
    key: str | None
    name: str
    url: str


class Project(CodedProject):
    """What time is tracked on."""

    archived: bool
    source: Source | None = Field(description="Null for an internal project.")
    client: Client | None = Field(description="Today's.")
    billing: Method | None = Field(
        description="Today's: `none` bills nothing, `project` and `person` by the hour, `fixed` a "
        "fee. Null where nobody has set any."
    )
    currency: str | None
    manages: bool = Field(description="You see everybody's time on it.")


class Task(Shape):
    """A card, issue or task."""

    id: int
    key: str
    title: str
    url: str | None


class TimeEntry(Shape):
    """A person's span of time."""

    id: int
    day: date = Field(description="On its person's calendar.")
    start: datetime | None = Field(
        description="With the offset of its person's zone; null for a length without clock times."
    )
    end: datetime | None
    seconds: int | None = Field(description="Null while the timer runs.")
    running: bool
    person: Person
    project: CodedProject
    task: Task | None
    note: str
    client: Client | None = Field(description="As of that day; null while the timer runs.")
    billable: bool | None = Field(description="Null while the timer runs.")
    rate: Money | None = Field(
        description="What an hour earns; null where it earns nothing, and for who may not see "
        "money."
    )
    amount: Money | None = Field(
        description="What the total of its currency grows by: the amounts of all pages add up to "
        "the report's total to the cent."
    )
    continues: int | None = Field(description="The entry before midnight that this one goes on.")
    stopped_by_hourlink: bool
    deleted: bool = Field(description="Only with `updated_since` there are any.")
    updated_at: datetime


class Span(Shape):
    """Days in a row."""

    first: date
    last: date


class Page(Shape):
    """What every list has."""

    next_cursor: str | None = Field(description="For the next page; null on the last.")


class TimeEntries(Page):
    """A page of time entries, in the order of their days."""

    data: tuple[TimeEntry, ...]
    period: Span | None = Field(description="Null where entries of any day were asked for.")
    reach: Reach = Field(description="Whose time you see: `own`, `managed` or `all`.")
    as_of: datetime = Field(description="For `updated_since` of a later request.")


class Projects(Page):
    """A page of projects."""

    data: tuple[Project, ...]


class Clients(Page):
    """A page of clients."""

    data: tuple[ListedClient, ...]


class Sums(Shape):
    """What time comes to."""

    seconds: int
    billable_seconds: int
    unpriced_seconds: int | None = Field(
        description="Billable, and no rate is set; null for who may not see money."
    )
    earned: tuple[Money, ...] | None = Field(
        description="By the hour, each currency by itself; null for who may not see money."
    )


class Row(Sums):
    """One row of a report: one of its names is there, as the report is grouped."""

    project: ProjectName | None = None
    task: Task | None = None
    person: PersonName | None = None
    client: Client | None = Field(default=None, description="Null for time of no client.")
    label: str | None = Field(default=None, description="Null for time without a label.")
    billable: bool | None = None
    span: Span | None = Field(default=None, description="The day, week or month.")


class Compared(Span):
    """The period before."""

    seconds: int


class Report(Page):
    """Where the hours went: finished time, as the report in Slack counts it."""

    period: Span
    group: Group
    reach: Reach = Field(description="Whose time is in it: `own`, `managed` or `all`.")
    about: tuple[str, ...] = Field(description="Names of what it is about; empty for everything.")
    rows: tuple[Row, ...]
    row_count: int = Field(description="On all pages.")
    total: Sums = Field(description="Of all pages.")
    compared_with: Compared | None
    running_timers: int = Field(description="They count once they are stopped.")
    rounding: str | None = Field(
        description="The team's rule by which time is counted, such as `up:15:entry` (or `nearest`,"
        " and `day` for a person's time on a project and day); null where it is as tracked."
    )
    as_of: datetime


class Token(Shape):
    """The token that you show."""

    name: str
    expires_at: datetime | None


class Account(Shape):
    """Who you are, and how far you see."""

    person: Person
    zone: str
    team_id: str
    team: str
    role: Role
    reach: Reach = Field(description="With `scope=team` you see this.")
    sees_money: bool
    today: date = Field(description="In your zone.")
    token: Token


def told(found: money.Money) -> Money:
    """An amount."""
    return Money(amount=str(found.plain), currency=found.currency)


def utc(moment: datetime) -> datetime:
    """A moment as all are told that belong to nobody's clock."""
    return moment.astimezone(UTC)

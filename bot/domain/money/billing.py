"""How a project's time is billed: clients, terms and rates with the days from which they hold."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from bot.domain.ids import ClientId, MemberId, ProjectId, RateId
from bot.domain.values import dataclass

ALWAYS = date.min
"""The first day of what holds from the beginning."""


class Method(StrEnum):
    """How a project's time becomes money (M1)."""

    NON_BILLABLE = "none"
    PROJECT_RATE = "project"
    """Every hour earns what the project's rate says."""
    PERSON_RATE = "person"
    """Every hour earns what its person's rate says: on this project, else in general."""
    FIXED_FEE = "fixed"
    """The time is billable, and what is earned is the fee, once."""

    @property
    def is_hourly(self) -> bool:
        """Hours earn."""
        return self in {Method.PROJECT_RATE, Method.PERSON_RATE}


@dataclass(frozen=True, slots=True)
class Client:
    """Whom work is done for."""

    id: ClientId
    name: str
    currency: str
    is_archived: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """For whom and how a project's time is billed, from a day on until the next terms."""

    from_day: date
    method: Method
    currency: str
    """The client's; the team's where there is none."""
    client_id: ClientId | None = None
    fee: int | None = None
    """Of a fixed fee, in smallest units."""


@dataclass(frozen=True, slots=True)
class Rate:
    """What an hour earns, from a day on until the next one of its kind and currency."""

    id: RateId
    from_day: date
    currency: str
    per_hour: int
    """Smallest units."""
    project_id: ProjectId | None = None
    """None for a person's rate on every project."""
    member_id: MemberId | None = None
    """None for everybody's on the project."""


@dataclass(frozen=True, slots=True)
class Price:
    """What one stretch of time comes to."""

    is_billable: bool
    currency: str | None
    """None where no terms hold."""
    per_hour: int | None
    """None where hours earn nothing: not billable, a fixed fee, or no rate is set."""
    is_unpriced: bool = False
    """It would earn by the hour, and no rate holds on that day."""


NOT_BILLED = Price(is_billable=False, currency=None, per_hour=None)


def terms_on(terms: Sequence[Terms], day: date) -> Terms | None:
    """Those that hold on a day."""
    held = [one for one in terms if one.from_day <= day]
    return max(held, key=lambda one: one.from_day) if held else None

"""How a project's time is billed: clients, terms and rates with the days from which they hold."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from bot.domain.ids import ClientId, MemberId, ProjectId, RateId
from bot.domain.money.money import earned
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

    def earns(self, seconds: int) -> int:
        """Cent-seconds."""
        return earned(seconds, self.per_hour or 0)


NOT_BILLED = Price(is_billable=False, currency=None, per_hour=None)


@dataclass(frozen=True, slots=True)
class Work:
    """A stretch of time, as far as its price goes."""

    project_id: ProjectId
    member_id: MemberId
    work_date: date
    is_task_billable: bool = True


@dataclass(frozen=True, slots=True)
class Book:
    """Everything that prices are made from."""

    terms: dict[ProjectId, Sequence[Terms]]
    """In the order of their days."""
    rates: Sequence[Rate]

    def price(self, work: Work) -> Price:
        """What an hour of this work earns: by the terms and rates of its own day."""
        terms = terms_on(self.terms.get(work.project_id, ()), work.work_date)
        if terms is None:
            return NOT_BILLED
        if terms.method is Method.NON_BILLABLE or not work.is_task_billable:
            return Price(is_billable=False, currency=terms.currency, per_hour=None)
        if not terms.method.is_hourly:
            return Price(is_billable=True, currency=terms.currency, per_hour=None)
        rate = self._rate(work, terms)
        return Price(
            is_billable=True, currency=terms.currency, per_hour=rate, is_unpriced=rate is None
        )

    def _rate(self, work: Work, terms: Terms) -> int | None:
        if terms.method is Method.PROJECT_RATE:
            return self._newest(work, terms, work.project_id, None)
        own = self._newest(work, terms, work.project_id, work.member_id)
        return self._newest(work, terms, None, work.member_id) if own is None else own

    def _newest(
        self, work: Work, terms: Terms, project_id: ProjectId | None, member_id: MemberId | None
    ) -> int | None:
        fitting = [
            rate
            for rate in self.rates
            if (rate.project_id, rate.member_id) == (project_id, member_id)
            and rate.currency == terms.currency
            and rate.from_day <= work.work_date
        ]
        return max(fitting, key=lambda rate: rate.from_day).per_hour if fitting else None


def terms_on(terms: Sequence[Terms], day: date) -> Terms | None:
    """Those that hold on a day."""
    held = [one for one in terms if one.from_day <= day]
    return max(held, key=lambda one: one.from_day) if held else None

"""The rule of prices for one entry, told once more: what the others are held against."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.ids import MemberId, ProjectId
from bot.domain.money.billing import NOT_BILLED, Method, Price, Rate, Terms, terms_on


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

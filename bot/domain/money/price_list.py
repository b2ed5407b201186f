"""The terms and rates of a stretch of days, as sums of many entries look them up.

``bot.domain.money.billing.Book`` is the same rule for one entry; a test holds the two together.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import TypeAlias

from bot.domain.money.billing import NOT_BILLED, Method, Price, Terms
from bot.domain.values import dataclass

Whose: TypeAlias = tuple[int | None, int | None, str]
"""What a rate is set for: project and member (None for any), in a currency."""


@dataclass(frozen=True, slots=True)
class PriceList:
    """What holds in a period."""

    first: date
    terms: Mapping[int, Sequence[Terms]]
    """Of each project that has any, in the order of their days: those in which the period has days.

    The last one that has begun on a day holds on it.
    """
    rates: Mapping[Whose, Sequence[tuple[date, int]]]
    """The same of rates: their first day, and what an hour earns."""

    def held(self, project: int, day: date) -> Terms | None:
        """The terms of a project on a day of the period."""
        for one in reversed(self.terms.get(project, ())):
            if one.from_day <= day:
                return one
        return None

    def price(self, project: int, member: int, day: date) -> Price:
        """What an hour earns, where the task is billed."""
        return self.price_on(self.held(project, day), project, member, day)

    def price_on(self, terms: Terms | None, project: int, member: int, day: date) -> Price:
        """The same by the terms of that day."""
        if terms is None:
            return NOT_BILLED
        if terms.method is Method.NON_BILLABLE:
            return Price(is_billable=False, currency=terms.currency, per_hour=None)
        if not terms.method.is_hourly:
            return Price(is_billable=True, currency=terms.currency, per_hour=None)
        if terms.method is Method.PROJECT_RATE:
            rate = self._rate((project, None, terms.currency), day)
        else:
            rate = self._rate((project, member, terms.currency), day)
            if rate is None:
                rate = self._rate((None, member, terms.currency), day)
        return Price(
            is_billable=True, currency=terms.currency, per_hour=rate, is_unpriced=rate is None
        )

    def is_by_person(self, project: int) -> bool:
        """Whether an hour earns what its person earns, on any day."""
        return any(one.method is Method.PERSON_RATE for one in self.terms.get(project, ()))

    def changing(self) -> set[int]:
        """The projects whose terms or own rates change after the first day."""
        found = {
            project
            for project, held in self.terms.items()
            if any(one.from_day > self.first for one in held)
        }
        for (project, member, _), days in self.rates.items():
            if project is not None and member is None and days[-1][0] > self.first:
                found.add(project)
        return found

    def changes(self, projects: Collection[int], *, with_people: bool) -> list[date]:
        """The days after the first on which a price of these projects may change.

        Args:
            projects: These.
            with_people: Their hours may earn what the person earns.
        """
        found = {one.from_day for project in projects for one in self.terms.get(project, ())}
        for (project, member, _), held in self.rates.items():
            if held[-1][0] <= self.first:
                continue
            mine = project in projects or (project is None and with_people)
            if mine and (with_people or member is None):
                found.update(day for day, _ in held)
        return sorted(day for day in found if day > self.first)

    def _rate(self, whose: Whose, day: date) -> int | None:
        for from_day, per_hour in reversed(self.rates.get(whose, ())):
            if from_day <= day:
                return per_hour
        return None


def price_list(
    first: date,
    terms: Mapping[int, Sequence[Terms]],
    rates: Iterable[tuple[Whose, date, int]] = (),
) -> PriceList:
    """Of terms by project, and rates; each in the order of days."""
    of_whom: dict[Whose, list[tuple[date, int]]] = {}
    for whose, day, per_hour in rates:
        of_whom.setdefault(whose, []).append((day, per_hour))
    return PriceList(first, terms, of_whom)

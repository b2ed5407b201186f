"""How billing is told, wherever it is."""

from collections.abc import Mapping
from datetime import date

from bot.domain.money.billing import ALWAYS, Method, Rate, Terms
from bot.domain.money.money import Money

CLIENT = "projects.client"
BILLING = "projects.billing"
"""Buttons of a project, and of everything that is ticked."""

METHODS: Mapping[Method, str] = {
    Method.NON_BILLABLE: "Not billable",
    Method.PROJECT_RATE: "By the hour, one rate for the project",
    Method.PERSON_RATE: "By the hour, each person's own rate",
    Method.FIXED_FEE: "A fixed fee",
}


def since(day: date) -> str:
    """From which day something holds."""
    return "from the beginning" if day == ALWAYS else f"from {day.day} {day:%b %Y}"


def closed_too(day: date | None) -> str:
    """That time of closed months is priced anew."""
    if day is None:
        return ""
    return f" Time of closed months is priced anew by this, up to {day:%B %Y}: see what was billed."


def removed(closed: date | None) -> str:
    """That terms or a rate were taken away, and what that does to closed months."""
    return f"Removed.{closed_too(closed)}"


def priced(terms: Terms, rates: tuple[Rate, ...] = ()) -> str:
    """How it is billed, with the amount where there is one."""
    if terms.method is Method.FIXED_FEE and terms.fee is not None:
        return f"a fixed fee of {Money(terms.fee, terms.currency)}"
    if terms.method is Method.PROJECT_RATE:
        fitting = [one for one in rates if one.currency == terms.currency]
        if fitting:
            rate = max(fitting, key=lambda one: one.from_day)
            return f"by the hour, {Money(rate.per_hour, rate.currency)}"
    return METHODS[terms.method].lower()

"""The prices of entries: the database and the plain rule say the same, to the cent."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.domain.ids import MemberId, ProjectId, TaskId
from bot.domain.money.billing import ALWAYS, Method, Price, Terms
from bot.domain.money.money import Money, Purse, earned
from bot.domain.money.price_list import price_list
from storage.entries.time_entries import TimeEntryRow
from storage.money import billing, price_lists, priced, unbilled_tasks
from storage.sql import table
from storage.unit_of_work import Tx
from tests.builders import NOON
from tests.lengths import FIRST, Length, track
from tests.services.office import Office
from tests.storage.money.book import Book, Work

_E = table(TimeEntryRow).c


@dataclass
class Ledger:
    """Two projects, two people, two tasks and none."""

    office: Office
    projects: Sequence[ProjectId]
    people: Sequence[MemberId]
    tasks: Sequence[TaskId | None]

    def track(self, tx: Tx, lengths: Sequence[Length]) -> None:
        """Saves them."""
        team_id = self.office.world.team_id
        track(tx, team_id, lengths, projects=self.projects, people=self.people, tasks=self.tasks)

    def price(self, book: Book, one: Length, free: set[TaskId]) -> Price:
        """By the plain rule."""
        is_task_billable = self.tasks[one.task] not in free
        place = (self.projects[one.project], self.people[one.person], on(one.day))
        return book.price(Work(*place, is_task_billable=is_task_billable))


@pytest.fixture
def ledger(database_url: str) -> Iterator[Ledger]:
    """Website and Shop, Ana and Bo."""
    office = Office(database_url)
    shop, bo = office.world.project("Shop", "SHOP"), office.world.member("bo")
    yield Ledger(
        office, [office.website, shop], [office.ana.id, bo.id], [None, office.web12, office.web9]
    )
    office.world.close()


def on(day: int | None) -> date:
    """A day of November; None for always."""
    return ALWAYS if day is None else FIRST + timedelta(days=day)


_DAYS = st.integers(0, 9)
_FROM = st.one_of(st.none(), _DAYS)
_CURRENCIES = st.sampled_from(["EUR", "USD"])
_PAIR, _ONE_OF_THREE = st.integers(0, 1), st.integers(0, 2)
_LENGTHS = st.lists(
    st.builds(Length, _PAIR, _PAIR, _ONE_OF_THREE, _DAYS, st.integers(1, 30_000)), max_size=25
)
_TERMS = st.lists(
    st.tuples(_PAIR, st.builds(Terms, _FROM.map(on), st.sampled_from(Method), _CURRENCIES)),
    max_size=6,
)
_WHOSE = st.sampled_from([(0, None), (1, None), (0, 0), (0, 1), (None, 0), (None, 1)])
_RATES = st.lists(st.tuples(_WHOSE, _FROM.map(on), _CURRENCIES, st.integers(0, 30_000)), max_size=8)

_GROUPS: Mapping[str, tuple[Any, Callable[[Ledger, Length], object]]] = {
    "project": (_E.project_id, lambda ledger, one: ledger.projects[one.project]),
    "person": (_E.member_id, lambda ledger, one: ledger.people[one.person]),
    "task": (_E.task_id, lambda ledger, one: ledger.tasks[one.task]),
    "day": (_E.work_date, lambda _, one: on(one.day)),
}


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    lengths=_LENGTHS,
    terms=_TERMS,
    rates=_RATES,
    free=st.sets(st.integers(1, 2)),
    by=st.sets(st.sampled_from(sorted(_GROUPS))),
)
def test_the_database_says_what_the_rule_says(
    *,
    ledger: Ledger,
    lengths: Sequence[Length],
    terms: Sequence[tuple[int, Terms]],
    rates: Sequence[tuple[tuple[int | None, int | None], date, str, int]],
    free: set[int],
    by: set[str],
) -> None:
    """Whatever rates and terms change on which days: by any grouping, to the second and cent."""
    office = ledger.office
    unbilled = {one for at in free if (one := ledger.tasks[at]) is not None}
    with office.world.uow.begin() as tx:
        team_id, admin = office.world.team_id, office.admin.id
        ledger.track(tx, lengths)
        held = {
            ledger.projects[at]: {one.from_day: one for project, one in terms if project == at}
            for at in (0, 1)
        }
        wanted = {project: list(days.values()) for project, days in held.items()}
        billing.replace_terms(tx, team_id, wanted, by=admin, now=NOON)
        for (project_at, person_at), day, currency, per_hour in rates:
            whose = (
                None if project_at is None else ledger.projects[project_at],
                None if person_at is None else ledger.people[person_at],
            )
            billing.set_rates(
                tx,
                team_id,
                [whose],
                currency=currency,
                per_hour=per_hour,
                from_day=day,
                by=admin,
                now=NOON,
            )
        unbilled_tasks.set_billed(tx, team_id, unbilled, billed=False, by=admin, now=NOON)
        book = Book(
            dict(billing.terms(tx, team_id, ledger.projects)),
            billing.rates(tx, team_id, projects=ledger.projects, members=ledger.people),
        )
        days = price_lists.Days(FIRST, on(10))
        of_projects = price_lists.terms(tx, team_id, days)
        of_people = price_lists.rates(tx, team_id, days, of_projects.items())
        prices = price_list(FIRST, of_projects, of_people)
        for length in lengths:
            place = (ledger.projects[length.project], ledger.people[length.person], on(length.day))
            assert prices.price(*place) == book.price(Work(*place))
        said = _added_by_hand(ledger, lengths, book, unbilled, sorted(by))
        assert _added_by_the_database(tx, ledger, sorted(by)) == said
        tx.core.rollback()


Sums = dict[tuple[object, ...], tuple[list[Money], int, int, int]]
"""What was earned; all, billable and unpriced seconds: of each group."""


def _added_by_hand(
    ledger: Ledger, lengths: Sequence[Length], book: Book, free: set[TaskId], by: Sequence[str]
) -> Sums:
    sums: Sums = {}
    for key in {tuple(_GROUPS[name][1](ledger, one) for name in by) for one in lengths}:
        purse, counts = Purse(), [0, 0, 0]
        for one in lengths:
            if tuple(_GROUPS[name][1](ledger, one) for name in by) != key:
                continue
            price = ledger.price(book, one, free)
            if price.currency and price.per_hour:
                purse.add(price.currency, earned(one.seconds, price.per_hour or 0))
            for at, yes in enumerate((True, price.is_billable, price.is_unpriced)):
                counts[at] += one.seconds if yes else 0
        sums[key] = (list(purse), counts[0], counts[1], counts[2])
    return sums


def _added_by_the_database(tx: Tx, ledger: Ledger, by: Sequence[str]) -> Sums:
    team_id = ledger.office.world.team_id
    by_day = bool(len(by) % 2)
    era = None if by_day else priced.eras(tx, team_id, FIRST, on(10))
    where = [_E.team_id == team_id]
    prices = priced.priced(team_id, where, [_GROUPS[name][0] for name in by], era=era)
    keys = list(prices.keys.values())
    query = (
        select(
            *keys,
            prices.currency.label("currency"),
            prices.earned.label("earned"),
            prices.seconds.label("all"),
            prices.billable.label("billable"),
            prices.unpriced.label("unpriced"),
        )
        .select_from(prices.source)
        .group_by(*keys, prices.currency)
    )
    rows: dict[tuple[object, ...], list[Any]] = {}
    for row in tx.execute(query):
        rows.setdefault(tuple(row[: len(keys)]), []).append(row)
    return {
        key: (
            list(priced.purse(some)),
            sum(int(row.all) for row in some),
            sum(int(row.billable) for row in some),
            sum(int(row.unpriced) for row in some),
        )
        for key, some in rows.items()
    }

"""What programs read over the API: everything as far as their person may see it now."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.domain.days import work_date
from bot.domain.entries.entries import zone_of
from bot.domain.ids import ClientId, ProjectId
from bot.domain.input_errors import PeriodNotUnderstood
from bot.domain.money.money import AN_HOUR, Money, Purse, rounded
from bot.domain.operating.api_reading import (
    OVERLAP,
    ClientPage,
    Days,
    EntryAsk,
    EntryPage,
    Me,
    Place,
    ProjectPage,
    ReadEntry,
    ReadProject,
    ReportAsk,
    ReportPage,
    any_day,
)
from bot.domain.people.people import Member
from bot.domain.period_words import period_words
from bot.domain.periods import Around, Period, Unit, period_from, resolve_period
from bot.domain.projects.projects import ManagerOnly
from bot.domain.reports.reports import suited
from bot.domain.reports.team_reports import Reach, TeamChoice
from bot.services import rights
from bot.services.reports.reach import reach_of
from bot.services.reports.team import Maker
from storage import teams
from storage.money import billing, clients
from storage.operating import api_entries, api_projects
from storage.operating.api_entries import Billed
from storage.reports.team_sums import Which
from storage.unit_of_work import Tx, UnitOfWork


class ApiReading:
    """Reads; nothing here changes anything."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def me(self, *, who: Member, now: datetime) -> Me:
        """Who asks, and how far they see."""
        with self._uow.read() as tx:
            reach, _ = reach_of(tx, who, for_team=True)
            team = teams.find(tx, who.team_id)
            return Me(
                who=who,
                team="" if team is None else team.name,
                reach=reach,
                sees_money=rights.sees_amounts(tx, who, own=reach is Reach.OWN),
                today=_today(who, now),
            )

    def projects(
        self, *, who: Member, now: datetime, archived: bool | None, after: int, limit: int
    ) -> ProjectPage:
        """Projects that they belong to; all of them for admins."""
        with self._uow.read() as tx:
            managed = _managed(tx, who)
            mine = None if managed is None else who.id
            found = api_projects.after(
                tx, who.team_id, after, mine=mine, archived=archived, limit=limit + 1
            )
            shown = found[:limit]
            terms = billing.terms(tx, who.team_id, [one.id for one in shown])
            today = _today(who, now)
            held = {
                id_: next((one for one in reversed(of) if one.from_day <= today), None)
                for id_, of in terms.items()
            }
            wanted = {one.client_id for one in held.values() if one and one.client_id}
            names = clients.names(tx, who.team_id, wanted)
        projects = [
            ReadProject(
                listed=one,
                manages=managed is None or one.id in managed,
                client=_named(now_held.client_id, names) if now_held else None,
                method=now_held.method if now_held else None,
                currency=now_held.currency if now_held else None,
            )
            for one in shown
            for now_held in [held.get(one.id)]
        ]
        return ProjectPage(projects, shown[-1].id if len(found) > limit else None)

    def clients(self, *, who: Member, after: int, limit: int) -> ClientPage:
        """Clients, which admins alone list.

        Raises:
            AdminOnly: who asks is none.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            found = clients.after(tx, who.team_id, after, limit=limit + 1)
        shown = found[:limit]
        return ClientPage(shown, shown[-1].id if len(found) > limit else None)

    def entries(
        self, *, who: Member, now: datetime, ask: EntryAsk, after: Place | None, limit: int
    ) -> EntryPage:
        """Their own entries, or those of everybody as far as they may see them.

        Raises:
            PeriodNotUnderstood: the period lies outside the years in which days are named.
        """
        with self._uow.read() as tx:
            reach, seen = reach_of(tx, who, for_team=ask.for_team)
            if ask.days is None and ask.since is not None:
                period = any_day()
            else:
                period = _period(tx, who, ask.days, now)
            which = Which(seen, period, ask.filters)
            since = None if ask.since is None else ask.since - OVERLAP
            found = api_entries.page(tx, which, since=since, after=after, limit=limit + 1)
            shown = found[:limit]
            ids = [one.entry.id for one in shown]
            billed = api_entries.billed(tx, who.team_id, ids)
            changed = api_entries.changed(tx, who.team_id, ids)
            sees_money = rights.sees_amounts(tx, who, own=reach is Reach.OWN)
        purse = Purse(dict(after.open) if after else {})
        shown = [
            _priced(
                replace(one, changed_at=changed.get(one.entry.id, one.changed_at)),
                billed.get(one.entry.id),
                purse,
                sees_money=sees_money,
            )
            for one in shown
        ]
        days = None if ask.days is None and ask.since is not None else period
        return EntryPage(
            entries=shown,
            ask=replace(ask, days=days),
            after=_place(shown, purse) if len(found) > limit else None,
            reach=reach,
        )

    def report(
        self, *, who: Member, now: datetime, ask: ReportAsk, page: int, limit: int
    ) -> ReportPage:
        """The same report that Slack shows.

        Raises:
            PeriodNotUnderstood: the period lies outside the years in which days are named.
            Vanished: it is about something that is not there, or not to be seen.
        """
        with self._uow.read() as tx:
            reach, seen = reach_of(tx, who, for_team=ask.for_team)
            period = _period(tx, who, ask.days, now)
            group = suited(ask.group, period, ask.filters.about)
            choice = TeamChoice(period, group, ask.filters, ask.for_team)
            maker = Maker(tx, who, reach, seen, _today(who, now))
            return ReportPage(maker.report(choice, page, shown=limit), limit)


def _today(who: Member, now: datetime) -> date:
    return work_date(now, zone_of(who.zone))


def _managed(tx: Tx, who: Member) -> frozenset[ProjectId] | None:
    try:
        return rights.managed(tx, who)
    except ManagerOnly:
        return frozenset()


def _period(tx: Tx, who: Member, days: Days, now: datetime) -> Period:
    if isinstance(days, Period):
        found = period_from(days.code)
        if found is None:
            raise PeriodNotUnderstood(f"{days.first} to {days.last}")
        return found
    words = days or Around(Unit.WEEK, 0)
    resolved = resolve_period(words, _today(who, now), teams.settings(tx, who.team_id).week_start)
    if resolved is None:
        raise PeriodNotUnderstood(period_words(words))
    return resolved


def _named(client_id: ClientId | None, names: dict[ClientId, str]) -> tuple[ClientId, str] | None:
    return None if client_id is None else (client_id, names.get(client_id, ""))


def _priced(one: ReadEntry, billed: Billed | None, purse: Purse, *, sees_money: bool) -> ReadEntry:
    if billed is None:  # a timer, or deleted
        return one
    one = replace(one, client=billed.client, is_billable=billed.is_billable)
    if not sees_money or billed.rate is None:
        return one
    currency = billed.rate.currency
    before = rounded(purse.held.get(currency, 0))
    purse.add(currency, (one.entry.seconds or 0) * billed.rate.minor)
    amount = Money(rounded(purse.held[currency]) - before, currency)
    return replace(one, rate=billed.rate, amount=amount)


def _place(shown: Sequence[ReadEntry], purse: Purse) -> Place:
    last = shown[-1].entry
    rest = {currency: held % AN_HOUR for currency, held in purse.held.items() if held % AN_HOUR}
    return Place(last.work_date, last.id, rest)

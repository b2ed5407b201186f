"""Where everybody's hours and money went, as far as who asks may see it (M4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property, partial
from typing import Any

from bot.domain.days import work_date
from bot.domain.entries.entries import zone_of
from bot.domain.errors import Vanished
from bot.domain.ids import MemberId
from bot.domain.input_errors import PeriodNotUnderstood
from bot.domain.people.people import Member
from bot.domain.period_words import period_words
from bot.domain.periods import Around, Period, Unit, period_around, resolve_period
from bot.domain.preferences import TeamSettings
from bot.domain.reports.report_errors import OthersTimeUnseen
from bot.domain.reports.reports import (
    Group,
    Narrowed,
    ReportWish,
    RowName,
    by_calendar,
    compared_with,
    suited,
)
from bot.domain.reports.team_reports import (
    ROWS_SHOWN,
    Filters,
    Pile,
    Reach,
    TeamChoice,
    TeamReport,
    TeamRow,
)
from bot.services import rights
from bot.services.reports.meaning import about_meant, filters_meant, own_meant
from bot.services.reports.reach import clients_seen, reach_of
from storage import members, teams
from storage.money import clients
from storage.reports import report_sums, team_sums
from storage.reports.report_sums import Seen
from storage.reports.team_sums import Which
from storage.unit_of_work import Tx, UnitOfWork

_MOST_NAMED = 20


class TeamReports:
    """Reports of finished time: one's own, a manager's projects', everybody's."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def meant(self, *, who: Member, now: datetime, wish: ReportWish) -> TeamChoice:
        """What somebody's words mean, without what is in it.

        Raises:
            PeriodNotUnderstood: the period lies outside the years in which days are named.
            NothingTrackedOn: nothing of that name has time that they may see.
            OnlyOthersTracked: it has time of others alone, and the report is of their own.
            TooManyMeant: the name means more than a report is about.
            PersonNotFound: nobody, or more than one person, is called that.
            OthersTimeUnseen: somebody else's is wanted by who sees their own alone.
            ClientUnknown: no client is called that.
        """
        with self._uow.read() as tx:
            return _meant(tx, who, now, wish)

    def chosen(
        self, *, who: Member, now: datetime, choice: TeamChoice, page: int = 0
    ) -> TeamReport:
        """What a button holds.

        Raises:
            Vanished: it is about something that is not there, or not to be seen.
        """
        with self._uow.read() as tx:
            reach, seen = reach_of(tx, who, for_team=choice.for_team)
            today = work_date(now, zone_of(who.zone))
            return Maker(tx, who, reach, seen, today).report(choice, page)


def _meant(tx: Tx, who: Member, now: datetime, wish: ReportWish) -> TeamChoice:
    for_team = wish.for_team or bool(wish.person)
    reach, seen = reach_of(tx, who, for_team=for_team)
    today = work_date(now, zone_of(who.zone))
    words = wish.period or Around(Unit.WEEK, 0)
    period = resolve_period(words, today, teams.settings(tx, who.team_id).week_start)
    if period is None:
        raise PeriodNotUnderstood(period_words(words))
    about = Narrowed()
    if wish.about is not None:
        about = about_meant(tx, seen, wish.about) if for_team else own_meant(tx, who, wish.about)
    filters = filters_meant(tx, who, seen, wish, about)
    if reach is Reach.OWN and any(one != who.id for one in filters.people):
        (other,) = members.by_ids(tx, who.team_id, filters.people).values()
        raise OthersTimeUnseen(other.name)
    group = suited(wish.group, period, about)
    if wish.group is None and period.unit is Unit.DAY and not about:
        group = Group.PROJECT
    return TeamChoice(period, group, filters, for_team)


@dataclass(frozen=True)
class Maker:
    """Adds up one report in an open transaction."""

    tx: Tx
    who: Member
    reach: Reach
    seen: Seen
    today: date
    shows_money: bool = True
    """Whoever reads it may see amounts, as far as who asks may."""

    def piece(self, choice: TeamChoice, part: Period) -> Mapping[Any, Pile]:
        """A part of the period added up, for ``report`` to put together."""
        which, group = replace(self._which(choice), period=part), choice.group
        if group is Group.LABEL:
            return team_sums.by_labels(self.tx, which)
        if group.unit is not None:
            return self._days(which, group.unit, self._team.week_start)
        return team_sums.piles(self.tx, which, group)

    @cached_property
    def _team(self) -> TeamSettings:
        return teams.settings(self.tx, self.seen.team_id)

    @cached_property
    def _sees_money(self) -> bool:
        own = self.reach is Reach.OWN
        return self.shows_money and rights.sees_amounts(self.tx, self.who, own=own, team=self._team)

    def _which(self, choice: TeamChoice) -> Which:
        return Which(
            self.seen,
            choice.period,
            choice.filters,
            with_money=self._sees_money,
            rounding=self._team.rounding,
        )

    def report(
        self,
        choice: TeamChoice,
        page: int,
        *,
        shown: int | None = ROWS_SHOWN,
        piles: Mapping[Any, Pile] | None = None,
    ) -> TeamReport:
        """A page of so many rows; None is all of them.

        Args:
            choice: Which report.
            page: Which page.
            shown: Rows on a page.
            piles: The sums, where they were added up before, piece by piece.

        Raises:
            Vanished: it is about something that is not there, or not to be seen.
        """
        tx = self.tx
        about = tuple(names_of(tx, self.who, self.seen, choice.filters))
        before = compared_with(choice.period, self.today)
        which = team_sums.based(tx, self._which(choice), before)
        sees_money = which.with_money
        is_now = choice.period.first <= self.today < choice.period.after_last
        running = team_sums.running(tx, which) if is_now else []
        rows, total, number, most, page = self._rows(which, choice.group, (page, shown), piles)
        return TeamReport(
            choice=choice,
            reach=self.reach,
            about=about,
            rows=tuple(
                TeamRow(name, one.told(sees_money=sees_money), id_) for name, one, id_ in rows
            ),
            most=most,
            number=number,
            page=page,
            total=total.told(sees_money=sees_money),
            before=before,
            before_seconds=(
                0 if before is None else team_sums.seconds(tx, replace(which, period=before))
            ),
            running=len(running),
            runners=self._called(running) if choice.group is Group.PERSON else (),
            sees_money=sees_money,
            today=self.today,
            rounding=which.rounding,
        )

    def _called(self, people: Sequence[MemberId]) -> tuple[str, ...]:
        keys = [(int(one), 0) for one in people[:_MOST_NAMED]]
        found = team_sums.names(self.tx, self.seen.team_id, Group.PERSON, keys)
        return tuple(str(found[key]) for key in keys if key in found)

    def _rows(
        self,
        which: Which,
        group: Group,
        paged: tuple[int, int | None],
        piles: Mapping[Any, Pile] | None,
    ) -> tuple[Sequence[tuple[RowName, Pile, int | None]], Pile, int, int, int]:
        """Those of a page; what all come to, how many, the longest of them, and which page."""
        page, size = paged
        if group.unit is not None or group is Group.LABEL:
            every, total = (
                self._by_label(which, piles)
                if group is Group.LABEL
                else self._by_calendar(which, group.unit or Unit.DAY, piles)
            )
            most = max((one.seconds for _, one in every), default=0)
            listed = [(name, one, None) for name, one in every]
            if size is None:
                return listed, total, len(every), most, 0
            page = max(0, min(page, (len(every) - 1) // size))
            shown = listed[page * size : (page + 1) * size]
            return shown, total, len(every), most, page
        tx = self.tx
        ranked = partial(team_sums.ranked, tx, which, group)
        if piles is not None:
            ranked = partial(team_sums.in_order, piles)
        found = ranked(limit=size, offset=page * (size or 0))
        if not found.rows and found.number:  # time was deleted since the button was drawn
            page = 0
            found = ranked(limit=size)
        names = team_sums.names(tx, self.seen.team_id, group, list(found.rows))
        rows = [(names.get(key, ""), pile, key[0] or None) for key, pile in found.rows.items()]
        return rows, found.total, found.number, found.most, page

    def _days(self, which: Which, unit: Unit, week_start: int) -> Mapping[date, Pile]:
        """Of each day, or of each week or month as far as it is in the period, by its first day."""
        begins = None if unit is Unit.DAY else _begins(which.period, unit, week_start)
        return team_sums.by_day(self.tx, which, begins)

    def _by_calendar(
        self, which: Which, unit: Unit, piles: Mapping[Any, Pile] | None
    ) -> tuple[Sequence[tuple[RowName, Pile]], Pile]:
        week_start, period = self._team.week_start, which.period
        days = self._days(which, unit, week_start) if piles is None else piles
        total = Pile()
        for pile in days.values():
            total.add(pile)
        spans = by_calendar(
            ((day, 0) for day in days), period, unit, today=self.today, week_start=week_start
        )
        added = {span: Pile() for span, _ in spans}
        for day, pile in days.items():
            added[period_around(day, unit, week_start)].add(pile)
        return list(added.items()), total

    def _by_label(
        self, which: Which, piles: Mapping[Any, Pile] | None
    ) -> tuple[Sequence[tuple[RowName, Pile]], Pile]:
        total, of_label = Pile(), dict[str, Pile]()
        found = team_sums.by_labels(self.tx, which) if piles is None else piles
        for labels, pile in found.items():
            total.add(pile)
            for label in labels or ("",):
                of_label.setdefault(label, Pile()).add(pile)
        rows = sorted(of_label.items(), key=lambda one: (-one[1].seconds, one[0].casefold()))
        return rows, total


def _begins(period: Period, unit: Unit, week_start: int) -> list[date]:
    """The first days of weeks or months in a period, its own first day aside."""
    found: list[date] = []
    one = period_around(period.first, unit, week_start)
    while one.after_last < period.after_last:
        found.append(one.after_last)
        one = period_around(one.after_last, unit, week_start)
    return found


def names_of(tx: Tx, who: Member, seen: Seen, filters: Filters) -> list[str]:
    """What a report is about.

    Raises:
        Vanished: something that is not there, or not to be seen.
    """
    found: list[str] = []
    about = filters.about
    if about:
        visible = Narrowed(
            tuple(report_sums.projects_tracked(tx, seen, about.projects)),
            tuple(report_sums.tasks_tracked(tx, seen, about.tasks)),
        )
        found = report_sums.names(tx, seen.team_id, visible) if visible else []
        if not found:
            raise Vanished("project")
    if filters.clients:
        only = clients_seen(tx, who, seen)
        told = [one for one in filters.clients if only is None or one in only]
        called = clients.names(tx, seen.team_id, told)
        if not called:
            raise Vanished("client")
        found += sorted(called.values())
    if filters.people:
        people = members.by_ids(tx, seen.team_id, filters.people)
        if not people:
            raise Vanished("member")
        found += sorted(one.name for one in people.values())
    return found

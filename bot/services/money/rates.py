"""What people's hours earn, on one project or everywhere; and tasks that earn nothing (M1)."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from bot.domain.days import work_date
from bot.domain.entries.entries import zone_of
from bot.domain.errors import Vanished
from bot.domain.ids import ProjectId, RateId, SlackUserId, TaskId
from bot.domain.money.billing import ALWAYS
from bot.domain.money.billing_errors import PersonMissing
from bot.domain.money.billing_forms import (
    PAGE_SIZE,
    RateLine,
    RatesPage,
    RatesSet,
    RateWish,
    TaskChoice,
    TasksBilled,
    TasksForm,
)
from bot.domain.money.money import Money, read_amount, read_currency
from bot.domain.people.people import Member
from bot.services import rights
from bot.services.money.billing import look_at_money, targets, today_terms
from bot.services.money.closed_months import priced_anew
from storage import members, teams
from storage.money import billing, unbilled_tasks
from storage.operating import audit
from storage.unit_of_work import Tx, UnitOfWork

_OFFERED = 50
_NAMED = 20


class Rates:
    """Use cases by admins."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def page(
        self, *, who: Member, project_id: ProjectId | None, page: int, now: datetime
    ) -> RatesPage:
        """One page of people's rates, as near as there is to the one asked for.

        Raises:
            AdminOnly: who asks may not.
            Vanished: there is no such project.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            team_id, name = who.team_id, None
            if project_id is not None:
                name = targets(tx, team_id, [project_id])[project_id].name
            currency = _currency(tx, who, project_id, now)
            _, total = billing.people_rates(tx, team_id, project_id, limit=1)
            page = min(page, max(0, -(-total // PAGE_SIZE) - 1))
            found, total = billing.people_rates(
                tx, team_id, project_id, limit=PAGE_SIZE, offset=page * PAGE_SIZE
            )
            lines = tuple(RateLine(rate, person) for rate, person in found)
            return RatesPage(project_id, name, currency, lines, total, page)

    def strangers(self, *, who: Member, users: Collection[SlackUserId]) -> set[SlackUserId]:
        """Those of these whom we have not met yet, or who have left."""
        with self._uow.read() as tx:
            known = members.by_slack_ids(tx, who.team_id, users)
        return set(users) - {one.slack_user_id for one in known}

    def set(self, *, who: Member, wish: RateWish, now: datetime) -> RatesSet:
        """From a day on, each of these people's hours earns so much.

        Raises:
            AdminOnly: who asks may not.
            Vanished: there is no such project.
            PersonMissing: nobody is named.
            CurrencyUnknown: there is no such currency.
            AmountNotUnderstood: it is no amount in that currency.
        """
        currency = read_currency(wish.currency)
        amount = read_amount(wish.amount, currency)
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            team_id = who.team_id
            teams.lock(tx, team_id)
            where = wanted = ""
            if wish.project_id is not None:
                where = targets(tx, team_id, [wish.project_id])[wish.project_id].name
                wanted = _currency(tx, who, wish.project_id, now)
            people = members.by_slack_ids(tx, team_id, wish.users)
            if not people:
                raise PersonMissing
            billing.set_rates(
                tx,
                team_id,
                [(wish.project_id, one.id) for one in people],
                currency=currency,
                per_hour=amount.minor,
                from_day=wish.from_day,
                by=who.id,
                now=now,
            )
            look_at_money(tx, who, now)
            since = "always" if wish.from_day == ALWAYS else wish.from_day.isoformat()
            state = {"project": where, "rate": str(amount), "from": since}
            audit.record_many(
                tx,
                team_id,
                actor=who.id,
                action="rate.set",
                now=now,
                before=None,
                after=[(f"member:{one.id}", state) for one in people],
            )
            left = len(set(wish.users)) - len(people)
            return RatesSet(
                tuple(one.name for one in people),
                str(amount),
                wish.from_day,
                priced_anew(
                    tx,
                    team_id,
                    wish.from_day,
                    projects=None if wish.project_id is None else [wish.project_id],
                    people=[one.id for one in people],
                ),
                "" if wanted == currency else wanted,
                left,
            )

    def remove(self, *, who: Member, rate_id: RateId, now: datetime) -> date | None:
        """Takes a rate away; the one before it goes on.

        Returns:
            The last day of closed months whose time has other prices now; None where there is none.

        Raises:
            AdminOnly: who asks may not.
            Vanished: it is gone already.
        """
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            rate = billing.rate(tx, who.team_id, rate_id)
            if rate is None:
                raise Vanished("rate")
            billing.drop_rate(tx, who.team_id, rate_id)
            look_at_money(tx, who, now)
            of_person = f"member:{rate.member_id}"
            audit.record(
                tx,
                who.team_id,
                actor=who.id,
                action="rate.remove",
                subject=f"project:{rate.project_id}" if rate.member_id is None else of_person,
                now=now,
                before={
                    "rate": str(Money(rate.per_hour, rate.currency)),
                    "from": "always" if rate.from_day == ALWAYS else rate.from_day.isoformat(),
                },
                after=None,
            )
            return priced_anew(
                tx,
                who.team_id,
                rate.from_day,
                projects=None if rate.project_id is None else [rate.project_id],
                people=None if rate.member_id is None else [rate.member_id],
            )

    def tasks(self, *, who: Member, project_id: ProjectId) -> TasksForm:
        """Which tasks of a project are not billed.

        Raises:
            AdminOnly: who asks may not.
            Vanished: there is no such project.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            name = targets(tx, who.team_id, [project_id])[project_id].name
            total = unbilled_tasks.count(tx, who.team_id, project_id)
            found = unbilled_tasks.search(
                tx, who.team_id, project_id, "", unbilled=True, limit=_NAMED
            )
            return TasksForm(name, tuple(found), total)

    def find_tasks(
        self, *, who: Member, project_id: ProjectId, words: str, unbilled: bool
    ) -> Sequence[TaskChoice]:
        """What a searching select offers.

        Raises:
            AdminOnly: who asks may not.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            return unbilled_tasks.search(
                tx, who.team_id, project_id, words, unbilled=unbilled, limit=_OFFERED
            )

    def set_tasks(
        self,
        *,
        who: Member,
        project_id: ProjectId,
        unbilled: Sequence[TaskId],
        billed: Sequence[TaskId],
        now: datetime,
    ) -> TasksBilled:
        """These are not billed any more, and those are again, with all their time.

        Raises:
            AdminOnly: who asks may not.
            Vanished: there is no such project.
        """
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            teams.lock(tx, who.team_id)
            targets(tx, who.team_id, [project_id])
            numbers = []
            for wanted, is_billed in ((unbilled, False), (billed, True)):
                found = unbilled_tasks.named(tx, who.team_id, project_id, wanted)
                numbers.append(
                    unbilled_tasks.set_billed(
                        tx,
                        who.team_id,
                        [one.id for one in found],
                        billed=is_billed,
                        by=who.id,
                        now=now,
                    )
                )
                if numbers[-1]:
                    audit.record(
                        tx,
                        who.team_id,
                        actor=who.id,
                        action="task.billing",
                        subject=f"project:{project_id}",
                        now=now,
                        before={"billed": not is_billed},
                        after={"billed": is_billed, "tasks": [one.name for one in found]},
                    )
            look_at_money(tx, who, now)
            return TasksBilled(numbers[1], numbers[0])


def _currency(tx: Tx, who: Member, project_id: ProjectId | None, now: datetime) -> str:
    """What the time on a project is billed in today; without one, what the team has."""
    own = teams.settings(tx, who.team_id).currency
    if project_id is None:
        return own
    terms = today_terms(tx, who.team_id, project_id, work_date(now, zone_of(who.zone)))
    return terms.currency if terms else own

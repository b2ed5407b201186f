"""How projects are billed: client, method, fee, and tasks that are not (M1)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.domain.days import work_date
from bot.domain.entries.entries import zone_of
from bot.domain.errors import Vanished
from bot.domain.ids import ClientId, ProjectId, TeamId
from bot.domain.linking.linking import Target
from bot.domain.money.billing import ALWAYS, Method, Rate, Terms, terms_on
from bot.domain.money.billing_errors import AmountForNothing, AmountMissing, CurrenciesMixed
from bot.domain.money.billing_forms import (
    MOST_SHOWN,
    Agreed,
    BillingForm,
    BillingWish,
    TermsLine,
    nothing_agreed,
    with_client,
    with_method,
)
from bot.domain.money.money import Money, read_amount
from bot.domain.people.people import Member
from bot.services import rights
from bot.services.money.closed_months import priced_anew
from storage import teams
from storage.linking import link_targets
from storage.money import billing, budgets, clients, unbilled_tasks
from storage.operating import audit
from storage.unit_of_work import Tx, UnitOfWork

Held = dict[ProjectId, list[Terms]]


class Billing:
    """Use cases by admins, on one project or many."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def form(self, *, who: Member, project_ids: Sequence[ProjectId], now: datetime) -> BillingForm:
        """What holds today, and what began when.

        Raises:
            AdminOnly: who asks may not.
            Vanished: one of them is not this team's.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            team_id, today = who.team_id, work_date(now, zone_of(who.zone))
            found = targets(tx, team_id, project_ids)
            start = nothing_agreed(teams.settings(tx, team_id).currency)
            held = billing.terms(tx, team_id, project_ids)
            present = [terms_on(held.get(one, ()), today) or start for one in project_ids]
            currencies = tuple(sorted({one.currency for one in present}))
            every = [one for terms in held.values() for one in terms]
            had_client = any(one.client_id is not None for one in every)
            was_billed = any(one.method is not Method.NON_BILLABLE for one in every)
            if len(found) > 1:
                form = BillingForm(None, len(found), None, start, (), (), currencies)
                return replace(form, had_client=had_client, was_billed=was_billed)
            (project_id,) = found
            history = _history(tx, team_id, held.get(project_id, []))
            client_id = present[0].client_id
            return BillingForm(
                found[project_id].name,
                1,
                None if client_id is None else clients.find(tx, team_id, client_id),
                present[0],
                history[-MOST_SHOWN:],
                tuple(_flat(billing.rates(tx, team_id, projects=[project_id]), project_id)),
                currencies,
                unbilled_tasks.count(tx, team_id, project_id),
                had_client,
                was_billed,
            )

    def set_client(
        self,
        *,
        who: Member,
        project_ids: Sequence[ProjectId],
        client_id: ClientId | None,
        from_day: date,
        now: datetime,
    ) -> Agreed:
        """From a day on the projects are a client's, or nobody's.

        Raises:
            AdminOnly: who asks may not.
            Vanished: one of them, or the client, is not this team's.
        """
        with self._uow.begin() as tx:
            found, held = _begin(tx, who, project_ids)
            client = None if client_id is None else clients.find(tx, who.team_id, client_id)
            if client_id is not None and client is None:
                raise Vanished("client")
            currency = client.currency if client else teams.settings(tx, who.team_id).currency
            after = {
                one: with_client(held.get(one, []), from_day, client_id, currency) for one in found
            }
            changed = _keep(tx, who, held, after, now)
            names = _client_names(tx, who.team_id, [*held.values(), *after.values()])
            lines = {
                one: (
                    _named(terms_on(held.get(one, ()), from_day), names),
                    _named(terms_on(after[one], from_day), names),
                )
                for one in changed
            }
            _audit(tx, who, "project.client", lines, day=from_day, now=now)
            unpriced = _unpriced(tx, who.team_id, after, from_day)
            closed = priced_anew(tx, who.team_id, from_day, projects=changed)
            return Agreed(
                len(found),
                len(changed),
                client=client,
                from_day=from_day,
                closed=closed,
                unpriced=unpriced,
            )

    def set_method(
        self,
        *,
        who: Member,
        project_ids: Sequence[ProjectId],
        wish: BillingWish,
        now: datetime,
    ) -> Agreed:
        """From a day on the projects' time is billed in this way.

        Raises:
            AdminOnly: who asks may not.
            Vanished: one of them is not this team's.
            AmountMissing: the way needs a rate or a fee, and there is none.
            AmountForNothing: there is one, and the time is not to be billed.
            AmountNotUnderstood: it is no amount in the projects' currency.
            CurrenciesMixed: one amount for projects in several currencies.
        """
        with self._uow.begin() as tx:
            found, held = _begin(tx, who, project_ids)
            start = nothing_agreed(teams.settings(tx, who.team_id).currency)
            amount = _amount(wish, [_on(held, one, wish.from_day, start) for one in found])
            fees = [one.fee for terms in held.values() for one in terms if one.fee is not None]
            # Where a fee ends, it is still in the field.
            if wish.method is Method.NON_BILLABLE and wish.amount.strip() and not fees:
                raise AmountForNothing
            fee = amount.minor if amount and wish.method is Method.FIXED_FEE else None
            after = {
                one: with_method(held.get(one, []), wish.from_day, wish.method, fee, start)
                for one in found
            }
            changed = set(_keep(tx, who, held, after, now))
            if amount and wish.method is Method.PROJECT_RATE:
                whose = [(one, None) for one in found]
                changed |= set(found)
                billing.set_rates(
                    tx,
                    who.team_id,
                    whose,
                    currency=amount.currency,
                    per_hour=amount.minor,
                    from_day=wish.from_day,
                    by=who.id,
                    now=now,
                )
            unpriced = _unpriced(tx, who.team_id, after, wish.from_day)
            if unpriced and wish.method is Method.PROJECT_RATE and amount is None:
                raise AmountMissing
            lines = {
                one: (
                    _said(terms_on(held.get(one, ()), wish.from_day)),
                    _said(terms_on(after[one], wish.from_day), amount),
                )
                for one in found
                if one in changed
            }
            _audit(tx, who, "project.billing", lines, day=wish.from_day, now=now)
            return Agreed(
                len(found),
                len(changed),
                method=wish.method,
                amount="" if amount is None else str(amount),
                from_day=wish.from_day,
                closed=priced_anew(tx, who.team_id, wish.from_day, projects=changed),
                is_unused=wish.method is Method.PERSON_RATE and bool(wish.amount.strip()),
                unpriced=unpriced,
            )

    def drop(
        self, *, who: Member, project_id: ProjectId, from_day: date, now: datetime
    ) -> date | None:
        """Takes away what began on a day; what held before goes on.

        Returns:
            The last day of closed months whose time has other prices now; None where there is none.

        Raises:
            AdminOnly: who asks may not.
            Vanished: nothing of the project began on that day.
        """
        with self._uow.begin() as tx:
            _, held = _begin(tx, who, [project_id])
            left = [one for one in held.get(project_id, []) if one.from_day != from_day]
            if left == held.get(project_id, []):
                raise Vanished("entry")
            after = {project_id: left}
            _keep(tx, who, held, after, now)
            names = _client_names(tx, who.team_id, held.values())
            was, becomes = (terms_on(one[project_id], from_day) for one in (held, after))
            lines = {
                project_id: (
                    _said(was) | _named(was, names),
                    _said(becomes) | _named(becomes, names),
                )
            }
            _audit(tx, who, "project.billing", lines, day=from_day, now=now)
            return priced_anew(tx, who.team_id, from_day, projects=[project_id])


def targets(
    tx: Tx, team_id: TeamId, project_ids: Sequence[ProjectId]
) -> Mapping[ProjectId, Target]:
    """The projects, all of them.

    Raises:
        Vanished: one is not this team's.
    """
    found = link_targets.by_ids(tx, team_id, project_ids)
    if not project_ids or any(one not in found for one in project_ids):
        raise Vanished("project")
    return found


def look_at_money(tx: Tx, who: Member, now: datetime) -> None:
    """What time earns has changed: budgets in money are looked at."""
    budgets.look_at_money(tx, who.team_id, work_date(now, zone_of(who.zone)))


def today_terms(tx: Tx, team_id: TeamId, project_id: ProjectId, today: date) -> Terms | None:
    """What holds on a day; None where nobody has set any."""
    return terms_on(billing.terms(tx, team_id, [project_id]).get(project_id, ()), today)


def _begin(
    tx: Tx, who: Member, project_ids: Sequence[ProjectId]
) -> tuple[Mapping[ProjectId, Target], Held]:
    rights.admin(tx, who)
    teams.lock(tx, who.team_id)
    return targets(tx, who.team_id, project_ids), billing.terms(tx, who.team_id, project_ids)


def _keep(tx: Tx, who: Member, before: Held, after: Held, now: datetime) -> list[ProjectId]:
    changed = [one for one, terms in after.items() if terms != before.get(one, [])]
    kept = {one: after[one] for one in changed}
    billing.replace_terms(tx, who.team_id, kept, by=who.id, now=now)
    look_at_money(tx, who, now)
    return changed


def _on(held: Held, project_id: ProjectId, day: date, start: Terms) -> Terms:
    return terms_on(held.get(project_id, ()), day) or start


def _amount(wish: BillingWish, present: Sequence[Terms]) -> Money | None:
    if wish.method not in {Method.PROJECT_RATE, Method.FIXED_FEE}:
        return None
    if not wish.amount.strip():
        if wish.method is Method.FIXED_FEE:
            raise AmountMissing
        return None
    currencies = Counter(one.currency for one in present)
    if len(currencies) > 1:
        raise CurrenciesMixed(tuple(sorted(currencies)))
    return read_amount(wish.amount, present[0].currency)


def _flat(rates: Sequence[Rate], project_id: ProjectId) -> list[Rate]:
    return [one for one in rates if (one.project_id, one.member_id) == (project_id, None)]


def _unpriced(tx: Tx, team_id: TeamId, held: Held, day: date) -> int:
    """Projects that are hourly by a rate of their own and have none in their currency."""
    hourly = {
        one: terms.currency
        for one, all_ in held.items()
        if (terms := terms_on(all_, day)) and terms.method is Method.PROJECT_RATE
    }
    rates = billing.rates(tx, team_id, projects=list(hourly))
    priced = {
        (one.project_id, one.currency)
        for one in rates
        if one.member_id is None and one.from_day <= day
    }
    return sum((one, currency) not in priced for one, currency in hourly.items())


def _history(tx: Tx, team_id: TeamId, held: Sequence[Terms]) -> tuple[TermsLine, ...]:
    names = _client_names(tx, team_id, [held])
    return tuple(
        TermsLine(one, None if one.client_id is None else names.get(one.client_id)) for one in held
    )


def _client_names(tx: Tx, team_id: TeamId, held: Iterable[Sequence[Terms]]) -> dict[ClientId, str]:
    ids = {one.client_id for terms in held for one in terms if one.client_id is not None}
    return clients.names(tx, team_id, ids)


def _named(terms: Terms | None, names: Mapping[ClientId, str]) -> dict[str, object]:
    client_id = terms.client_id if terms else None
    return {"client": "" if client_id is None else names.get(client_id, "")}


def _said(terms: Terms | None, amount: Money | None = None) -> dict[str, object]:
    said: dict[str, object] = {"billing": terms.method.value if terms else ""}
    if terms is not None and terms.fee is not None:
        said["fee"] = str(Money(terms.fee, terms.currency))
    elif amount is not None and terms is not None and terms.method is Method.PROJECT_RATE:
        said["rate"] = str(amount)
    return said


def _audit(
    tx: Tx,
    who: Member,
    action: str,
    lines: Mapping[ProjectId, tuple[Mapping[str, object], Mapping[str, object]]],
    *,
    day: date,
    now: datetime,
) -> None:
    since = "always" if day == ALWAYS else day.isoformat()
    audit.record_many(
        tx,
        who.team_id,
        actor=who.id,
        action=action,
        now=now,
        before={f"project:{one}": before for one, (before, _) in lines.items()},
        after=[(f"project:{one}", {**after, "from": since}) for one, (_, after) in lines.items()],
    )

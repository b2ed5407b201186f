"""Budgets of projects, what of them is used, and of which thresholds people were warned."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import (
    JSON,
    ColumnElement,
    Index,
    ScalarSelect,
    UniqueConstraint,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
)
from sqlmodel import Field, SQLModel

from bot.domain.ids import MemberId, ProjectId, TeamId, WarningId
from bot.domain.money.billing import Method
from bot.domain.money.budgets import Budget, Burn, Every, Kind, Stretch
from storage.chunks import chunked
from storage.entries.time_entries import TimeEntryRow
from storage.money.billing import ProjectTermsRow
from storage.money.priced import eras, priced
from storage.sql import AnyRow, change, create_if_free, table
from storage.tasks.channel_defaults import ChannelDefaultRow
from storage.types import BigId, UtcDateTime, one_of
from storage.unit_of_work import Tx


class BudgetRow(SQLModel, table=True):
    """How much may be spent on a project."""

    __tablename__ = "budget"
    __table_args__ = (
        one_of("kind", Kind),
        one_of("every", Every),
        Index("ix_budget_team", "team_id"),
    )

    project_id: int = Field(foreign_key="project.id", primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    kind: str = Field(max_length=8)
    amount: int = Field(sa_type=BigId)
    """Seconds, or smallest units of the currency."""
    currency: str | None = Field(default=None, max_length=3)
    every: str = Field(max_length=8)
    thresholds: list[int] = Field(default_factory=list, sa_type=JSON)
    set_by: int | None = Field(default=None, foreign_key="member.id", sa_type=BigId)
    set_at: datetime = Field(sa_type=UtcDateTime)


class BudgetWarningRow(SQLModel, table=True):
    """A threshold that was reached in a period: nobody is warned of it again."""

    __tablename__ = "budget_warning"
    __table_args__ = (UniqueConstraint("project_id", "first_day", "threshold"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    project_id: int = Field(foreign_key="project.id", sa_type=BigId)
    first_day: date
    """Of the period."""
    threshold: int
    spent: int = Field(sa_type=BigId)
    """When it was seen: seconds, or cent-seconds."""
    seen_at: datetime = Field(sa_type=UtcDateTime)


class BudgetLookRow(SQLModel, table=True):
    """Time on a project with a budget changed: somebody has to look."""

    __tablename__ = "budget_look"
    __table_args__ = (Index("ix_budget_look_team", "team_id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    project_id: int = Field(foreign_key="project.id", sa_type=BigId)
    day: date
    """In the period that changed."""


_B, _W, _L = table(BudgetRow).c, table(BudgetWarningRow).c, table(BudgetLookRow).c
_E, _C, _T = table(TimeEntryRow).c, table(ChannelDefaultRow).c, table(ProjectTermsRow).c


def of_projects(
    tx: Tx, team_id: TeamId, project_ids: Collection[ProjectId]
) -> dict[ProjectId, Budget]:
    """The budgets of those of the projects that have one."""
    found: dict[ProjectId, Budget] = {}
    for some in chunked(list(project_ids)):
        query = select(table(BudgetRow)).where(_B.team_id == team_id, _B.project_id.in_(some))
        found |= {ProjectId(row.project_id): _budget(row) for row in tx.execute(query)}
    return found


def replace(
    tx: Tx,
    team_id: TeamId,
    wanted: Mapping[ProjectId, Budget | None],
    *,
    by: MemberId,
    now: datetime,
) -> None:
    """Exactly these are the projects' budgets."""
    for some in chunked(list(wanted)):
        which = (_B.team_id == team_id, _B.project_id.in_(some))
        change(tx, delete(table(BudgetRow)).where(*which))
    rows = [
        {
            "project_id": project_id,
            "team_id": team_id,
            "kind": one.kind,
            "amount": one.amount,
            "currency": one.currency,
            "every": one.every,
            "thresholds": list(one.thresholds),
            "set_by": by,
            "set_at": now,
        }
        for project_id, one in wanted.items()
        if one is not None
    ]
    if rows:
        change(tx, insert(table(BudgetRow)), rows)


def spent(tx: Tx, team_id: TeamId, project_id: ProjectId, budget: Budget, when: Stretch) -> int:
    """What of a budget is used in a period: seconds, or cent-seconds."""
    counted = _counted(project_id, literal(when.first), literal(when.after_last))
    query = _hours(counted)
    if budget.kind is Kind.MONEY:
        era = eras(tx, team_id, when.first, when.after_last)
        query = _earned(team_id, literal(budget.currency), counted, era)
    return int(tx.execute(select(query)).scalar_one() or 0)


def at_start(
    tx: Tx, team_id: TeamId, project_id: ProjectId, periods: Mapping[Every, Stretch]
) -> Burn | None:
    """What of a project's budget is used in the present period, in one statement."""
    its_own = (_B.team_id == team_id, _B.project_id == project_id)

    def of_its_kind(days: Sequence[tuple[Every, date]]) -> ColumnElement[date]:
        # Entries are added up in a derived table, which sees nothing of the statement around it:
        # a budget's column named in there would join them with everybody's budgets.
        whens = ((_B.every == every.value, literal(day)) for every, day in days)
        chosen = select(case(*whens, else_=days[0][1])).where(*its_own)
        return chosen.correlate(None).scalar_subquery()

    first = of_its_kind([(every, when.first) for every, when in periods.items()])
    after_last = of_its_kind([(every, when.after_last) for every, when in periods.items()])
    counted = _counted(project_id, first, after_last)
    used = case(
        (_B.kind == Kind.HOURS.value, _hours(counted)),
        else_=_earned(team_id, _B.currency, counted),
    )
    query = select(table(BudgetRow), used.label("spent")).where(*its_own)
    row = tx.execute(query).first()
    if row is None:
        return None
    budget = _budget(row)
    return Burn(budget, periods[budget.every].first, int(row.spent or 0))


def _hours(counted: Sequence[ColumnElement[bool]]) -> ScalarSelect[int]:
    """From the index on projects alone; the budget's own row is the fence."""
    query = select(func.coalesce(func.sum(_E.seconds), 0)).where(*counted)
    return query.correlate(table(BudgetRow)).scalar_subquery()


def _earned(
    team_id: TeamId,
    currency: ColumnElement[str | None],
    counted: Sequence[ColumnElement[bool]],
    era: ColumnElement[date] | None = None,
) -> ScalarSelect[int]:
    prices = priced(team_id, counted, era=era)
    query = select(prices.earned).select_from(prices.source).where(prices.currency == currency)
    return query.correlate(table(BudgetRow)).scalar_subquery()


def _counted(
    project_id: ProjectId, first: ColumnElement[date], after_last: ColumnElement[date]
) -> list[ColumnElement[bool]]:
    return [
        _E.project_id == project_id,
        _E.work_date >= first,
        _E.work_date < after_last,
        _E.deleted_at.is_(None),
    ]


def look(tx: Tx, team_id: TeamId, changed: Collection[tuple[ProjectId, date]]) -> None:
    """Those of the projects that have a budget are looked at soon."""
    if not changed:
        return
    projects = {project_id for project_id, _ in changed}
    query = select(_B.project_id).where(_B.team_id == team_id, _B.project_id.in_(projects))
    budgeted = set(tx.execute(query).scalars())
    rows = [
        {"team_id": team_id, "project_id": project_id, "day": day}
        for project_id, day in sorted(changed)
        if project_id in budgeted
    ]
    if rows:
        change(tx, insert(table(BudgetLookRow)), rows)


def look_at_money(tx: Tx, team_id: TeamId, day: date) -> None:
    """Every budget in money is looked at: what time earns has changed."""
    query = select(_B.project_id).where(_B.team_id == team_id, _B.kind == Kind.MONEY.value)
    look(tx, team_id, [(ProjectId(one), day) for one in tx.execute(query).scalars()])


def teams_to_look(tx: Tx) -> list[TeamId]:
    """Teams whose budgets are to be looked at."""
    return [TeamId(one) for one in tx.execute(select(_L.team_id).distinct()).scalars()]


def take_looks(tx: Tx, team_id: TeamId, limit: int) -> set[tuple[ProjectId, date]]:
    """What is to be looked at; nobody else will."""
    some = select(_L.id).where(_L.team_id == team_id).order_by(_L.id).limit(limit)
    target = table(BudgetLookRow)
    query = delete(target).where(target.c.id.in_(some)).returning(target.c.project_id, target.c.day)
    return {(ProjectId(row.project_id), row.day) for row in tx.execute(query)}


def warned(tx: Tx, team_id: TeamId, project_id: ProjectId, first: date) -> set[int]:
    """The thresholds that were seen to be reached in a period."""
    query = select(_W.threshold).where(
        _W.team_id == team_id, _W.project_id == project_id, _W.first_day == first
    )
    return set(tx.execute(query).scalars())


def remember(
    tx: Tx, team_id: TeamId, project_id: ProjectId, threshold: int, burn: Burn, *, now: datetime
) -> WarningId | None:
    """The threshold is reached in this period; None where somebody else has seen it first."""
    made = create_if_free(
        tx,
        BudgetWarningRow,
        team_id=team_id,
        project_id=project_id,
        first_day=burn.first,
        threshold=threshold,
        spent=burn.spent,
        seen_at=now,
    )
    return None if made is None else WarningId(made)


def forget(
    tx: Tx, team_id: TeamId, project_id: ProjectId, first: date, thresholds: Collection[int]
) -> None:
    """Of these nobody was warned in a period."""
    which = (_W.team_id == team_id, _W.project_id == project_id, _W.first_day == first)
    change(
        tx,
        delete(table(BudgetWarningRow)).where(*which, _W.threshold.in_(list(thresholds))),
    )


def warning(tx: Tx, team_id: TeamId, warning_id: WarningId) -> tuple[ProjectId, date, int] | None:
    """A warning's project, first day, and what was spent."""
    query = select(_W.project_id, _W.first_day, _W.spent).where(
        _W.team_id == team_id, _W.id == warning_id
    )
    row = tx.execute(query).first()
    return None if row is None else (ProjectId(row.project_id), row.first_day, row.spent)


def channels(tx: Tx, team_id: TeamId, project_id: ProjectId) -> list[str]:
    """The channels whose project it is."""
    query = select(_C.channel_id).where(_C.team_id == team_id, _C.project_id == project_id)
    return list(tx.execute(query.order_by(_C.channel_id)).scalars())


def setter(tx: Tx, team_id: TeamId, project_id: ProjectId) -> MemberId | None:
    """Who set a project's budget."""
    query = select(_B.set_by).where(_B.team_id == team_id, _B.project_id == project_id)
    found = tx.execute(query).scalar()
    return None if found is None else MemberId(found)


def has_amounts(tx: Tx, team_id: TeamId, client_id: int) -> bool:
    """Whether a budget of a client's project is in money."""
    query = exists().where(
        _T.team_id == team_id,
        _T.client_id == client_id,
        _B.project_id == _T.project_id,
        _B.currency == _T.currency,
    )
    return bool(tx.execute(select(query)).scalar())


def hourly(tx: Tx, team_id: TeamId, project_ids: Collection[ProjectId]) -> set[ProjectId]:
    """Those of the projects whose hours ever earn."""
    ways = [one.value for one in Method if one.is_hourly]
    query = select(_T.project_id).where(
        _T.team_id == team_id, _T.project_id.in_(list(project_ids)), _T.method.in_(ways)
    )
    return {ProjectId(one) for one in tx.execute(query).scalars()}


def _budget(row: AnyRow) -> Budget:
    return Budget(Kind(row.kind), row.amount, Every(row.every), row.currency, tuple(row.thresholds))

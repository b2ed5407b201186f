"""Budgets: what fills them, who is warned when, and what they keep from starting (M2)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlmodel import col

from bot.domain.days import DaysAgo
from bot.domain.errors import AdminOnly
from bot.domain.ids import MemberId, ProjectId, TimeEntryId, WarningId
from bot.domain.money.billing import Method
from bot.domain.money.billing_forms import BillingWish
from bot.domain.money.budgets import BudgetSet, BudgetWish, Every, Kind, OverBudget
from bot.domain.people.people import Member
from bot.domain.preferences import MoneySeenBy, TeamSettings
from bot.domain.tasks.task_refs import KeyRef
from bot.domain.tracking.tracking import Logged
from bot.services.money.billing import Billing
from bot.services.money.budget_warnings import POSTED, TOLD, BudgetWarnings
from bot.services.money.budgets import Budgets
from bot.services.projects.summary import ProjectSummaries
from bot.views import failures
from bot.views.money import budget_words
from bot.views.money import budgets as views
from playground.rules import check_message
from storage.outbox import OutboxRow
from storage.projects import project_people
from storage.tasks import channel_defaults
from tests.builders import NOON
from tests.services.editor import Editor

HOUR = timedelta(hours=1)
HOURS = 3600


class Purser(Editor):
    """Mia manages Website, whose channel is C0WEB. NOON is Friday, 20 November 2026."""

    def __init__(self, database_url: str) -> None:
        super().__init__(database_url)
        self.mia = self.world.member("mia")
        self.world.joins(self.mia, self.website)
        with self.world.uow.begin() as tx:
            team = self.world.team_id
            project_people.set_manager(tx, team, self.website, self.mia.id, manages=True)
            channel_defaults.put(tx, team, "C0WEB", self.website, by=self.admin.id, now=NOON)
        self.budgets = Budgets(self.world.uow, self.world.new_marker())
        self.warnings = BudgetWarnings(self.world.uow, self.world.new_marker())

    def sets(
        self,
        amount: str,
        *projects: ProjectId,
        kind: Kind | None = Kind.HOURS,
        every: Every = Every.ONCE,
        at: str = "50, 80, 100",
        who: Member | None = None,
    ) -> BudgetSet:
        """The form is sent."""
        return self.budgets.set(
            who=who or self.admin,
            project_ids=projects or [self.website],
            wish=BudgetWish(kind, amount, every, at),
            now=NOON,
        )

    def bills(self, rate: str) -> None:
        """Website is billed by the hour."""
        wish = BillingWish(Method.PROJECT_RATE, rate)
        Billing(self.world.uow).set_method(
            who=self.admin, project_ids=[self.website], wish=wish, now=NOON
        )

    def tracks(self, hours: float, days_ago: int = 0) -> TimeEntryId:
        """Ana logs time on WEB-12."""
        done = self.time_log.log(
            who=self.ana,
            ref=KeyRef("WEB-12"),
            amount=int(hours * HOURS),
            day=DaysAgo(days_ago),
            note="",
            now=NOON,
            request_id=self.world.new_marker()(),
        )
        assert isinstance(done, Logged)
        return done.entry_id

    def hears(self) -> list[str]:
        """The scheduler looks; what is owed is told, and to whom."""
        for team_id in self.warnings.due():
            self.warnings.look(team_id, NOON)
        which = col(OutboxRow.kind).in_([TOLD, POSTED])
        with self.world.uow.begin() as tx:
            query = select(OutboxRow).where(which).order_by(col(OutboxRow.id))
            owed = [dict(row.payload) for row in tx.entities.scalars(query)]
            tx.execute(delete(OutboxRow).where(which))
        said = []
        for payload in owed:
            member = payload.get("member_id")
            found = self.warnings.warning(
                self.world.team_id,
                WarningId(int(str(payload["warning_id"]))),
                None if member is None else MemberId(int(str(member))),
            )
            assert found is not None
            message = views.posted(found) if member is None else views.told(found)
            check_message(list(message.blocks), message.text)
            said.append(f"{found.to or payload['channel_id']}: {message.text}")
        return said


@pytest.fixture
def purser(database_url: str) -> Iterator[Purser]:
    """On each kind of database."""
    made = Purser(database_url)
    yield made
    made.world.close()


def test_managers_and_the_channel_are_warned_once_at_each_threshold(purser: Purser) -> None:
    """Half, then nothing more until four fifths; two at once are one message."""
    purser.sets("10")
    assert purser.hears() == []
    purser.tracks(5)
    assert purser.hears() == [
        "U0MIA: *Website* has used 50 % of its budget: 5 h of 10 h.",
        "C0WEB: *Website* has used 50 % of its budget: 5 h of 10 h.",
    ]
    purser.tracks(1)
    assert purser.hears() == []
    purser.tracks(5)
    mia, _ = purser.hears()
    assert mia == "U0MIA: *Website* has used 110 % of its budget: 11 h of 10 h. It is used up."
    purser.tracks(5)
    assert purser.hears() == []


def test_edits_after_a_warning_repeat_nothing(purser: Purser) -> None:
    """Time is deleted, brought below the threshold, and tracked again."""
    purser.sets("10", at="50")
    entry = purser.tracks(5)
    assert len(purser.hears()) == 2
    deleted = purser.changing.delete(who=purser.ana, entry_id=entry, now=NOON)
    assert purser.hears() == []
    purser.undoing.undo(who=purser.ana, step=deleted.step, now=NOON)
    purser.tracks(1)
    assert purser.hears() == []


def test_a_stopped_timer_fills_the_budget_too(purser: Purser) -> None:
    """Whatever ends a stretch of time."""
    purser.sets("2")
    purser.start(now=NOON - 2 * HOUR)
    assert purser.hears() == []
    purser.tracking.stop(who=purser.ana, now=NOON)
    assert len(purser.hears()) == 2


def test_each_month_warns_anew_and_late_time_counts_where_it_belongs(purser: Purser) -> None:
    """October's time, logged in November, fills October."""
    purser.sets("10", every=Every.MONTH)
    purser.tracks(9)
    assert "90 % of its budget for November 2026" in purser.hears()[0]
    purser.tracks(6, days_ago=30)
    assert "60 % of its budget for October 2026" in purser.hears()[0]


def test_a_budget_lowered_below_what_is_spent_warns_at_once(purser: Purser) -> None:
    """One message, of the highest; raised again, what is not reached any more comes again."""
    purser.sets("20")
    purser.tracks(12)
    assert len(purser.hears()) == 2
    purser.sets("10")
    assert "120 %" in purser.hears()[0]
    purser.sets("10", at="50, 80, 100, 120")
    assert "120 %" in purser.hears()[0]
    purser.sets("20")
    assert purser.hears() == []
    purser.tracks(4)
    assert "80 %" in purser.hears()[0]


def test_a_budget_in_money_is_told_without_it_where_it_may_not_be_seen(purser: Purser) -> None:
    """The channel never; managers as the team chose."""
    purser.bills("100")
    purser.sets("1,000", kind=Kind.MONEY)
    purser.tracks(5)
    assert purser.hears() == [
        "U0MIA: *Website* has used 50 % of its budget: 500.00 USD of 1,000.00 USD.",
        "C0WEB: *Website* has used 50 % of its budget.",
    ]
    purser.choose(TeamSettings(money_seen_by=MoneySeenBy.ADMINS))
    purser.tracks(3)
    assert purser.hears()[0] == "U0MIA: *Website* has used 80 % of its budget."


def test_a_new_rate_is_looked_at_as_well(purser: Purser) -> None:
    """What was cheap is dear now."""
    purser.bills("10")
    purser.sets("1000", kind=Kind.MONEY)
    purser.tracks(10)
    assert purser.hears() == []
    purser.bills("60")
    assert "60 %" in purser.hears()[0]


def test_without_managers_who_set_the_budget_is_told(purser: Purser) -> None:
    """And nobody who has no right to it any more."""
    with purser.world.uow.begin() as tx:
        team = purser.world.team_id
        project_people.set_manager(tx, team, purser.website, purser.mia.id, manages=False)
    purser.sets("1")
    purser.tracks(1)
    assert purser.hears()[0].startswith("U0ADMIN: ")


def test_once_who_set_the_budget_is_no_admin_any_more_the_admins_are_told(purser: Purser) -> None:
    """A budget outlives whoever set it, and somebody hears of it."""
    team = purser.world.team_id
    with purser.world.uow.begin() as tx:
        project_people.set_manager(tx, team, purser.website, purser.mia.id, manages=False)
    purser.sets("1")
    other = purser.world.member("rut", admin=True)
    purser.world.member("admin", admin=False)
    purser.tracks(1)
    assert [one.split(":")[0] for one in purser.hears()] == [other.slack_user_id, "C0WEB"]


def test_a_changed_list_of_percentages_tells_nothing_twice(purser: Purser) -> None:
    """Out and in again, or another one below: all of it is known."""
    purser.sets("10")
    purser.tracks(9)
    assert len(purser.hears()) == 2
    purser.sets("10", at="100")
    purser.sets("10", at="50, 80, 100")
    purser.sets("10", at="50, 60, 80, 100")
    assert purser.hears() == []
    purser.sets("10", at="85, 100")
    assert "90 % of its budget" in purser.hears()[0]


def test_over_budget_blocks_the_start_where_the_team_chose_so_and_nothing_else(
    purser: Purser,
) -> None:
    """A running timer runs on, stops, and time is logged; the next period is free again."""
    purser.sets("2", every=Every.WEEK)
    purser.tracks(2)
    purser.start("WEB-9", now=NOON - HOUR)
    purser.choose(TeamSettings(over_budget_blocks=True))
    purser.tracks(1)
    with pytest.raises(OverBudget) as refused:
        purser.start("WEB-12")
    said = failures.sentence(refused.value).text
    assert "150 %" in said
    assert "Mia" in said
    status = purser.tracking.status(who=purser.ana, now=NOON)
    assert status.timer is not None
    purser.tracking.stop(who=purser.ana, now=NOON)
    with pytest.raises(OverBudget):
        purser.tracking.resume(who=purser.ana, now=NOON)
    purser.start("WEB-12", now=NOON + timedelta(days=3))


def test_money_that_is_used_up_blocks_as_well(purser: Purser) -> None:
    """By the same single question."""
    purser.bills("100")
    purser.sets("100", kind=Kind.MONEY, every=Every.MONTH)
    purser.choose(TeamSettings(over_budget_blocks=True))
    purser.tracks(0.9)
    purser.start("WEB-9", now=NOON - HOUR)
    purser.tracking.stop(who=purser.ana, now=NOON)
    with pytest.raises(OverBudget):
        purser.start("WEB-9", now=NOON)


def test_other_budgets_count_nothing_twice(purser: Purser) -> None:
    """Half of it is used, however many budgets others have; then all, and it says how much."""
    *_, other = purser.second_site()
    purser.bills("100")
    purser.sets("100", kind=Kind.MONEY, every=Every.MONTH)
    purser.sets("10", other)
    purser.choose(TeamSettings(over_budget_blocks=True))
    purser.tracks(0.5)
    purser.start("WEB-9", now=NOON - HOUR)
    purser.tracking.cancel(who=purser.ana, now=NOON)
    purser.tracks(0.5)
    with pytest.raises(OverBudget) as refused:
        purser.start("WEB-9", now=NOON)
    assert refused.value.percent == 100


def test_a_start_costs_one_question_more_at_most(purser: Purser) -> None:
    """Nothing more where the team does not block, one where it does, however many budgets."""

    def asked() -> int:
        sent = purser.statements(lambda: purser.start("WEB-12"))
        purser.tracking.cancel(who=purser.ana, now=NOON)
        return len(sent)

    without = asked()
    purser.sets("100")
    assert asked() == without
    purser.choose(TeamSettings(over_budget_blocks=True))
    assert asked() == without + 1


def test_a_stop_costs_one_question_more(purser: Purser) -> None:
    """And one row where the project has a budget."""
    purser.start(now=NOON - HOUR)
    sent = purser.statements(lambda: purser.tracking.stop(who=purser.ana, now=NOON))
    assert len([sql for sql in sent if "budget" in sql]) == 1
    purser.sets("100")
    purser.start(now=NOON)
    stop = purser.statements(lambda: purser.tracking.stop(who=purser.ana, now=NOON + HOUR))
    assert len([sql for sql in stop if "budget" in sql]) == 2


def test_only_admins_set_budgets(purser: Purser) -> None:
    """Not even managers."""
    for who in (purser.ana, purser.mia):
        with pytest.raises(AdminOnly):
            purser.sets("10", who=who)


def test_the_page_shows_how_much_is_used(purser: Purser) -> None:
    """To managers; whoever may not see money sees the percentage alone."""
    purser.bills("100")
    purser.sets("1000", kind=Kind.MONEY, every=Every.MONTH)
    purser.tracks(4)
    summaries = ProjectSummaries(purser.world.uow)

    def seen(who: Member) -> str:
        money = summaries.summary(who=who, project_id=purser.website, now=NOON).money
        if money.burn is None:
            return ""
        return budget_words.burned(money.burn, sees_money=money.sees_money)[0]

    whole = "Budget of 1,000.00 USD a month: 40 % used this month, 400.00 USD, 600.00 USD left."
    assert seen(purser.mia) == whole
    purser.choose(TeamSettings(money_seen_by=MoneySeenBy.ADMINS))
    assert seen(purser.mia) == "Budget: 40 % used this month."
    assert seen(purser.ana) == ""

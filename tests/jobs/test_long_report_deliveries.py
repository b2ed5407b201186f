"""A long report in the background: one message, however often its worker is killed."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, cast

import pytest
from sqlalchemy import select

from bot.domain.ids import OutboxId, ReportRunId
from bot.domain.outbox import OutboxItem
from bot.domain.periods import Period, Unit
from bot.domain.reports.report_runs import RunWish
from bot.domain.reports.reports import Group, Narrowed
from bot.domain.reports.team_reports import Filters, TeamChoice
from bot.domain.slack_errors import SlackTryLater
from bot.jobs.deliveries import long_reports as deliveries
from bot.jobs.deliveries.long_reports import LongReportDeliveries
from bot.services.pool import Pool
from bot.services.reports.long_reports import REPORT_RUN, LongReports
from bot.slack import Posted
from bot.views.message import Message
from storage.members import MemberRow
from storage.reports.report_runs import ReportRunRow
from storage.sql import table
from tests.builders import NOON
from tests.jobs.mailbox import Mailbox
from tests.services.agency import Agency

if TYPE_CHECKING:
    from bot.slack import Slack

YEAR = TeamChoice(Period(date(2026, 1, 1), date(2027, 1, 1), Unit.YEAR), Group.PROJECT)
SAID = "Time on your projects. This year, 2026: 1 h 30 m."


class Post(Mailbox):
    """That takes files as well, and may fail."""

    def __init__(self) -> None:
        super().__init__()
        self.files: list[tuple[str, str]] = []
        self.before_edit: Callable[[], None] = lambda: None

    async def update(self, team_id: str, posted: Posted, message: Message) -> None:
        """An edit."""
        self.before_edit()
        await super().update(team_id, posted, message)

    async def upload(
        self, team_id: str, to: str, *, name: str, content: object, comment: str
    ) -> None:
        """A file."""
        assert (team_id, bool(content)) == ("T0ACME", True)
        self.files.append((name, comment))


@pytest.fixture
def agency(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Agency]:
    """With a day of Ana's time; every step of a report is told."""
    monkeypatch.setattr(deliveries, "_BETWEEN", 0.0)
    made = Agency(sqlite_url)
    made.world.length(made.ana, made.website, made.web12, NOON, 5400)
    yield made
    made.world.close()


def ask(agency: Agency, choice: TeamChoice = YEAR, form: str = "") -> OutboxItem:
    """What waits in the outbox once Ana has asked."""
    asked = LongReports(agency.world.uow, agency.world.new_marker())
    asked.ask(who=agency.ana, wish=RunWish(choice, form=form), now=NOON)
    with agency.world.uow.read() as tx:
        newest = select(table(ReportRunRow).c.id).order_by(table(ReportRunRow).c.id.desc())
        run_id = tx.execute(newest.limit(1)).scalar_one()
    return OutboxItem(
        id=OutboxId(1),
        team_id=agency.world.team_id,
        kind=REPORT_RUN,
        payload={"report_run_id": run_id},
        marker="m",
        attempts=0,
        may_have_happened=False,
    )


def deliver(agency: Agency, post: Post, item: OutboxItem) -> None:
    """One try."""
    pool = Pool(1)
    asked = LongReports(agency.world.uow, agency.world.new_marker())
    sending = LongReportDeliveries(cast("Slack", post), pool, asked, lambda: NOON)
    try:
        asyncio.run(sending.run(item))
    finally:
        pool.close()


def state(agency: Agency) -> str:
    """Of the run."""
    with agency.world.uow.read() as tx:
        return str(tx.execute(select(table(ReportRunRow).c.state)).scalar_one())


def test_one_message_from_the_start_to_the_result(agency: Agency) -> None:
    """It says how far the report is, and then holds it; a second try of a done one does nothing."""
    post, item = Post(), ask(agency)
    deliver(agency, post, item)
    (_, first), *more = post.sent
    assert first.text.startswith("Working on your report by project, ")
    assert (first.text.endswith(": 0 % done."), more) == (True, [])
    percents = [one.text for one in post.edits[:-1]]
    assert len(percents) == 13
    assert "% done." in percents[-1]
    assert post.last.startswith(SAID)
    assert state(agency) == "done"
    deliver(agency, post, replace(item, may_have_happened=True))
    assert (len(post.sent), len(post.edits)) == (1, 14)


def test_a_killed_workers_report_goes_on_in_the_same_message(agency: Agency) -> None:
    """Wherever it was killed after the message was sent: one message, which holds the result."""
    for at in (1, 5, 14):
        post, item, left = Post(), ask(agency), [at]

        def killed(left: list[int] = left) -> None:
            left[0] -= 1
            if not left[0]:
                raise KeyboardInterrupt

        post.before_edit = killed
        with suppress(KeyboardInterrupt):
            deliver(agency, post, item)
        assert state(agency) == "under_way"
        deliver(agency, post, replace(item, may_have_happened=True))
        assert (len(post.sent), state(agency)) == (1, "done")
        assert post.last.startswith(SAID)
        with agency.world.uow.begin() as tx:
            tx.execute(table(ReportRunRow).delete())


def test_a_message_of_which_nothing_is_known_is_not_sent_again(agency: Agency) -> None:
    """Killed while the first one was on its way: no second one; the same can be asked for again."""
    post = Post()
    deliver(agency, post, replace(ask(agency), may_have_happened=True))
    assert (post.sent, state(agency)) == ([], "failed")


def test_a_report_that_is_called_off_stops(agency: Agency) -> None:
    """In the middle: nothing more is read, and the message says so at the end."""
    post, item = Post(), ask(agency)
    run_id = ReportRunId(item.id_of("report_run_id"))
    asked = LongReports(agency.world.uow, agency.world.new_marker())

    def cancel() -> None:
        asked.cancel(who=agency.ana, run_id=run_id, now=NOON)

    post.before_edit = cancel
    deliver(agency, post, item)
    assert post.last.startswith("Called off: your report by project")
    assert (len(post.edits), state(agency)) == (2, "cancelled")


def test_what_went_wrong_is_told_in_words(agency: Agency) -> None:
    """What it was about is not to be seen any more; or who asked has left, and nobody is told."""
    post = Post()
    narrowed = replace(YEAR, filters=Filters(Narrowed(projects=(agency.shop,))))
    deliver(agency, post, ask(agency, narrowed))
    assert post.last.startswith("Could not make your report by project")
    assert "no longer there" in post.last
    assert state(agency) == "failed"
    item, post = ask(agency, replace(YEAR, group=Group.TASK)), Post()
    agency.change(MemberRow, agency.ana.id, deactivated_at=NOON)
    deliver(agency, post, item)
    assert post.sent == []


def test_slacks_limit_is_left_to_the_outbox(agency: Agency) -> None:
    """It is tried again later, in the same message."""
    post, item = Post(), ask(agency)

    def busy() -> None:
        raise SlackTryLater(retry_after=3)

    post.before_edit = busy
    with pytest.raises(SlackTryLater):
        deliver(agency, post, item)
    post.before_edit = lambda: None
    deliver(agency, post, item)
    assert len(post.sent) == 1
    assert post.last.startswith(SAID)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_file_comes_below_its_message(agency: Agency, form: str) -> None:
    """The message tells how far it is, and ends with what is in the file."""
    post = Post()
    deliver(agency, post, ask(agency, form=form))
    (name, comment), *more = post.files
    assert (name, more) == (f"hourlink-report-2026-01-01-to-2026-12-31.{form}", [])
    assert "1 h 30 m in 1 row" in comment
    assert post.last.startswith(f"Made your {form.upper()} file by project")
    assert state(agency) == "done"

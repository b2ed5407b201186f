"""Direct messages about submitted weeks: each who was asked sees what became of it (T14)."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.domain.approval.week_sheets import SheetState
from bot.domain.asked_messages import AskedMessage
from bot.domain.ids import OutboxId
from bot.domain.outbox import OutboxItem
from bot.jobs.deliveries.week_sheets import WeekSheetDeliveries
from bot.services.pool import Pool
from bot.slack import Posted
from storage import asked_messages
from storage.approval import week_sheets
from storage.outbox import OutboxRow
from tests.handlers.approval.week_desk import Desk
from tests.jobs.recording_slack import RecordingSlack


class Post:
    """Ana's week at her desk, and the messages about it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.slack = RecordingSlack()
        self._pool = Pool(1)
        self._kinds = WeekSheetDeliveries(
            self.slack,
            self._pool,
            desk.submitting,
            desk.deciding,
            reminding=desk.reminding,
            clock=lambda: desk.now,
        ).kinds()
        self._seen = 0

    def close(self) -> None:
        """Ends the pool."""
        self._pool.close()

    def delivers(self) -> None:
        """Everything that is owed and was not sent yet."""
        with self.desk.world.uow.read() as tx:
            query = select(OutboxRow).where(col(OutboxRow.id) > self._seen)
            rows = list(tx.entities.scalars(query.order_by(col(OutboxRow.id))))
            items = [
                OutboxItem(
                    OutboxId(row.id or 0),
                    self.desk.world.team_id,
                    row.kind,
                    row.payload,  # type: ignore[arg-type] # as the outbox hands it over
                    row.marker,
                    0,
                    may_have_happened=False,
                )
                for row in rows
            ]

        async def deliver() -> None:
            for item in items:
                await self._kinds[item.kind](item)

        asyncio.run(deliver())
        self._seen = max([self._seen, *(item.id for item in items)])

    def shown(self) -> dict[str, tuple[str, str]]:
        """What messages were made to say since this was asked: by channel, text and buttons."""
        found = {
            posted.channel_id: (message.text, str(message.blocks))
            for posted, message in self.slack.edits
        }
        self.slack.edits.clear()
        return found


@pytest.fixture
def post(database_url: str) -> Iterator[Post]:
    """Ana submitted; Bo, who manages Website, and the admin were asked."""
    desk = Desk(database_url)
    made = Post(desk)
    desk.submits()
    made.delivers()
    assert {to for to, _ in made.slack.posts} == {"U0ANA", "U0BO", "U0ADMIN"}
    yield made
    made.close()
    desk.world.close()


def test_an_approval_shows_where_others_were_asked(post: Post) -> None:
    """Nobody is left with an *Approve* that has nothing to approve."""
    desk = post.desk
    desk.presses(desk.admin, desk.asked(desk.admin), "Approve")
    post.delivers()
    shown = post.shown()
    assert set(shown) == {"DU0ANA", "DU0BO"}
    text, blocks = shown["DU0BO"]
    assert text == "The week 16-22 Nov 2026 of Ana was approved by Admin at 13:00."
    assert "'Approve'" not in blocks
    assert "Return..." in blocks
    desk.returns(desk.bo)
    post.delivers()
    assert not post.shown(), "what is over is not shown twice"


def test_a_part_that_was_approved_leaves_the_rest_to_ask(post: Post) -> None:
    """Bo decides on Website; the admin still has the other project, and then sees its end."""
    desk = post.desk
    desk.presses(desk.bo, desk.asked(desk.bo), "Approve")
    post.delivers()
    shown = post.shown()
    assert set(shown) == {"DU0ANA", "DU0ADMIN"}
    text, blocks = shown["DU0ADMIN"]
    assert text.startswith("Ana submitted 16-22 Nov 2026: ")
    assert "'Approve'" in blocks
    desk.presses(desk.admin, desk.asked(desk.admin), "Approve")
    post.delivers()
    assert "approved by Admin" in post.shown()["DU0BO"][0]


def test_a_week_that_is_returned_or_taken_back_is_asked_about_no_more(post: Post) -> None:
    """By whoever it was; what is submitted again is asked about in a new message."""
    desk = post.desk
    desk.returns(desk.bo)
    post.delivers()
    assert "was returned by Bo" in post.shown()["DU0ADMIN"][0]
    desk.submits("this week")
    post.delivers()
    desk.submitting.take_back(who=desk.ana, sheet_id=desk.sheet_id(), now=desk.now)
    post.delivers()
    shown = post.shown()
    assert shown.pop("DU0ANA")[0].endswith("is yours again; nobody is asked about it any more.")
    assert set(shown) == {"DU0BO", "DU0ADMIN"}
    for text, blocks in shown.values():
        assert "was taken back by Ana at" in text
        assert "'Approve'" not in blocks


def test_its_owner_sees_what_became_of_it_where_it_was_submitted(post: Post) -> None:
    """*Take it back* goes once there is nothing to take back; until then it stands."""
    desk = post.desk
    said = dict(post.slack.posts)["U0ANA"]
    assert said.text == "Submitted 16-22 Nov 2026: 8 h. Bo, Admin are asked."
    assert "Take it back" in str(said.blocks)
    desk.presses(desk.bo, desk.asked(desk.bo), "Approve")
    post.delivers()
    text, blocks = post.shown()["DU0ANA"]
    assert text == (
        "Your week 16-22 Nov 2026 was approved in part by Bo at 13:00; the rest waits for others. "
        "Admin is asked."
    )
    assert "Take it back" in blocks
    desk.presses(desk.admin, desk.asked(desk.admin), "Approve")
    post.delivers()
    text, blocks = post.shown()["DU0ANA"]
    assert text == "Your week 16-22 Nov 2026 was approved by Admin at 13:00."
    assert "Take it back" not in blocks
    desk.returns(desk.admin)
    post.delivers()
    assert "DU0ANA" not in post.shown(), "what is over is not shown twice"


def test_its_owner_is_told_too_late_how_it_stands(post: Post) -> None:
    """It was approved while the word that it waits was on its way."""
    desk = post.desk
    sheet = desk.view(desk.admin).sheet
    desk.presses(desk.admin, desk.asked(desk.admin), "Approve")
    post.delivers()
    post.shown()
    late = AskedMessage(desk.ana.id, "DLATE", "9.0")
    desk.submitting.said(desk.world.team_id, sheet.id, sheet.round, late, desk.now)
    post.delivers()
    assert "approved by Admin" in post.shown()["DLATE"][0]


def test_who_is_asked_too_late_sees_the_answer(post: Post) -> None:
    """It was approved while the question was on its way to somebody."""
    desk = post.desk
    sheet = desk.view(desk.admin).sheet
    desk.presses(desk.admin, desk.asked(desk.admin), "Approve")
    post.delivers()
    post.shown()
    late = AskedMessage(desk.bo.id, "DLATE", "9.0")
    desk.deciding.asked(desk.world.team_id, sheet.id, sheet.round, late, desk.now)
    post.delivers()
    assert "approved by Admin" in post.shown()["DLATE"][0]


def test_an_answer_under_way_is_waited_for(postgresql_url: str) -> None:
    """Or a message kept beside it would never hear of it."""
    desk = Desk(postgresql_url)
    desk.submits()
    sheet, team = desk.view(desk.admin).sheet, desk.world.team_id
    late = AskedMessage(desk.bo.id, "DLATE", "9.0")
    with ThreadPoolExecutor(1) as others:
        with desk.world.uow.begin() as tx:
            week_sheets.save(tx, replace(sheet, state=SheetState.APPROVED))
            keeping = others.submit(desk.deciding.asked, team, sheet.id, 1, late, desk.now)
            with pytest.raises(TimeoutError):
                keeping.result(0.5)
        keeping.result(60)
    with desk.world.uow.read() as tx:
        assert not asked_messages.about(tx, team, f"sheet:{sheet.id}:1")
    desk.world.close()


def test_old_questions_are_forgotten(post: Post) -> None:
    """Weeks that nobody decides on leave nothing behind for ever."""
    desk = post.desk
    team, now = desk.world.team_id, desk.now
    sheet = desk.view(desk.admin).sheet
    subject = f"sheet:{sheet.id}:{sheet.round}"
    with desk.world.uow.begin() as tx:
        [first, second] = asked_messages.about(tx, team, subject)
        assert Posted(first.channel_id, first.ts) == Posted("DU0BO", "2.000")
        asked_messages.keep(tx, team, subject, replace(second, ts="7.0"), now + timedelta(days=1))
        assert [one.ts for one in asked_messages.about(tx, team, subject)] == ["2.000", "7.0"]
        assert asked_messages.forget_before(tx, now + timedelta(hours=1)) == 2  # and Ana's own
        assert len(asked_messages.about(tx, team, subject)) == 1

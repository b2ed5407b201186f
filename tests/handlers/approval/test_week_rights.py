"""T14: who decides on a week, who sees it, and what a forged button comes to."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.domain.approval.week_answers import OwnWeek
from bot.domain.approval.week_sheets import SheetState
from handlers.asking import Command
from handlers.grammar.track_values import Approvals
from handlers.replies import CloseModals, Ephemeral, OpenModal, Update
from playground.rules import check_view
from storage.operating.audit import AuditRow
from storage.projects import project_people
from tests.builders import NOON
from tests.handlers.approval.week_desk import Desk, texts
from tests.handlers.track_desk import elements, fits
from tests.statements import asked


def test_a_manager_returns_only_their_own_part(desk: Desk) -> None:
    """Website is approved by the admin of old; Bo's return leaves Office's approval alone."""
    desk.submits()
    cy = desk.world.member("cy")
    desk.world.joins(cy, desk.inner)
    with desk.world.uow.begin() as tx:
        project_people.set_manager(tx, desk.world.team_id, desk.inner, cy.id, manages=True)
    desk.presses(cy, desk.asked(cy), "Approve")
    desk.returns(desk.bo)
    assert desk.locked(date(2026, 11, 18), desk.inner) is not None
    assert desk.locked(date(2026, 11, 16)) is None
    before = len(desk.owed())
    desk.submits("this week")
    assert desk.owed()[before:] == [("sheet.waits", "Ana"), ("sheet.submitted", "Bo")]


def test_who_decides_sees_only_what_they_decide_on(desk: Desk) -> None:
    """Bo reads nothing about Office, neither in the totals nor in the entries."""
    desk.submits()
    opened = desk.presses(desk.bo, desk.asked(desk.bo), "Details")
    assert isinstance(opened, OpenModal)
    check_view(opened.modal.as_view(), "modal")
    assert "WEB-12 Fix the header" in texts(opened.modal)
    assert "Office" not in texts(opened.modal)
    everything = desk.presses(desk.admin, desk.asked(desk.admin), "Details")
    assert "Office" in texts(everything.modal)


def test_what_was_read_is_decided_there(desk: Desk) -> None:
    """*Approve* under the details; the question they were opened from says so, too."""
    desk.submits()
    opened = desk.presses(desk.bo, desk.asked(desk.bo), "Details")
    done = desk.presses(desk.bo, opened.modal, "Approve")
    said = "Approved Ana's week 16-22 Nov 2026: *Website* 6 h. The other projects wait for others."
    assert texts(done.first.modal) == said
    check_view(done.first.modal.as_view(), "modal")
    assert (done.second.message.text, done.second.replaces) == (said, True)
    again = desk.presses(desk.bo, desk.asked(desk.bo), "Details")
    assert "waits for others" in texts(again.modal)
    labels = [one["text"]["text"] for one in elements(again.modal) if one["type"] == "button"]
    assert labels == ["Return..."]
    returning = desk.presses(desk.bo, again.modal, "Return...")
    assert isinstance(desk.sends(desk.bo, returning.modal, comment="Friday?"), CloseModals)
    late = desk.presses(desk.bo, again.modal, "Return...")
    assert "was returned by you" in texts(late.first.modal)


def test_what_was_read_from_the_list_leaves_the_list(desk: Desk) -> None:
    """The list stands where it was opened, without the week that is approved."""
    desk.submits()
    ask = Command(who=desk.bo, now=NOON, request_id="r", text="approvals")
    listed: Any = desk.handlers.approvals(ask, Approvals())
    opened = desk.presses(desk.bo, listed.message, "Details")
    done = desk.presses(desk.bo, opened.modal, "Approve")
    assert done.second.message.text.endswith("\nNo week waits for you.")


def test_the_weeks_that_wait(desk: Desk) -> None:
    """A list with the buttons; nobody approves their own."""
    desk.submits()
    ask = Command(who=desk.bo, now=NOON, request_id="r", text="approvals")
    listed: Any = desk.handlers.approvals(ask, Approvals())
    assert fits(listed.message).text == "1 week waits for you:\nAna, 16-22 Nov 2026: 6 h"
    desk.presses(desk.bo, listed.message, "Approve")
    listed = desk.handlers.approvals(ask, Approvals())
    assert listed.message.text == "No week waits for you."


def test_the_list_stays_a_list_until_nothing_waits(desk: Desk) -> None:
    """One week after the other, approved or returned, without asking for the list again."""
    cy = desk.world.member("cy")
    start = datetime(2026, 11, 16, 9, tzinfo=UTC)
    for who in (cy, desk.world.member("dee")):
        desk.world.joins(who, desk.office.website)
        desk.world.entry(who, desk.office.website, None, start, start + timedelta(hours=3))
        desk.submits(who=who)
    desk.submits()
    ask = Command(who=desk.bo, now=NOON, request_id="r", text="approvals")
    listed: Any = desk.handlers.approvals(ask, Approvals())
    assert listed.message.text.startswith("3 weeks wait for you:\nCy, ")
    after = desk.presses(desk.bo, listed.message, "Approve")
    assert isinstance(after, Update)
    assert fits(after.message).text.startswith(
        "Approved Cy's week 16-22 Nov 2026: *Website* 3 h.\n2 weeks wait for you:\nDee, "
    )
    opened = desk.presses(desk.bo, after.message, "Return...")
    assert opened.modal.returns
    done = desk.sends(desk.bo, opened.modal, comment="Friday?")
    assert isinstance(done, CloseModals)
    assert done.replaces
    assert done.message is not None
    assert fits(done.message).text == (
        "Returned Dee's week 16-22 Nov 2026, and told them: Friday?\n"
        "1 week waits for you:\nAna, 16-22 Nov 2026: 6 h"
    )
    late = desk.presses(desk.bo, listed.message, "Approve")
    assert late.message.text.startswith("The week 16-22 Nov 2026 of Cy was approved by you at")
    assert late.message.text.endswith("1 week waits for you:\nAna, 16-22 Nov 2026: 6 h")
    last = desk.presses(desk.bo, done.message, "Approve")
    assert last.message.text.endswith(
        "Website* 6 h. The other projects wait for others.\nNo week waits for you."
    )


def test_an_admin_approves_their_own_week_only_where_nobody_else_could(desk: Desk) -> None:
    """Website has Bo, and Office nobody; a second admin decides on both."""
    start = datetime(2026, 11, 16, 9, tzinfo=UTC)
    for project in (desk.office.website, desk.inner):
        desk.world.entry(desk.admin, project, None, start, start + timedelta(hours=3))
        start += timedelta(hours=4)
    said = desk.submits(who=desk.admin)
    assert said.text.endswith("Bo, Admin are asked.")
    ask = Command(who=desk.admin, now=NOON, request_id="r", text="approvals")
    listed: Any = desk.handlers.approvals(ask, Approvals())
    assert fits(listed.message).text.endswith("Admin, 16-22 Nov 2026: 3 h")
    other = desk.world.member("rut", admin=True)
    refused = desk.presses(desk.admin, listed.message, "Approve")
    assert isinstance(refused, Ephemeral)
    assert refused.message.text == ("Others approve your own week: Bo, Rut. Nothing was changed.")
    listed = desk.handlers.approvals(ask, Approvals())
    assert listed.message.text == "No week waits for you."
    assert desk.view(other).sheet.state is SheetState.SUBMITTED
    desk.world.member("rut", admin=False)
    done = desk.presses(desk.admin, desk.asked(desk.admin), "Approve")
    assert done.message.text == (
        "Approved Admin's week 16-22 Nov 2026: *Office* 3 h. The other projects wait for others."
    )


def test_a_week_on_many_projects_takes_no_more_statements(desk: Desk) -> None:
    """An admin's own, of which it is asked on each project who else could decide."""
    numbers: list[int] = []
    start = datetime(2026, 11, 16, 6, tzinfo=UTC)
    for week, projects in enumerate((1, 8)):
        for number in range(projects):
            began = start - timedelta(weeks=week) + timedelta(hours=number)
            project = desk.world.project(f"Inner {week} {number}", f"N{week}{number}")
            desk.world.entry(desk.admin, project, None, began, began + timedelta(hours=1))
        opened = desk.opens(f"{(start - timedelta(weeks=week)).date()}", desk.admin)
        assert isinstance(desk.sends(desk.admin, opened), CloseModals)
        sent = asked(
            desk.world.engine,
            lambda: desk.deciding.details(who=desk.admin, sheet_id=desk.sheet_id(), now=NOON),
        )
        numbers.append(len(sent))
    assert numbers[0] == numbers[1]


def test_nobody_approves_their_own_week(desk: Desk) -> None:
    """A manager on their own project: the admins are asked instead."""
    start = datetime(2026, 11, 16, 9, tzinfo=UTC)
    desk.world.entry(desk.bo, desk.office.website, None, start, start + timedelta(hours=3))
    said = desk.submits(who=desk.bo)
    assert said.text == "Submitted 16-22 Nov 2026: 3 h. Admin is asked."
    with pytest.raises(OwnWeek):
        desk.deciding.approve(who=desk.bo, sheet_id=desk.sheet_id(), round_=1, now=NOON)


@pytest.mark.parametrize("name", ["ana", "eve"])
def test_nobody_else_decides(desk: Desk, name: str) -> None:
    """The owner, and a colleague who manages nothing; whatever they send."""
    who = desk.ana if name == "ana" else desk.world.member(name)
    desk.submits()
    question = desk.asked(desk.bo)
    for label in ("Approve", "Return...", "Details"):
        assert isinstance(desk.presses(who, question, label), Ephemeral)
    opened = desk.presses(desk.bo, question, "Return...")
    assert isinstance(desk.sends(who, opened.modal, comment="No"), Ephemeral)
    assert desk.view(desk.bo).sheet.state is SheetState.SUBMITTED


def test_nobody_takes_back_anothers_week(desk: Desk) -> None:
    """Not even an admin: they return it, with a comment."""
    said = desk.submits()
    reply = desk.presses(desk.admin, said, "Take it back")
    assert isinstance(reply, Ephemeral)
    assert "sent to somebody else" in reply.message.text


def test_it_stands_in_the_audit_log(desk: Desk) -> None:
    """Who approved and returned whose week."""
    desk.submits()
    desk.presses(desk.bo, desk.asked(desk.bo), "Approve")
    desk.presses(desk.admin, desk.asked(desk.admin), "Approve")
    with desk.world.uow.read() as tx:
        lines = [
            (row.action, row.subject, (row.after or {}).get("state"))
            for row in tx.entities.scalars(select(AuditRow).order_by(col(AuditRow.id)))
            if row.action.startswith("sheet.")
        ]
    subject = f"member:{desk.ana.id}"
    assert lines == [
        ("sheet.approve", subject, "submitted"),
        ("sheet.approve", subject, "approved"),
    ]


@pytest.mark.parametrize(
    ("action", "value"),
    [
        ("sheet.approve", "x"),
        ("sheet.approve", "999:1"),
        ("sheet.details", "999:1"),
        ("sheet.open", "soon"),
        ("sheet.open", "9999-12-31"),
        ("sheet.open", "0001-01-01"),
        ("sheet.back", "999"),
        ("sheet.return", "1:"),
    ],
)
def test_forged_values_are_refused_in_words(desk: Desk, action: str, value: str) -> None:
    """No reference number for what somebody made up."""
    reply = desk.clicks(desk.admin, action, value)
    assert isinstance(reply, Ephemeral)
    assert "no longer there" in reply.message.text

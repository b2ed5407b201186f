"""Accounts that are disconnected: by whom, and what ends with them (U7)."""

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.domain.errors import AdminOnly
from bot.domain.people.account_links import Reply
from bot.domain.people.people_errors import NotConnectedNow
from bot.domain.states import AccountLinkState
from storage.entries.time_entries import TimeEntryRow
from storage.people.account_links import AccountLinkRow
from storage.sql import create
from tests.builders import NOON
from tests.services.people.office import LATER, Office

_S = AccountLinkState


def test_disconnecting_oneself(office: Office) -> None:
    """The token is destroyed; nobody needs to be told; twice is once."""
    mia = office.world.member("mia")
    link_id = office.world.connected(mia, office.board, office.world.account(office.board))
    office.puts(link_id, sealed_token="sealed")
    assert office.links.disconnect(mia, link_id, LATER).link.state is _S.ENDED
    assert office.links.disconnect(mia, link_id, LATER).link.state is _S.ENDED
    with office.world.uow.read() as tx:
        row = tx.entities.get(AccountLinkRow, link_id)
        assert row is not None
        assert row.sealed_token is None
    assert office.owed() == []
    assert office.audited() == ["account_link.end"]


def test_disconnecting_stops_and_keeps_the_timer_there(office: Office) -> None:
    """Tracking on that site ends with the link; a timer elsewhere goes on."""
    world, mia, ben = office.world, office.world.member("mia"), office.world.member("ben")
    there = world.provider_project(office.board)
    project = world.project()
    world.link(there, project)
    task = world.task(office.board, there)
    link_id = world.connected(mia, office.board, world.account(office.board))
    for member, on in ((mia, task), (ben, task)):
        with world.uow.begin() as tx:
            create(
                tx,
                TimeEntryRow,
                team_id=world.team_id,
                member_id=member.id,
                project_id=project,
                task_id=on,
                started_at=NOON,
                work_date=NOON.date(),
                note="",
                marker=f"m{member.id}",
                created_at=NOON,
            )
    assert office.links.disconnect(mia, link_id, LATER).stopped == 1
    with world.uow.read() as tx:
        columns = (col(TimeEntryRow.seconds), col(TimeEntryRow.stopped_because))
        rows = tx.execute(select(*columns).order_by(col(TimeEntryRow.member_id))).all()
    assert [tuple(row) for row in rows] == [(3600, "account_link_ended"), (None, None)]
    assert "timer.stopped" in {item.kind for item in office.owed()}


def test_an_admin_disconnects_somebody(office: Office) -> None:
    """The person is told; a colleague who is no admin may not do it."""
    mia, ben = office.world.member("mia"), office.world.member("ben")
    link_id = office.world.connected(mia, office.board, office.world.account(office.board))
    with pytest.raises(AdminOnly):
        office.links.disconnect(ben, link_id, LATER)
    office.links.disconnect(office.ana, link_id, LATER)
    (told,) = office.owed()
    assert (told.kind, told.payload["account_link_id"]) == ("account.ended", link_id)


def test_only_what_is_connected_can_be_disconnected(office: Office) -> None:
    """An open request is declined or withdrawn, not disconnected."""
    mia = office.world.member("mia")
    with pytest.raises(NotConnectedNow):
        office.links.disconnect(mia, office.asked(mia).id, LATER)


def test_the_account_is_free_again_after_disconnecting(office: Office) -> None:
    """Somebody else may connect it then."""
    mia, ben = office.world.member("mia"), office.world.member("ben")
    account = office.world.account(office.board, "M")
    link_id = office.world.connected(mia, office.board, account)
    office.links.disconnect(mia, link_id, LATER)
    office.asked(ben, account, chosen=True)
    assert office.confirms(ben).reply is Reply.CONNECTED

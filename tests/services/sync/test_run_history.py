"""The record of syncs, as an admin reads it (S8)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.domain.errors import AdminOnly, Vanished
from bot.domain.states import SyncRunState
from bot.services.sync.run_history import RunHistories
from storage.sync import sync_runs
from tests.builders import NOON
from tests.services.office import Office


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """The board has been synced twenty times, every other time by wish."""
    made = Office(database_url)
    with made.world.uow.begin() as tx:
        for number in range(20):
            begun = NOON + number * timedelta(minutes=5)
            run = sync_runs.open_one(
                tx,
                made.world.team_id,
                made.board,
                is_full=number == 0,
                asked_by=made.admin.id if number % 2 else None,
                now=begun,
            )
            state = SyncRunState.FAILED if number == 19 else SyncRunState.DONE
            error = "no answer" if number == 19 else None
            end = begun + timedelta(seconds=3)
            sync_runs.end(tx, made.world.team_id, run.id, state, end, error=error)
    yield made
    made.world.close()


def test_newest_first_page_by_page(office: Office) -> None:
    """Start, end, who asked, counts and the reason of a failure; beyond the last is the last."""
    histories = RunHistories(office.world.uow)
    first = histories.page(who=office.admin, integration_id=office.board, page=0)
    assert (first.total, first.pages, len(first.lines)) == (20, 3, 8)
    newest = first.lines[0]
    assert (newest.run.state, newest.run.error, newest.asked_by) == ("failed", "no answer", "Admin")
    assert first.lines[1].asked_by is None
    last = histories.page(who=office.admin, integration_id=office.board, page=99)
    assert (last.page, len(last.lines), last.lines[-1].run.is_full) == (2, 4, True)
    assert len(office.statements(lambda: _again(histories, office))) <= 5


def _again(histories: RunHistories, office: Office) -> None:
    histories.page(who=office.admin, integration_id=office.board, page=0)


def test_only_the_teams_admins_read_it(office: Office) -> None:
    """A member is refused; another team's integration is none."""
    histories = RunHistories(office.world.uow)
    with pytest.raises(AdminOnly):
        histories.page(who=office.ana, integration_id=office.board, page=0)
    zoe = office.world.member("zoe", admin=True, team_id=office.world.team("T0ELSE"))
    with pytest.raises(Vanished):
        histories.page(who=zoe, integration_id=office.board, page=0)

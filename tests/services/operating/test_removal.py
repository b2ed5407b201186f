"""What becomes of running timers when a workspace removes Hourlink, and when it comes back (O4)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select, text

from bot.domain.entries.entries import StopReason
from bot.domain.ids import MemberId, TimeEntryId
from bot.domain.outbox import OutboxItem
from bot.domain.writing.worklogs import WRITE
from bot.services.members import Members
from bot.services.operating.installations import Installations
from bot.services.operating.operating import Operating
from bot.services.tracking.stopping import TIMER_STOPPED, StoppedTimers
from bot.services.vault import Vault
from bot.views.tracking.timer import stopped_for_them
from storage import outbox
from storage.sql import table
from storage.writing.worklogs import WorklogRow
from tests import installed
from tests.builders import NOON
from tests.services.office import Office

BEGUN = NOON - timedelta(hours=2)
WEEK_LATER = NOON + timedelta(days=7)
VAULT = Vault([Fernet.generate_key().decode()])


class Workspace:
    """Ana's timer runs on a task of a tool to which time is written."""

    def __init__(self, database_url: str) -> None:
        self.office = office = Office(database_url)
        self.world = office.world
        self.members = Members(self.world.uow, self.world.new_marker())
        self.installations = Installations(self.world.uow, VAULT, self.world.new_marker())
        self.installations.save(installed.ACME, BEGUN - timedelta(days=1))
        with self.world.engine.begin() as connection:
            written = "UPDATE integration SET write_mode = 'on', sealed_credentials = 'sealed'"
            connection.execute(text(written))
        office.start(now=BEGUN)

    def ends(self, at: datetime = NOON, now: datetime | None = None) -> None:
        """Slack tells that it was removed."""
        self.installations.end(self.world.team_id, None, at=at, now=now or at)

    def returns(self, now: datetime = WEEK_LATER) -> None:
        """Somebody installs it again."""
        self.installations.save(replace(installed.ACME, token="xoxb-new"), now)

    def seconds(self) -> list[int | None]:
        """Of every entry of Ana's, None where it runs."""
        return [one.seconds for one in self.office.entries()]

    def due(self, now: datetime) -> dict[str, OutboxItem]:
        """What would be delivered, by kind."""
        with self.world.uow.begin() as tx:
            teams = outbox.teams_due(tx, now)
            items = outbox.take_due(tx, dict.fromkeys(teams, 20), now)
        return {item.kind: item for item in items}


@pytest.fixture
def workspace(database_url: str) -> Iterator[Workspace]:
    """Give it."""
    made = Workspace(database_url)
    yield made
    made.world.close()


Way = Callable[[Workspace], None]


def _told_over_oauth(workspace: Workspace) -> None:
    workspace.ends()


def _one_workspaces_token(workspace: Workspace) -> None:
    workspace.members.uninstalled(workspace.world.team_id, NOON)


@pytest.mark.parametrize("end", [_told_over_oauth, _one_workspaces_token])
def test_a_running_timer_is_stopped_and_kept_at_the_removal(workspace: Workspace, end: Way) -> None:
    """Nobody can stop it any more: a week later it would have 168 hours."""
    end(workspace)
    (entry,) = workspace.office.entries()
    assert (entry.seconds, entry.ended_at) == (7200, NOON)
    assert entry.stopped_because == StopReason.UNINSTALLED
    workspace.returns()
    assert workspace.seconds() == [7200]


def test_its_owner_is_told_once_it_is_installed_again(workspace: Workspace) -> None:
    """Not before, as nobody can be written to; with the day, and the time goes to the tool then."""
    world = workspace.world
    workspace.ends()
    assert workspace.due(WEEK_LATER) == {}
    with world.uow.read() as tx:
        assert [row.state for row in tx.execute(select(table(WorklogRow)))] == ["pending"]
    assert Operating(world.uow).owed().waiting == 0, "an operator would be alarmed for weeks"
    workspace.returns()
    due = workspace.due(WEEK_LATER)
    assert set(due) == {TIMER_STOPPED, WRITE}
    told = StoppedTimers(world.uow).told(
        world.team_id,
        TimeEntryId(due[TIMER_STOPPED].id_of("time_entry_id")),
        MemberId(due[TIMER_STOPPED].id_of("member_id")),
        WEEK_LATER,
    )
    assert told is not None
    said = stopped_for_them(told[1], WEEK_LATER).text
    assert "13:00 on Fri 20 Nov" in said
    assert "because Hourlink was removed from the workspace: 2 h is kept." in said


def test_a_removal_told_of_twice_changes_nothing_more(workspace: Workspace) -> None:
    """Slack tells of the app and of its token; the first counts, for retention too."""
    workspace.ends()
    workspace.ends(now=NOON + timedelta(hours=1))
    assert workspace.seconds() == [7200]
    with workspace.world.engine.connect() as connection:
        gone = connection.execute(text("SELECT uninstalled_at FROM team")).scalar_one()
    assert str(gone).startswith("2026-11-20 12:00")


def test_a_removal_told_of_after_the_next_install_stops_no_timer(workspace: Workspace) -> None:
    """It was of an installation that is no more."""
    workspace.returns(NOON)
    workspace.ends(at=NOON - timedelta(minutes=5), now=NOON + timedelta(hours=1))
    assert workspace.seconds() == [None]

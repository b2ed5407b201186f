"""A small office whose people track time: shared by the tests of tracking."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import col

from bot.domain.ids import CompletionId, IntegrationId, ProjectId, ProviderProjectId, TaskId
from bot.domain.people.people import Member
from bot.domain.preferences import TeamSettings
from bot.domain.tasks.completion import CompletionState
from bot.domain.tasks.task_refs import KeyRef
from bot.domain.tracking.tracking import Started
from bot.services.entries.editing import Entries
from bot.services.entries.finding import EntryFinder
from bot.services.entries.history import EntryHistory
from bot.services.tasks.completing import Completing, CompletionResults
from bot.services.tracking.time_log import TimeLog
from bot.services.tracking.timer import Tracking
from bot.services.tracking.timesheet import Timesheet
from bot.services.tracking.undoing import Undoing
from storage import teams
from storage.entries.time_entries import TimeEntryRow
from storage.people.account_links import AccountLinkRow
from storage.people.provider_accounts import ProviderAccountRow
from storage.sql import table
from storage.tasks.tasks import TaskRow
from tests.builders import NOON, World
from tests.statements import asked


class Office:
    """Ana is connected to the board and on Website, which has WEB-12 and WEB-9."""

    def __init__(self, database_url: str) -> None:
        self.world = world = World(database_url)
        self.admin = world.member("admin", admin=True)
        self.ana = world.member("ana")
        self.board = world.integration(self.admin)
        self.source = world.provider_project(self.board)
        self.website = world.project("Website", "WEB")
        world.link(self.source, self.website)
        self.web12 = world.task(self.board, self.source, "WEB-12", "Fix the header")
        self.web9 = world.task(self.board, self.source, "WEB-9", "Footer links")
        self.connect(self.ana)
        world.joins(self.ana, self.website)
        parts = (world.uow, world.new_marker(), str.capitalize)
        self.tracking, self.time_log = Tracking(*parts), TimeLog(*parts)
        self.undoing, self.timesheet = Undoing(*parts), Timesheet(world.uow)
        self.changing, self.entry_finder = Entries(*parts), EntryFinder(*parts)
        self.past = EntryHistory(*parts)
        self.completing = Completing(*parts, {"board", "redmine"}.__contains__)

    def connect(self, member: Member, integration: IntegrationId | None = None) -> None:
        """Connects a member's account."""
        site = integration or self.board
        self.world.connected(member, site, self.world.account(site, member.name))

    def second_site(
        self, name: str = "Operations", key: str = "OPS"
    ) -> tuple[IntegrationId, ProviderProjectId, ProjectId]:
        """A second integration with one linked project."""
        site = self.world.integration(self.admin, provider="redmine", site="redmine.acme.test")
        source = self.world.provider_project(site, name, key=key)
        project = self.world.project(name, key)
        self.world.link(source, project)
        return site, source, project

    def start(
        self, key: str = "WEB-12", now: datetime = NOON, who: Member | None = None
    ) -> Started:
        """Starts a timer on a key that is there."""
        started = self.tracking.start(who=who or self.ana, ref=KeyRef(key), now=now)
        assert isinstance(started, Started)
        return started

    def choose(self, chosen: TeamSettings) -> None:
        """What the team chooses from now on."""
        with self.world.uow.begin() as tx:
            teams.save_settings(tx, self.world.team_id, chosen)

    def change(self, model: type, row_id: int, **values: object) -> None:
        """Changes a row behind the services' back."""
        target = table(model)
        with self.world.uow.begin() as tx:
            tx.execute(update(target).where(target.c.id == row_id).values(values))

    def came_to_pass(self, completion_id: CompletionId) -> None:
        """The tool did what was asked for."""
        results = CompletionResults(self.world.uow, self.world.new_marker())
        wish = results.present(self.world.team_id, completion_id)
        assert wish is not None
        results.ended(wish, CompletionState.DONE, "", NOON)
        self.change(TaskRow, wish.task_id, is_done=wish.is_done)

    def entries(self, who: Member | None = None) -> list[TimeEntryRow]:
        """A member's entries that were not deleted, by id."""
        query = select(TimeEntryRow).where(
            col(TimeEntryRow.member_id) == (who or self.ana).id,
            col(TimeEntryRow.deleted_at).is_(None),
        )
        with self.world.uow.read() as tx:
            return list(tx.entities.scalars(query.order_by(col(TimeEntryRow.id))))

    def statements(self, work: Callable[[], object]) -> list[str]:
        """The SQL that a piece of work sends, without the transaction's own."""
        return asked(self.world.engine, work)


def task(office: Office, key: str, title: str, *, done: bool = False) -> TaskId:
    """One more task on Website."""
    return office.world.task(office.board, office.source, key, title, done=done)


def own_account(office: Office, who: Member) -> str:
    """The provider's id of somebody's account on the board."""
    link, account = table(AccountLinkRow).c, table(ProviderAccountRow).c
    query = (
        select(account.external_id)
        .join(table(AccountLinkRow), link.provider_account_id == account.id)
        .where(link.member_id == who.id)
    )
    with office.world.uow.read() as tx:
        return str(tx.execute(query).scalar_one())

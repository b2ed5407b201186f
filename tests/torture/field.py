"""The world in which people track time while the app is killed: its database and what is in it."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlmodel import col

from bot.domain.linking.write_back import WriteMode
from bot.domain.preferences import Overlaps, TeamSettings
from bot.domain.writing.worklogs import WorklogState
from storage import teams
from storage.entries.time_entries import TimeEntryRow
from storage.linking.integrations import IntegrationRow
from storage.people.account_links import AccountLinkRow
from storage.people.provider_accounts import ProviderAccountRow
from storage.tasks.tasks import TaskRow
from storage.writing.worklogs import WorklogRow
from tests.builders import World
from tests.torture.tools import Kept, minutes

PEOPLE = {
    "ana": "Europe/Berlin",
    "bo": "Europe/Berlin",
    "cy": "Europe/Berlin",
    "di": "Pacific/Auckland",
    "ed": "America/Los_Angeles",
}
"""Where they are; the days of the last two are other days in most tools."""

ISSUES = 8

_FINISHED = (
    select(
        col(TaskRow.external_id),
        col(TimeEntryRow.member_id),
        col(TimeEntryRow.work_date),
        col(TimeEntryRow.seconds),
        col(WorklogRow.marker),
    )
    .join(TaskRow, col(TaskRow.id) == col(TimeEntryRow.task_id))
    .outerjoin(WorklogRow, col(WorklogRow.time_entry_id) == col(TimeEntryRow.id))
    .where(col(TimeEntryRow.deleted_at).is_(None), col(TimeEntryRow.seconds).is_not(None))
)


class Field:
    """A world whose people, tasks and tool are ready."""

    def __init__(self, database_url: str, tool: dict[str, Any]) -> None:
        self.world = World(database_url)
        self.url, self.tool = database_url, tool
        world = self.world
        admin = world.member("admin", admin=True)
        self.people = [world.member(name, zone=zone) for name, zone in PEOPLE.items()]
        self.board = world.integration(admin, provider=str(tool["kind"]), site="torture")
        source, project = world.provider_project(self.board), world.project("Website", "WEB")
        world.link(source, project)
        for number in range(1, ISSUES + 1):
            world.task(self.board, source, f"WEB-{number}", f"Task {number}")
        for person in self.people:
            world.connected(person, self.board, world.account(self.board, person.name))
            world.joins(person, project)
        with world.uow.begin() as tx:
            chosen = {"write_mode": WriteMode.ON, "sealed_credentials": "sealed"}
            tx.execute(update(IntegrationRow).values(chosen))
            teams.save_settings(tx, world.team_id, TeamSettings(overlaps=Overlaps.WARN))

    def is_called(self, tasks: Sequence[str], accounts: Sequence[str]) -> None:
        """What the tool calls tasks and people, in the order of their ids here."""
        with self.world.uow.begin() as tx:
            for model, names in ((TaskRow, tasks), (ProviderAccountRow, accounts)):
                ids = list(tx.execute(select(col(model.id)).order_by(col(model.id))).scalars())
                for number, name in zip(ids, names, strict=True):
                    query = update(model).where(col(model.id) == number)
                    tx.execute(query.values(external_id=name))

    def has_keys(self, sealed: str, own: Sequence[str | None]) -> None:
        """What opens the tool: the integration's, and the keys of those who gave their own."""
        with self.world.uow.begin() as tx:
            tx.execute(update(IntegrationRow).values(sealed_credentials=sealed))
            for person, key in zip(self.people, own, strict=True):
                query = update(AccountLinkRow).where(col(AccountLinkRow.member_id) == person.id)
                tx.execute(query.values(sealed_token=key))

    def ours(self) -> Counter[Kept]:
        """Every finished entry, as the tool should have it."""
        accounts = self._accounts()
        with self.world.uow.read() as tx:
            return Counter(
                (row.external_id, accounts[row.member_id], row.work_date.isoformat(), kept)
                for row in tx.execute(_FINISHED)
                for kept in [minutes(row.seconds)]
            )

    def marked(self, signs: Sequence[str], kept: Callable[[int], int]) -> Counter[Kept]:
        """The same for a tool that keeps markers: each entry's own is beside its person's sign."""
        sign_of = dict(zip([one.id for one in self.people], signs, strict=True))
        with self.world.uow.read() as tx:
            return Counter(
                (
                    row.external_id,
                    f"{sign_of[row.member_id]} {row.marker}",
                    row.work_date.isoformat(),
                    kept(row.seconds),
                )
                for row in tx.execute(_FINISHED)
            )

    def _accounts(self) -> dict[int, str]:
        with self.world.uow.read() as tx:
            names = tx.execute(
                select(col(ProviderAccountRow.external_id)).order_by(col(ProviderAccountRow.id))
            ).scalars()
            return dict(zip([one.id for one in self.people], names, strict=True))

    def made(self) -> int:
        """Entries that there ever were."""
        with self.world.uow.read() as tx:
            return len(tx.execute(select(col(TimeEntryRow.id))).all())

    def states(self) -> Counter[str]:
        """Where the worklogs stand."""
        with self.world.uow.read() as tx:
            return Counter(tx.execute(select(col(WorklogRow.state))).scalars())

    def reasons(self) -> Counter[str]:
        """Why those stand there that were given up."""
        given_up = select(col(WorklogRow.reason)).where(
            col(WorklogRow.state) == WorklogState.FAILED
        )
        with self.world.uow.read() as tx:
            return Counter(tx.execute(given_up).scalars())

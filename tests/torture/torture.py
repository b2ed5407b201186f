"""Kills the app again and again while people track time, and compares at the end (W2).

``make torture``; ``python -m tests.torture.torture --help`` tells more.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlmodel import col

from bot.domain.ids import IntegrationId
from bot.domain.preferences import Overlaps, TeamSettings
from bot.domain.worklogs import WorklogState
from bot.domain.write_back import WriteMode
from storage import teams
from storage.integrations import IntegrationRow
from storage.migrations import upgrade
from storage.provider_accounts import ProviderAccountRow
from storage.tasks import TaskRow
from storage.time_entries import TimeEntryRow
from storage.worklogs import WorklogRow
from tests.builders import World
from tests.providers.redmine_site import Site, Workshop
from tests.torture.tools import FileTool, Kept, minutes, redmine_kept

NAMES = ("ana", "bo", "cy", "di", "ed")
LOGINS = ("alice", "bob", "carol", "dave", "erin")
ISSUES = 8
WORDS = ("life ", "did", "over ")
ARRIVES = 10.0
"""A Redmine answers in a second or two, and goes on when nobody listens any more."""


@dataclass(frozen=True)
class Plan:
    """How hard."""

    kills: int
    entries: int
    seed: int
    often: float = 0.25
    """Of the calls, this part goes wrong."""
    arrives: float = 0.05
    """Seconds that a call may be at work in the tool after its caller was killed."""
    longest: int = 20
    """Deeds in the longest life."""


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    ours: Counter[Kept]
    theirs: Counter[Kept]
    made: int
    kills: int
    states: Counter[str]

    @property
    def is_equal(self) -> bool:
        """One to one, by task, person, day and minutes."""
        return self.ours == self.theirs

    def told(self) -> str:
        """In words."""
        missing, more = self.ours - self.theirs, self.theirs - self.ours
        head = (
            f"{self.made} entries made, {self.ours.total()} left; {self.kills} kills; "
            f"{self.theirs.total()} records there; {dict(self.states)}"
        )
        return f"{head}\nmissing there: {dict(missing)}\ntoo many there: {dict(more)}"


class Field:
    """A world whose people, tasks and tool are ready."""

    def __init__(self, database_url: str, tool: dict[str, Any]) -> None:
        self.world = World(database_url)
        self.url, self.tool = database_url, tool
        world = self.world
        admin = world.member("admin", admin=True)
        self.people = [world.member(name) for name in NAMES]
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

    def ours(self) -> Counter[Kept]:
        """Every finished entry, as the tool should have it."""
        accounts = self._accounts()
        query = (
            select(
                col(TaskRow.external_id),
                col(TimeEntryRow.member_id),
                col(TimeEntryRow.work_date),
                col(TimeEntryRow.seconds),
            )
            .join(TaskRow, col(TaskRow.id) == col(TimeEntryRow.task_id))
            .where(col(TimeEntryRow.deleted_at).is_(None), col(TimeEntryRow.seconds).is_not(None))
        )
        with self.world.uow.read() as tx:
            return Counter(
                (row[0], accounts[row[1]], row[2].isoformat(), minutes(row[3] or 0))
                for row in tx.execute(query)
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


class Torturer:
    """Begins lives and ends them."""

    def __init__(self, field: Field, plan: Plan, *, says: bool = False) -> None:
        self._field = field
        self._plan = plan
        self._rolls = random.Random(plan.seed)  # noqa: S311 - moments, not secrets
        self._says = says
        began = datetime(2026, 11, 16, 9, tzinfo=ZoneInfo("Europe/Berlin"))
        self._told: dict[str, Any] = {
            "database": field.url,
            "tool": field.tool,
            "people": [one.id for one in field.people],
            "integration": IntegrationId(field.board),
            "began": began.isoformat(),
            "at": time.time(),
            "often": plan.often,
            "arrives": plan.arrives,
            "entries": plan.entries,
        }

    def run(self) -> int:
        """Kills until there were kills and entries enough, then lets it settle; how many kills."""
        nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.torture.life"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            return self._run(nursery)
        finally:
            nursery.kill()
            nursery.wait()

    def _run(self, nursery: "subprocess.Popen[str]") -> int:
        kills = 0
        while kills < self._plan.kills or self._field.made() < self._plan.entries:
            self._kill(nursery, after=self._rolls.randrange(1, self._plan.longest))
            kills += 1
            if self._says and kills % 10 == 0:
                print(f"{kills} kills, {self._field.made()} entries", flush=True)  # noqa: T201
        self._begin(nursery, settles=True)
        while not (line := _heard(nursery)).startswith("over"):
            continue
        if line != "over 0":
            raise AssertionError(f"it did not settle: {line}")
        return kills

    def _kill(self, nursery: "subprocess.Popen[str]", *, after: int) -> None:
        """After so many deeds, and then at any moment."""
        life = self._begin(nursery, settles=False)
        for _ in range(after):
            if _heard(nursery).startswith("over"):
                raise AssertionError("it ended by itself")
        time.sleep(self._rolls.uniform(0, 0.1))
        os.kill(life, signal.SIGKILL)
        while not _heard(nursery).startswith("over"):
            continue

    def _begin(self, nursery: "subprocess.Popen[str]", *, settles: bool) -> int:
        told = self._told | {"settles": settles, "seed": self._rolls.randrange(10**9)}
        if nursery.stdin is None:
            raise AssertionError("nobody listens")
        nursery.stdin.write(f"{json.dumps(told)}\n")
        nursery.stdin.flush()
        return int(_heard(nursery).removeprefix("life "))


def _heard(nursery: "subprocess.Popen[str]") -> str:
    """The next word of the nursery; what is logged in between goes where it can be read."""
    while line := nursery.stdout.readline() if nursery.stdout else "":
        if line.startswith(WORDS):
            return line.strip()
        sys.stderr.write(line)
    raise AssertionError("the nursery is gone")


def on_file(database_url: str, folder: Path, plan: Plan, *, says: bool = False) -> Outcome:
    """With a tool in a file."""
    tool = {"kind": "file", "path": str(folder / "tool.sqlite3")}
    field = Field(database_url, tool)
    kills = Torturer(field, plan, says=says).run()
    return _outcome(field, FileTool(Path(tool["path"])).kept(), kills)


def on_redmine(database_url: str, seed: dict[str, Any], plan: Plan, *, says: bool) -> Outcome:
    """With a real Redmine, in a project of our own."""
    site = Site(seed["base_url"], seed["admin_key"], seed)
    workshop = Workshop(site)
    try:
        project = workshop.project()
        for login in LOGINS:
            workshop.member(project, site.user_id(login), "Manager")
        issues = [workshop.issue(project, f"Task {n}") for n in range(1, ISSUES + 1)]
        tool = {"kind": "redmine", "url": site.url, "key": site.key}
        field = Field(database_url, tool)
        field.is_called(issues, [str(site.user_id(login)) for login in LOGINS])
        kills = Torturer(field, replace(plan, arrives=ARRIVES), says=says).run()
        return _outcome(field, redmine_kept(site, project), kills)
    finally:
        workshop.clear()


def _outcome(field: Field, theirs: Counter[Kept], kills: int) -> Outcome:
    made = Outcome(field.ours(), theirs, field.made(), kills, field.states())
    field.world.close()
    return made


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--entries", type=int, default=500, help="entries made at least")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--often", type=float, default=0.25, help="part of the calls that fail")
    asked = parser.parse_args()
    plan = Plan(asked.kills, asked.entries, asked.seed, asked.often)
    print(f"seed {plan.seed}", flush=True)  # noqa: T201
    described = os.environ.get("HOURLINK_REDMINE_SEED")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database_url = f"sqlite:///{folder / 'hourlink.sqlite3'}"
        upgrade(database_url)
        if described:
            seed = json.loads(Path(described).read_text(encoding="utf-8"))
            outcome = on_redmine(database_url, seed, plan, says=True)
        else:
            outcome = on_file(database_url, folder, plan, says=True)
    print(outcome.told())  # noqa: T201
    if not outcome.is_equal or set(outcome.states) - {WorklogState.WRITTEN, WorklogState.OFF}:
        sys.exit(1)


if __name__ == "__main__":
    main()

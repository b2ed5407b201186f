"""Hours that an operator imports into a team, as the command does it."""

from pathlib import Path
from typing import Any

from sqlalchemy import text
from typer.testing import CliRunner

from bot.commands import app
from tests.builders import World

HEAD = "User,Email,Project,Task,Description,Start date,Start time,End date,End time,Duration"
TIMES = "SELECT count(*), coalesce(sum(seconds), 0) FROM time_entry WHERE deleted_at IS NULL"


class Office:
    """A team with two people and a linked project, and another team."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world = world
        self.folder = folder
        self.ana = world.member("ana", admin=True)
        self.mia = world.member("mia")
        self.integration = world.integration(self.ana)
        self.there = world.provider_project(self.integration)
        self.website = world.project("Website")
        world.link(self.there, self.website)
        self.task = world.task(self.integration, self.there)

    def file(self, *rows: str, head: str = HEAD, name: str = "hours.csv") -> str:
        """A file of these rows."""
        path = self.folder / name
        path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
        return str(path)

    def connects_mia(self) -> None:
        """She may track on the linked project."""
        account = self.world.account(self.integration, "Mia K")
        self.world.connected(self.mia, self.integration, account)
        self.world.joins(self.mia, self.website)

    def asked(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of the database."""
        with self.world.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    def changed(self, query: str) -> None:
        """The database otherwise."""
        with self.world.engine.begin() as connection:
            connection.execute(text(query))


def hourlink(*words: str) -> str:
    """What the command said; it did what it was asked."""
    answer = CliRunner().invoke(app, ["import", *words])
    assert answer.exit_code == 0, answer.output
    return answer.output


def refused(*words: str) -> str:
    """The sentence with which it ended; no traceback."""
    answer = CliRunner().invoke(app, ["import", *words])
    assert answer.exit_code == 1
    assert answer.exception is None or isinstance(answer.exception, SystemExit)
    return answer.output


def of_mia(day: str, start: str, end: str, project: str = "Website", note: str = "x") -> str:
    """A row of hers."""
    return f"Mia,mia@acme.test,{project},,{note},{day},{start},{day},{end},"

"""Whether the version of before goes on working beside a newer database (docs/deploy.md)."""

import asyncio
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from cryptography.fernet import Fernet
from sqlalchemy import Connection, Engine, create_engine, inspect, text
from typer.testing import CliRunner

from bot import commands
from bot.demo_board import write_demo_board
from bot.domain.ids import TeamId
from bot.operating import database
from handlers.linking import link
from handlers.tracking import track
from storage.migrations import STOP_FIRST, config
from storage.migrations.standing import standing
from tests.isolation.desk import Asked, Desk, opened
from tests.isolation.test_isolation import lived_in

_CHECK = re.compile(
    r"CONSTRAINT (\w+) CHECK \((.*?)\)(?=,? ?(?:\n|\)|CONSTRAINT|FOREIGN|$))", re.DOTALL
)
_ONE_OF = re.compile(r"(\w+) IN \((.*)")
_INTERNAL = ("sqlite_", "task_fts", "alembic_")

Column = tuple[str, bool, str | None]
"""Its type, whether it must be given, and its default."""


class Schema:
    """What statements of an older version rest on."""

    def __init__(self, connection: Connection) -> None:
        made = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
        self.tables: dict[str, dict[str, Column]] = {}
        self.unique: set[str] = set()
        self.checks: dict[str, str] = {}
        for name, sql in list(made):
            if name.startswith(_INTERNAL):
                continue
            columns = connection.execute(text(f'PRAGMA table_info("{name}")'))
            self.tables[name] = {row[1]: (row[2], bool(row[3]), row[4]) for row in columns}
            for index in list(connection.execute(text(f'PRAGMA index_list("{name}")'))):
                if index[2]:
                    parts = connection.execute(text(f'PRAGMA index_info("{index[1]}")'))
                    where = ",".join(str(part[2]) for part in parts)
                    self.unique.add(f"{name} ({where}){' in part' if index[4] else ''}")
            for check, says in _CHECK.findall(sql):
                self.checks[f"{name} {check}"] = " ".join(says.split())


def breaks(before: Schema, after: Schema) -> list[str]:
    """What of an older version's statements does not work any more."""
    found = [f"{name} is gone" for name in before.tables if name not in after.tables]
    for name, columns in before.tables.items():
        now = after.tables.get(name, {})
        found += [
            f"{name}.{one} is gone" for one in columns if name in after.tables and one not in now
        ]
        for one, (kind, needed, default) in now.items():
            if one not in columns:
                found += [f"{name}.{one} must be given"] if needed and default is None else []
                continue
            was = columns[one]
            found += [f"{name}.{one} is another kind"] if kind != was[0] else []
            found += [f"{name}.{one} must be given"] if needed and not was[1] else []
            found += [f"{name}.{one} has no default"] if needed and was[2] and not default else []
    old = {one for one in after.unique - before.unique if one.partition(" ")[0] in before.tables}
    found += [f"{one} is unique" for one in old]
    for check, says in after.checks.items():
        if check.partition(" ")[0] in before.tables and not _is_wider(
            before.checks.get(check), says
        ):
            found.append(f"{check} lets less in")
    return found


def _is_wider(was: str | None, now: str) -> bool:
    if was is None or was == now:
        return was == now
    one, other = _ONE_OF.match(was), _ONE_OF.match(now)
    if one is None or other is None or one[1] != other[1]:
        return False
    return set(re.findall(r"'(\w+)'", one[2])) <= set(re.findall(r"'(\w+)'", other[2]))


def found_in(url: str) -> Mapping[str, list[str]]:
    """Every migration that breaks something, one after the other."""
    steps = ScriptDirectory.from_config(config(url)).walk_revisions()
    revisions = [step.revision for step in steps][::-1]
    engine = create_engine(url)
    found = {}
    before: Schema | None = None
    for revision in revisions:
        command.upgrade(config(url), revision)
        with engine.connect() as connection:
            after = Schema(connection)
        if before is not None and (broken := breaks(before, after)):
            found[revision] = broken
        before = after
    engine.dispose()
    return found


def test_migrations_only_add_unless_they_say_otherwise(blank_sqlite_url: str) -> None:
    """One that takes away, or asks for more, is named, and operators are told to stop first."""
    found = found_in(blank_sqlite_url)
    assert found.keys() == STOP_FIRST.keys(), found


def test_what_would_break_an_older_version_is_seen(tmp_path: Path) -> None:
    """Each way in which a change of the tables can break a statement that worked before."""
    engine = create_engine(f"sqlite:///{tmp_path / 'one.db'}")
    plain = (
        "CREATE TABLE t (id INTEGER, a TEXT NOT NULL DEFAULT '', b TEXT, "
        "CONSTRAINT k CHECK (b IN ('x')))"
    )
    for changed, says in (
        (plain, []),
        (plain.replace("b TEXT", "b TEXT, c TEXT"), []),
        (plain.replace("b TEXT", "b TEXT, c TEXT NOT NULL DEFAULT ''"), []),
        (plain.replace("('x')", "('x', 'y')"), []),
        (plain.replace("b TEXT", "b TEXT, c TEXT NOT NULL"), ["t.c must be given"]),
        (plain.replace("b TEXT", "b TEXT NOT NULL"), ["t.b must be given"]),
        (plain.replace(" DEFAULT ''", ""), ["t.a has no default"]),
        (plain.replace("a TEXT", "a INTEGER"), ["t.a is another kind"]),
        (plain.replace("a TEXT", "other TEXT"), ["t.a is gone"]),
        (plain.replace("('x')", "('y')"), ["t k lets less in"]),
        (plain.replace("b TEXT", "b TEXT UNIQUE"), ["t (b) is unique"]),
        (plain.replace("TABLE t ", "TABLE u "), ["t is gone"]),
    ):
        assert breaks(_schema(engine, plain), _schema(engine, changed)) == says, changed
    engine.dispose()


def _schema(engine: Engine, *statements: str) -> Schema:
    with engine.begin() as connection:
        for table in inspect(connection).get_table_names():
            connection.execute(text(f"DROP TABLE {table}"))
        for statement in statements:
            connection.execute(text(statement))
        return Schema(connection)


def grown(url: str) -> None:
    """What a migration of a newer version may do to every table while this one runs."""
    engine = create_engine(url)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET lock_timeout = '60s'"))
        names = [
            name
            for name in inspect(connection).get_table_names()
            if not name.startswith((*_INTERNAL, "procrastinate"))
        ]
        for name in names:
            connection.execute(text(f"ALTER TABLE {name} ADD COLUMN later VARCHAR"))
            connection.execute(
                text(f"ALTER TABLE {name} ADD COLUMN more INTEGER NOT NULL DEFAULT 0")
            )
        connection.execute(text("CREATE TABLE of_later (id INTEGER PRIMARY KEY)"))
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()


async def asks_everything(desk: Desk) -> list[str]:
    """Every verb with its example; what broke."""
    broken = []
    for name, offered in ((link.NAME, link.OFFERED), (track.NAME, track.OFFERED)):
        for verb in offered:
            asked = Asked("command", name, verb.example)
            answers = await desk.asks(TeamId("T0ACME"), "U0ANA", asked)
            broken += [f"{name} {verb.example}"] if "BROKEN" in repr(answers) else []
    return broken


def test_a_process_that_runs_goes_on_beside_a_newer_database(
    database_url: str, tmp_path: Path
) -> None:
    """While a newer version's migration adds to every table; statements are prepared by then."""
    write_demo_board(tmp_path)
    lived_in(database_url).close()

    async def run() -> list[str]:
        async with opened(database_url, str(tmp_path)) as desk:
            for _ in range(3):
                assert await asks_everything(desk) == []
            grown(database_url)
            return await asks_everything(desk)

    assert asyncio.run(run()) == []


@pytest.mark.parametrize(
    "command_line", [["serve"], ["worker"], ["db", "upgrade"], ["db", "status"]]
)
def test_an_older_version_does_not_start_on_a_newer_database(
    postgresql_url: str, tmp_path: Path, command_line: list[str]
) -> None:
    """It says so in a sentence, and leaves the database as it is."""
    grown(postgresql_url)
    environment = {
        "SLACK_BOT_TOKEN": "xoxb-made-up",
        "SLACK_SIGNING_SECRET": "made up",
        "HOURLINK_SECRET_KEYS": Fernet.generate_key().decode(),
        "HOURLINK_DATABASE_URL": postgresql_url,
        "HOURLINK_DATA_DIR": str(tmp_path),
        "HOURLINK_PORT": "0",
    }
    done = CliRunner().invoke(commands.app, command_line, env=environment)
    said = " ".join(done.output.split())
    assert "migration 9999, which this version" in said, done
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert done.exit_code == (0 if "status" in command_line else 1)


def test_who_upgrades_is_told_when_to_stop_everything_first(blank_sqlite_url: str) -> None:
    """Only where something on the way takes away what an older process uses."""
    command.upgrade(config(blank_sqlite_url), "0023")
    engine = create_engine(blank_sqlite_url)
    said = database.words(standing(engine))
    assert "Stop every process before the upgrade" in said
    assert "0024 (Slack's tokens are kept in a table of their own)" in said
    assert "0023" not in said.partition("Stop")[2]
    command.upgrade(config(blank_sqlite_url), "0030")
    assert "Stop" not in database.words(standing(engine))
    engine.dispose()

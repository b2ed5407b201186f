"""``hourlink db`` and ``hourlink keys``, as an operator types them."""

import os
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlmodel import SQLModel
from typer.testing import CliRunner

from bot.commands import app
from bot.domain.errors import Refusal, SavingRefused
from bot.domain.ids import IntegrationId
from bot.services.vault import Vault
from storage.operating.operating import SEALED
from tests.builders import World

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture
def world(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A database that the environment names, with complete settings."""
    for name, value in {
        "HOURLINK_DATABASE_URL": database_url.replace("+psycopg", ""),
        "SLACK_BOT_TOKEN": "xoxb-made-up",
        "SLACK_SIGNING_SECRET": "made up",
        "HOURLINK_SECRET_KEYS": f"{NEW},{OLD}",
    }.items():
        monkeypatch.setenv(name, value)
    made = World(database_url)
    yield made
    made.close()


def hourlink(*words: str) -> tuple[int, str]:
    """How the command ended, and what it said."""
    answer = CliRunner().invoke(app, list(words))
    return answer.exit_code, answer.output


def test_status_says_version_and_size(world: World) -> None:
    """The first thing to look at after a restore."""
    world.integration(world.member(admin=True))
    code, said = hourlink("db", "status")
    assert code == 0
    assert "up to date" in said
    assert "1 workspace, 1 connected tool, 0 time entries, 0 running timers" in said


def test_upgrade_makes_the_tables_and_is_repeatable(
    blank_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A deployment may call it before every start."""
    monkeypatch.setenv("HOURLINK_DATABASE_URL", blank_database_url.replace("+psycopg", ""))
    assert hourlink("db", "upgrade")[1].startswith("From nothing to ")
    assert hourlink("db", "upgrade") == (0, "Up to date.\n")


def test_a_backup_is_the_database_again(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Copied beside a running server, put in its place, it holds everything up to the copy."""
    monkeypatch.setenv("HOURLINK_DATABASE_URL", sqlite_url)
    world = World(sqlite_url)
    world.member("ana")
    copy = tmp_path / "copy.db"
    code, said = hourlink("db", "backup", str(copy))
    assert code == 0
    assert "HOURLINK_SECRET_KEYS" in said
    world.member("bo")
    world.close()
    monkeypatch.setenv("HOURLINK_DATABASE_URL", f"sqlite:///{copy}")
    assert "up to date" in hourlink("db", "status")[1]
    restored = World(f"sqlite:///{copy}")
    with restored.engine.connect() as connection:
        assert connection.execute(text("SELECT name FROM member")).scalars().all() == ["Ana"]
        assert connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
    restored.close()
    code, said = hourlink("db", "backup", str(copy))
    assert code == 1
    assert "exists" in said


def test_a_missing_database_is_not_made_by_looking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither status nor backup leaves an empty file behind."""
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.setenv("HOURLINK_DATABASE_URL", f"sqlite:///{folder / 'none.db'}")
    for words in (("db", "status"), ("db", "backup", str(folder / "copy.db"))):
        code, said = hourlink(*words)
        assert code == 1
        assert "is not there" in said
    assert list(folder.iterdir()) == []


def test_postgresql_is_left_to_its_own_tool(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With the very command; the password stays where it is."""
    monkeypatch.setenv("HOURLINK_DATABASE_URL", postgresql_url.replace("+psycopg", ""))
    code, said = hourlink("db", "backup", str(tmp_path / "copy"))
    assert code == 1
    assert "pg_dump --format=custom" in said


def test_after_a_rotation_the_old_key_can_go(world: World) -> None:
    """Everything encrypted is encrypted anew, and only that; a second run has nothing to do."""
    vault, member = Vault([OLD]), world.member(admin=True)
    integration = world.integration(member)
    sealed = vault.seal({"token": "t0p"})
    with world.engine.begin() as connection:
        connection.execute(text("UPDATE integration SET sealed_credentials = :s"), {"s": sealed})
        connection.execute(
            text(
                "INSERT INTO hook (integration_id, team_id, sealed_secrets, watched)"
                " VALUES (:id, :team, :s, '')"
            ),
            {"id": integration, "team": world.team_id, "s": sealed},
        )
    code, said = hourlink("keys", "rotate")
    assert code == 0
    assert "Tools' credentials: 1 encrypted anew" in said
    assert "The first key opens everything." in said
    with world.engine.connect() as connection:
        for query in (
            "SELECT sealed_credentials FROM integration",
            "SELECT sealed_secrets FROM hook",
        ):
            found = connection.execute(text(query)).scalar_one()
            assert Vault([NEW]).open(found) == {"token": "t0p"}
    assert "Tools' credentials: 0 encrypted anew" in hourlink("keys", "rotate")[1]


def test_what_comes_under_the_old_key_meanwhile_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a process that was not restarted: taken away now, the key would be missing."""
    member = world.member(admin=True)
    first, second = world.integration(member), world.integration(member, site="other")
    sealed, sets = Vault([OLD]).seal({"token": "t0p"}), _sealing(world, first)
    sets(sealed)
    again, late = Vault.seal_again, _sealing(world, second)

    def beside(self: Vault, text: str) -> str:
        late(sealed)
        return again(self, text)

    monkeypatch.setattr(Vault, "seal_again", beside)
    code, said = hourlink("keys", "rotate")
    assert code == 1
    assert "1 secret came meanwhile under an older key" in said
    assert "The first key opens everything." not in said


def _sealing(world: World, integration: IntegrationId) -> Callable[[str], None]:
    query = text("UPDATE integration SET sealed_credentials = :s WHERE id = :id")

    def seal(sealed: str) -> None:
        with world.engine.begin() as connection:
            connection.execute(query, {"s": sealed, "id": integration})

    return seal


def test_what_no_key_opens_is_kept_and_told(world: World) -> None:
    """The lost key may turn up; nothing is thrown away for it."""
    lost = Vault([Fernet.generate_key().decode()]).seal({"token": "t0p"})
    world.integration(world.member(admin=True))
    with world.engine.begin() as connection:
        connection.execute(text("UPDATE integration SET sealed_credentials = :s"), {"s": lost})
    code, said = hourlink("keys", "rotate")
    assert code == 1
    assert "1 that no key opens" in said
    with world.uow.read() as tx:
        assert tx.execute(text("SELECT sealed_credentials FROM integration")).scalar() == lost


def test_no_encrypted_column_is_forgotten() -> None:
    """A new one that rotation does not know would lock its owner out when the old key goes."""
    known = {(table.name, column) for table, column in SEALED.values()}
    there = {
        (table.name, column.name)
        for table in SQLModel.metadata.tables.values()
        for column in table.columns
        if column.name.startswith("sealed")
    }
    assert known == there


def test_a_new_key_is_one() -> None:
    """What it prints can be pasted into the settings."""
    code, said = hourlink("keys", "new")
    assert code == 0
    Fernet(said.strip())


def test_the_version_is_told() -> None:
    """What an operator is asked for first; without a command there is the list of them."""
    assert hourlink("--version") == (0, f"hourlink {version('hourlink')}\n")
    assert "doctor" in hourlink()[1]


def test_help_is_broken_where_the_terminal_ends() -> None:
    """Not also where the source's lines do."""
    assert "unless --time is given. What stands" in hourlink("erase", "--help")[1]


def test_the_tools_are_listed_in_words() -> None:
    """Who chooses a tool does not read an adapter's own names; a program gets these."""
    lines = hourlink("providers")[1].splitlines()
    (redmine,) = [line for line in lines if line.startswith("redmine ")]
    assert redmine == (
        "redmine     Redmine: takes time as time records, project access, changes only, "
        "completion, webhooks set up by hand"
    )
    assert '"slug": "redmine"' in hourlink("providers", "--json")[1]


@pytest.mark.usefixtures("world")
def test_a_file_that_cannot_be_written_is_named_before_anything_is_done(tmp_path: Path) -> None:
    """A slip in a path is one sentence, without a traceback."""
    export = ("export", "--person", "ana@acme.test", "--output")
    nowhere = tmp_path / "nowhere" / "file"
    assert hourlink(*export, str(nowhere)) == (1, f"The folder {nowhere.parent} does not exist.\n")
    nowhere.parent.mkdir()
    nowhere.touch()
    assert hourlink(*export, str(nowhere)) == (1, f"{nowhere} exists. Name a new file.\n")


@pytest.mark.parametrize(
    "words",
    [
        ("db", "status"),
        ("db", "upgrade"),
        ("keys", "rotate"),
        ("export", "--person", "U0ANA", "--output", "ana.json"),
        ("erase", "--person", "U0ANA", "--yes"),
        ("write-back", "--verify"),
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("world")
def test_a_database_that_is_not_there_is_a_sentence(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nobody reads a traceback to find out that a server is down."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOURLINK_DATABASE_URL", "postgresql://nobody:pw@127.0.0.1:9/none")
    answer = CliRunner().invoke(app, list(words))
    assert (answer.exit_code, type(answer.exception)) == (1, SystemExit)
    assert "The database cannot be opened: connection failed" in answer.output
    assert "Is the server up" in answer.output


def test_one_that_stops_halfway_is_a_sentence_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it says is what somebody in Slack would be told."""
    world.member()

    def refuses(*_: object, **__: object) -> None:
        raise SavingRefused(why=Refusal.FULL)

    monkeypatch.setattr("bot.services.operating.person_data.PersonData.erase", refuses)
    code, said = hourlink("erase", "--person", "U0ANA", "--yes")
    assert code == 1
    assert "the disk of its database is full" in said


@pytest.mark.parametrize(("place", "says"), [(0, "Not copied"), (-4096, "The database is damaged")])
def test_the_backup_of_a_damaged_file_is_none(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: int, says: str
) -> None:
    """It would be found out on the day on which it is needed."""
    monkeypatch.setenv("HOURLINK_DATABASE_URL", sqlite_url)
    with Path(str(make_url(sqlite_url).database)).open("r+b") as file:
        file.seek(place, os.SEEK_END if place < 0 else os.SEEK_SET)
        file.write(b"?" * 4096)
    copy = tmp_path / "copy.db"
    code, said = hourlink("db", "backup", str(copy))
    assert (code, copy.exists()) == (1, False)
    assert says in said

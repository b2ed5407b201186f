"""``hourlink doctor``: what it finds, and that it says how to mend it."""

import asyncio
import socket
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from cryptography.fernet import Fernet
from pydantic import SecretStr
from sqlalchemy import text
from typer.testing import CliRunner

from bot.commands import app
from bot.demo_board import DEMO_BOARD, DEMO_KEY, write_demo_board
from bot.domain.ids import SlackUserId, TeamId
from bot.domain.operating.installations import Installation
from bot.domain.states import IntegrationState
from bot.manifest import SCOPES
from bot.operating import slack_checks
from bot.operating.doctor import examine
from bot.operating.findings import Finding, Verdict
from bot.services.operating.installations import Installations
from bot.services.operating.operating import Operating
from bot.services.vault import Vault
from bot.settings import Settings
from bot.wiring import Makers
from playground.testing import Playground
from storage import migrations, outbox
from storage.engine import open_engine
from storage.unit_of_work import UnitOfWork
from tests.builders import NOON, World
from tests.http_server import Say, in_turn, serving
from tests.installed import ACME

KEY, OTHER = Fernet.generate_key().decode(), Fernet.generate_key().decode()
EVERYTHING = ",".join(SCOPES)

pytest_plugins = ["playground.pytest_plugin"]


@pytest.fixture
def slack_options() -> dict[str, object]:
    """Give a Slack with the app made from our own manifest."""
    return {"manifest": Path(__file__).parents[2] / "manifest.yml"}


def settings(slack: Playground, database_url: str, **chosen: Any) -> Settings:  # noqa: ANN401
    """Complete settings, as an operator makes them, but for what a test chooses."""
    given: dict[str, Any] = {
        "bot_token": SecretStr(slack.bot_token),
        "signing_secret": SecretStr(slack.signing_secret),
        "slack_api_url": slack.api_url,
        "database_url": SecretStr(database_url),
        "secret_keys": (SecretStr(KEY),),
    }
    return Settings(**(given | chosen))


def doctor(options: Settings, now: datetime | None = None) -> dict[str, Finding]:
    """What it finds, by subject; of several findings on one subject the last."""
    moment = now or datetime.now(UTC)
    makers = Makers(
        clock=lambda: moment,
        sleep=asyncio.sleep,
        new_marker=lambda: "marker",
        new_reference=lambda: "7F3A-19",
    )

    async def all_of_it() -> list[Finding]:
        return [finding async for finding in examine(options, makers)]

    return {finding.subject: finding for finding in asyncio.run(all_of_it())}


def test_a_healthy_installation_has_nothing_to_mend(slack: Playground, database_url: str) -> None:
    """Right after the first start nothing is red that will be green in a minute."""
    found = doctor(settings(slack, database_url))
    workers = found.pop("Workers", None)
    assert {one.verdict for one in found.values()} == {Verdict.FINE}, found
    assert "Acme" in found["Slack token"].says
    # Nothing but a worker is missing on PostgreSQL; on SQLite the server does that work.
    assert (workers is not None) == database_url.startswith("postgresql")


def test_a_rejected_token_says_where_to_find_the_right_one(
    slack: Playground, sqlite_url: str
) -> None:
    """Slack's own word is there, to search for."""
    found = doctor(settings(slack, sqlite_url, bot_token=SecretStr("xoxb-no")))["Slack token"]
    assert found.verdict is Verdict.WRONG
    assert "invalid_auth" in found.says
    assert "OAuth & Permissions" in found.mend


def test_a_tool_that_nobody_can_sign_in_at_is_a_slip(slack: Playground, sqlite_url: str) -> None:
    """A misspelt name would leave its button out, and nobody would know why."""
    clients = (SecretStr("asanna:id:secret"), SecretStr("linear:id:secret"))
    given = {"tool_clients": clients, "public_url": slack.url}
    found = doctor(settings(slack, sqlite_url, **given))["Signing in at tools"]
    assert found.verdict is Verdict.WARNING
    assert "'asanna'" in found.says
    assert "linear" not in found.says


def test_slack_out_of_reach_is_told_apart_from_a_bad_token(
    slack: Playground, sqlite_url: str
) -> None:
    """A proxy is another errand than a token."""
    found = doctor(settings(slack, sqlite_url, slack_api_url="http://127.0.0.1:9/api/"))
    assert "cannot be reached" in found["Slack token"].says


def test_a_server_for_many_workspaces_has_no_token_to_check(
    slack: Playground, sqlite_url: str
) -> None:
    """Slack itself is asked, and the page to install from is named."""
    many = {"bot_token": None, "client_id": slack.client_id, "public_url": slack.url}
    found = doctor(
        settings(slack, sqlite_url, **many, client_secret=SecretStr(slack.client_secret))
    )
    assert found["Settings"].verdict is Verdict.FINE
    assert found["Slack"].verdict is Verdict.FINE
    assert f"{slack.url}/slack/install" in found["Slack"].says
    assert "Slack token" not in found


def test_a_workspace_that_gave_less_is_named(slack: Playground, sqlite_url: str) -> None:
    """It installed an older version; the operator sees which, without asking each."""
    one = Installation(
        team_id=TeamId("T0ACME"),
        enterprise_id=None,
        name="Acme",
        bot_id="B1",
        bot_user_id="U1",
        scopes=tuple(scope for scope in SCOPES if scope != "files:write"),
        installed_by=SlackUserId("U0ANA"),
        token="xoxb-acme",
    )
    engine = open_engine(sqlite_url)
    Installations(UnitOfWork(engine), Vault([KEY]), str).save(one, datetime.now(UTC))
    engine.dispose()
    many = {"bot_token": None, "client_id": slack.client_id, "public_url": slack.url}
    secret = SecretStr(slack.client_secret)
    found = doctor(settings(slack, sqlite_url, **many, client_secret=secret))["Slack scopes"]
    assert found.verdict is Verdict.WARNING
    assert "1 workspace: Acme: files:write." in found.says
    assert f"{slack.url}/slack/install" in found.mend


def test_a_workspace_whose_token_slack_refuses_is_named(slack: Playground, sqlite_url: str) -> None:
    """Nothing told of it; with Slack's word one finds out whether it left."""
    engine = open_engine(sqlite_url)
    kept = Installations(UnitOfWork(engine), Vault([KEY]), str)
    kept.save(replace(ACME, token=slack.bot_token), datetime.now(UTC))
    many = {"bot_token": None, "client_id": slack.client_id, "public_url": slack.url}
    chosen = settings(slack, sqlite_url, **many, client_secret=SecretStr(slack.client_secret))
    assert doctor(chosen)["Slack tokens"].verdict is Verdict.FINE
    sun = replace(ACME, team_id=TeamId("T0SUN"), name="Sun", token="xoxb-gone")
    kept.save(sun, datetime.now(UTC))
    engine.dispose()
    found = doctor(chosen)["Slack tokens"]
    assert found.verdict is Verdict.WRONG
    assert "1 workspace: Sun (invalid_auth)." in found.says
    assert f"{slack.url}/slack/install" in found.mend
    assert "xoxb" not in f"{found}"


async def test_a_token_that_ended_while_nobody_needed_it_is_not_refused(sqlite_url: str) -> None:
    """It is exchanged at its next use: nothing is amiss with a workspace on a Monday."""
    engine = open_engine(sqlite_url)
    uow, vault = UnitOfWork(engine), Vault([KEY])
    Installations(uow, vault, str).save(ACME, datetime.now(UTC))
    ended = {"ok": False, "error": "token_expired"}
    async with serving(in_turn(Say(body=ended))) as slack, aiohttp.ClientSession() as session:
        chosen = Settings(slack_api_url=slack.url)
        (found,) = await slack_checks.tokens(Operating(uow), vault, chosen, session)
    engine.dispose()
    assert found.verdict is Verdict.FINE


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        (EVERYTHING, ""),
        (EVERYTHING.replace("files:write,", ""), "files:write"),
        ("chat:write", "commands"),
    ],
)
def test_missing_scopes_are_named(given: str, missing: str) -> None:
    """An app made from an older manifest fails at one button only; the doctor names which scope."""
    found = slack_checks.scopes({"x-oauth-scopes": given}, unfurling=False)
    assert (found.verdict is Verdict.WRONG) == bool(missing)
    assert missing in found.says


def test_links_need_their_scopes_only_where_they_are_shown() -> None:
    """An operator without unfurl domains is not sent to install the app again."""
    headers = {"x-oauth-scopes": EVERYTHING}
    assert slack_checks.scopes(headers, unfurling=False).verdict is Verdict.FINE
    assert slack_checks.scopes(headers, unfurling=True).says.startswith("Missing: links:read")


@pytest.mark.parametrize(
    ("off", "verdict"), [(2, Verdict.FINE), (90, Verdict.WARNING), (-400, Verdict.WRONG)]
)
def test_a_clock_that_is_off_is_measured(off: int, verdict: Verdict) -> None:
    """Past five minutes every request of Slack's is refused, and nobody would guess why."""
    header = {"date": format_datetime(NOON, usegmt=True)}
    (found,) = slack_checks.clock(header, NOON + timedelta(seconds=off))
    assert found.verdict is verdict


def test_a_public_address_that_leads_elsewhere_is_found(slack: Playground, sqlite_url: str) -> None:
    """A proxy that hands on to another program, and one that hands on to nobody."""
    elsewhere = doctor(settings(slack, sqlite_url, public_url=slack.url))["Public address"]
    assert elsewhere.verdict is Verdict.WRONG
    assert "not as Hourlink does" in elsewhere.says
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
    found = doctor(settings(slack, sqlite_url, public_url=nobody))["Public address"]
    assert "cannot be reached" in found.says


def test_a_database_of_a_newer_version_is_not_touched(slack: Playground, database_url: str) -> None:
    """After a step back the operator learns it here, not from a crash."""
    engine = open_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    found = doctor(settings(slack, database_url))
    assert found["Database version"].verdict is Verdict.WRONG
    assert found["Stored secrets, tools, work"].verdict is Verdict.UNKNOWN


def test_a_database_of_an_older_version_is_told_apart(
    slack: Playground, blank_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an update, before the first start: what the start will do, and that it can be done now.

    Every other finding still stands, for the tables are those of yesterday.
    """
    _make_older(blank_database_url)
    found = doctor(settings(slack, blank_database_url))
    assert found["Database version"].verdict is Verdict.WARNING
    assert "1 migration behind" in found["Database version"].says
    assert "Back up" in found["Database version"].mend
    assert "hourlink db upgrade" in found["Database version"].mend
    assert not [one for one in found.values() if one.verdict is Verdict.WRONG]
    monkeypatch.setenv("HOURLINK_DATABASE_URL", blank_database_url)
    assert CliRunner().invoke(app, ["db", "upgrade"]).exit_code == 0
    mended = doctor(settings(slack, blank_database_url))["Database version"]
    assert mended.verdict is Verdict.FINE


def test_a_database_that_does_not_answer_shows_no_password(slack: Playground) -> None:
    """The address holds one, and drivers like to quote it."""
    url = "postgresql://hourlink:hunter2@127.0.0.1:9/hourlink"
    found = doctor(settings(slack, url))["Database"]
    assert found.verdict is Verdict.WRONG
    assert "hunter2" not in found.says + found.mend


def test_a_damaged_file_is_found_though_it_opens(slack: Playground, sqlite_url: str) -> None:
    """Pages that nobody read yet may be broken for long; backups go on without anybody knowing."""
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    whole = doctor(settings(slack, sqlite_url))["Database"]
    assert whole.verdict is Verdict.FINE
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff" * 40_000)
    found = doctor(settings(slack, sqlite_url))["Database"]
    assert found.verdict is Verdict.WRONG
    assert "damaged" in found.says
    assert "backup" in found.mend


def test_looking_keeps_no_writer_waiting(slack: Playground, sqlite_url: str) -> None:
    """To read a large file takes longer than a server that writes to it waits."""
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as server:
        server.execute("BEGIN IMMEDIATE")
        found = doctor(settings(slack, sqlite_url))
    assert found["Database"].verdict is Verdict.FINE
    assert found["Database version"].verdict is Verdict.FINE


def test_looking_makes_no_database(slack: Playground, tmp_path: Path) -> None:
    """A mistyped path must not leave an empty file that looks like a loss of everything."""
    path = tmp_path / "hourlink.db"
    found = doctor(settings(slack, f"sqlite:///{path}"))["Database"]
    assert found.verdict is Verdict.WARNING
    assert not path.exists()


def test_secrets_under_a_lost_or_older_key_are_counted(
    slack: Playground, database_url: str
) -> None:
    """A lost key breaks syncs one by one; here it shows at once, with what to do."""
    world = World(database_url)
    integration = world.integration(world.member(admin=True))
    _seal(world, integration, Vault([KEY]).seal({"path": "acme"}))
    world.close()
    both = doctor(settings(slack, database_url, secret_keys=(SecretStr(OTHER), SecretStr(KEY))))
    assert both["Stored secrets"].verdict is Verdict.WARNING
    assert "keys rotate" in both["Stored secrets"].mend
    lost = doctor(settings(slack, database_url, secret_keys=(SecretStr(OTHER),)))
    assert lost["Stored secrets"].verdict is Verdict.WRONG
    assert "1 of the tools' credentials" in lost["Stored secrets"].says


def test_every_tool_is_called(slack: Playground, database_url: str, tmp_path: Path) -> None:
    """One that answers, two that do not, each with what mends it, one that answers again."""
    write_demo_board(tmp_path)
    world = World(database_url)
    ana = world.member(admin=True)
    for name, folder in (("good", DEMO_BOARD), ("gone", "nowhere"), ("stopped", DEMO_BOARD)):
        integration = world.integration(ana, site=name)
        state = IntegrationState.BROKEN if name == "stopped" else IntegrationState.ACTIVE
        _seal(world, integration, Vault([KEY]).seal({"board": folder, "key": DEMO_KEY}), state)
    locked = Vault([KEY]).seal({"board": DEMO_BOARD, "key": "another"})
    _seal(world, world.integration(ana, site="locked"), locked)
    world.close()
    found = doctor(settings(slack, database_url, boards_dir=tmp_path), now=NOON)
    assert found["board, good"].verdict is Verdict.FINE, found["board, good"]
    assert found["board, gone"].verdict is Verdict.WRONG
    assert "Bring back what is missing" in found["board, gone"].mend
    assert found["board, locked"].verdict is Verdict.WRONG
    assert "new credentials" in found["board, locked"].mend
    assert found["board, stopped"].verdict is Verdict.WARNING
    assert "Connect again" in found["board, stopped"].mend


def test_work_that_nobody_sends_is_seen(slack: Playground, database_url: str) -> None:
    """The sign of a worker that was never started, or of a Slack that cannot be reached."""
    world = World(database_url)
    with world.uow.begin() as tx:
        outbox.add(tx, world.team_id, kind="x", subject="x", payload={}, marker="m", now=NOON)
    world.close()
    options = settings(slack, database_url)
    assert doctor(options, NOON + timedelta(minutes=2))["Work owed"].verdict is Verdict.FINE
    late = doctor(options, NOON + timedelta(minutes=20))
    assert late["Work owed"].verdict is Verdict.WARNING
    assert "20 minutes" in late["Work owed"].says
    if database_url.startswith("postgresql"):
        assert late["Workers"].verdict is Verdict.WRONG


def _make_older(database_url: str) -> None:
    """Makes the tables as the version before this one had them."""
    config = migrations.config(database_url)
    newest = ScriptDirectory.from_config(config).get_revision("head")
    command.upgrade(config, str(newest.down_revision))


def _seal(
    world: World,
    integration: int,
    sealed: str,
    state: IntegrationState = IntegrationState.ACTIVE,
) -> None:
    with world.engine.begin() as connection:
        connection.execute(
            text("UPDATE integration SET sealed_credentials = :s, state = :state WHERE id = :id"),
            {"s": sealed, "id": integration, "state": state.value},
        )

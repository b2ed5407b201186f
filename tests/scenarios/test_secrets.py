"""No secret stands anywhere but where it belongs: everything written in a full run is searched."""

import hashlib
import hmac
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select, text
from typer.testing import CliRunner

from bot.commands import app
from bot.domain.ids import IntegrationId, TeamId
from bot.services.sync.hook_addresses import HookAddresses
from bot.services.sync.hooks import begun
from bot.services.vault import Vault
from playground.driver import Person
from storage.engine import open_engine
from storage.linking.integrations import IntegrationRow
from storage.unit_of_work import UnitOfWork
from tests.http_server import Say, Seen
from tests.ports import free_port
from tests.scenarios.fake_redmine import KEY, FakeRedmine, fake_redmine
from tests.scenarios.prepared import eventually, said, sent_bytes
from tests.scenarios.running import Installation, installed
from tests.scenarios.story import SLOW
from tests.scenarios.test_install import TWO_TEAMS, Browser

MISTYPED = "a1b2c3d4e5" * 4
CLIENT_SECRET = "c11e57" * 6
"""Of Hourlink as Asana knows it."""
PUBLIC = "http://127.0.0.1:9"


def quoting(seen: Seen) -> Say:
    """An answer that quotes the key it was asked with."""
    key = seen.headers.get("x-redmine-api-key", "")
    return Say(422, body={"errors": [f"{key} may not do that"]})


@pytest.fixture
def redmine() -> Iterator[FakeRedmine]:
    """A Redmine that can be told to fail."""
    with fake_redmine() as made:
        yield made


class Searched:
    """Everything an installation writes, and what must not be in it."""

    def __init__(self, installation: Installation, folder: Path, **secrets: str) -> None:
        self._installation = installation
        self._folder = folder
        self._environment = dict(installation.environment)
        self.key = self._environment["HOURLINK_SECRET_KEYS"]
        slack = installation.slack
        self.secrets = {
            "signing secret": slack.signing_secret,
            "app token": slack.app_token,
            "client secret": slack.client_secret,
            "encryption key": self.key,
            "tool's client secret": CLIENT_SECRET,
            **secrets,
        }
        self._problems: list[str] = []

    def hourlink(self, *words: str, **environment: str) -> None:
        """An operator's command beside the server; all that it prints is searched."""
        done = CliRunner().invoke(app, list(words), env=self._environment | environment)
        assert done.output, words
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        self.look(f"hourlink {' '.join(words)}", done.output)

    def look(self, where: str, content: str | bytes) -> None:
        """Notes each secret that stands in a text."""
        raw = content.encode() if isinstance(content, str) else content
        for name, secret in self.secrets.items():
            if secret.encode() in raw:
                self._problems.append(f"the {name} is in {where}")

    def finds_nothing(self, database_url: str) -> None:
        """Logs, files, the database byte for byte, command lines, and what Slack was told."""
        assert all(self.secrets.values()), "an empty secret is found nowhere"
        for path in self._folder.rglob("*"):
            if path.is_file():
                self.look(str(path.relative_to(self._folder)), path.read_bytes())
        for pid in self._installation.pids():
            self.look("a process list", Path(f"/proc/{pid}/cmdline").read_bytes())
        for name, content in _tables(database_url).items():
            self.look(f"the table {name}", content)
        for one in self._installation.slack.slack.log(5000):
            said = one["request" if one["direction"] == "from app" else "response"]
            self.look(f"what Slack was told, {one['what']}", json.dumps(said))
        found = "\n".join(sorted(set(self._problems)))
        assert not found, found


def _tables(database_url: str) -> Mapping[str, str]:
    if database_url.startswith("sqlite"):
        return {}  # its files are searched as they are
    engine = open_engine(database_url)
    try:
        with engine.connect() as connection:
            names = connection.execute(
                text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            ).scalars()
            return {
                name: "\n".join(
                    connection.execute(text(f'SELECT t::text FROM "{name}" t')).scalars()  # noqa: S608 - the database's own name
                )
                for name in list(names)
            }
    finally:
        engine.dispose()


def _connects(ana: Person, redmine: FakeRedmine, key: str, outcome: str) -> None:
    """Fills in the open form and reads what comes of it."""
    ana.fills("Address", redmine.url)
    ana.fills("API access key", key)
    ana.submits()
    ana.sees(outcome, timeout=SLOW)


def _breaks(database_url: str, ana: Person, redmine: FakeRedmine) -> None:
    """Something fails that nobody expected, with the key in hand."""
    engine = open_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE integration RENAME TO gone"))
    ana.types("/link connect redmine", channel="ops")
    _connects(ana, redmine, KEY, "Reference")
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE gone RENAME TO integration"))
    engine.dispose()
    ana.closes(everything=True)


def _is_told(installation: Installation, database_url: str, found: Searched) -> None:
    """A webhook comes, signed with its secret and not; from here on that is searched for too."""
    engine = open_engine(database_url)
    vault = Vault([found.key])
    with UnitOfWork(engine).begin() as tx:
        row = tx.entities.scalars(select(IntegrationRow)).one()
        team_id, integration_id = TeamId(row.team_id), IntegrationId(row.id or 0)
        hook = begun(tx, team_id, integration_id, vault=vault, new_marker=lambda: "0ddba11" * 3)
    engine.dispose()
    secret = vault.open(hook.sealed_secrets)[""]
    found.secrets["webhook secret"] = secret
    address = HookAddresses(PUBLIC, [found.key]).of(integration_id)
    assert address is not None
    body = json.dumps({"type": "issue.updated", "note": "x"})
    right = hmac.new(secret.encode(), body.encode(), hashlib.sha256).hexdigest()
    with httpx.Client(base_url=installation.address, trust_env=False, timeout=60) as http:
        for signature, status in ((f"sha256={right}", 200), (secret, 401)):
            answer = http.post(
                address.removeprefix(PUBLIC),
                content=body,
                headers={"x-redmine-signature-256": signature},
            )
            assert answer.status_code == status
            found.look("the answer to a webhook", answer.content)


def test_a_full_run_writes_no_secret_down(
    database_url: str, tmp_path: Path, redmine: FakeRedmine
) -> None:
    """One workspace by token: refused, crashed, connected, quoted, examined, exported, rotated."""
    is_sqlite = database_url.startswith("sqlite")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    metrics = free_port()
    settings = {
        "TMPDIR": str(temporary),
        "HOURLINK_LOG_LEVEL": "debug",
        "HOURLINK_METRICS_PORT": str(metrics) if is_sqlite else "",
        "HOURLINK_TOOL_CLIENTS": f"asana:1:{CLIENT_SECRET}",
    }
    with installed(
        database_url,
        tmp_path,
        sync_seconds=600,
        public_url=PUBLIC,
        settings=settings,
        forked=False,
    ) as installation:
        found = Searched(
            installation,
            tmp_path,
            bot_token=installation.slack.bot_token,
            tool_key=KEY,
            mistyped_key=MISTYPED,
        )
        ana = installation.slack.person("ana")
        _breaks(database_url, ana, redmine)
        ana.types("/link connect redmine", channel="ops")
        redmine.trouble = quoting
        _connects(ana, redmine, MISTYPED, "Not connected")
        redmine.trouble = None
        _connects(ana, redmine, KEY, "Connected:")
        ana.closes()
        ana.sees("Harbour", channel="ops", timeout=SLOW)
        ana.clicks("Create & link", on="Harbour", channel="ops")
        ana.sees("is in sync", channel="app", timeout=SLOW)
        _is_told(installation, database_url, found)
        redmine.trouble = quoting
        said(ana, "/link sync", channel="ops")
        ana.sees("did not complete", channel="app", timeout=SLOW)
        said(ana, "/link status", channel="ops")
        ana.types("/link audit", channel="ops")
        ana.clicks("Send me a copy")
        slack, sent = installation.slack.slack, "files.completeUploadExternal"
        eventually(lambda: any(one["what"] == sent for one in slack.log()), "the file")
        found.look("the audit log as a file", sent_bytes(installation, ".csv"))
        if is_sqlite:
            page = httpx.get(f"http://127.0.0.1:{metrics}/metrics", trust_env=False, timeout=60)
            found.look("the metrics", page.content)
            found.hourlink("doctor", "--json")
            found.hourlink("export", "--person", "U0ANA", "--output", str(tmp_path / "ana.json"))
            found.hourlink("db", "backup", str(tmp_path / "copy.db"))
        found.hourlink("doctor")
        newer = f"{Fernet.generate_key().decode()},{found.key}"
        found.hourlink("keys", "rotate", HOURLINK_SECRET_KEYS=newer)
        assert "Traceback" in installation.log()
        assert "[debug" in installation.log()
        found.finds_nothing(database_url)


def test_signing_in_writes_no_secret_down(sqlite_url: str, tmp_path: Path) -> None:
    """Many workspaces: the tokens that Slack hands out, pages there and at a tool included."""
    with installed(
        sqlite_url,
        tmp_path,
        teams=TWO_TEAMS,
        oauth_port=free_port(),
        settings={
            "HOURLINK_LOG_LEVEL": "debug",
            "HOURLINK_TOOL_CLIENTS": f"asana:1:{CLIENT_SECRET}",
        },
        forked=False,
    ) as installation:
        browser = Browser(installation.address)
        pages = [browser.agrees("U0ANA"), browser.agrees("U0SOL"), browser.agrees("U0ANA", "deny")]
        ana = installation.slack.person("ana")
        assert "No timer" in said(ana, "/track status")
        pages += _goes_to_asana(installation, ana)
        found = Searched(installation, tmp_path, bot_tokens="xoxb-T0")
        for one in pages:
            found.look("a page", one.content + str(one.headers).encode())
        found.hourlink("doctor")
        found.finds_nothing(sqlite_url)


def _goes_to_asana(installation: Installation, ana: Person) -> list[httpx.Response]:
    """Sets out for Asana's page and says no there."""
    ana.types("/link connect asana", channel="general")
    ana.fills("Workspace or organization", "Acme")
    ana.clicks("Sign in at Asana")

    def ways() -> list[str]:
        return re.findall(r"/sign-in/[\w=-]+", json.dumps(installation.slack.slack.log()))

    eventually(ways, "the way to Asana")
    with httpx.Client(base_url=installation.address, trust_env=False, timeout=60) as http:
        first = http.get(ways()[0])
        (state,) = re.findall(r"state=([\w.=%-]+)", first.text)
        cookie = first.headers["set-cookie"].partition(";")[0]
        back = f"/sign-in/back?error=access_denied&state={state}"
        second = http.get(back, headers={"cookie": cookie})
    assert (first.status_code, second.status_code) == (200, 400)
    assert "was not told that Hourlink may come in" in second.text
    return [first, second]

from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from bot.integrations.oauth import ToolClient
from bot.settings import Role, Settings, SettingsInvalidError, load, options
from bot.settings_checks import problems

KEY = Fernet.generate_key().decode()


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, _, _ in options():
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def good(tmp_path: Path) -> dict[str, Any]:
    """Settings with which one workspace works over HTTP."""
    return {
        "bot_token": "xoxb-1",
        "signing_secret": "s",
        "secret_keys": KEY,
        "data_dir": tmp_path,
    }


def _settings(values: dict[str, Any], **changes: Any) -> Settings:  # noqa: ANN401 - any option
    return Settings(**{**values, **changes})


def _wrong(values: dict[str, Any], role: Role = "http", **changes: Any) -> list[str]:  # noqa: ANN401
    return [problem.setting for problem in problems(_settings(values, **changes), role)]


def test_a_full_set_has_no_problem(good: dict[str, Any]) -> None:
    """Nothing is said where nothing is wrong."""
    assert _wrong(good) == []
    assert _wrong(good, "socket", app_token="xapp-1", signing_secret=None) == []
    assert _wrong(good, "worker", database_url="postgresql://u@h/n", signing_secret=None) == []
    many: dict[str, Any] = {"bot_token": None, "client_id": "1", "client_secret": "s"}
    assert _wrong(good | many, public_url="https://hourlink.acme.test") == []


def test_nothing_set_names_all_that_is_needed() -> None:
    """The operator mends everything in one go, not one restart at a time."""
    names = [problem.setting for problem in problems(load(), "http")]
    assert names == ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "HOURLINK_SECRET_KEYS"]


@pytest.mark.parametrize(
    ("changes", "setting"),
    [
        ({"signing_secret": None}, "SLACK_SIGNING_SECRET"),
        ({"bot_token": None}, "SLACK_BOT_TOKEN"),
        ({"bot_token": "xoxp-1"}, "SLACK_BOT_TOKEN"),
        ({"client_id": "1"}, "SLACK_BOT_TOKEN"),
        ({"bot_token": None, "client_id": "1", "client_secret": "s"}, "HOURLINK_PUBLIC_URL"),
        (
            {"bot_token": None, "client_secret": "1", "public_url": "https://a.test"},
            "SLACK_CLIENT_ID",
        ),
        (
            {"bot_token": None, "client_id": "1", "public_url": "https://a.test"},
            "SLACK_CLIENT_SECRET",
        ),
        ({"app_token": "xoxb-1"}, "SLACK_APP_TOKEN"),
        ({"unfurl_domains": "https://jira.acme.test"}, "HOURLINK_UNFURL_DOMAINS"),
        ({"unfurl_domains": "a.io,b.io,c.io,d.io,e.io,f.io"}, "HOURLINK_UNFURL_DOMAINS"),
        ({"secret_keys": ""}, "HOURLINK_SECRET_KEYS"),
        ({"secret_keys": f"{KEY},short"}, "HOURLINK_SECRET_KEYS"),
        ({"public_url": "hourlink.acme.com"}, "HOURLINK_PUBLIC_URL"),
        ({"slack_api_url": "http://"}, "SLACK_API_URL"),
        ({"database_url": "mysql://h/n"}, "HOURLINK_DATABASE_URL"),
        ({"database_url": "sqlite://"}, "HOURLINK_DATABASE_URL"),
        ({"database_url": "sqlite:///:memory:"}, "HOURLINK_DATABASE_URL"),
        ({"database_url": "sqlite:////"}, "HOURLINK_DATABASE_URL"),
        ({"database_url": "sqlite:////dev/null/x.db"}, "HOURLINK_DATABASE_URL"),
        ({"data_dir": Path("/dev/null")}, "HOURLINK_DATA_DIR"),
        ({"boards_dir": Path("/dev/null")}, "HOURLINK_BOARDS_DIR"),
        ({"provider_ca_file": Path("/nowhere/ca.pem")}, "HOURLINK_PROVIDER_CA_FILE"),
        ({"provider_ca_file": Path(__file__)}, "HOURLINK_PROVIDER_CA_FILE"),
        ({"clock_url": "noon"}, "HOURLINK_CLOCK_URL"),
        ({"metrics_port": 3000}, "HOURLINK_METRICS_PORT"),
        ({"tool_clients": "asana:1:s"}, "HOURLINK_PUBLIC_URL"),
        ({"tool_clients": "asana:1", "public_url": "https://a.test"}, "HOURLINK_TOOL_CLIENTS"),
    ],
)
def test_each_mistake_is_named_once(
    good: dict[str, Any], changes: dict[str, Any], setting: str
) -> None:
    """One wrong value gives one problem, at the variable to mend."""
    assert _wrong(good, **changes) == [setting]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SSL_CERT_FILE", "/nowhere/ca.pem"),
        ("SSL_CERT_FILE", __file__),
        ("HTTPS_PROXY", "socks5://proxy.acme.test:1080"),
        ("HTTP_PROXY", "http://proxy.acme.test:port"),
        ("ALL_PROXY", "http://[::1"),
        ("HTTPS_PROXY", "http://:3128"),
    ],
)
def test_a_way_out_that_is_none_is_named(
    good: dict[str, Any], monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """Every tool would be out of reach, which nobody would see before one is asked."""
    monkeypatch.setenv(name, value)
    assert _wrong(good) == [name]


def test_a_proxy_that_is_not_asked_may_be_any(
    good: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where private addresses are refused, none is; and what is well named is no problem."""
    monkeypatch.setenv("HTTPS_PROXY", "socks5://proxy.acme.test:1080")
    assert _wrong(good, provider_private_addresses=False) == []
    for well_named in ("proxy.acme.test:3128", "http://ana:secret@[::1]:3128", ""):
        monkeypatch.setenv("HTTPS_PROXY", well_named)
        assert _wrong(good) == []


def test_socket_mode_needs_the_app_token(good: dict[str, Any]) -> None:
    """Bolt would fail only once it connects."""
    assert _wrong(good, "socket") == ["SLACK_APP_TOKEN"]


def test_a_worker_needs_postgresql(good: dict[str, Any]) -> None:
    """With SQLite a second process on the file would do the work twice."""
    assert _wrong(good, "worker") == ["HOURLINK_DATABASE_URL"]


def test_a_problem_never_shows_a_secret(good: dict[str, Any]) -> None:
    """A key with a slip of the pen is still most of a key."""
    found = problems(_settings(good, secret_keys="hunter2", bot_token="hunter2"), "http")
    assert len(found) == 2
    assert "hunter2" not in "".join(map(str, found))
    assert "hunter2" not in repr(_settings(good, database_url="postgresql://u:hunter2@h/n"))


def test_empty_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    """A compose file passes variables on that nobody set."""
    for name, _, _ in options():
        monkeypatch.setenv(name, "")
    assert load() == Settings()


def test_unreadable_values_are_all_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A word where a number belongs is said like any other problem, without the value."""
    monkeypatch.setenv("HOURLINK_PORT", "threethousand")
    monkeypatch.setenv("HOURLINK_SYNC_SECONDS", "0")
    with pytest.raises(SettingsInvalidError) as caught:
        load()
    names = [problem.setting for problem in caught.value.problems]
    assert names == ["HOURLINK_PORT", "HOURLINK_SYNC_SECONDS"]
    assert "threethousand" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("HOURLINK_PORT", "abc", "is no whole number. Leave it out for 3000, or see"),
        ("HOURLINK_PORT", "70000", "is more than 65535, the most. Leave it out for 3000, or see"),
        ("HOURLINK_AUDIT_DAYS", "0", "is less than 1, the least. Leave it out, or see"),
        ("HOURLINK_LOG_FORMAT", "xml", "is none of 'console' or 'json'. Leave it out for console,"),
        (
            "HOURLINK_PROVIDER_PRIVATE_ADDRESSES",
            "perhaps",
            "is neither true nor false. Leave it out for true, or see",
        ),
    ],
)
def test_what_cannot_be_read_is_said_plainly(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    """Who never heard of pydantic reads what is wrong, and what holds without the setting."""
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsInvalidError) as caught:
        load()
    assert str(caught.value).startswith(f"{name} {said}")


def test_a_worker_may_have_its_health_asked_at_the_usual_port(good: dict[str, Any]) -> None:
    """It takes no requests, so that nothing else is there (as in compose.yml)."""
    database = {"database_url": "postgresql://u@h/n", "metrics_port": 3000}
    assert _wrong(good, "worker", **database) == []


def test_an_empty_file_of_a_secret_counts_as_unset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A unit of systemd makes one for each secret that an installation does not have."""
    for name, _, _ in options():
        (tmp_path / name).write_text("\n")
    monkeypatch.setenv("HOURLINK_SECRETS_DIR", str(tmp_path))
    assert load() == Settings(secrets_dir=tmp_path)


def test_secret_keys_are_split_and_kept_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first key encrypts, so their order is their meaning."""
    monkeypatch.setenv("HOURLINK_SECRET_KEYS", f" {KEY} , other,")
    assert load().secret_keys == (SecretStr(KEY), SecretStr("other"))


def test_a_tool_that_people_run_themselves_has_a_client_for_each_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two companies' Redmines know Hourlink by different names."""
    two = "redmine:1:s:https://one.test, redmine:2:t:https://two.test/pm/"
    monkeypatch.setenv("HOURLINK_TOOL_CLIENTS", f"{two},asana:3:u")
    found = load()
    assert found.clients == {
        "redmine": (
            ToolClient("1", "s", "https://one.test"),
            ToolClient("2", "t", "https://two.test/pm"),
        ),
        "asana": (ToolClient("3", "u"),),
    }
    assert [p.setting for p in problems(found, "http")].count("HOURLINK_TOOL_CLIENTS") == 0
    assert not any(one in repr(found.clients) + repr(found) for one in ("'s'", ":s:", ":t:"))


@pytest.mark.parametrize(
    ("url", "becomes"),
    [
        (None, "sqlite:///data/hourlink.db"),
        ("sqlite:////srv/h.db", "sqlite:////srv/h.db"),
        ("postgres://u:p@h/n", "postgresql+psycopg://u:p@h/n"),
        ("postgresql://u:p@h/n", "postgresql+psycopg://u:p@h/n"),
        ("postgresql+psycopg://u:p@h/n", "postgresql+psycopg://u:p@h/n"),
    ],
)
def test_database_url_takes_the_forms_people_have(url: str | None, becomes: str) -> None:
    """Hosting services hand out postgres:// addresses."""
    assert Settings(database_url=None if url is None else SecretStr(url)).database == becomes


def test_every_option_has_a_meaning() -> None:
    """The page of settings has no empty row."""
    for name, _, meaning in options():
        assert name.startswith(("SLACK_", "HOURLINK_"))
        assert meaning.endswith("."), name


def test_secrets_may_be_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing secret has to stand in an environment that others on the machine can read."""
    (tmp_path / "SLACK_BOT_TOKEN").write_text("xoxb-from-a-file\n")
    (tmp_path / "HOURLINK_SECRET_KEYS").write_text(f"{KEY}\n")
    (tmp_path / "SLACK_SIGNING_SECRET").write_text("from a file")
    monkeypatch.setenv("HOURLINK_SECRETS_DIR", str(tmp_path))
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "from the environment")
    found = load()
    assert found.bot_token is not None
    assert found.bot_token.get_secret_value() == "xoxb-from-a-file"
    assert [one.get_secret_value() for one in found.secret_keys] == [KEY]
    assert found.signing_secret is not None
    assert found.signing_secret.get_secret_value() == "from the environment"


def test_a_folder_of_secrets_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mount that failed is not told as ten missing settings."""
    monkeypatch.setenv("HOURLINK_SECRETS_DIR", "/nowhere")
    with pytest.raises(SettingsInvalidError, match="HOURLINK_SECRETS_DIR names /nowhere"):
        load()


def test_limits_and_retention_are_the_operators(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is erased unless somebody asked for it."""
    assert (load().retention_days, load().audit_days) == (None, None)
    monkeypatch.setenv("HOURLINK_RETENTION_DAYS", "30")
    assert load().retention_days == 30
    monkeypatch.setenv("HOURLINK_RETENTION_DAYS", "-1")
    with pytest.raises(SettingsInvalidError, match="HOURLINK_RETENTION_DAYS"):
        load()

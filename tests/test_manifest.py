import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from typer.testing import CliRunner

from bot.commands import app as command_line
from bot.manifest import (
    EVENTS,
    SCOPES,
    SHORTCUTS,
    UNFURL_EVENTS,
    UNFURL_SCOPES,
    manifest,
    manifest_yaml,
)
from bot.reference import ROOT, manifest_file
from handlers.tracking import log_time, shortcuts

FORMS = {
    "http": manifest("https://hourlink.acme.test"),
    "http, the committed one": manifest(),
    "socket": manifest(socket=True),
    "http with links": manifest(
        "https://hourlink.acme.test", unfurl_domains=("jira.acme.test", "asana.com")
    ),
    "socket with OAuth": manifest("https://hourlink.acme.test", socket=True),
}
form = pytest.mark.parametrize("app", FORMS.values(), ids=FORMS.keys())


def _urls(value: object) -> list[str]:
    """Every address in a manifest, however deep."""
    if isinstance(value, dict):
        return [url for item in value.values() for url in _urls(item)]
    if isinstance(value, list):
        return [url for item in value for url in _urls(item)]
    return [value] if isinstance(value, str) and "://" in value else []


def test_committed_manifest_is_the_http_form() -> None:
    """What an operator pastes into Slack is what the code says; `make docs` mends it."""
    text = (ROOT / "manifest.yml").read_text(encoding="utf-8")
    assert text == manifest_file()
    assert yaml.safe_load(text) == manifest()


@form
def test_slacks_documented_limits_hold(app: dict[str, Any]) -> None:
    """Slack refuses a manifest over these, long after the test run."""
    shown = app["display_information"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert len(app["features"]["bot_user"]["display_name"]) <= 80
    commands = app["features"]["slash_commands"]
    assert len(commands) <= 50
    for command in commands:
        assert command["command"].startswith("/")
        assert len(command["command"]) <= 32
        assert len(command["description"]) <= 2000
        assert len(command["usage_hint"]) <= 1000
    assert len(app["features"]["shortcuts"]) <= 10
    for shortcut in app["features"]["shortcuts"]:
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150
    assert len(app["settings"]["event_subscriptions"]["bot_events"]) <= 100
    scopes = app["oauth_config"]["scopes"]["bot"]
    assert len(set(scopes)) == len(scopes)
    assert set(SCOPES) <= set(scopes) <= set(SCOPES) | set(UNFURL_SCOPES)
    assert len(app["features"].get("unfurl_domains", [])) <= 5


@form
def test_mentions_arrive_as_ids(app: dict[str, Any]) -> None:
    """Without escaping `/link users @ana` would bring a name, and names are not unique."""
    assert all(command["should_escape"] for command in app["features"]["slash_commands"])


@form
def test_only_handled_events_with_their_scopes(app: dict[str, Any]) -> None:
    """An event that nobody handles is sent again; one without its scope is refused."""
    events = set(app["settings"]["event_subscriptions"]["bot_events"])
    assert set(EVENTS) <= events <= set(EVENTS) | set(UNFURL_EVENTS)
    assert "unfurl_domains" in app["features"] or not events & set(UNFURL_EVENTS)
    assert "users:read" in app["oauth_config"]["scopes"]["bot"]
    assert "user" not in app["oauth_config"]["scopes"]


def test_every_shortcut_is_answered() -> None:
    """One that nobody handles would end in Slack's own *We had some trouble connecting*."""
    assert {callback for _, _, callback, _ in SHORTCUTS} == {
        shortcuts.TRACK_MESSAGE,
        log_time.LOG_TIME,
    }


def test_http_form_leads_everything_to_the_public_address() -> None:
    """Commands, events, buttons, selects and installation all arrive at this server."""
    urls = _urls(manifest("https://hourlink.acme.test/"))
    assert urls.count("https://hourlink.acme.test/slack/events") == 5
    assert urls.count("https://hourlink.acme.test/slack/oauth_redirect") == 1
    assert len(urls) == 6


def test_socket_form_needs_no_address() -> None:
    """Behind a firewall there is none; only installation over OAuth would use one."""
    app = manifest(socket=True)
    assert app["settings"]["socket_mode_enabled"] is True
    assert app["settings"]["interactivity"] == {"is_enabled": True}
    assert _urls(app) == []
    assert _urls(manifest("https://a.test", socket=True)) == ["https://a.test/slack/oauth_redirect"]


def test_links_are_asked_for_where_domains_are_chosen() -> None:
    """Without a domain neither scope nor event is asked for; with one, all that it takes."""
    plain = manifest()
    assert not set(plain["oauth_config"]["scopes"]["bot"]) & set(UNFURL_SCOPES)
    app = manifest(unfurl_domains=("jira.acme.test",))
    assert set(app["oauth_config"]["scopes"]["bot"]) >= set(UNFURL_SCOPES)
    assert "link_shared" in app["settings"]["event_subscriptions"]["bot_events"]
    assert app["features"]["unfurl_domains"] == ["jira.acme.test"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("jira.acme.test, asana.com", "- jira.acme.test\n  - asana.com"),
        ("a.io,b.io,c.io,d.io,e.io,f.io", "has 6 domains; Slack takes 5."),
        ("https://jira.acme.test", "no domain: https://jira.acme.test"),
    ],
)
def test_the_operator_chooses_domains(given: str, said: str) -> None:
    """By option or by the setting; what Slack would refuse is refused here, with the reason."""
    for arguments, environment in (
        (["manifest", "--unfurl-domains", given], {}),
        (["manifest"], {"HOURLINK_UNFURL_DOMAINS": given}),
    ):
        result = CliRunner().invoke(command_line, arguments, env=environment)
        assert said in result.output.replace("\n\n", "\n")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("https://hourlink.acme.test/", "url: https://hourlink.acme.test/slack/events"),
        ("http://hourlink.acme.test", "--public-url is not an address with https"),
        ("hourlink.acme.test", "--public-url is not an address with https"),
    ],
)
def test_the_operator_names_the_address(given: str, said: str) -> None:
    """By option or by the setting; Slack takes none without https."""
    for arguments, environment in (
        (["manifest", "--public-url", given], {}),
        (["manifest"], {"HOURLINK_PUBLIC_URL": given}),
    ):
        assert said in CliRunner().invoke(command_line, arguments, env=environment).output


def test_yaml_reads_back() -> None:
    """The text for Slack's form is the same manifest."""
    assert yaml.safe_load(manifest_yaml(socket=True)) == manifest(socket=True)


@pytest.mark.slack_schema
@form
def test_slacks_own_schema_accepts_it(app: dict[str, Any]) -> None:
    """Slack publishes the schema; where a copy is at hand, both forms must pass it."""
    folder = os.environ["HOURLINK_SLACK_SCHEMAS"]
    schema = json.loads(Path(folder, "slack-manifest.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(app, schema)

"""Signing in at a Redmine, from the form in Slack through its page to what is synced."""

import json
import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx

from bot.providers.redmine.signing_in import SCOPES
from playground.driver import Person
from tests.providers.redmine.stand_in import RedmineStandIn, harbour
from tests.scenarios.prepared import eventually
from tests.scenarios.running import Installation, installed
from tests.scenarios.standing_in import beside
from tests.scenarios.story import SLOW

PUBLIC = "https://hourlink.test"


def ways(installation: Installation) -> list[str]:
    """Every address that Slack was given to open, without where it is."""
    return re.findall(r"/sign-in/[\w=-]+", json.dumps(installation.slack.slack.log()))


def goes_through(installation: Installation, redmine: RedmineStandIn, way: str) -> str:
    """Somebody's browser: our page, Redmine's, and back; what is shown at the end."""
    with httpx.Client(trust_env=False, timeout=60) as browser:
        first = browser.get(f"{installation.address}{way}")
        assert first.status_code == httpx.codes.OK, first.text
        cookie = first.headers["set-cookie"].partition(";")[0]
        (consent,) = re.findall(rf'href="({redmine.url}/oauth/authorize[^"]+)"', first.text)
        page, _, query = unescape(consent).partition("?")
        form = {name: values[0] for name, values in parse_qs(query).items()}
        assert browser.get(unescape(consent)).status_code == httpx.codes.OK
        back = urlsplit(browser.post(page, data=form).headers["location"])
        assert f"{back.scheme}://{back.netloc}" == PUBLIC
        address = f"{installation.address}{back.path}?{back.query}"
        return browser.get(address, headers={"cookie": cookie}).text


def sets_out(installation: Installation, person: Person) -> str:
    """*Sign in at Redmine* in the form that is open: the address that it leads to."""
    before = set(ways(installation))
    person.clicks("Sign in at Redmine")
    eventually(lambda: set(ways(installation)) - before, "the way to Redmine")
    (way,) = set(ways(installation)) - before
    return way


def test_a_redmine_is_signed_in_at(sqlite_url: str, tmp_path: Path) -> None:
    """A look-alike leads nowhere; ours connects the tool, and a member proves an account."""
    redmine, strange = harbour(tasks=3), harbour(tasks=1)
    with beside(redmine), beside(strange):
        client = redmine.doorkeeper.register(f"{PUBLIC}/sign-in/back", SCOPES)
        settings = {
            "HOURLINK_TOOL_CLIENTS": f"redmine:{client.uid}:{client.secret}:{redmine.url}",
            "HOURLINK_LOG_LEVEL": "debug",
        }
        with installed(
            sqlite_url, tmp_path, sync_seconds=600, public_url=PUBLIC, settings=settings
        ) as installation:
            ana = installation.slack.person("ana")
            ana.types("/link connect redmine", channel="ops")
            ana.fills("Address", strange.url)
            ana.clicks("Sign in at Redmine")
            ana.sees(f"Signing in is not set up for {strange.url}")
            assert (ways(installation), strange.seen) == ([], [])
            ana.fills("Address", f"{redmine.url}/")
            shown = goes_through(installation, redmine, sets_out(installation, ana))
            assert "Redmine is connected" in shown
            ana.closes()
            ana.sees("Harbour", channel="ops", timeout=SLOW)
            ana.clicks("Create & link", on="Harbour", channel="ops")
            ana.sees("is in sync", channel="app", timeout=SLOW)

            bo = installation.slack.person("bo")
            redmine.doorkeeper.whose = "2"
            bo.types("/track connect", channel="ops")
            bo.clicks("Sign in with your own key", channel="ops")
            shown = goes_through(installation, redmine, sets_out(installation, bo))
            assert "Signed in" in shown
            assert "Mia K" in shown
            log = installation.log()
            assert not any(one in log for one in (client.secret, *redmine.doorkeeper.tokens))
    assert set(redmine.doorkeeper.secrets_shown) == {client.secret}
    assert strange.seen == []

"""Many workspaces: each installs Hourlink itself, and none sees another (O2, O4)."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from playground import examples
from tests.ports import free_port
from tests.scenarios.running import Installation, installed
from tests.scenarios.turned import TurnedClock
from tests.scenarios.waits import eventually, rows

TWO_TEAMS = Path(examples.__file__).with_name("two_teams.yml")


class Browser:
    """Somebody's browser, on its way through the consent page."""

    def __init__(self, address: str) -> None:
        self.http = httpx.Client(base_url=address, trust_env=False, timeout=60)
        self.cookie = ""

    def agrees(self, user: str, answer: str = "allow") -> httpx.Response:
        """Goes the whole way, from *Add to Slack* to the last page."""
        return self.arrives(self.comes_back(user, answer))

    def arrives(self, back: str) -> httpx.Response:
        """Goes where Slack sends people back to."""
        last = self.http.get(back, headers={"cookie": self.cookie})
        assert last.headers["referrer-policy"] == "no-referrer"
        return last

    def comes_back(self, user: str, answer: str = "allow") -> str:
        """Goes as far as Slack's answer; where that leads."""
        page = self.http.get("/slack/install")
        assert page.status_code == 200
        assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
        # It is for TLS alone; browsers make an exception for this machine, httpx does not.
        self.cookie = page.headers["set-cookie"].partition(";")[0]
        (link,) = re.findall(r'href="([^"]*/oauth/v2/authorize[^"]*)"', page.text)
        consent = link.replace("&amp;", "&")
        assert self.http.get(consent).status_code == 200
        decided = self.http.post(consent, data={"user": user, "answer": answer})
        return decided.headers["location"]


GONE = {"app_uninstalled", "tokens_revoked"}


def heard(server: Installation) -> set[str]:
    """What the app has been told and has answered to."""
    log = server.slack.slack.log()
    return {row["what"] for row in log if row["direction"] == "to app" and row["status"] == "200"}


RUNNING = "SELECT count(*) FROM time_entry WHERE seconds IS NULL"


def unheard(server: Installation) -> list[object]:
    """What Slack tried in vain to tell the app about its removal."""
    log = server.slack.slack.log()
    return [
        row
        for row in log
        if row["direction"] == "to app" and row["what"] in GONE and row["status"] != "200"
    ]


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[Installation]:
    """Give Hourlink without any token, beside two teams that have yet to install it."""
    with installed(database_url, tmp_path, teams=TWO_TEAMS, oauth_port=free_port()) as installation:
        yield installation


def test_two_teams_install_it_and_track_apart(server: Installation) -> None:
    """O2: one server, a token for each; what one team makes is not there for the other."""
    slack, browser = server.slack, Browser(server.address)
    ana, sol = slack.person("ana"), slack.person("sol")
    done = browser.agrees("U0ANA")
    assert done.status_code == 200
    assert "Hourlink is in Acme" in done.text
    assert "Hourlink is in Sun" in browser.agrees("U0SOL").text
    ana.types('/link new "Website"', channel="general")
    ana.sees("Website", channel="general")
    ana.types('/track start "Website"', channel="general")
    ana.sees("Started", channel="general")
    sol.types('/track start "Website"', channel=sol.dm)
    sol.sees("there is nothing to track time on")
    sol.opens_home()
    sol.sees("Hourlink")
    assert "Website" not in str(sol.home)


def test_one_team_removes_it_and_the_other_goes_on(server: Installation) -> None:
    """O4: work stops for that team alone; installed again, its time is still there."""
    slack, browser = server.slack, Browser(server.address)
    ana, sol = slack.person("ana"), slack.person("sol")
    browser.agrees("U0ANA")
    browser.agrees("U0SOL")
    ana.types('/link new "Website"', channel="general")
    ana.types('/track log 1h "Website"', channel="general")
    ana.sees("1 h", channel="general")
    slack.slack.uninstalls_app("T0ACME")
    eventually(lambda: heard(server) >= GONE, "the app to hear of it")
    sol.types("/track status", channel=sol.dm)
    sol.sees("No timer")
    browser.agrees("U0ANA")
    ana.types("/track today", channel="general")
    ana.sees("1 h", channel="general")


def test_a_removal_that_nobody_heard_of_is_found_out(database_url: str, tmp_path: Path) -> None:
    """O4: the server was down for longer than Slack goes on telling it.

    The timer ends, nothing is synced or tried any more, and what is owed waits for the return.
    """
    with installed(
        database_url, tmp_path, teams=TWO_TEAMS, oauth_port=free_port(), at_noon=True
    ) as server:
        clock, browser = TurnedClock(server), Browser(server.address)
        ana = server.slack.person("ana")
        browser.agrees("U0ANA")
        ana.types('/link new "Website"', channel="general")
        ana.types('/track start "Website"', channel="general")
        ana.sees("Started", channel="general")
        server.kill()
        server.slack.slack.uninstalls_app("T0ACME")
        eventually(lambda: len(unheard(server)) >= 6, "Slack to give up")
        server.slack.slack.advances(11 * 3600)
        server.start()
        eventually(lambda: "slack_token_rejected" in server.log(), "the question to be refused")
        assert rows(database_url, RUNNING) == [(1,)]
        clock.passes(minutes=61)
        eventually(lambda: rows(database_url, RUNNING) == [(0,)], "the timer to end")
        assert rows(database_url, "SELECT count(*) FROM installation") == [(0,)]
        assert server.log().count("slack_token_rejected") <= len(server.names())
        browser.agrees("U0ANA")
        clock.passes(minutes=2)  # for so long it is left alone after the last refusal
        ana.sees("because Hourlink was removed", channel="app", timeout=60)
        ana.types("/track today", channel="general")
        ana.sees("Website", channel="general")


def test_who_does_not_agree_or_comes_twice_is_told(server: Installation) -> None:
    """Each page says what happened and leads back; a copied address installs nothing."""
    browser = Browser(server.address)
    refused = browser.agrees("U0ANA", answer="deny")
    assert "You chose not to let Hourlink in" in refused.text
    back = browser.comes_back("U0ANA")
    assert browser.arrives(back).status_code == 200
    again = browser.arrives(back)
    assert again.status_code in {400, 401}
    assert "Nothing was installed" in again.text
    assert "Try again" in again.text
    other = Browser(server.address).http.get(browser.comes_back("U0ANA"))
    assert other.status_code == 400
    assert "another browser" in other.text
    state = parse_qs(urlsplit(back).query)["state"][0]
    assert state not in again.text

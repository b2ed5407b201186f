"""Who may do what is decided when a request arrives, whatever a button showed before."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios.forging import Forger, forging
from tests.scenarios.prepared import (
    TASK,
    Office,
    eventually,
    linked_board,
    rows,
    said,
)
from tests.scenarios.story import SLOW


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    """A linked board."""
    with linked_board(database_url, tmp_path) as made:
        yield made


@pytest.fixture
def forger(office: Office) -> Iterator[Forger]:
    """Raw requests to the same installation."""
    with forging(office.installation) as made:
        yield made


def heard(forger: Forger, action: str, value: str, **more: object) -> str:
    """What somebody hears who clicks."""
    before = len(forger.answers)
    assert forger.click(action, value, **more).status_code == 200  # type: ignore[arg-type]
    return forger.hears(before)


def test_rights_follow_slack_at_once(office: Office, database_url: str) -> None:
    """L9: a new admin may, a former one may not, and the announcement they see stays as it is."""
    cleo = office.person("cleo")
    assert "Admins connect tools" in said(cleo, "/link", channel="ops")
    office.slack.changes("cleo", is_admin=True)
    assert "Overview" in said(cleo, "/link", channel="ops")
    office.slack.changes("cleo", is_admin=False)
    assert "Only an admin" in said(cleo, '/link new "Mine"', channel="ops")
    cleo.clicks("Create & link", on="Acme Shop", channel="ops")
    cleo.sees("Only an admin", channel="ops")
    office.ana.does_not_see("Only an admin", channel="ops")
    assert rows(database_url, "SELECT count(*) FROM project_link") == [(1,)]
    assert rows(database_url, "SELECT count(*) FROM project WHERE name = 'Mine'") == [(0,)]


def test_guests_are_asked_by_name_alone(office: Office) -> None:
    """U1, U3: a guest cannot begin, is left out of everybody, takes part once they are named."""
    ana, gus = office.ana, office.person("gus")
    assert "Guests connect when an admin asks them" in said(gus, "/track connect", channel="web")
    ana.types("/link users all", channel="ops")
    ana.sees("Suggested", timeout=SLOW)
    ana.submits()
    ana.sees("Asked", timeout=SLOW)
    ana.closes()
    office.person("bo").sees("asks you to connect", channel="app", timeout=SLOW)
    gus.does_not_see("asks you to connect", channel="app")
    ana.types("/link users @gus", channel="ops")
    ana.sees("Gus Weber", timeout=SLOW)
    ana.submits()
    ana.sees("Asked 1 person", timeout=SLOW)
    ana.closes()
    gus.sees("asks you to connect", channel="app", timeout=SLOW)
    gus.clicks("Choose my account", channel="app")
    gus.chooses("account", "Mia K", channel="app", typing="Mia")
    gus.sees("An admin is asked to approve", channel="app", timeout=SLOW)
    ana.sees("Gus Weber", channel="app", timeout=SLOW)
    ana.clicks("Approve", on="Gus Weber", channel="app")
    gus.sees("Connected:", channel="app", timeout=SLOW)
    assert "Started" in said(gus, f"/track start {TASK}", channel="web")


def test_who_leaves_the_workspace_tracks_no_more(
    office: Office, forger: Forger, database_url: str
) -> None:
    """The timer is stopped and kept, and what their name still sends is refused."""
    dan = office.member("dan")
    assert "Started" in said(dan, f"/track start {TASK} -1m")
    office.slack.changes("dan", deleted=True)
    query = "SELECT stopped_because FROM time_entry WHERE ended_at IS NOT NULL"
    eventually(lambda: rows(database_url, query) == [("member_deactivated",)], "the timer to stop")
    answer = forger.command(f"/track start {TASK}", "U0DAN")
    assert "Only people of this workspace" in answer.text


def test_other_organisations_and_other_teams_never_act(
    office: Office, forger: Forger, database_url: str
) -> None:
    """L9: in a shared channel everybody sees the buttons; a signature alone makes no member."""
    (shop,) = rows(database_url, "SELECT id FROM provider_project WHERE name = 'Acme Shop'")
    told = heard(forger, "announce.create", str(shop[0]), user="U9EXT", home="T9OTHER")
    assert "Only people of this workspace" in told
    told = heard(forger, "announce.create", str(shop[0]), user="U9EXT")
    assert "Only people of this workspace" in told
    before = len(forger.answers)
    forger.command('/link new "Theirs"', team="T9OTHER")
    assert "not installed" in forger.hears(before)
    forger.event({"type": "app_uninstalled"}, event_id="Ev1", team="T9OTHER")
    assert rows(database_url, "SELECT count(*) FROM project_link") == [(1,)]
    assert rows(database_url, "SELECT id FROM team WHERE uninstalled_at IS NULL") == [("T0ACME",)]
    assert office.ana.messages("ops")


def test_a_request_belongs_to_who_was_asked(
    office: Office, forger: Forger, database_url: str
) -> None:
    """U4: somebody else's click does nothing and says so; one taken back says that."""
    ana, cleo = office.ana, office.person("cleo")
    ana.types("/link users @cleo", channel="ops")
    ana.sees("Cleo Adeyemi", timeout=SLOW)
    ana.submits()
    ana.sees("Asked 1 person", timeout=SLOW)
    cleo.sees("asks you to connect", channel="app", timeout=SLOW)
    (link,) = rows(database_url, "SELECT id, request FROM account_link")
    value = f"{link[0]}:{link[1]}"
    for action in ("people.confirm", "people.not_me", "people.decline"):
        assert "was sent to somebody else" in heard(forger, action, value, user="U0BO"), action
    assert "Only an admin" in heard(forger, "people.approve", value, user="U0CLEO")
    assert "Only an admin" in heard(forger, "people.withdraw", str(link[0]), user="U0CLEO")
    assert "Withdrawn by Ana Ruiz" in heard(forger, "people.withdraw", str(link[0]))
    cleo.clicks("Connect", channel="app")
    cleo.sees("was withdrawn by Ana Ruiz", channel="app")
    assert rows(database_url, "SELECT state FROM account_link") == [("withdrawn",)]
    assert "not connected yet" in said(cleo, f"/track start {TASK}")


def test_a_removed_hourlink_stands_still_until_it_is_back(
    office: Office, forger: Forger, database_url: str
) -> None:
    """Nothing is done for the team meanwhile, timers end; installed again, everything goes on."""
    bo = office.member("bo")
    assert "Started" in said(bo, f"/track start {TASK}")
    office.slack.uninstalls_app()
    gone = "SELECT count(*) FROM team WHERE uninstalled_at IS NOT NULL"
    eventually(lambda: rows(database_url, gone) == [(1,)], "the removal to be noticed")
    before = len(forger.answers)
    answer = forger.command("/track stop", "U0BO")
    eventually(
        lambda: "not installed" in answer.text + json.dumps(forger.answers[before:]), "a refusal"
    )
    office.slack.installs_app()
    assert "No timer is running" in said(bo, "/track status"), "it would have run all the while"
    assert "Started" in said(bo, f"/track start {TASK}")
    office.syncs()

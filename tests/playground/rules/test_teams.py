"""Several teams, and people from outside in a shared channel."""

import asyncio

import httpx
import pytest
from slack_bolt.context.ack.async_ack import AsyncAck

from playground.errors import ConfigError
from playground.shapes import Json
from playground.team import read_teams
from tests.playground.bench import MANIFEST, Bench, Start
from tests.playground.rules.conftest import Begin, Stage
from tests.playground.rules.samples import actions, button
from tests.playground.rules.teams import TEAMS

SUN = "xoxb-T0SUN-playground"


@pytest.fixture
def both(begin: Begin) -> Stage:
    """The app in both teams."""
    stage = begin(team=TEAMS)
    stage.play.slack.installs_app("T0SUN")
    return stage


def test_each_team_has_its_own_people_channels_and_token(both: Stage) -> None:
    """A token opens one team only."""
    assert both.call("auth.test")["team_id"] == "T0ACME"
    assert both.call("auth.test", SUN)["team_id"] == "T0SUN"
    assert {row["id"] for row in both.call("users.list", SUN)["members"]} == {"U0SOL", "U0SUNAPP"}
    assert both.call("users.info", SUN, user="U0ANA")["error"] == "user_not_found"
    assert both.call("chat.postMessage", channel="C0SUNNY", text="x")["error"] == (
        "channel_not_found"
    )
    assert both.call("team.info", SUN)["team"]["domain"] == "sun"
    assert both.call("chat.postMessage", SUN, channel="C0SUNNY", text="morning")["ok"]
    both.play.person("sol").sees("morning", channel="sunny")


def test_a_team_without_the_app_refuses_its_token(begin: Begin) -> None:
    """Uninstalling in one team leaves the other alone."""
    stage = begin(team=TEAMS)
    assert stage.call("auth.test", SUN)["error"] == "account_inactive"
    stage.play.slack.installs_app("T0SUN")
    stage.play.slack.uninstalls_app("T0ACME")
    assert stage.call("auth.test", SUN)["ok"]
    assert stage.call("auth.test")["error"] == "account_inactive"
    stage.play.slack.revokes_token("T0SUN")
    assert stage.call("auth.test", SUN)["error"] == "token_revoked"


def test_the_page_is_told_of_every_team(both: Stage) -> None:
    """People of one team at a time, and all teams by name."""
    url = f"{both.play.url}/ui/people"
    first = both.client.get(url).json()
    assert [row["id"] for row in first["teams"]] == ["T0ACME", "T0SUN"]
    assert all(row["installed"] for row in first["teams"])
    xena = next(row for row in first["people"] if row["handle"] == "xena")
    assert (xena["team_id"], xena["is_external"]) == ("T0PARTNER", True)
    second = both.client.get(url, params={"team": "T0SUN"}).json()
    assert [row["handle"] for row in second["people"]] == ["sol"]
    assert second["app"]["bot_user_id"] == "U0SUNAPP"
    assert both.client.get(url, params={"team": "T404"}).json()["error"] == "team_not_found"


def test_payloads_name_the_team(start: Start) -> None:
    """Commands and events of the second team carry its id."""
    bench = start(team=TEAMS)
    bench.play.slack.installs_app("T0SUN")
    sol = bench.person("sol")
    # Bolt asks auth.test with the first team's token; the payload is all that is looked at.
    sol.types("/echo x", channel="sunny")
    assert (bench.bodies[-1]["team_id"], bench.bodies[-1]["team_domain"]) == ("T0SUN", "sun")
    bench.play.slack.uninstalls_app("T0SUN")
    bench.settle(lambda: len(bench.play.slack.log(3)) == 3)
    events = [row for row in bench.play.slack.log() if row["kind"] == "events_api"]
    assert {row["team"] for row in events} == {"T0SUN"}
    sol.types("/echo x", channel="sunny")
    sol.sees("/echo is not a valid command")


@pytest.mark.parametrize(
    ("second", "why"),
    [
        ({"team": {"id": "T0ACME"}}, "team 'T0ACME' is there twice"),
        ({"people": [TEAMS["people"][0]]}, "person 'U0ANA' is there twice"),
        ({"people": []}, "teams[0]: people is empty"),
    ],
)
def test_teams_that_get_in_each_others_way_are_refused(second: Json, why: str) -> None:
    """Ids are distinct over all teams."""
    with pytest.raises(ConfigError) as failure:
        read_teams({**TEAMS, "teams": [{**TEAMS["teams"][0], **second}]})
    assert why in str(failure.value)


# Slack Connect


@pytest.fixture
def connected(start: Start) -> Bench:
    """A channel shared with another team, the app behind it, and its events on."""
    settings = {"event_subscriptions": {"bot_events": ["message.channels", "link_shared"]}}
    return start(team=TEAMS, manifest={**MANIFEST, "settings": settings})


def test_people_from_outside_cannot_run_commands_or_shortcuts(connected: Bench) -> None:
    """Nothing is offered to them, and what they type anyway never reaches the app."""
    xena = connected.person("xena")
    xena.types("/echo x", channel="shared")
    xena.sees("/echo is not a valid command")
    url = connected.play.url
    state = httpx.get(f"{url}/ui/state", params={"as": xena.id}, trust_env=False, timeout=60).json()
    assert (state["commands"], state["shortcuts"], state["other_channels"]) == ([], [], [])
    assert [row["name"] for row in state["channels"]] == ["shared"]
    assert state["channels"][0]["is_ext_shared"]
    body = {"as": xena.id, "callback_id": "order_now"}
    answer = httpx.post(f"{url}/ui/shortcut", json=body, trust_env=False, timeout=60).json()
    assert answer["error"] == "shortcut_not_found"
    assert connected.bodies == []


def test_people_from_outside_can_click(connected: Bench) -> None:
    """The payload's user has another team than the payload."""

    @connected.app.action("a")
    async def note(ack: AsyncAck) -> None:
        await ack()

    blocks = [actions(button())]
    asyncio.run(connected.client.chat_postMessage(channel="C0SHARED", text="x", blocks=blocks))
    xena = connected.person("xena")
    xena.goes_to("shared")
    xena.clicks("Go")
    body = connected.got("block_actions")[0]
    assert body["user"]["team_id"] == "T0PARTNER"
    assert body["team"]["id"] == "T0ACME"


def test_events_and_channels_tell_what_is_shared(connected: Bench) -> None:
    """The wrapper and conversations.info say so; links of people outside are not told."""
    xena = connected.person("xena")
    xena.types("see https://fruit.test/1", channel="shared")
    body = connected.wait_for("message")[0]
    assert body["is_ext_shared_channel"]
    assert (body["event"]["user_team"], body["event"]["team"]) == ("T0PARTNER", "T0PARTNER")
    connected.person("ana").types("hello", channel="general")
    assert not connected.wait_for("message", 2)[1]["is_ext_shared_channel"]
    assert connected.got("link_shared") == []
    info = asyncio.run(connected.client.conversations_info(channel="C0SHARED"))["channel"]
    assert (info["is_shared"], info["is_ext_shared"]) == (True, True)
    assert info["shared_team_ids"] == ["T0ACME", "T0PARTNER"]


def test_the_web_api_knows_them_as_strangers_to_the_team(both: Stage) -> None:
    """Another team's id, no locale, not in the list, no direct messages, no look-up."""
    row = both.call("users.info", user="U0XENA", include_locale=True)["user"]
    assert (row["team_id"], row["is_stranger"]) == ("T0PARTNER", False)
    assert "locale" not in row
    assert "U0XENA" not in {one["id"] for one in both.call("users.list")["members"]}
    assert "U0XENA" in both.call("conversations.members", channel="C0SHARED")["members"]
    assert both.call("users.lookupByEmail", email="xena@partner.test")["error"] == (
        "users_not_found"
    )
    assert both.call("chat.postMessage", channel="U0XENA", text="x")["error"] == (
        "channel_not_found"
    )


def test_a_button_can_be_for_some_people_only(connected: Bench) -> None:
    """visible_to_user_ids hides it from others, who cannot click it either."""

    @connected.app.action("a")
    async def note(ack: AsyncAck) -> None:
        await ack()

    blocks = [actions(button(visible_to_user_ids=["U0ANA"]))]
    posted = asyncio.run(
        connected.client.chat_postMessage(channel="C0GENERAL", text="x", blocks=blocks)
    )
    ana, bo = connected.person("ana"), connected.person("bo")
    assert bo.messages("general")[0].raw["blocks"] == []
    ana.goes_to("general")
    ana.clicks("Go")
    block_id = posted["message"]["blocks"][0]["block_id"]
    container = {"type": "message", "channel": "C0GENERAL", "ts": posted["ts"]}
    body = {"as": bo.id, "container": container, "block_id": block_id}
    body["action"] = {"type": "button", "action_id": "a"}
    answer = httpx.post(
        f"{connected.play.url}/ui/action", json=body, trust_env=False, timeout=60
    ).json()
    assert answer["error"] == "element_not_found"
    assert len(connected.got("block_actions")) == 1

"""Events at the edge: who leaves, what is posted, and what nobody listens to."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from bot.domain.ids import SlackUserId, TeamId
from bot.domain.people.people import SlackPerson
from bot.views.message import Message
from handlers.asking import (
    PostedLinks,
)
from handlers.replies import (
    Ephemeral,
    Nothing,
)
from tests.builders import NOON
from tests.handlers.edge_desk import TEAM, Desk, answering, at_the_edge


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Desk]:
    """An edge over a team with nobody in it yet."""
    with at_the_edge(sqlite_url) as made:
        yield made


async def test_an_event_nobody_listens_to_is_answered(desk: Desk) -> None:
    """Slack repeats what is refused, and stops sending when too much is."""
    event = {"type": "team_join", "user": {"id": "U0NEW"}}
    assert await desk.send({"type": "event_callback", "team_id": TEAM, "event": event}) == ""


async def test_posted_links_are_handed_on(desk: Desk) -> None:
    """With what Slack says of who reads along; the background is told that there is work."""
    heard: list[PostedLinks] = []

    def posted(team_id: TeamId, links: PostedLinks, now: datetime) -> None:
        assert (team_id, now) == (TEAM, NOON)
        heard.append(links)

    event = {
        "type": "link_shared",
        "channel": "C0WEB",
        "message_ts": "1.1",
        "links": [{"url": "https://a.test/1", "domain": "a.test"}],
    }
    body = {"type": "event_callback", "team_id": TEAM, "event": event}
    await desk.send(body)
    desk.routes.links = posted
    await desk.send(body | {"is_ext_shared_channel": False})
    await desk.send(body | {"is_ext_shared_channel": True})
    await desk.send(body | {"event": event | {"source": "composer", "channel": "COMPOSER"}})
    assert [(one.urls, one.is_shared, one.is_draft) for one in heard] == [
        (("https://a.test/1",), False, False),
        (("https://a.test/1",), True, False),
        (("https://a.test/1",), None, True),
    ]
    assert desk.woken == 3


async def test_nothing_is_done_for_a_team_that_removed_hourlink(desk: Desk) -> None:
    """A command that was under way says so, and Slack is asked anew whose token it is."""
    desk.routes.command("/track", answering(Ephemeral(Message("Started."))))
    event = {"type": "app_uninstalled"}
    removed = int((NOON - timedelta(hours=1)).timestamp())
    await desk.send(
        {"type": "event_callback", "team_id": TEAM, "event_time": removed, "event": event}
    )
    assert desk.calls == [f"forget {TEAM} None {NOON - timedelta(hours=1):%H:%M}"]
    assert "not installed" in str(await desk.types("start"))


async def test_an_organisation_that_removes_hourlink_is_told_apart(desk: Desk) -> None:
    """The event names one workspace of it; work stops in all of them."""
    everywhere = {"enterprise_id": "E0ORG", "team_id": None, "is_enterprise_install": True}
    for kind in ("app_uninstalled", "tokens_revoked"):
        await desk.send(
            {
                "type": "event_callback",
                "team_id": TEAM,
                "enterprise_id": "E0ORG",
                "authorizations": [everywhere],
                "event_time": int(NOON.timestamp()),
                "event": {"type": kind, "tokens": {"bot": ["U0BOT"]}},
            }
        )
    assert desk.calls == [f"forget {TEAM} E0ORG {NOON:%H:%M}"] * 2


async def test_an_admin_demoted_in_slack_is_refused_at_once(desk: Desk) -> None:
    """The event about the change is believed the moment it arrives."""
    desk.slack.known["U0ANA"] = SlackPerson(SlackUserId("U0ANA"), "Ana", None, "UTC", is_admin=True)
    desk.routes.click("link.ignore", answering(Nothing()), admin=True)
    await desk.clicks("link.ignore")
    assert desk.slack.said("respond") == []
    user = {"id": "U0ANA", "team_id": TEAM, "name": "ana", "is_admin": False, "profile": {}}
    await desk.send(
        {
            "type": "event_callback",
            "team_id": TEAM,
            "event": {"type": "user_change", "user": user},
        }
    )
    await desk.clicks("link.ignore")
    ((_, payload),) = desk.slack.said("respond")
    assert "Only an admin" in payload["text"]


async def test_an_old_word_about_a_person_does_not_undo_a_newer_one(desk: Desk) -> None:
    """Slack sends what it could not deliver again, behind what came later: keys would be lost."""
    desk.routes.command("/track", answering(Ephemeral(Message("Started."))))

    async def told(minutes: float, **changes: object) -> None:
        user = {"id": "U0ANA", "team_id": TEAM, "name": "ana", "profile": {}} | changes
        await desk.send(
            {
                "type": "event_callback",
                "team_id": TEAM,
                "event_time": int((NOON + timedelta(minutes=minutes)).timestamp()),
                "event": {"type": "user_change", "user": user},
            }
        )

    await told(0, deleted=False)
    await told(-5, deleted=True)
    assert "Started." in str(await desk.types("start"))
    await told(0, deleted=True)
    assert "Started." not in str(await desk.types("start")), "the same second, and on its way"
